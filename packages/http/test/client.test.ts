import { inspect } from 'node:util';
import { holdPort, manualClock, rejects } from '@x/testing';
import ky, { type KyInstance, type Options } from 'ky';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { type Credential, type HeaderFields, staticCredential } from '../src/credential.ts';
import { ContractError, RequestError, ResponseError } from '../src/errors.ts';
import type { ClientEvent } from '../src/events.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../src/retry.ts';
import { createServerTime } from '../src/server-time.ts';
import { sendJson, withLoopback } from './loopback.ts';

const quick = { baseDelayMs: 0, maxDelayMs: 0 };
/** Has a minute for an attempt, which a busy machine needs less of than a hang. */
const clientOf = (url: string, options: Partial<CreateClientOptions> = {}): ReturnType<typeof createClient> =>
  createClient({ provider: 'sample', baseUrl: `${url}/v1`, retry: quick, timeoutMs: 60_000, ...options });

const client = suite('client · createClient');

client('resolves inputs under the base URL, with the methods and options of ky', async () => {
  await withLoopback(
    ({ method, path, body, headers }, response) =>
      sendJson(response, { method, path, body, type: headers['content-type'] }),
    async ({ url }) => {
      const sample = clientOf(url);
      assert.equal(await sample.get('users', { searchParams: { page: 2 } }).json(), {
        method: 'GET',
        path: '/v1/users?page=2',
        body: '',
      });
      assert.equal(await sample.post('users', { json: { a: 1 } }).json(), {
        method: 'POST',
        path: '/v1/users',
        body: '{"a":1}',
        type: 'application/json',
      });
      const extended = sample.extend({ headers: { 'x-extra': '1' } });
      assert.is((await extended('users')).status, 200);
      for (const method of ['put', 'patch', 'delete', 'head'] as const) {
        assert.is((await sample[method]('users')).status, 200, method);
      }
    },
  );
});

client('sends the credential and the fixed header fields on every attempt', async () => {
  await withLoopback(
    (_, response, count) => sendJson(response, {}, count < 3 ? 503 : 200),
    async ({ url, requests }) => {
      const credential = staticCredential({ 'x-token': 'abc' });
      await clientOf(url, { credential, headers: { 'x-fixed': 'yes' } })
        .get('a')
        .json();
      assert.equal(
        requests.map(({ headers }) => `${headers['x-token']} ${headers['x-fixed']}`),
        ['abc yes', 'abc yes', 'abc yes'],
      );
    },
  );
});

client('introduces itself, as the package that uses it when told so', async () => {
  await withLoopback(
    ({ headers }, response) => sendJson(response, headers['user-agent']),
    async ({ url }) => {
      assert.match(String(await clientOf(url).get('a').json()), /^@x\/http/);
      assert.is(await clientOf(url, { userAgent: '@x/sample/1.2.3' }).get('a').json(), '@x/sample/1.2.3');
    },
  );
});

