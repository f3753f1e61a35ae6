import type { KyInstance } from 'ky';
import * as v from 'valibot';
import type { Fault } from '../../src/emulator/index.ts';
import type { CreateClientOptions } from '../../src/index.ts';
import { handlerCases } from './handlers.ts';
import { hookCases } from './hooks.ts';
import { type Kit, type LeakCase, type Method, never, secrets, throwMarked } from './kit.ts';
import { type Issued, renewable } from './renewable.ts';

function each<Value>(values: readonly Value[], make: (value: Value) => readonly LeakCase[]): readonly LeakCase[] {
  return values.flatMap(make);
}

const methods: readonly Method[] = ['get', 'post'];

const statuses: readonly (readonly [status: number, code: string])[] = [
  [400, 'http.rejected'],
  [401, 'http.unauthorized'],
  [403, 'http.forbidden'],
  [404, 'http.not-found'],
  [409, 'http.conflict'],
  [422, 'http.rejected'],
  [429, 'http.rate-limited'],
  [500, 'http.server'],
  [503, 'http.server'],
];

const answers: readonly LeakCase[] = each(methods, (method) => [
  ...statuses.map(([status, expected]) => ({
    name: `${method} answered with ${status}`,
    expected,
    fail: ({ send, client }: Kit) => send(client(), { method, status }),
  })),
  {
    name: `${method} answered with a fault that the provider's package reads`,
    expected: 'sample.why',
    fail: ({ send, client }) =>
      send(client({ mapFault: ({ body }) => ({ code: 'sample.why', fault: { body, secret: secrets.fault } }) }), {
        method,
        status: 422,
      }),
  },
  {
    name: `${method} answered with a failure whose reader throws`,
    expected: 'http.rejected',
    fail: ({ send, client }) => send(client({ mapFault: throwMarked }), { method, status: 422 }),
  },
  {
    name: `${method} answered with more than is allowed`,
    expected: 'http.contract-broken',
    fail: ({ send, client }) => send(client({ maxResponseBytes: 10 }), { method }),
  },
]);

/** A compressed answer whose declared length is within bounds, from a server of its own. */
const compressed: LeakCase = {
  name: 'an answer that is small only while it is compressed',
  expected: 'http.contract-broken',
  async fail({ api, send, client }) {
    const text = new Blob([secrets.responseBody.repeat(1000)]).stream();
    const bytes = await new Response(text.pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
    const headers = { 'content-encoding': 'gzip', 'content-length': String(bytes.byteLength) };
    const { url, close } = await api.emulator.serve(async () => new Response(bytes, { headers }));
    try {
      const fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);
      return await send(client({ baseUrl: url, fetch, maxResponseBytes: 5_000 }));
    } finally {
      await close();
    }
  },
};

const faults: readonly (readonly [fault: Fault, code: string])[] = [
  [{ kind: 'drop' }, 'http.network'],
  [{ kind: 'drop-after' }, 'http.network'],
  [{ kind: 'reset' }, 'http.network'],
  [{ kind: 'drop-body' }, 'http.network'],
  [{ kind: 'reset-body' }, 'http.network'],
  [{ kind: 'latency', ms: never }, 'http.timeout'],
  [{ kind: 'malformed-body' }, 'http.contract-broken'],
  [{ kind: 'malformed-json' }, 'http.contract-broken'],
  [{ kind: 'status', status: 200, body: secrets.fault }, 'http.contract-broken'],
  [{ kind: 'status', status: 502, body: `<html>${secrets.fault}</html>` }, 'http.server'],
  [{ kind: 'status', status: 429, headers: { 'retry-after': secrets.fault } }, 'http.rate-limited'],
  [{ kind: 'status', status: 429, headers: { 'retry-after': '9999', date: secrets.fault } }, 'http.rate-limited'],
  [{ kind: 'status', status: 500, headers: { 'content-type': secrets.fault }, body: secrets.fault }, 'http.server'],
];

const ways: readonly ('fetch' | 'serve')[] = ['fetch', 'serve'];
const network: readonly LeakCase[] = each(ways, (way) =>
  each(methods, (method) =>
    faults.map(([fault, expected]) => ({
      name: `${method}, ${JSON.stringify(fault).slice(0, 60)}, by ${way}`,
      expected,
      async fail({ send, client, emulator }: Kit) {
        emulator.faults.add(fault, { times: 2 });
        const timeoutMs = fault.kind === 'latency' ? 100 : never;
        if (way === 'fetch') return send(client({ timeoutMs }), { method });
        const { url, close } = await emulator.serve();
        try {
          const fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);
          return await send(client({ baseUrl: `${url}/v1/`, fetch, timeoutMs }), { method });
        } finally {
          await close();
        }
      },
    })),
  ),
);

