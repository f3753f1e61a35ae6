import { inspect } from 'node:util';
import { property, rejects, scriptedFetch } from '@x/testing';
import fc from 'fast-check';
import ky, { type KyInstance, type Options, type ResponsePromise } from 'ky';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { staticCredential } from '../src/credential.ts';
import { ContractError, RequestError, ResponseError } from '../src/errors.ts';

const clientOf = (
  fetch: CreateClientOptions['fetch'],
  options: Partial<CreateClientOptions> = {},
): ReturnType<typeof createClient> =>
  createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com/v1/',
    fetch,
    retry: { baseDelayMs: 0, maxDelayMs: 0 },
    ...options,
  });

const readers = suite('wrap-instance · readers');

const fail = (thrown: unknown = new RangeError('hush')): never => {
  throw thrown;
};

/** An answer that breaks off after its first byte. */
const broken = (): Response =>
  new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([123])),
      pull: (controller) => controller.error(new TypeError('terminated')),
    }),
    { headers: { 'content-type': 'application/json' } },
  );

for (const name of ['json', 'text', 'arrayBuffer', 'blob', 'bytes', 'formData'] as const) {
  readers(`${name}() of an answer that breaks off is a network failure`, async () => {
    const answer = clientOf(scriptedFetch([broken()])).get('a');
    await rejects(Promise.resolve(answer[name]()), RequestError, 'http.network');
  });

  readers(`${name}() of a failed answer is the failure`, async () => {
    const answer = clientOf(scriptedFetch([new Response(null, { status: 404 })])).get('a');
    await rejects(Promise.resolve(answer[name]()), ResponseError, 'http.not-found');
  });
}

readers('give what was sent', async () => {
  const answers = Array.from({ length: 4 }, () => new Response('{"a":1}'));
  const sample = clientOf(scriptedFetch(answers));
  assert.equal(await sample.get('a').json(), { a: 1 });
  assert.is(await sample.get('a').text(), '{"a":1}');
  assert.is((await sample.get('a').arrayBuffer()).byteLength, 7);
  assert.is((await sample.get('a').blob()).size, 7);
});

readers('the answer itself has readers of the platform', async () => {
  const answer = await clientOf(scriptedFetch([new Response('{"a":1}')])).get('a');
  assert.equal(await answer.json(), { a: 1 });
});

readers('an empty answer is a broken contract where a schema wants something', async () => {
  const sample = clientOf(scriptedFetch([new Response(''), new Response('')]));
  await rejects(sample.get('a').json(v.object({})), ContractError, 'http.contract-broken');
  await rejects(sample.get('a').json(), ContractError, 'http.contract-broken');
});

readers('an asynchronous schema is fine', async () => {
  const schema = v.pipeAsync(
    v.object({ a: v.number() }),
    v.checkAsync(async ({ a }) => a > 1),
  );
  const sample = clientOf(scriptedFetch([new Response('{"a":2}'), new Response('{"a":1}')]));
  assert.equal(await sample.get('a').json(schema), { a: 2 });
  await rejects(sample.get('a').json(schema), ContractError, 'http.contract-broken');
});

for (const schema of [null, 'a schema', 7, true, {}, () => {}]) {
  readers(
    `${typeof schema} ${String(schema)} is no schema, which is told at once and with the reader’s name`,
    async () => {
      const answer = clientOf(scriptedFetch([new Response('{}')])).get('a');
      assert.throws(
        () => answer.json(schema as never),
        (error: unknown) => error instanceof TypeError && /schema given to json\(\) must follow/.test(error.message),
      );
      await answer;
    },
  );
}

for (const [name, validate] of [
  ['throws', () => fail()],
  ['rejects', async () => fail()],
  ['throws what is no error', () => fail('hush')],
] as const) {
  readers(`a schema that ${name} is the caller’s mistake, told without its words and once`, async () => {
    const fetch = scriptedFetch([new Response('{"a":"hush"}')]);
    const schema = { '~standard': { version: 1, vendor: 'sample', validate } } as const;
    const error = await rejects(clientOf(fetch).get('a').json(schema), TypeError, /schema given to json\(\) threw/);
    assert.instance(error.cause, Error);
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
    fetch.assertConsumed();
  });
}