const wrong: readonly [name: string, options: object, expected: RegExp][] = [
  ['a base URL that is none', { baseUrl: 'api.example.com' }, /baseUrl must be an absolute/],
  ['a base URL of another scheme', { baseUrl: 'ftp://example.com' }, /baseUrl must be an absolute/],
  ['a base URL whose scheme begins otherwise', { baseUrl: 'xhttps://example.com' }, /baseUrl must be an absolute/],
  ['a base URL whose scheme goes on', { baseUrl: 'httpsx://example.com' }, /baseUrl must be an absolute/],
  ['a user in the base URL', { baseUrl: 'https://hush@example.com' }, /user info/],
  ['a password in the base URL', { baseUrl: 'https://:hush@example.com' }, /user info/],
  ['a fragment in the base URL', { baseUrl: 'https://example.com#hush' }, /fragment/],
  ['a timeout too long', { timeoutMs: 600_001 }, /timeoutMs must be from 1 to 600000, got 600001/],
  ['user info in the base URL', { baseUrl: 'https://a:hush@example.com' }, /user info/],
  ['a query in the base URL', { baseUrl: 'https://example.com?hush' }, /a query/],
  ['a timeout of zero', { timeoutMs: 0 }, /timeoutMs/],
  ['a total timeout that is not a number', { totalTimeoutMs: Number.NaN }, /totalTimeoutMs/],
  ['a size of nothing', { maxResponseBytes: 0 }, /maxResponseBytes/],
  ['a size that is not a number', { maxResponseBytes: Number.NaN }, /maxResponseBytes/],
  ['a retry limit out of range', { retry: { limit: 99 } }, /retry\.limit/],
  ['a number for retry out of range', { retry: 99 }, /retry\.limit/],
  ['no provider', { provider: undefined as never }, /provider must be/],
  ['an empty provider', { provider: '' }, /provider must be/],
  ...['fetch', 'mapFault', 'onEvent', 'clock', 'random'].map((name): [string, object, RegExp] => [
    `a text for ${name}`,
    { [name]: 'hush' },
    RegExp(`${name} must be a function`),
  ]),
  ['a misspelt option', { credentials: 'hush' }, /: credentials is no option, expected one of provider, /],
  ['a misspelt option of nothing', { timeOutMs: undefined }, /: timeOutMs is no option/],
  ['an option that ky takes elsewhere', { hooks: { hush: [] } }, /: hooks is no option/],
  [
    'a misspelt field of the policy',
    { retry: { limits: 'hush' } },
    /: retry\.limits is no option, expected one of limit, /,
  ],
  ['a word for the policy', { retry: 'hush' }, /: retry\.0 is no option/],
  ...['hush', 7, null, true].map((credential): [string, object, RegExp] => [
    `${credential} for a credential`,
    { credential },
    /: credential must be an object, as staticCredential and renewableCredential give it/,
  ]),
  ...[Promise.resolve(staticCredential({ 'x-token': 'hush' })), { 'x-token': 'hush' }, new Headers(), []].map(
    (credential): [string, object, RegExp] => [
      `${inspect(credential)} for a credential`,
      { credential },
      /: credential\.headers must be a function/,
    ],
  ),
  ...['begin', 'observe', 'isRejected', 'discard'].map((name): [string, object, RegExp] => [
    `a credential whose ${name} is a text`,
    { credential: { ...staticCredential({ 'x-token': 'hush' }), [name]: 'hush' } },
    RegExp(`: credential\\.${name} must be a function`),
  ]),
];
for (const [name, options, expected] of wrong) {
  client(`refuses ${name} at construction, without quoting it`, () => {
    let error: unknown;
    try {
      createClient({ provider: 'sample', baseUrl: 'https://example.com', ...options });
    } catch (thrown) {
      error = thrown;
    }
    assert.instance(error, Error);
    assert.match(String(error), expected);
    assert.not.match(String(error), 'hush');
  });
}

client('takes every option that there is, and a credential of any making', () => {
  const all: Required<CreateClientOptions> = {
    provider: 'sample',
    baseUrl: 'https://example.com',
    credential: undefined,
    fetch: undefined,
    retry: { ...defaultRetryPolicy },
    timeoutMs: undefined,
    totalTimeoutMs: undefined,
    headers: undefined,
    userAgent: undefined,
    onEvent: undefined,
    mapFault: undefined,
    maxResponseBytes: undefined,
    serverTime: undefined,
    clock: undefined,
    random: undefined,
  };
  createClient(all);
  class Custom implements Credential {
    async headers(): Promise<HeaderFields> {
      return {};
    }
  }
  createClient({ ...all, credential: new Custom() });
  createClient({
    ...all,
    credential: { headers: async () => ({}), begin: () => new Custom(), discard: undefined } as never,
  });
});

client('leaves it to ky what is given to a call or to extend', async () => {
  const shown: unknown[] = [];
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    shown.push((input as Request).cache);
    return new Response('no', { status: 404 });
  };
  const options = { cache: 'no-store', throwHttpErrors: false, context: { odd: 1 } } as const;
  const sample = clientOf('https://example.com', { fetch });
  assert.is((await sample.get('a', options)).status, 404);
  assert.is((await sample.extend(options).get('a')).status, 404);
  assert.equal(shown, ['no-store', 'no-store']);
});

client('takes what is within range', () => {
  for (const timeoutMs of [1, 600_000]) clientOf('https://example.com', { timeoutMs, totalTimeoutMs: timeoutMs });
  clientOf('https://example.com', { maxResponseBytes: 1 });
});

client('the base URL has one slash at its end', async () => {
  const urls: string[] = [];
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    urls.push((input as Request).url);
    return new Response();
  };
  for (const baseUrl of ['https://example.com/v1', 'https://example.com/v1/']) {
    await createClient({ provider: 'sample', baseUrl, fetch }).get('a');
  }
  assert.equal(urls, ['https://example.com/v1/a', 'https://example.com/v1/a']);
});

client('a fetch given to a single call takes the place of the client’s', async () => {
  const fetch = async (): Promise<Response> => Response.json('mine');
  assert.is(await clientOf('http://127.0.0.1:9').get('a', { fetch }).json(), 'mine');
});

client.run();

const retries = suite('client · retries');