const thrown: readonly (readonly [name: string, value: () => unknown])[] = [
  ['an error', () => new Error(secrets.thrown)],
  ['text', () => secrets.thrown],
  ['an object', () => ({ message: secrets.thrown, code: secrets.thrown, toString: () => secrets.thrown })],
  ['nothing', () => undefined],
  ['a network error with a cause', () => new TypeError('fetch failed', { cause: new Error(secrets.thrown) })],
  ['errors together', () => new AggregateError([new Error(secrets.thrown)], secrets.thrown)],
  ['an exception of the platform', () => new DOMException(secrets.thrown, 'NetworkError')],
  [
    'an error that is its own cause',
    () => {
      const error = new Error(secrets.thrown);
      return Object.assign(error, { cause: error });
    },
  ],
];

const fetches: readonly LeakCase[] = thrown.map(([name, value]) => ({
  name: `a fetch that throws ${name}`,
  expected: 'http.network',
  fail: ({ send, client }) => send(client({ fetch: () => Promise.reject(value()) })),
}));

const bodies: readonly LeakCase[] = thrown.map(([name, value]) => ({
  name: `a body that breaks off with ${name}`,
  expected: 'http.network',
  fail({ send, client }) {
    const body = (): ReadableStream => new ReadableStream({ pull: (controller) => controller.error(value()) });
    return send(client({ fetch: async () => new Response(body()) }));
  },
}));

const schemas: readonly (readonly [name: string, schema: unknown])[] = [
  ['a type', v.object({ id: v.number() })],
  ['a literal', v.object({ id: v.literal('known') })],
  ['a list', v.object({ id: v.picklist(['a', 'b']) })],
  ['a form', v.object({ id: v.pipe(v.string(), v.email()) })],
  [
    'a message that quotes',
    v.object({
      id: v.pipe(
        v.string(),
        v.check(
          () => false,
          ({ input }) => String(input),
        ),
      ),
    }),
  ],
  ['no more members', v.strictObject({ id: v.string() })],
  ['a record', v.object({ record: v.record(v.string(), v.number()) })],
  ['a choice', v.object({ id: v.union([v.number(), v.boolean()]) })],
  ['a choice by member', v.variant('id', [v.object({ id: v.literal('a') })])],
];
const contracts: readonly LeakCase[] = [
  ...schemas.map(([name, schema]) => ({
    name: `an answer that breaks a schema with ${name}`,
    expected: 'http.contract-broken',
    fail: ({ send, client }: Kit) => send(client(), { schema: schema as never }),
  })),
  {
    name: 'a schema that throws',
    expected: 'TypeError',
    fail: ({ send, client }) => send(client(), { schema: v.pipe(v.unknown(), v.check(throwMarked)) as never }),
  },
];

const reasons: readonly (readonly [name: string, reason: () => unknown])[] = [
  ['an error', () => new Error(secrets.reason)],
  ['text', () => secrets.reason],
  ['an object', () => ({ secret: secrets.reason })],
];
const aborts: readonly LeakCase[] = each(reasons, ([name, reason]) => [
  {
    name: `an abort with ${name} before the request`,
    expected: 'http.aborted',
    fail: ({ send, client }) => send(client(), { signal: AbortSignal.abort(reason()) }),
  },
  {
    name: `an abort with ${name} under way`,
    expected: 'http.aborted',
    fail({ send, client, emulator }) {
      emulator.faults.add({ kind: 'latency', ms: never });
      return aborted(reason, (signal) => send(client(), { signal }));
    },
  },
  {
    name: `an abort with ${name} while waiting to repeat`,
    expected: 'http.aborted',
    fail({ send, client, emulator }) {
      emulator.faults.add({ kind: 'status', status: 503, headers: { 'retry-after': '20' } });
      return aborted(reason, (signal) => send(client(), { signal }));
    },
  },
  {
    name: `an abort with ${name} by an extended client`,
    expected: 'http.aborted',
    fail({ send, client, emulator }) {
      emulator.faults.add({ kind: 'latency', ms: never });
      return aborted(reason, (signal) => send(client().extend({ signal })));
    },
  },
]);

