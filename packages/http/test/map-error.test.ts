import { inspect } from 'node:util';
import { rejects } from '@x/testing';
import ky, { type KyInstance, type Options } from 'ky';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { ContractError, isXError, RequestError, ResponseError } from '../src/errors.ts';
import { isRetryable } from '../src/retry.ts';
import { sendJson, withLoopback } from './loopback.ts';

const mapping = suite('map-error · what errors say');

type Answer = (request: Request) => Response | Promise<Response>;
const clientOf = (answer: Answer, options: Partial<CreateClientOptions> = {}): ReturnType<typeof createClient> =>
  createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com/v1',
    retry: { limit: 0 },
    fetch: async (input) => answer(input as Request),
    ...options,
  });

const never: Answer = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
const fails: Answer = () => Promise.reject(new TypeError('fetch failed'));

const callbacks: readonly [name: string, ask: (client: KyInstance, options: Options) => Promise<unknown>][] = [
  ['a call', (client, options) => client.get('a', options).json()],
  ['extend', (client, options) => client.extend(options).get('a').json()],
  [
    'extend with a function',
    (client, options) =>
      client
        .extend(() => options)
        .get('a')
        .json(),
  ],
  ['create', (client, options) => client.create(options).get('https://api.example.com/v1/a').json()],
];
const uploads: readonly [name: string, ask: (client: KyInstance, options: Options, url: string) => Promise<unknown>][] =
  [
    ['a call', (client, options) => client.put('a', options)],
    ['extend', (client, { body, ...options }) => client.extend(options).put('a', { body } as Options)],
    ['create', (client, { body, ...options }, url) => client.create(options).put(`${url}/a`, { body } as Options)],
  ];
for (const [name, ask] of callbacks) {
  const answers = async (): Promise<Response> => new Response('{"a":1}');

  mapping(`what a parser given to ${name} throws says that the answer is not as documented`, async () => {
    for (const thrown of [new RangeError('"a" is m4rked'), { name: 'SyntaxError', text: 'm4rked' }, 'm4rked', null]) {
      const parseJson = (): never => {
        throw thrown;
      };
      const error = await rejects(
        ask(clientOf(answers), { parseJson, fetch: answers }),
        ContractError,
        /expected JSON$/,
      );
      assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /m4rked/);
    }
  });

  for (const mistake of [new RangeError('mine'), 'mine', undefined]) {
    mapping(`${String(mistake)}, thrown by a watcher of progress given to ${name}, is passed on`, async () => {
      const onDownloadProgress = (): never => {
        throw mistake;
      };
      let seen: unknown = 'nothing';
      await ask(clientOf(answers), { onDownloadProgress, fetch: answers }).catch((error: unknown) => {
        seen = error;
      });
      assert.is(seen, mistake);
    });
  }
}

for (const [name, ask] of uploads) {
  for (const mistake of [new RangeError('mine'), 'mine', undefined]) {
    mapping(
      `${String(mistake)}, thrown by a watcher of uploads given to ${name}, is passed on and not repeated`,
      async () => {
        let watched = 0;
        const onUploadProgress = (): never => {
          watched += 1;
          throw mistake;
        };
        let seen: unknown = 'nothing';
        await withLoopback(
          (_, response) => sendJson(response, {}),
          async ({ url }) => {
            const retry = { baseDelayMs: 0 };
            const client = createClient({ provider: 'sample', baseUrl: url, timeoutMs: 60_000, retry });
            await ask(client, { onUploadProgress, body: 'x' }, url).catch((error: unknown) => {
              seen = error;
            });
          },
        );
        assert.is(seen, mistake);
        assert.is(watched, 1);
      },
    );
  }
}

mapping('an upload that is watched goes as any other, and its failure is one of the network', async () => {
  let watched = 0;
  const onUploadProgress = (): void => {
    watched += 1;
  };
  await withLoopback(
    ({ method, body }, response) => sendJson(response, { method, body }),
    async ({ url }) => {
      const client = createClient({ provider: 'sample', baseUrl: url, timeoutMs: 60_000 }).extend({ onUploadProgress });
      assert.equal(await client.put('a', { body: 'x' }).json(), { method: 'PUT', body: 'x' });
    },
  );
  assert.ok(watched > 0);
  await rejects(clientOf(fails).post('a', { body: 'x', onUploadProgress }).json(), RequestError, 'http.network');
});

mapping('a parser’s own error of the family is passed on, and its values are used', async () => {
  const own = new ContractError({ provider: 'sample', message: 'mine', issues: [] });
  const failing = clientOf(() => new Response('{}')).get('a', { parseJson: () => Promise.reject(own) });
  assert.is(await rejects(failing.json(), ContractError, /^mine$/), own);
  assert.is(
    await clientOf(() => new Response('{}'))
      .get('a', { parseJson: async () => 7 })
      .json(),
    7,
  );
});