const table: readonly [method: string, status: number, attempts: number][] = [
  ...['get', 'head', 'put', 'delete'].flatMap((method) =>
    [408, 429, 500, 502, 503, 504].map((status): [string, number, number] => [method, status, 3]),
  ),
  ...['post', 'patch'].flatMap((method) =>
    [408, 429, 500, 502, 503, 504].map((status): [string, number, number] => [method, status, 1]),
  ),
  ...[400, 401, 403, 404, 409, 413, 422, 501].map((status): [string, number, number] => ['get', status, 1]),
];
for (const [method, status, attempts] of table) {
  retries(`${method} answered with ${status} is sent ${attempts === 1 ? 'once' : `${attempts} times`}`, async () => {
    await withLoopback(
      (_, response) => sendJson(response, {}, status),
      async ({ url, requests }) => {
        const error = await rejects(Promise.resolve(clientOf(url)(`a`, { method })), ResponseError, /expected success/);
        assert.is(error.status, status);
        assert.is(requests.length, attempts);
      },
    );
  });
}

retries('a wait that the provider asks for is not cut short', async () => {
  await withLoopback(
    (_, response, count) => sendJson(response, {}, count === 1 ? 429 : 200, count === 1 ? { 'retry-after': '1' } : {}),
    async ({ url, requests }) => {
      const startedMs = performance.now();
      await clientOf(url).get('a');
      assert.ok(performance.now() - startedMs >= 995);
      assert.is(requests.length, 2);
    },
  );
});

retries('a wait longer than allowed surfaces at once, with its length', async () => {
  await withLoopback(
    (_, response) => sendJson(response, {}, 429, { 'retry-after': '3600' }),
    async ({ url, requests }) => {
      const error = await rejects(clientOf(url).get('a').json(), ResponseError, 'http.rate-limited');
      assert.is(error.retryAfterMs, 3_600_000);
      assert.is(requests.length, 1);
    },
  );
});

const retry = { ...quick, maxRetryAfterMs: 600_000 };
const bounded: readonly [way: string, ask: (url: string, totalTimeout: number) => Promise<unknown>][] = [
  ['the client', (url, totalTimeoutMs) => clientOf(url, { totalTimeoutMs, retry }).get('a')],
  ['an extended client', (url, totalTimeout) => clientOf(url, { retry }).extend({ totalTimeout }).get('a')],
  ['a call', (url, totalTimeout) => clientOf(url, { totalTimeoutMs: 600_000, retry }).get('a', { totalTimeout })],
];
for (const [way, ask] of bounded) {
  retries(`a wait longer than what is left of the time of ${way} surfaces at once, with its length`, async () => {
    await withLoopback(
      (_, response) => sendJson(response, {}, 429, { 'retry-after': '120' }),
      async ({ url, requests }) => {
        const error = await rejects(ask(url, 60_000), ResponseError, 'http.rate-limited');
        assert.is(error.retryAfterMs, 120_000);
        assert.is(requests.length, 1);
      },
    );
  });

  retries(`a wait that fits into the time of ${way} is waited for`, async () => {
    await withLoopback(
      (_, response, count) => sendJson(response, {}, count === 1 ? 429 : 200, { 'retry-after': '0' }),
      async ({ url, requests }) => {
        await ask(url, 60_000);
        assert.is(requests.length, 2);
      },
    );
  });
}

for (const [where, skewMs] of [
  ['ahead', 3_600_000],
  ['back', -3_600_000],
] as const) {
  retries(`a clock that is set ${where} leaves a call as much time as it had`, async () => {
    const clock = manualClock();
    let sent = 0;
    const fetch = async (): Promise<Response> => {
      sent += 1;
      clock.advance(skewMs);
      return new Response(null, { status: sent === 1 ? 503 : 200, headers: { 'retry-after': '0' } });
    };
    await clientOf('https://example.com', { fetch, clock, totalTimeoutMs: 60_000, retry }).get('a');
    assert.is(sent, 2);
    const late = async (): Promise<Response> => {
      clock.advance(skewMs);
      return new Response(null, { status: 503, headers: { 'retry-after': '61' } });
    };
    const failing = clientOf('https://example.com', { fetch: late, clock, totalTimeoutMs: 60_000, retry }).get('a');
    assert.is((await rejects(Promise.resolve(failing), ResponseError, 'http.server')).retryAfterMs, 61_000);
  });
}

retries('an outage is not multiplied: a client repeats a tenth of its requests', async () => {
  await withLoopback(
    (_, response) => sendJson(response, {}, 503),
    async ({ url, requests }) => {
      const sample = clientOf(url, { retry: { ...quick, budgetReserve: 5 } });
      await Promise.all(Array.from({ length: 200 }, () => sample.get('a').then(undefined, () => {})));
      assert.ok(requests.length > 200 && requests.length <= 200 + 5 + 20, String(requests.length));
    },
  );
});

