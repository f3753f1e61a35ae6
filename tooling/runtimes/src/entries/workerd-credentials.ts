import { waitUntil } from 'cloudflare:workers';
import { type RenewableCredential, renewableCredential, type XError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';

interface Session {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** What the time is for each credential: every request says so, and no machine is too slow for it. */
const nowMs: Record<string, number> = {};

/** Across a network, whose answer may come when the request has ended that waits for nothing. */
let slowUrl = '';
const slowly = async (key: string): Promise<void> =>
  void (await (await fetch(`${slowUrl}${key}/${nowMs[key]}`)).text());

let isDown = true;
const inner = storeOf('told-late');
/** A store across a network, which fails until it is told otherwise. */
async function reached(): Promise<Store> {
  if (isDown) throw new Error('the store is out of reach');
  await slowly('told-late');
  return inner;
}
const distant: Store = {
  get: async (key) => (await reached()).get(key),
  set: async (key, ...rest) => (await reached()).set(key, ...rest),
  delete: async (key) => (await reached()).delete(key),
  compareAndSet: async (key, ...rest) => (await reached()).compareAndSet(key, ...rest),
};

const issued: Record<string, number> = {};
function credentialOf(
  key: string,
  rest: Partial<Parameters<typeof renewableCredential<Session>>[0]>,
): RenewableCredential<Session> {
  const clock = (): number => nowMs[key] ?? 0;
  return renewableCredential<Session>({
    provider: 'sample',
    key,
    clock,
    async issue() {
      const count = (issued[key] ?? 0) + 1;
      issued[key] = count;
      if (count > 1) await slowly(key);
      return { token: `t${count}`, expiresAtMs: clock() + (count === 1 ? 4000 : 3_600_000) };
    },
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
    ...rest,
  });
}

function storeOf(key: string): Store {
  return memoryStore({ clock: () => nowMs[key] ?? 0 });
}

/** As an application has them: made once for all requests of the isolate. */
const credentials: Record<string, RenewableCredential<Session>> = {
  'repeatable-alone': credentialOf('repeatable-alone', {}),
  'repeatable-shared': credentialOf('repeatable-shared', { store: storeOf('repeatable-shared') }),
  'rotating-waited': credentialOf('rotating-waited', { renewal: 'rotating', waitUntil }),
  'rotating-shared-waited': credentialOf('rotating-shared-waited', {
    ...{ renewal: 'rotating', store: storeOf('rotating-shared-waited'), waitUntil },
  }),
  'rotating-unwaited': credentialOf('rotating-unwaited', {
    ...{ renewal: 'rotating', store: storeOf('rotating-unwaited') },
  }),
  'told-late': credentialOf('told-late', { store: distant, storeTimeoutMs: 60_000, marginMs: 0 }),
};

// biome-ignore lint/style/noDefaultExport: workerd takes its handler from the default export
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, name = '', step] = pathname.split('/');
    slowUrl = searchParams.get('slow') ?? '';
    const credential = credentials[name];
    if (credential === undefined) return new Response('ready');
    nowMs[name] = Number(searchParams.get('now'));
    if (step === 'replace') {
      await credential.replace({ token: 'given', expiresAtMs: (nowMs[name] ?? 0) + 70_000 });
      isDown = false;
      return new Response('replaced');
    }
    try {
      return new Response((await credential.get()).token);
    } catch (error) {
      const { code, reason } = error as XError & { readonly reason?: string };
      return new Response(`${code} ${reason ?? ''}`);
    }
  },
};