for (const result of [undefined, null, 'hush']) {
  readers(
    `a schema that gives ${result} for a result is the caller’s mistake, and no failure of the network`,
    async () => {
      const schema = { '~standard': { version: 1, vendor: 'sample', validate: () => result as never } } as const;
      const asked = clientOf(scriptedFetch([new Response('{}')]))
        .get('a')
        .json(schema);
      const error = await rejects(asked, TypeError, /schema given to json\(\) gave nothing, expected a result/);
      assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
    },
  );
}

readers('a schema keeps what it is called on', async () => {
  const standard = {
    version: 1 as const,
    vendor: 'sample',
    validate(this: unknown, value: unknown) {
      return this === standard ? { value } : { issues: [{ message: 'torn off' }] };
    },
  };
  assert.equal(
    await clientOf(scriptedFetch([new Response('{"a":1}')]))
      .get('a')
      .json({ '~standard': standard }),
    { a: 1 },
  );
});

readers('an answer that breaks off while a schema waits for it is no mistake of the schema', async () => {
  const answer = clientOf(scriptedFetch([broken()])).get('a');
  await rejects(answer.json(v.unknown()), RequestError, 'http.network');
});

readers('a failure is told once, however many readers were asked', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const answer = clientOf(scriptedFetch([new Response(null, { status: 404 })])).get('a');
  const told = await Promise.allSettled([answer.json(), answer.text()]);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  assert.equal(
    told.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(unhandled, []);
});

readers('a schema may be a function', async () => {
  const schema = Object.assign(() => {}, v.number());
  assert.is(
    await clientOf(scriptedFetch([new Response('7')]))
      .get('a')
      .json(schema),
    7,
  );
});

readers('a failure that only its reader is asked for leaves nothing unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    const answer = clientOf(scriptedFetch([new Response(null, { status: 404 })])).get('a');
    await rejects(answer.json(), ResponseError, 'http.not-found');
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  assert.equal(unhandled, []);
});

readers.run();

const derived = suite('wrap-instance · derived instances');

derived('extend keeps credential, base URL and errors', async () => {
  const fetch = scriptedFetch([new Response('{}'), new Response(null, { status: 403 })]);
  const sample = clientOf(fetch, { credential: staticCredential({ 'x-token': 'abc' }) });
  const extended = sample
    .extend({ headers: { 'x-extra': '1' } })
    .extend((parent) => ({ headers: parent.headers ?? {} }));
  await extended.get('a').json();
  await rejects(extended.post('a').json(), ResponseError, 'http.forbidden');
  for (const { url, headers } of fetch.requests) {
    assert.equal([url, headers.get('x-token'), headers.get('x-extra')], ['https://api.example.com/v1/a', 'abc', '1']);
  }
});

derived('create begins without any of it but the errors', async () => {
  const fetch = scriptedFetch([new Response(null, { status: 403 })]);
  const sample = clientOf(scriptedFetch([]), { credential: staticCredential({ 'x-token': 'abc' }) });
  const fresh = sample.create({ fetch, retry: 0 });
  await rejects(fresh.get('https://other.example/a').json(), ResponseError, 'http.forbidden');
  assert.is(fetch.requests[0]?.headers.get('x-token'), null);
});

const fetching: readonly [way: string, ask: (sample: KyInstance, fetch: typeof globalThis.fetch) => ResponsePromise][] =
  [
    ['a call', (sample, fetch) => sample.get('a', { fetch, headers: { 'x-own': '1' } })],
    ['extend', (sample, fetch) => sample.extend({ fetch, headers: { 'x-own': '1' } }).get('a')],
    [
      'extend with a function',
      (sample, fetch) => sample.extend(() => ({ fetch })).get('a', { headers: { 'x-own': '1' } }),
    ],
    [
      'an extended one’s',
      (sample, fetch) =>
        sample
          .extend({ fetch })
          .extend({ headers: { 'x-own': '1' } })
          .get('a'),
    ],
  ];