for (const [name, fail] of [
  ['answers', async () => new Response(null, { status: 503 })],
  ['connections', () => Promise.reject(new TypeError('fetch failed'))],
] as const) {
  retries(`${name} that fail at the same moment share the budget, and do not each have it`, async () => {
    let sent = 0;
    let allSent = (): void => {};
    const together = new Promise<void>((resolve) => {
      allSent = resolve;
    });
    const fetch = async (): Promise<Response> => {
      sent += 1;
      if (sent === 100) allSent();
      await together;
      return fail();
    };
    const retry = { ...quick, limit: 1, budgetReserve: 5, budgetRatio: 0 };
    const sample = clientOf('https://api.example.com', { fetch, retry });
    await Promise.all(Array.from({ length: 100 }, () => sample.get('a').then(undefined, () => {})));
    assert.is(sent, 105);
  });
}

/** How long a client that draws the longest wait pauses before each repetition, in milliseconds. */
async function pauses(retry: Partial<RetryPolicy>): Promise<readonly number[]> {
  const sentAt: number[] = [];
  const fetch = async (): Promise<Response> => {
    sentAt.push(performance.now());
    return new Response(null, { status: 503 });
  };
  const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(255);
  const sample = clientOf('https://api.example.com', { fetch, random, retry });
  await rejects(sample.get('a').json(), ResponseError, 'http.server');
  return sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
}

retries('the backoff doubles, up to its cap', async () => {
  const [[first = 0, second = 0], [capped = 0]] = await Promise.all([
    pauses({ baseDelayMs: 500, maxDelayMs: 10_000 }),
    pauses({ baseDelayMs: 60_000, maxDelayMs: 100, limit: 1 }),
  ]);
  // timers are early by what clocks round at most, and late on a busy machine by any time
  assert.ok(first >= 495, `the first pause took ${first} ms`);
  assert.ok(second >= 995, `the second pause took ${second} ms`);
  assert.ok(capped >= 95 && capped < 60_000, `the capped pause took ${capped} ms`);
});

retries('each request earns its share of the budget', async () => {
  let sent = 0;
  const fetch = async (): Promise<Response> => {
    sent += 1;
    return new Response(null, { status: 503 });
  };
  const retry = { ...quick, limit: 1, budgetReserve: 1, budgetRatio: 1 };
  const sample = clientOf('https://api.example.com', { fetch, retry });
  for (let count = 0; count < 3; count += 1) await rejects(sample.get('a').json(), ResponseError, 'http.server');
  assert.is(sent, 6);
});

const hooks: Options['hooks'] = { afterResponse: [({ retryCount }) => (retryCount === 0 ? ky.retry() : undefined)] };
const own: Options['retry'] = { shouldRetry: () => true };
const asking: readonly [name: string, ask: (sample: KyInstance) => Promise<unknown>][] = [
  ['a hook of the call', (sample) => sample.get('a', { hooks })],
  ['a hook of the instance', (sample) => sample.extend({ hooks }).get('a')],
  ['an option of the call', (sample) => sample.get('a', { retry: own })],
  ['an option of the instance', (sample) => sample.extend({ retry: own }).get('a')],
  ['an option that the instance is given by a function', (sample) => sample.extend(() => ({ retry: own })).get('a')],
];
for (const [name, ask] of asking) {
  retries(`${name} that asks for a repetition leaves the others less to spend`, async () => {
    let sent = 0;
    const fetch = async (): Promise<Response> => {
      sent += 1;
      return new Response(null, { status: 503 });
    };
    const retry = { ...quick, limit: 1, budgetReserve: 1, budgetRatio: 0 };
    const sample = clientOf('https://api.example.com', { fetch, retry });
    await rejects(ask(sample), ResponseError, 'http.server');
    assert.is(sent, 2, 'what was asked for');
    await rejects(sample.get('b').json(), ResponseError, 'http.server');
    assert.is(sent, 3, 'nothing is left');
  });
}

retries('a body is sent again whole', async () => {
  await withLoopback(
    (_, response, count) => sendJson(response, {}, count === 1 ? 503 : 200),
    async ({ url, requests }) => {
      await clientOf(url).put('a', { json: { some: 'text' } });
      assert.equal(
        requests.map(({ body }) => body),
        ['{"some":"text"}', '{"some":"text"}'],
      );
    },
  );
});