function aborted(reason: () => unknown, ask: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason()), 10);
  return ask(controller.signal);
}

const redirects: readonly LeakCase[] = [
  { name: 'a redirect with user info', status: 301, expected: 'http.rejected' },
  { name: 'a redirect to a failure elsewhere', status: 302, expected: 'http.not-found' },
  { name: 'a redirect to another scheme', status: 303, expected: 'http.rejected' },
  { name: 'a redirect in a circle', status: 307, expected: 'http.rejected' },
  { name: 'a redirect to nowhere', status: 308, expected: 'http.rejected' },
].flatMap(({ name, status, expected }) => [
  { name, expected, fail: ({ send, client }: Kit) => send(client(), { status }) },
  {
    name: `${name}, of a POST`,
    expected: 'http.rejected',
    fail: ({ send, client }: Kit) => send(client(), { method: 'post' as const, status }),
  },
  {
    name: `${name}, that is refused`,
    expected: 'http.rejected',
    fail: ({ send, client }: Kit) => send(client(), { redirect: 'error', status }),
  },
]);

const issuers: readonly (readonly [name: string, code: string, issue: (kit: Kit) => Promise<Issued>])[] = [
  ['that is refused', 'credential.refused', (kit) => kit.send(kit.client(), { status: 401 }) as Promise<Issued>],
  ['that fails', 'credential.renewal-failed', (kit) => kit.send(kit.client(), { status: 503 }) as Promise<Issued>],
  [
    'that breaks a contract',
    'credential.renewal-failed',
    (kit) => kit.send(kit.client(), { schema: v.number() as never }) as Promise<Issued>,
  ],
  ...thrown.map(([name, value]): (typeof issuers)[number] => [
    `that throws ${name}`,
    'credential.renewal-failed',
    () => Promise.reject(value()),
  ]),
  ...(['credential.expired', 'credential.revoked', 'credential.superseded'] as const).map(
    (code): (typeof issuers)[number] => [
      `that ends in ${code} with a cause of its own`,
      code,
      ({ api }) =>
        Promise.reject(
          new api.http.CredentialError({ provider: 'sample', code, message: 'over', cause: new Error(secrets.thrown) }),
        ),
    ],
  ),
];

const credentials: readonly LeakCase[] = [
  ...issuers.map(([name, expected, issue]) => ({
    name: `a credential ${name}`,
    expected,
    fail: (kit: Kit) => kit.send(kit.client({ credential: renewable(kit, { issue: () => issue(kit) }) })),
  })),
  {
    name: 'a credential that is refused twice',
    expected: 'http.unauthorized',
    fail: (kit) => kit.send(kit.client({ credential: renewable(kit) }), { status: 401 }),
  },
  {
    name: 'a credential in a store that fails',
    expected: 'http.not-found',
    fail(kit) {
      const store = { get: throwMarked, set: throwMarked, delete: throwMarked, compareAndSet: throwMarked };
      return kit.send(kit.client({ credential: renewable(kit, { store }) }), { status: 404 });
    },
  },
  ...(['toHeaders', 'expiresAtMs'] as const).map((name) => ({
    name: `a credential whose ${name} throws`,
    expected: 'credential.renewal-failed',
    fail: (kit: Kit) => kit.send(kit.client({ credential: renewable(kit, { [name]: throwMarked }) })),
  })),
  ...(['observe', 'isRejected'] as const).map((name) => ({
    name: `a credential whose ${name} throws`,
    expected: 'http.unauthorized',
    fail: (kit: Kit) => kit.send(kit.client({ credential: renewable(kit, { [name]: throwMarked }) }), { status: 401 }),
  })),
  ...(['headers', 'discard'] as const).map((name) => ({
    name: `a credential of one's own whose ${name} throws`,
    expected: 'credential.renewal-failed',
    fail({ send, client }: Kit) {
      const credential = { headers: async () => ({}), isRejected: () => true, [name]: async () => throwMarked() };
      return send(client({ credential }), { status: 401 });
    },
  })),
  {
    name: 'a credential that HTTP does not allow',
    expected: 'credential.renewal-failed',
    fail: ({ send, client }) =>
      send(client({ credential: { headers: async () => ({ 'x-token': `${secrets.credential}\nx` }) } })),
  },
];