for (const [way, ask] of fetching) {
  derived(`a fetch given to ${way} sends what the client’s would: credential, redirects, cap and events`, async () => {
    const events: string[] = [];
    const sample = clientOf(scriptedFetch([]), {
      credential: staticCredential({ 'x-token': 'abc' }),
      maxResponseBytes: 5,
      onEvent: ({ type }) => void events.push(type),
    });
    const location = 'https://b.example/file';
    const fetch = scriptedFetch([new Response(null, { status: 302, headers: { location } }), new Response('123456')]);
    await rejects(ask(sample, fetch).text(), ContractError, 'http.contract-broken');
    assert.equal(
      fetch.requests.map(({ url, headers }) => [url, headers.get('x-token'), headers.get('x-own')]),
      [
        ['https://api.example.com/v1/a', 'abc', '1'],
        [location, null, null],
      ],
    );
    assert.equal(events, ['request', 'response', 'request', 'response']);
  });
}

derived('what a fetch given later is asked for earns repetitions too', async () => {
  let sent = 0;
  const fetch = async (): Promise<Response> => {
    sent += 1;
    return new Response(null, { status: 503 });
  };
  const retry = { limit: 1, baseDelayMs: 0, budgetReserve: 1, budgetRatio: 1 };
  const sample = clientOf(scriptedFetch([]), { retry }).extend({ fetch });
  for (let count = 0; count < 3; count += 1) await rejects(sample.get('a').json(), ResponseError, 'http.server');
  assert.is(sent, 6);
});

derived("a fetch around that of a client that was given none asks the platform's of the day", async () => {
  const platform = globalThis.fetch;
  const scripted = scriptedFetch([new Response('1')]);
  const sample = createClient({ provider: 'sample', baseUrl: 'https://api.example.com/v1' });
  const around = sample.extend((parent) => ({
    fetch: async (input, init) => parent.fetch?.(input, init) ?? Response.error(),
  }));
  globalThis.fetch = scripted;
  try {
    assert.is(await around.get('a').json(), 1);
  } finally {
    globalThis.fetch = platform;
  }
  assert.is(scripted.requests.length, 1);
});

derived('a fetch around that of the client is asked once, with the credential', async () => {
  const fetch = scriptedFetch([new Response('1'), new Response('2')]);
  const sample = clientOf(fetch, { credential: staticCredential({ 'x-token': 'abc' }) });
  let through = 0;
  const around = sample.extend((parent) => ({
    fetch(input, init) {
      through += 1;
      return (parent.fetch ?? globalThis.fetch)(input, init);
    },
  }));
  assert.is(await around.get('a').json(), 1);
  const same = sample.extend((parent) => ({ ...parent }));
  assert.is(await same.get('a').json(), 2);
  assert.is(through, 1);
  for (const { url, headers } of fetch.requests) {
    assert.equal([url, headers.get('x-token')], ['https://api.example.com/v1/a', 'abc']);
  }
});

derived('a fetch that is undefined is that of the client', async () => {
  const fetch = scriptedFetch([new Response('1')]);
  assert.is(
    await clientOf(fetch)
      .get('a', { fetch: undefined } as object)
      .json(),
    1,
  );
  fetch.assertConsumed();
});

const elsewhere = { baseUrl: 'https://b.example/v3/' };
const redirecting: readonly [name: string, ask: (sample: KyInstance) => Promise<unknown>][] = [
  ['an option of the call', (sample) => sample.get('a', elsewhere)],
  ['extend', (sample) => sample.extend(elsewhere).get('a')],
  ['extend with a function', (sample) => sample.extend((parent) => ({ ...parent, ...elsewhere })).get('a')],
  [
    'an extended one’s',
    (sample) =>
      sample
        .extend(elsewhere)
        .extend({ headers: { 'x-a': '1' } })
        .get('a'),
  ],
  ['a hook', (sample) => sample.extend({ hooks: { init: [(used) => void Object.assign(used, elsewhere)] } }).get('a')],
  [
    'a hook of the call',
    (sample) => sample.get('a', { hooks: { init: [(used) => void Object.assign(used, elsewhere)] } }),
  ],
];
for (const [name, ask] of redirecting) {
  derived(`another base URL is minded, said by ${name}`, async () => {
    const fetch = scriptedFetch([new Response('{}')]);
    await ask(clientOf(fetch));
    assert.is(fetch.requests[0]?.url, 'https://b.example/v3/a');
  });
}