retries('a refused connection is tried again and then told', async () => {
  const { port, release } = await holdPort();
  const events: ClientEvent[] = [];
  const sample = clientOf(`http://127.0.0.1:${port}`, { onEvent: (event) => events.push(event) });
  const error = await rejects(sample.get('a').json(), RequestError, 'http.network');
  release();
  assert.is((error.cause as Error).message, 'ECONNREFUSED');
  assert.equal(
    events.map(({ type }) => type),
    ['request', 'request-failed', 'retry', 'request', 'request-failed', 'retry', 'request', 'request-failed'],
  );
});

retries('a reset connection is tried again for a GET and not for a POST', async () => {
  for (const [method, attempts] of [
    ['get', 3],
    ['post', 1],
  ] as const) {
    await withLoopback(
      (_, response) => response.socket?.destroy(),
      async ({ url, requests }) => {
        await rejects(Promise.resolve(clientOf(url)[method]('a')), RequestError, 'http.network');
        assert.is(requests.length, attempts);
      },
    );
  }
});

retries.run();

const mapping = suite('client · errors');

const codes: readonly [status: number, code: string][] = [
  [400, 'http.rejected'],
  [401, 'http.unauthorized'],
  [403, 'http.forbidden'],
  [404, 'http.not-found'],
  [409, 'http.conflict'],
  [422, 'http.rejected'],
  [429, 'http.rate-limited'],
  [500, 'http.server'],
  [599, 'http.server'],
];
for (const [status, code] of codes) {
  mapping(`status ${status} is ${code}`, async () => {
    await withLoopback(
      (_, response) => sendJson(response, {}, status, { 'x-request-id': 'r-1' }),
      async ({ url }) => {
        const error = await rejects(
          clientOf(url, { retry: { limit: 0 } })
            .get('a')
            .json(),
          ResponseError,
          code,
        );
        assert.is(error.requestId, 'r-1');
      },
    );
  });
}

mapping('a provider’s fault gives code, fault and text', async () => {
  await withLoopback(
    (_, response) => sendJson(response, { why: 'because' }, 422),
    async ({ url }) => {
      const sample = clientOf(url, {
        mapFault: ({ status, body }) => ({ code: 'sample.why', fault: { status, body }, message: 'it said why' }),
      });
      const error = await rejects(sample.get('a').json(), ResponseError, 'sample.why');
      assert.equal(error.fault, { status: 422, body: '{"why":"because"}' });
      assert.match(error.message, /it said why/);
    },
  );
});

mapping('an answer that is not as the schema says tells paths and never values', async () => {
  await withLoopback(
    (_, response) => sendJson(response, { items: [{ id: 'marker' }] }),
    async ({ url }) => {
      const schema = v.object({ items: v.array(v.object({ id: v.number() })) });
      const error = await rejects(clientOf(url).get('a').json(schema), ContractError, 'http.contract-broken');
      assert.equal(error.issues, [{ path: 'items[0].id', expected: 'number' }]);
      assert.not.match(inspect(error, { depth: null, showHidden: true }), 'marker');
    },
  );
});

mapping('an answer that is not JSON is a broken contract', async () => {
  await withLoopback(
    (_, response) => response.end('<html>marker'),
    async ({ url }) => {
      const error = await rejects(clientOf(url).get('a').json(), ContractError, 'http.contract-broken');
      assert.not.match(inspect(error, { depth: null, showHidden: true }), 'marker');
    },
  );
});

mapping('a body that breaks off is a network failure', async () => {
  await withLoopback(
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":');
      setTimeout(() => response.destroy(), 10);
    },
    async ({ url }) => void (await rejects(clientOf(url).get('a').json(), RequestError, 'http.network')),
  );
});

mapping('a slow answer is a timeout', async () => {
  await withLoopback(
    () => {},
    async ({ url }) => {
      const sample = clientOf(url, { timeoutMs: 30, retry: { limit: 0 } });
      await rejects(sample.get('a').json(), RequestError, 'http.timeout');
    },
  );
});

mapping('a slow body is a timeout', async () => {
  await withLoopback(
    (_, response) => {
      response.writeHead(200);
      response.write('{');
    },
    async ({ url }) => {
      const sample = clientOf(url, { timeoutMs: 50, retry: { limit: 0 } });
      await rejects(sample.get('a').json(), RequestError, 'http.timeout');
    },
  );
});

mapping('an abort is told as such, whatever its reason', async () => {
  await withLoopback(
    () => {},
    async ({ url }) => {
      for (const reason of [undefined, new Error('enough'), 'a string']) {
        const controller = new AbortController();
        const answer = clientOf(url).get('a', { signal: controller.signal }).json();
        setTimeout(() => controller.abort(reason), 10);
        await rejects(answer, RequestError, 'http.aborted');
      }
    },
  );
});

