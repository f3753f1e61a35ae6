import type { KyInstance, Options } from 'ky';
import type { Fault } from '../../src/emulator/index.ts';
import { leaksIn, printedForms } from './forms.ts';
import { type Kit, type LeakCase, never, secrets } from './kit.ts';
import { renewable } from './renewable.ts';

/** What hooks are shown is the request that their caller made, with all that is the caller's own; and nothing else. */
const notTheirs = [secrets.credential, secrets.basicUser, secrets.basicPassword, secrets.issued, secrets.thrown];

/** Every text within a value: what prints of it, and what the platform keeps behind getters. */
function textsOf(value: unknown, known: Set<unknown> = new Set()): readonly string[] {
  if (typeof value !== 'object' || value === null || known.has(value)) return [String(value)];
  known.add(value);
  if (value instanceof Headers) return [JSON.stringify([...value])];
  const names = [...Object.getOwnPropertyNames(value), 'url', 'headers', 'cause', 'message', 'stack'];
  return names.flatMap((name) => textsOf((value as Record<string, unknown>)[name], known));
}

/** The same client with every hook of ky's, each of which tells the kit what it should not have been shown. */
function watched(kit: Kit, client: KyInstance): { readonly client: KyInstance; readonly called: Set<string> } {
  const called = new Set<string>();
  const look = (hook: string, state: unknown): void => {
    called.add(hook);
    const texts = [...textsOf(state), ...printedForms(state)];
    const { error } = state as { readonly error?: unknown };
    if (error !== undefined) texts.push(...printedForms(error));
    for (const secret of notTheirs) {
      if (leaksIn(texts, secret).length > 0) kit.texts.push(`${hook} was shown ${secret}`);
    }
  };
  const hooks: Options['hooks'] = {
    init: [(options) => look('init', options)],
    beforeRequest: [(state) => look('beforeRequest', state)],
    beforeRetry: [(state) => look('beforeRetry', state)],
    afterResponse: [(state) => look('afterResponse', state)],
    beforeError: [
      (state) => {
        look('beforeError', state);
        return state.error;
      },
    ],
  };
  return { client: client.extend({ hooks }), called };
}

const always = ['init', 'beforeRequest'];
const failures: readonly (readonly [fault: Fault, code: string, hooks: readonly string[]])[] = [
  [{ kind: 'drop' }, 'http.network', ['beforeRetry', 'beforeError']],
  [{ kind: 'reset' }, 'http.network', ['beforeRetry', 'beforeError']],
  [{ kind: 'drop-body' }, 'http.network', ['afterResponse']],
  [{ kind: 'latency', ms: never }, 'http.timeout', ['beforeError']],
  [{ kind: 'status', status: 503 }, 'http.server', ['beforeRetry', 'afterResponse', 'beforeError']],
  [{ kind: 'status', status: 401 }, 'http.unauthorized', ['afterResponse', 'beforeError']],
  [{ kind: 'malformed-json' }, 'http.contract-broken', ['afterResponse']],
];

function missing(called: Set<string>, expected: readonly string[]): readonly string[] {
  return [...always, ...expected].filter((hook) => !called.has(hook));
}

/** Ways to fail in which the caller's own hooks look at all that they are shown. */
export const hookCases: readonly LeakCase[] = [
  ...failures.flatMap(([fault, expected, hooks]) =>
    (['static', 'renewable'] as const).flatMap((credential) =>
      (['fetch', 'serve'] as const).map((way) => ({
        name: `every hook, ${JSON.stringify(fault)}, a ${credential} credential, by ${way}`,
        expected,
        async fail(kit: Kit) {
          kit.emulator.faults.add(fault, { times: 4 });
          const { url, close } =
            way === 'fetch' ? { url: undefined, close: async () => {} } : await kit.emulator.serve();
          const { client, called } = watched(
            kit,
            kit.client({
              timeoutMs: fault.kind === 'latency' ? 100 : never,
              ...(url === undefined ? {} : { baseUrl: `${url}/v1/`, fetch: undefined }),
              ...(credential === 'static' ? {} : { credential: renewable(kit) }),
            }),
          );
          try {
            return await kit.send(client);
          } finally {
            await close();
            if (missing(called, hooks).length > 0) kit.texts.push(`${secrets.thrown}: no ${missing(called, hooks)}`);
          }
        },
      })),
    ),
  ),
  {
    name: 'every hook, a redirect that is refused',
    expected: 'http.rejected',
    fail: (kit) => kit.send(watched(kit, kit.client()).client, { redirect: 'error', status: 302 }),
  },
  {
    name: 'every hook, a redirect elsewhere',
    expected: 'http.not-found',
    fail: (kit) => kit.send(watched(kit, kit.client()).client, { status: 302 }),
  },
  {
    name: 'every hook, a fetch that puts the request it was given on its error',
    expected: 'http.network',
    fail(kit) {
      const fetch: typeof globalThis.fetch = async (request) => {
        throw Object.assign(new TypeError('fetch failed', { cause: new Error(secrets.thrown) }), { request });
      };
      return kit.send(watched(kit, kit.client({ fetch })).client);
    },
  },
  {
    name: 'an error of the caller’s own around the one that a hook was shown',
    expected: 'Error',
    async fail(kit) {
      const fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
      const around = ({ error }: { readonly error: Error }): Error => new Error('orders failed', { cause: error });
      const client = kit.client({ fetch, headers: {} }).extend({ hooks: { beforeError: [around] } });
      try {
        return await client.get('200/orders');
      } catch (error) {
        kit.texts.push(...textsOf(error));
        throw error;
      }
    },
  },
];