derived('a prefix is minded', async () => {
  const fetch = scriptedFetch([new Response('{}')]);
  await clientOf(fetch).get('a', { prefix: 'b' });
  assert.is(fetch.requests[0]?.url, 'https://api.example.com/v1/b/a');
});

const inputs = ['', 'a', '/a', '//b.example/a', '../a', './a', 'a/../../b', '?a=b', '#a', 'a?b#c', 'a b', ' a', '\ta'];
const odder = [
  '/\t/b.example',
  '\\\\b.example\\a',
  '/\\b.example',
  'a\\b',
  'é',
  '-',
  '~a',
  'a%2Fb',
  '/a?b=c:d',
  'a@b',
  '.',
  '..',
];
derived('inputs lead to where they lead with ky', async () => {
  const seen: string[] = [];
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    seen.push((input as Request).url);
    return new Response();
  };
  const baseUrl = 'https://api.example.com/v1/';
  for (const input of [...inputs, ...odder]) {
    await clientOf(fetch).get(input);
    await ky.get(input, { baseUrl, fetch });
    assert.is(seen.at(-2), seen.at(-1), JSON.stringify(input));
  }
});

derived('any input at all leads to where it leads with ky', async () => {
  const urlOf = (ask: (options: Options) => Promise<unknown>): Promise<string> =>
    new Promise((resolve) => {
      const fetch = async (input: RequestInfo | URL): Promise<Response> => {
        resolve((input as Request).url);
        return new Response();
      };
      try {
        ask({ fetch }).catch(() => resolve('refused'));
      } catch {
        resolve('refused');
      }
    });
  const sample = clientOf(scriptedFetch([]));
  const piece = fc.constantFrom('a', '/', '\\', '.', '..', '?', '#', ':', '\t', ' ', '%', '-', 'é', 'b.example');
  await property(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      const input = pieces.join('');
      const [ours, kys] = await Promise.all([
        urlOf((options) => sample.get(input, options)),
        urlOf((options) => ky.get(input, { ...options, baseUrl: 'https://api.example.com/v1/' })),
      ]);
      assert.is(ours, kys, JSON.stringify(input));
    }),
  );
});

const limited: readonly [way: string, ask: (client: KyInstance, retry: number) => Promise<unknown>][] = [
  ['a call', (client, retry) => client('a', { retry })],
  ['a shortcut', (client, retry) => client.get('a', { retry })],
  ['extend', (client, retry) => client.extend({ retry }).get('a')],
  ['extend with a function', (client, retry) => client.extend(() => ({ retry })).get('a')],
];
for (const [way, ask] of limited) {
  derived(`a number for retry, given to ${way}, is the limit and leaves the rest of the policy`, async () => {
    const refusals = (headers: Record<string, string>) =>
      scriptedFetch([...Array(3)].map(() => new Response(null, { status: 503, headers })));
    const patient = refusals({});
    await rejects(ask(clientOf(patient), 1), ResponseError, 'http.server');
    const long = refusals({ 'retry-after': '3600' });
    const error = await rejects(ask(clientOf(long, { totalTimeoutMs: 60_000 }), 1), ResponseError, 'http.server');
    assert.is(error.retryAfterMs, 3_600_000);
    const poor = refusals({});
    await rejects(
      ask(clientOf(poor, { retry: { budgetReserve: 0, budgetRatio: 0 } }), 1),
      ResponseError,
      'http.server',
    );
    assert.equal(
      [patient, long, poor].map(({ requests }) => requests.length),
      [2, 1, 1],
    );
  });
}