mapping('a schema that is none is the programmer’s mistake', async () => {
  await withLoopback(
    (_, response) => sendJson(response, {}),
    async ({ url }) => {
      const answer = clientOf(url).get('a');
      assert.throws(() => answer.json({} as never), /Standard Schema/);
      await answer;
    },
  );
});

mapping('what a user’s own hook throws passes unchanged', async () => {
  const mine = new Error('mine');
  const hooks = {
    beforeRequest: [
      () => {
        throw mine;
      },
    ],
  };
  const extended = clientOf('http://127.0.0.1:9').extend({ hooks });
  let seen: unknown;
  await extended
    .get('a')
    .json()
    .catch((error: unknown) => {
      seen = error;
    });
  assert.is(seen, mine);
});

mapping('nothing of the request shows, whatever fails', async () => {
  const marker = 'm4rk3r-of-a-secret';
  const credential = staticCredential({ authorization: `Bearer ${marker}` });
  const events: ClientEvent[] = [];
  const errors: unknown[] = [];
  await withLoopback(
    ({ path }, response) => {
      if (path.includes('reset')) response.socket?.destroy();
      else if (path.includes('html')) response.end(`<html>${marker}`);
      else if (path.includes('schema')) sendJson(response, { a: marker });
      else if (path.includes('slow')) return;
      else sendJson(response, { message: marker }, 400);
    },
    async ({ url }) => {
      const sample = clientOf(url, {
        credential,
        retry: { ...quick, limit: 1 },
        onEvent: (e) => events.push(e),
      });
      for (const path of ['reset', 'html', 'schema', 'slow', 'plain']) {
        const timeout = path === 'slow' ? 100 : 60_000;
        await sample
          .get(path, { searchParams: { token: marker }, timeout })
          .json(v.object({ a: v.number() }))
          .catch((error: unknown) => errors.push(error));
        await sample
          .post(path, { json: { marker }, timeout })
          .json(v.object({ a: v.number() }))
          .catch((error: unknown) => errors.push(error));
      }
    },
  );
  assert.is(errors.length, 10);
  for (const error of errors) {
    const shown = [
      inspect(error, { depth: null, showHidden: true }),
      JSON.stringify(error),
      String(error),
      (error as Error).stack,
    ];
    assert.not.match(shown.join('\n'), marker);
  }
  assert.ok(events.length > 0);
  assert.not.match(JSON.stringify(events), marker);
});

mapping.run();

const origin = suite('client · redirects and origins');

origin('a redirect to another origin does not carry the credential', async () => {
  await withLoopback(
    ({ headers }, response) =>
      sendJson(response, { token: headers['x-token'] ?? null, cookie: headers.cookie ?? null }),
    async (other) => {
      await withLoopback(
        (_, response) => response.writeHead(302, { location: `${other.url}/elsewhere` }).end(),
        async ({ url }) => {
          const credential = staticCredential({ 'x-token': 'abc' });
          const sample = clientOf(url, { credential, headers: { cookie: 'a=b' } });
          assert.equal(await sample.get('a').json(), { token: null, cookie: null });
        },
      );
    },
  );
});

origin('a redirect on the same origin keeps it', async () => {
  await withLoopback(
    ({ path, headers }, response) => {
      if (path === '/v1/a') response.writeHead(307, { location: '/v1/b' }).end();
      else sendJson(response, { path, token: headers['x-token'] });
    },
    async ({ url }) => {
      const credential = staticCredential({ 'x-token': 'abc' });
      assert.equal(await clientOf(url, { credential }).get('a').json(), { path: '/v1/b', token: 'abc' });
    },
  );
});

origin('a POST is not redirected, and a loop ends', async () => {
  await withLoopback(
    (_, response) => response.writeHead(307, { location: '/v1/a' }).end(),
    async ({ url, requests }) => {
      await rejects(clientOf(url).post('a').json(), ResponseError, 'http.rejected');
      assert.is(requests.length, 1);
      await rejects(clientOf(url).get('a').json(), ResponseError, 'http.rejected');
      assert.is(requests.length, 7);
    },
  );
});

origin('redirect: error is kept, and told at once', async () => {
  await withLoopback(
    (_, response) => response.writeHead(302, { location: '/v1/b' }).end(),
    async ({ url, requests }) => {
      const error = await rejects(clientOf(url).get('a', { redirect: 'error' }).json(), ResponseError, 'http.rejected');
      assert.is(error.status, 302);
      assert.is(requests.length, 1);
    },
  );
});

