import { inspect } from 'node:util';
import { manualClock, rejects, scriptedFetch, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { type Credential, staticCredential } from '../src/credential.ts';
import { CredentialError, RequestError, ResponseError, XError } from '../src/errors.ts';
import { isRateLimited } from '../src/rate-limiter/rate-limited.ts';
import { withRateLimit } from '../src/rate-limiter/with-rate-limit.ts';
import { createRateLimiter } from '../src/rate-limiter.ts';
import { createServerTime } from '../src/server-time.ts';
import { createTransport } from '../src/transport.ts';
import { sendJson, withLoopback } from './loopback.ts';

const baseUrl = 'https://api.example.com/v1/';

/** What a transport needs and these tests do not look at. */
const parts = {
  clock: Date.now,
  random: seededRandom(),
  serverTime: createServerTime(Date.now),
  maxResponseBytes: 1_000_000,
  onEvent: undefined,
} as const;

/** A credential that counts: `token` is `t1`, then `t2` after it was discarded. */
function countingCredential(overrides: Partial<Credential> = {}): Credential & { readonly told: string[] } {
  const told: string[] = [];
  let version = 1;
  return {
    told,
    headers: async () => ({ 'x-token': `t${version}` }),
    observe: ({ status }, sent) => void told.push(`${sent['x-token']} ${status}`),
    isRejected: ({ status }) => status === 401,
    discard: async () => {
      version += 1;
      return true;
    },
    ...overrides,
  };
}

const clientOf = (
  fetch: CreateClientOptions['fetch'],
  options: Partial<CreateClientOptions> = {},
): ReturnType<typeof createClient> =>
  createClient({ provider: 'sample', baseUrl, fetch, retry: { baseDelayMs: 0, maxDelayMs: 0 }, ...options });

const tokens = (requests: readonly Request[]): (string | null)[] =>
  requests.map(({ headers }) => headers.get('x-token'));
const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers });
const moved = (location: string, status = 302): Response => new Response(null, { status, headers: { location } });

const replay = suite('transport · replay');

for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
  replay(`a ${method} whose credential was refused is sent once more with the next one, body and all`, async () => {
    const fetch = scriptedFetch([() => answer(401), async (request) => answer(200, { body: await request.text() })]);
    const credential = countingCredential();
    const sent = method === 'get' ? '' : '{"amountMinor":100}';
    const body = method === 'get' ? {} : { body: sent, headers: { 'content-type': 'application/json' } };
    const got = await clientOf(fetch, { credential })[method]('orders', body).json();
    assert.equal(got, { body: sent });
    assert.equal(tokens(fetch.requests), ['t1', 't2']);
    assert.equal(credential.told, ['t1 401', 't2 200'], 'the credential hears of both answers');
    fetch.assertConsumed();
  });
}

const once: readonly [name: string, status: number, overrides: Partial<Credential>][] = [
  ['the answer does not say that the credential was refused', 403, {}],
  ['the credential has nothing else to offer', 401, { discard: async () => false }],
  ['the credential cannot be discarded', 401, { discard: undefined as never }],
  ['the credential does not say when it is refused', 401, { isRejected: undefined as never }],
];
for (const [name, status, overrides] of once) {
  replay(`there is none when ${name}`, async () => {
    const fetch = scriptedFetch([answer(status)]);
    const sample = clientOf(fetch, { credential: countingCredential(overrides) });
    const error = await rejects(sample.post('orders', { json: {} }).json(), ResponseError, /expected success/);
    assert.is(error.status, status);
    fetch.assertConsumed();
  });
}

replay('a second refusal is told and not replayed again', async () => {
  const fetch = scriptedFetch([answer(401), answer(401, { why: 'still' })]);
  const sample = clientOf(fetch, {
    credential: countingCredential(),
    mapFault: ({ body }) => ({ fault: JSON.parse(body) as unknown }),
  });
  const error = await rejects(sample.post('orders').json(), ResponseError, 'http.unauthorized');
  assert.equal(error.fault, { why: 'still' });
  fetch.assertConsumed();
});

replay('all attempts of one request have one replay between them', async () => {
  const fetch = scriptedFetch([answer(401), answer(503), answer(401)]);
  const sample = clientOf(fetch, { credential: countingCredential() });
  await rejects(sample.get('orders').json(), ResponseError, 'http.unauthorized');
  assert.equal(tokens(fetch.requests), ['t1', 't2', 't2']);
  fetch.assertConsumed();
});

replay('the next request has one of its own, also on an extended client', async () => {
  const fetch = scriptedFetch([answer(401), answer(200), answer(401), answer(200)]);
  const sample = clientOf(fetch, { credential: countingCredential() }).extend({ headers: { 'x-extra': '1' } });
  await sample.get('a').json();
  await sample.get('b').json();
  assert.equal(tokens(fetch.requests), ['t1', 't2', 't2', 't3']);
});