derived('stop and retry are those of ky', async () => {
  const fetch = scriptedFetch([new Response('1'), new Response('2')]);
  const sample = clientOf(fetch);
  const again = sample.extend({
    hooks: {
      afterResponse: [({ retryCount }) => (retryCount === 0 ? sample.retry({ delay: 0 }) : undefined)],
    },
  });
  assert.is(await again.get('a').json(), 2);
  const stopped = clientOf(scriptedFetch([new Response(null, { status: 503 })])).extend({
    hooks: { beforeRetry: [() => sample.stop] },
  });
  assert.is(await stopped.get('a'), undefined as never);
});

derived.run();

const aborts = suite('wrap-instance · aborts');

aborts('while waiting to repeat', async () => {
  const controller = new AbortController();
  const fetch = scriptedFetch([new Response(null, { status: 503, headers: { 'retry-after': '20' } })]);
  const asked = clientOf(fetch).get('a', { signal: controller.signal }).json();
  setTimeout(() => controller.abort(new Error('hush')), 10);
  const error = await rejects(asked, RequestError, 'http.aborted');
  assert.not.match(inspect(error, { depth: null }), 'hush');
});

aborts('while the body is read', async () => {
  const controller = new AbortController();
  const body = new ReadableStream({
    start(stream) {
      controller.signal.addEventListener('abort', () => stream.error(controller.signal.reason));
    },
  });
  const asked = clientOf(scriptedFetch([new Response(body)]))
    .get('a', { signal: controller.signal })
    .json();
  setTimeout(() => controller.abort('any reason'), 10);
  await rejects(asked, RequestError, 'http.aborted');
});

aborts('while the body is read, by the signal of a Request', async () => {
  const controller = new AbortController();
  const body = new ReadableStream({
    start(stream) {
      controller.signal.addEventListener('abort', () => stream.error(controller.signal.reason));
    },
  });
  const request = new Request('https://api.example.com/v1/a', { signal: controller.signal });
  const asked = clientOf(scriptedFetch([new Response(body)]))(request).json();
  setTimeout(() => controller.abort('any reason'), 10);
  await rejects(asked, RequestError, 'http.aborted');
});

aborts('before anything', async () => {
  const asked = clientOf(() => Promise.reject(new DOMException('aborted', 'AbortError')))
    .get('a', { signal: AbortSignal.abort() })
    .json();
  await rejects(asked, RequestError, 'http.aborted');
});

aborts('an AbortError of nobody’s signal is one too', async () => {
  const hooks = {
    beforeRequest: [
      () => {
        throw new DOMException('hush', 'AbortError');
      },
    ],
  };
  await rejects(clientOf(scriptedFetch([])).extend({ hooks }).get('a').json(), RequestError, 'http.aborted');
});

const makers: readonly [name: string, make: (sample: KyInstance, signal: AbortSignal) => KyInstance][] = [
  ['extend', (sample, signal) => sample.extend({ signal })],
  ['extend with a function', (sample, signal) => sample.extend(() => ({ signal }))],
  ['extend of an extended one', (sample, signal) => sample.extend({ signal }).extend({ headers: { 'x-a': '1' } })],
];
for (const [name, make] of makers) {
  aborts(`by a signal given to ${name}, with any reason, while waiting to repeat`, async () => {
    const controller = new AbortController();
    const fetch = scriptedFetch([new Response(null, { status: 503, headers: { 'retry-after': '20' } })]);
    const asked = make(clientOf(fetch), controller.signal).get('a').json();
    setTimeout(() => controller.abort(new Error('hush')), 10);
    await rejects(asked, RequestError, 'http.aborted');
  });
}

aborts('by a signal given to create', async () => {
  const controller = new AbortController();
  controller.abort(new Error('hush'));
  const made = clientOf(scriptedFetch([])).create({ signal: controller.signal, fetch: scriptedFetch([]) });
  await rejects(made.get('https://api.example.com/a').json(), RequestError, 'http.aborted');
});

aborts.run();