origin('redirect: manual gives the redirect of a real server', async () => {
  await withLoopback(
    (_, response) => response.writeHead(302, { location: '/v1/b' }).end(),
    async ({ url, requests }) => {
      const got = await clientOf(url).get('a', { redirect: 'manual', throwHttpErrors: false });
      assert.equal([got.status, got.headers.get('location'), requests.length], [302, '/v1/b', 1]);
    },
  );
});

for (const [name, fetch] of [
  ['the platform’s fetch', undefined],
  ['a fetch that looks at its first argument only', (input: RequestInfo | URL) => globalThis.fetch(input)],
] as const) {
  origin(`${name} gets credential, body and redirect mode; hooks and the caller’s Request do not`, async () => {
    await withLoopback(
      ({ path, body, headers }, response, count) => {
        if (path.endsWith('/moved')) response.writeHead(302, { location: 'https://elsewhere.invalid/' }).end();
        else sendJson(response, { body, token: headers['x-token'], own: headers['x-own'] }, count === 1 ? 503 : 200);
      },
      async ({ url, requests }) => {
        const seen: (string | null)[] = [];
        const note = ({ request }: { readonly request: Request }): void => {
          seen.push(request.headers.get('x-token'));
        };
        const sample = clientOf(url, { fetch, credential: staticCredential({ 'X-Token': 'abc' }) }).extend({
          hooks: { beforeRequest: [note], beforeRetry: [note], afterResponse: [note] },
        });
        const request = new Request(`${url}/v1/a`, {
          method: 'PUT',
          body: 'text',
          headers: { 'x-token': 'mine', 'x-own': '1' },
        });
        assert.equal(await sample(request).json(), { body: 'text', token: 'abc', own: '1' });
        assert.is(requests.length, 2);
        assert.is(request.headers.get('x-token'), 'mine');
        assert.equal(new Set(seen), new Set(['mine']));
        const got = await sample.post('moved', { throwHttpErrors: false, json: {} });
        assert.is(got.status, 302);
      },
    );
  });
}

origin('an absolute URL elsewhere does not get the credential', async () => {
  await withLoopback(
    ({ headers }, response) => sendJson(response, { token: headers['x-token'] ?? null }),
    async ({ url }) => {
      const credential = staticCredential({ 'x-token': 'abc' });
      const sample = clientOf('http://127.0.0.1:9', { credential });
      assert.equal(await sample.get(`${url}/a`).json(), { token: null });
    },
  );
});

origin.run();

const sizes = suite('client · sizes');

/** Ten chunks of 1,000 bytes without a declared length. */
const tenThousand = (): Response => {
  let left = 10;
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        left -= 1;
        controller.enqueue(new Uint8Array(1000).fill(49));
        if (left === 0) controller.close();
      },
    }),
  );
};

for (const [name, fetch] of [
  ['of a declared length', async () => new Response('1'.repeat(10_000), { headers: { 'content-length': '10000' } })],
  ['that goes on', async () => tenThousand()],
] as const) {
  sizes(`an answer ${name} beyond the bound is a broken contract`, async () => {
    const sample = clientOf('https://api.example.com', { fetch, maxResponseBytes: 9_999 });
    const error = await rejects(sample.get('a').text(), ContractError, 'http.contract-broken');
    assert.equal(error.issues, [{ path: '', expected: 'at most 9999 bytes' }]);
    for (const maxResponseBytes of [10_000, Number.POSITIVE_INFINITY]) {
      const roomy = clientOf('https://api.example.com', { fetch, maxResponseBytes });
      assert.is((await roomy.get('a').text()).length, 10_000);
    }
  });
}

sizes('HEAD tells a length and sends nothing of it', async () => {
  const fetch = async (): Promise<Response> => new Response('', { headers: { 'content-length': '99999999' } });
  assert.is((await clientOf('https://api.example.com', { fetch }).head('a')).status, 200);
});

sizes.run();

const events = suite('client · events');

events('tell request, answer and repetition, and a subscriber that throws changes nothing', async () => {
  await withLoopback(
    (_, response, count) => sendJson(response, {}, count === 1 ? 503 : 200),
    async ({ url }) => {
      const seen: string[] = [];
      const onEvent = (event: ClientEvent): void => {
        seen.push(
          event.type === 'response'
            ? `${event.type} ${event.status}`
            : event.type === 'retry'
              ? `retry ${event.reason}`
              : event.type,
        );
        throw new Error('a subscriber’s own mistake');
      };
      await clientOf(url, { onEvent }).get('a').json();
      assert.equal(seen, ['request', 'response 503', 'retry 503', 'request', 'response 200']);
    },
  );
});