const limits: readonly LeakCase[] = [
  {
    name: 'a rate limit that is used up',
    expected: 'http.rate-limited',
    async fail({ api, send, client, emulator }) {
      const limiter = api.http.createRateLimiter({
        provider: 'sample',
        windows: [{ limit: 1, windowMs: never }],
        maxWaitMs: 0,
      });
      const fetch = api.http.withRateLimit(emulator.fetch, limiter, {
        keyOf: ({ headers }) => headers.get('x-token') ?? '',
      });
      await send(client({ fetch }));
      return send(client({ fetch }));
    },
  },
  {
    name: 'a rate limit whose key throws',
    expected: 'http.network',
    fail({ api, send, client, emulator }) {
      const limiter = api.http.createRateLimiter({ provider: 'sample', windows: [{ limit: 1, windowMs: never }] });
      return send(client({ fetch: api.http.withRateLimit(emulator.fetch, limiter, { keyOf: throwMarked }) }));
    },
  },
  {
    name: 'a subscriber that throws',
    expected: 'http.not-found',
    fail: ({ send, client }) => send(client({ onEvent: throwMarked }), { status: 404 }),
  },
];

const mistakes: readonly LeakCase[] = [
  ...(
    [
      [
        'user info in the input',
        (client) => client.get(`https://a:${encodeURIComponent(secrets.userInfo)}@b.example/`),
      ],
      ['an input that is no URL', (client) => client.get(`http://[${secrets.query}`)],
      [
        'a header that HTTP does not allow',
        (client) => client.get('a', { headers: { 'x-own': `${secrets.ownHeader}\nx` } }),
      ],
      [
        'a header of extend that HTTP does not allow',
        (client) => client.extend({ headers: { 'x-own': `${secrets.ownHeader}\nx` } }).get('a'),
      ],
      [
        'user info in a base URL of its own',
        (client) => client.get('a', { baseUrl: `https://a:${encodeURIComponent(secrets.userInfo)}@b.example/` }),
      ],
      [
        'user info in a prefix',
        (client) => client.get('a', { prefix: `https://a:${encodeURIComponent(secrets.userInfo)}@b.example/` }),
      ],
      ['a relative input without a base URL', (client) => client.create().get(`a?token=${secrets.query}`)],
    ] as readonly [string, (client: KyInstance) => unknown][]
  ).map(([name, call]) => ({
    name,
    expected: 'TypeError',
    fail: ({ client }: Kit) => call(client()),
  })),
  ...(
    [
      ['user info in the base URL', { baseUrl: `https://a:${encodeURIComponent(secrets.userInfo)}@b.example` }],
      ['a query in the base URL', { baseUrl: `https://b.example?token=${encodeURIComponent(secrets.query)}` }],
      ['a base URL that is none', { baseUrl: secrets.query }],
    ] as readonly [string, Partial<CreateClientOptions>][]
  ).map(([name, options]) => ({
    name,
    expected: 'TypeError',
    fail: ({ client }: Kit) => client(options),
  })),
  {
    name: 'a static credential that HTTP does not allow',
    expected: 'TypeError',
    fail: ({ api }) => api.http.staticCredential({ 'x-token': `${secrets.credential}\nx` }),
  },
  {
    name: 'an option that is no secure URL',
    expected: 'TypeError',
    fail: ({ api }) => api.options.readSecureUrl('redirectUri', `ftp://a:${secrets.userInfo}@b.example`),
  },
  {
    name: 'an option of the wrong kind',
    expected: 'TypeError',
    fail: ({ api }) =>
      api.options.checkOptions(v.object({ secret: v.number('must be a number') }), { secret: secrets.credential }),
  },
  {
    name: 'a cookie that cannot be one',
    expected: 'TypeError',
    fail: ({ api }) => api.server.setCookie({ name: '__Host-a', value: `${secrets.cookie};`, maxAgeSeconds: 1 }),
  },
];

/** Every way to fail. */
export const leakCases: readonly LeakCase[] = [
  ...answers,
  compressed,
  ...network,
  ...fetches,
  ...bodies,
  ...contracts,
  ...aborts,
  ...redirects,
  ...credentials,
  ...limits,
  ...mistakes,
  ...handlerCases,
  ...hookCases,
];
