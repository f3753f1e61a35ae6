import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { isXError, ResponseError } from '../src/errors.ts';

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
    () =>
      clientOf(never)
        .get('a?b=c', { signal: AbortSignal.timeout(5) })
        .json(),
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