events('those of one call share an id, and each exchange has its number and its time', async () => {
  const clock = manualClock();
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    clock.advance(25);
    const { url } = input as Request;
    if (url.endsWith('/moved'))
      return new Response(null, { status: 302, headers: { location: 'https://b.example/x' } });
    if (url.includes('broken')) throw new TypeError('fetch failed');
    return Response.json({});
  };
  const seen: ClientEvent[] = [];
  const sample = clientOf('https://api.example.com', { fetch, clock, onEvent: (event) => void seen.push(event) });
  await sample.get('moved');
  await rejects(Promise.resolve(sample.post('broken')), RequestError, 'http.network');
  const [first, , third] = seen as { callId: string }[];
  assert.is(first?.callId, third?.callId);
  assert.match(String(first?.callId), /^[\da-z]{1,7}-1$/);
  const shown = seen.map((event) =>
    'exchange' in event
      ? `${event.callId.split('-')[1]}.${event.exchange} ${event.type} ${event.method} ${event.url}${
          'durationMs' in event ? ` ${event.durationMs} ${'code' in event ? event.code : event.status}` : ''
        }`
      : event.type,
  );
  assert.equal(shown, [
    '1.1 request GET https://api.example.com/v1/moved',
    '1.1 response GET https://api.example.com/v1/moved 25 302',
    '1.2 request GET https://b.example/x',
    '1.2 response GET https://b.example/x 25 200',
    '2.1 request POST https://api.example.com/v1/broken',
    '2.1 request-failed POST https://api.example.com/v1/broken 25 http.network',
  ]);
});

events('a repetition belongs to its call and tells why', async () => {
  const seen: ClientEvent[] = [];
  let count = 0;
  const fetch = async (): Promise<Response> => {
    count += 1;
    if (count === 1) throw new TypeError('fetch failed');
    return new Response(null, { status: count === 2 ? 503 : 204 });
  };
  await clientOf('https://api.example.com', { fetch, onEvent: (event) => void seen.push(event) }).get('a');
  const ids = new Set(seen.map((event) => 'callId' in event && event.callId));
  assert.is(ids.size, 1);
  assert.equal(
    seen.filter((event) => event.type === 'retry').map(({ attempt, reason }) => `${attempt} ${reason}`),
    ['1 http.network', '2 503'],
  );
});

const gone: readonly [name: string, code: string, options: Partial<CreateClientOptions>, abort: boolean][] = [
  ['a timeout', 'http.timeout', { timeoutMs: 20, retry: { limit: 0 } }, false],
  ['an abort', 'http.aborted', {}, true],
];
for (const [name, code, options, abort] of gone) {
  for (const way of ['option', 'Request'] as const) {
    events(
      `${name} is told as such, where the signal is ${way === 'option' ? 'an option' : 'that of a Request'}`,
      async () => {
        await withLoopback(
          () => {},
          async ({ url }) => {
            const seen: ClientEvent[] = [];
            const controller = new AbortController();
            const { signal } = controller;
            const sample = clientOf(url, { ...options, onEvent: (event) => void seen.push(event) });
            const asked = way === 'option' ? sample.get('a', { signal }) : sample(new Request(`${url}/a`, { signal }));
            if (abort) setTimeout(() => controller.abort('hush'), 10);
            await rejects(Promise.resolve(asked), RequestError, code);
            await new Promise((resolve) => setImmediate(resolve));
            assert.equal(
              seen.map((event) => (event.type === 'request-failed' ? event.code : event.type)),
              ['request', code],
            );
          },
        );
      },
    );
  }
}

events('the provider’s time is learnt from its own answers only, and a wait is read by it', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const dates: Record<string, string> = {
    api: 'Thu, 01 Jan 2026 01:00:00 GMT',
    files: 'Thu, 01 Jan 2026 05:00:00 GMT',
  };
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { hostname, pathname } = new URL((input as Request).url);
    if (pathname.endsWith('/wait')) {
      return new Response(null, { status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 01:10:00 GMT' } });
    }
    return Response.json({}, { headers: { date: dates[hostname.split('.')[0] ?? ''] ?? '' } });
  };
  const serverTime = createServerTime(clock);
  const sample = clientOf('https://api.example.com', { fetch, clock, serverTime });
  await sample.get('https://files.example.com/a');
  assert.is(serverTime.nowMs(), clock());
  await sample.get('a');
  assert.is(serverTime.nowMs(), Date.UTC(2026, 0, 1, 1) + 500);
  const error = await rejects(sample.get('wait').json(), ResponseError, 'http.rate-limited');
  assert.is(error.retryAfterMs, 600_000, 'and not an hour more');
});

events.run();