replay('a call keeps the credential that it began with, however often that changes meanwhile', async () => {
  let current: Credential = staticCredential({ 'x-token': 'anna' });
  const told: string[] = [];
  const anna: Credential = {
    ...countingCredential({ headers: current.headers, discard: async (sent) => told.push(`${sent['x-token']}`) > 0 }),
    observe: ({ status }) => void told.push(`anna ${status}`),
  };
  current = anna;
  const otto = countingCredential({ headers: async () => ({ 'x-token': 'otto' }) });
  const change = (status: number) => () => {
    current = otto;
    return answer(status);
  };
  const fetch = scriptedFetch([change(503), answer(401), answer(503), answer(200), answer(200)]);
  const credential: Credential = { headers: () => assert.unreachable() as never, begin: () => current };
  const sample = clientOf(fetch, { credential });
  const begun = sample.delete('orders/1');
  current = otto; // before the first attempt was sent
  await begun;
  assert.equal(tokens(fetch.requests), ['anna', 'anna', 'anna', 'anna']);
  assert.equal(told, ['anna 503', 'anna 401', 'anna', 'anna 503', 'anna 200']);
  await sample.get('orders');
  assert.is(tokens(fetch.requests).at(-1), 'otto', 'the next call asks anew');
});

replay('a credential that another has taken the place of ends the call, and is not tried again', async () => {
  let isCurrent = true;
  const bound: Credential = {
    async headers() {
      if (isCurrent) return { 'x-token': 'anna' };
      throw new CredentialError({ provider: 'sample', code: 'credential.superseded', message: 'another took over' });
    },
  };
  const first = (): Response => {
    isCurrent = false;
    return answer(503);
  };
  const fetch = scriptedFetch([first]);
  const sample = clientOf(fetch, { credential: { headers: bound.headers, begin: () => bound } });
  await rejects(sample.delete('orders/1'), CredentialError, 'credential.superseded');
  assert.equal(tokens(fetch.requests), ['anna']);
});

replay('a transport used without ky keeps the same promise', async () => {
  const fetch = scriptedFetch([answer(401), answer(200)]);
  const transport = createTransport({
    provider: 'sample',
    baseUrl: new URL(baseUrl),
    credential: countingCredential(),
    fetch,
    ...parts,
  });
  const response = await transport.begin()(new Request(`${baseUrl}a`, { method: 'POST', body: 'text' }));
  assert.is(response.status, 200);
  assert.is(transport.faultAnswerOf(response), undefined);
});

replay('the copy of a body that is not needed is let go', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      cancelled = true; // called once both halves of a copied stream are let go
    },
  });
  const fetch = scriptedFetch([answer(200)]);
  const transport = createTransport({
    provider: 'sample',
    baseUrl: new URL(baseUrl),
    credential: countingCredential(),
    fetch: async (input) => {
      (input as Request).body?.cancel().catch(() => {});
      return fetch(`${baseUrl}a`);
    },
    ...parts,
  });
  await transport.begin()(new Request(`${baseUrl}a`, { method: 'POST', body, duplex: 'half' } as RequestInit));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(cancelled);
});

replay('a failure to renew is told in place of the refusal', async () => {
  const failure = new RequestError({ provider: 'sample', code: 'http.network', message: 'no way' });
  let asked = 0;
  const credential = countingCredential({
    headers: async () => {
      asked += 1;
      if (asked === 2) throw failure;
      return { 'x-token': 't1' };
    },
  });
  const error = await rejects(
    clientOf(scriptedFetch([answer(401)]), { credential })
      .get('a')
      .json(),
    RequestError,
    'http.network',
  );
  assert.is(error, failure);
});

replay.run();

const origins = suite('transport · origins');

origins('a refusal by another origin says nothing about the credential', async () => {
  const fetch = scriptedFetch([moved('https://files.example.net/x'), answer(401)]);
  const credential = countingCredential();
  await rejects(clientOf(fetch, { credential }).get('a').json(), ResponseError, 'http.unauthorized');
  assert.equal(tokens(fetch.requests), ['t1', null]);
  assert.equal(credential.told, []);
});

origins('nor does one by the own origin after a detour that lost the credential', async () => {
  const fetch = scriptedFetch([
    moved('https://files.example.net/x'),
    moved('https://api.example.com/v1/b'),
    answer(401),
  ]);
  const credential = countingCredential();
  await rejects(clientOf(fetch, { credential }).get('a').json(), ResponseError, 'http.unauthorized');
  assert.equal(tokens(fetch.requests), ['t1', null, null]);
  assert.equal(credential.told, []);
});