mapping('an answer that a hook goes on asking to repeat is not as expected', async () => {
  let sent = 0;
  const client = clientOf(
    () => {
      sent += 1;
      return new Response('{}');
    },
    { retry: { limit: 1 } },
  ).extend({ hooks: { afterResponse: [() => ky.retry({ code: 'STALE', delay: 0, cause: new Error('m4rked') })] } });
  const error = await rejects(client.get('a'), ContractError, 'http.contract-broken');
  assert.is(isRetryable(error), false);
  assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /m4rked/i);
  assert.is(sent, 2);
});

mapping('a request id is kept where it is one, and not where it quotes something', async () => {
  const ids: readonly [field: string, expected: string | undefined][] = [
    ['0b9e:A_7.x-1', '0b9e:A_7.x-1'],
    ['a'.repeat(128), 'a'.repeat(128)],
    ['a'.repeat(129), undefined],
    ['Bearer abc', undefined],
    ['a=b', undefined],
    ['', undefined],
  ];
  for (const [field, expected] of ids) {
    const client = clientOf(() => new Response(null, { status: 404, headers: { 'x-request-id': field } }));
    const error = await rejects(client.get('a'), ResponseError, 'http.not-found');
    assert.is(error.requestId, expected);
  }
});

const rows: readonly [name: string, ask: () => Promise<unknown>, expected: Record<string, unknown>][] = [
  [
    'an abort',
    () => {
      const leaving = new AbortController();
      setTimeout(() => leaving.abort(), 5);
      return clientOf(never).get('a?b=c', { signal: leaving.signal }).json();
    },
    { name: 'RequestError', code: 'http.aborted', message: 'the request was aborted by its caller' },
  ],
  [
    'a timeout',
    () => clientOf(never, { timeoutMs: 5 }).get('a?b=c').json(),
    {
      name: 'RequestError',
      code: 'http.timeout',
      message: 'GET https://api.example.com/v1/a: expected an answer in time, got none',
    },
  ],
  [
    'a network failure',
    () => clientOf(fails).delete('a?b=c').json(),
    {
      name: 'RequestError',
      code: 'http.network',
      message: 'DELETE https://api.example.com/v1/a: expected an answer, the network gave none',
    },
  ],
  [
    'a body that breaks off',
    () =>
      clientOf(() => new Response(new ReadableStream({ start: (body) => body.error(new TypeError('terminated')) })))
        .get('a')
        .json(),
    { name: 'RequestError', code: 'http.network', message: 'the answer broke off before it was read' },
  ],
  [
    'a status',
    () =>
      clientOf(() => new Response(null, { status: 418 }))
        .post('a?b=c')
        .json(),
    {
      name: 'ResponseError',
      code: 'http.rejected',
      message: 'POST https://api.example.com/v1/a: expected success, got status 418',
      status: 418,
    },
  ],
  [
    'text where JSON should be',
    () =>
      clientOf(() => new Response('<html>'))
        .get('a')
        .json(),
    {
      name: 'ContractError',
      code: 'http.contract-broken',
      message: 'the answer is not as documented: expected JSON',
      issues: [{ path: '', expected: 'JSON' }],
    },
  ],
  [
    'another shape',
    () =>
      clientOf(() => new Response('{"a":1}'))
        .get('a')
        .json(v.object({ a: v.string() })),
    {
      name: 'ContractError',
      code: 'http.contract-broken',
      message: 'the answer is not as documented: a: expected string',
      issues: [{ path: 'a', expected: 'string' }],
    },
  ],
];
for (const [name, ask, expected] of rows) {
  mapping(`${name} tells what failed, what was expected and what was seen`, async () => {
    const error: unknown = await ask().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(isXError(error));
    assert.equal(JSON.parse(JSON.stringify(error)), { provider: 'sample', ...expected });
  });
}

mapping('a SyntaxError of one’s own hook is no answer that is broken', async () => {
  const mine = new SyntaxError('mine');
  const hooks = {
    beforeRequest: [
      () => {
        throw mine;
      },
    ],
  };
  const asked = clientOf(fails).extend({ hooks }).get('a').json();
  assert.is(await asked.catch((error: unknown) => error), mine);
});

mapping('an answer that a hook gives has no body for the reader of faults', async () => {
  const hooks = { beforeRequest: [() => new Response('unread', { status: 400, headers: { 'x-request-id': 'r-1' } })] };
  const sample = clientOf(fails, { mapFault: ({ body, status }) => ({ fault: { body, status } }) });
  const error = await rejects(sample.extend({ hooks }).get('a').json(), ResponseError<unknown>, 'http.rejected');
  assert.equal([error.fault, error.requestId], [{ body: '', status: 400 }, 'r-1']);
});

mapping.run();