const elsewhere: readonly [name: string, input: string, carries: boolean][] = [
  ['a relative input', 'orders', true],
  ['an input from the root of the origin', '/v2/orders', true],
  ['an absolute URL of the origin', 'https://api.example.com/other', true],
  ['the same host by plain HTTP', 'http://api.example.com/v1/orders', false],
  ['another port', 'https://api.example.com:8443/v1/orders', false],
  ['a host whose name begins the same', 'https://api.example.com.evil.example/v1/orders', false],
  ['a URL without scheme', '//evil.example/v1/orders', false],
  ['a URL with backslashes', '\\\\evil.example\\v1', false],
  ['user info that looks like the host', 'https://api.example.com@evil.example/', false],
];
for (const [name, input, carries] of elsewhere) {
  origins(`${name} ${carries ? 'carries' : 'does not carry'} the credential`, async () => {
    const fetch = scriptedFetch([answer(200)]);
    const credential = staticCredential({ 'x-token': 't1' });
    // a Request cannot hold user info, and the platform says so before anything is sent
    if (input.includes('@')) assert.throws(() => clientOf(fetch, { credential }).get(input), /credentials/);
    else {
      await clientOf(fetch, { credential }).get(input);
      assert.equal(tokens(fetch.requests), [carries ? 't1' : null]);
    }
  });
}

origins('a redirect to another scheme than http and https, or with user info, is not followed', async () => {
  for (const location of [
    'file:///etc/passwd',
    'data:text/plain,hi',
    'http://[',
    'https://a:hush@b.example/',
    '//a@b.example/',
  ]) {
    const fetch = scriptedFetch([moved(location)]);
    const error = await rejects(clientOf(fetch).get('a').json(), ResponseError, 'http.rejected');
    assert.is(error.status, 302);
  }
});

origins('only `accept` goes along to another origin', async () => {
  const fetch = scriptedFetch([moved('https://files.example.net/x'), answer(200)]);
  await clientOf(fetch, { headers: { 'x-fixed': '1', authorization: 'Basic abc' } })
    .get('a')
    .json();
  assert.equal([...(fetch.requests[1]?.headers ?? [])], [['accept', 'application/json']]);
});

origins('redirect: manual gives the redirect itself', async () => {
  const fetch = scriptedFetch([moved('https://files.example.net/x')]);
  const got = await clientOf(fetch).get('a', { redirect: 'manual', throwHttpErrors: false });
  assert.equal([got.status, got.headers.get('location')], [302, 'https://files.example.net/x']);
});

origins.run();

const callbacks = suite('transport · credentials that throw');

const hush = (): never => {
  throw new Error('hush');
};

callbacks('headers() and discard() that throw are a failure to renew, told without their words', async () => {
  for (const [overrides, answers] of [
    [{ headers: async () => hush() }, []],
    [{ discard: async () => hush() }, [answer(401)]],
  ] as const) {
    const sample = clientOf(scriptedFetch(answers), { credential: countingCredential(overrides) });
    const error = await rejects(sample.get('a').json(), CredentialError, 'credential.renewal-failed');
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
  }
});

callbacks('observe() that throws does not undo the answer', async () => {
  const sample = clientOf(scriptedFetch([answer(200)]), { credential: countingCredential({ observe: hush }) });
  assert.equal(await sample.get('a').json(), {});
});

callbacks('isRejected() that throws has not said that the credential was refused', async () => {
  const fetch = scriptedFetch([answer(401)]);
  const sample = clientOf(fetch, { credential: countingCredential({ isRejected: hush }) });
  await rejects(sample.get('a').json(), ResponseError, 'http.unauthorized');
});

callbacks('one that gives up because the caller did is an abort', async () => {
  const controller = new AbortController();
  const credential: Credential = {
    headers: async ({ signal }) => {
      controller.abort('hush');
      throw signal?.reason;
    },
  };
  const sample = clientOf(scriptedFetch([]), { credential });
  await rejects(sample.get('a', { signal: controller.signal }).json(), RequestError, 'http.aborted');
});

callbacks('mapFault that throws leaves the code to the status', async () => {
  const sample = clientOf(scriptedFetch([answer(404)]), { mapFault: hush });
  const error = await rejects(sample.get('a').json(), ResponseError, 'http.not-found');
  assert.is(error.fault, undefined);
});

callbacks.run();

const failures = suite('transport · failures');

failures('a credential that HTTP does not allow is a failure to renew, and not quoted', async () => {
  const credential: Credential = { headers: async () => ({ 'x-token': 'hush\nhush' }) };
  const got = clientOf(scriptedFetch([]), { credential }).get('a').json();
  const error = await rejects(got, CredentialError, 'credential.renewal-failed');
  assert.match(error.message, '"x-token"');
  assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
});

for (const value of [undefined, null, 7, { toString: () => 'hush' }]) {
  failures(
    `a credential that is ${typeof value} ${JSON.stringify(value)} and no text is a failure to renew`,
    async () => {
      const credential: Credential = { headers: async () => ({ 'x-token': value }) as never };
      const got = clientOf(scriptedFetch([]), { credential }).get('a').json();
      const error = await rejects(got, CredentialError, 'credential.renewal-failed');
      assert.match(error.message, '"x-token"');
      assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
    },
  );
}

failures('a status outside the usual range is an error like any other', async () => {
  await withLoopback(
    (_, response) => sendJson(response, { why: 'odd' }, 999),
    async ({ url }) => {
      const mapFault: CreateClientOptions['mapFault'] = ({ body }) => ({ fault: body });
      const sample = createClient({ provider: 'sample', baseUrl: url, timeoutMs: 60_000, mapFault });
      const error = await rejects(sample.get('a').json(), ResponseError<unknown>, 'http.server');
      assert.equal([error.status, error.fault], [999, '{"why":"odd"}']);
    },
  );
});

failures('a failed answer can still be read where errors are switched off', async () => {
  const fetch = scriptedFetch([new Response('{"why":1}', { status: 422, statusText: 'No', headers: { 'x-a': 'b' } })]);
  const got = await clientOf(fetch).get('a', { throwHttpErrors: false });
  assert.equal([got.status, got.statusText, got.headers.get('x-a'), await got.json()], [422, 'No', 'b', { why: 1 }]);
});

failures('304 has no body and passes', async () => {
  const fetch = scriptedFetch([new Response(null, { status: 304 })]);
  assert.is((await clientOf(fetch).get('a', { throwHttpErrors: false })).status, 304);
});

failures('a credential is asked with the signal of its request, the first time and the second', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const controller = new AbortController();
  const credential = countingCredential({
    async headers({ signal }) {
      signals.push(signal);
      return {};
    },
  });
  await clientOf(scriptedFetch([answer(401), answer(200)]), { credential }).get('a', { signal: controller.signal });
  assert.equal(
    signals.map((signal) => signal?.aborted),
    [false, false],
  );
  controller.abort();
  assert.equal(
    signals.map((signal) => signal?.aborted),
    [true, true],
  );
});

const aborts: readonly [name: string, reason: unknown][] = [
  ['no reason', undefined],
  ['an error', new Error('enough')],
  ['text', 'enough'],
];
for (const [name, reason] of aborts) {
  failures(`an abort with ${name} is told as such, also by the signal of a Request`, async () => {
    await withLoopback(
      () => {},
      async ({ url }) => {
        const controller = new AbortController();
        const sample = createClient({ provider: 'sample', baseUrl: url, timeoutMs: 60_000 });
        const asked = sample(new Request(`${url}/a`, { signal: controller.signal })).json();
        setTimeout(() => controller.abort(reason), 10);
        await rejects(asked, RequestError, 'http.aborted');
      },
    );
  });
}

failures.run();

const waits = suite('transport · waits');

const resets: readonly string[] = [
  'ratelimit-reset',
  'x-ratelimit-reset',
  'x-rate-limit-reset',
  'x-ratelimit-retry-after',
];
for (const field of resets) {
  waits(`an hour in ${field} is not waited for`, async () => {
    const fetch = scriptedFetch([answer(429, {}, { [field]: '3600' }), answer(200)]);
    assert.equal(await clientOf(fetch, { totalTimeoutMs: 60_000 }).get('a').json(), {});
    fetch.assertConsumed();
  });
}

waits('a Retry-After that nobody can read leaves the usual wait', async () => {
  const fetch = scriptedFetch([answer(503, {}, { 'retry-after': 'soon' }), answer(200)]);
  assert.equal(await clientOf(fetch, { totalTimeoutMs: 60_000 }).get('a').json(), {});
});

waits('a rate limiter that refuses is heard as itself, and not tried again', async () => {
  const limiter = createRateLimiter({
    provider: 'sample',
    windows: [{ limit: 1, windowMs: 60_000 }],
    maxWaitMs: 0,
    clock: manualClock(),
  });
  const fetch = scriptedFetch([answer(200)]);
  const sample = clientOf(withRateLimit(fetch, limiter, { keyOf: () => 'shop' }));
  await sample.get('a');
  const refused = await rejects(sample.get('a').json(), XError, 'http.rate-limited');
  assert.ok(isRateLimited(refused) && Number(refused.retryAfterMs) > 0);
  assert.is(fetch.requests.length, 1);
});

waits('the statuses of a single call are its own', async () => {
  const fetch = scriptedFetch([answer(418), answer(200)]);
  const sample = clientOf(fetch);
  assert.equal(await sample.get('a', { retry: { statusCodes: [418] } }).json(), {});
});

waits.run();
