import { waitUntil } from 'cloudflare:workers';
import { type RenewableCredential, renewableCredential, type XError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';

interface Session {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Answers after so many milliseconds as its path says: a request which waits for nothing ends before that. */
let slowUrl = '';
const answerAfter = async (ms: number): Promise<void> => void (await (await fetch(`${slowUrl}${ms}`)).text());

let isDown = true;
const inner = memoryStore();
/** A store across a network, which fails until it is told otherwise. */
async function reached(): Promise<Store> {
  if (isDown) throw new Error('the store is out of reach');
  await answerAfter(300);
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
  return renewableCredential<Session>({
    provider: 'sample',
    key,
    async issue() {
      const count = (issued[key] ?? 0) + 1;
      issued[key] = count;
      if (count > 1) await answerAfter(1500);
      return { token: `t${count}`, expiresAtMs: Date.now() + (count === 1 ? 4000 : 3_600_000) };
    },
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
    ...rest,
  });
}

/** As an application has them: made once for all requests of the isolate. */
const credentials: Record<string, RenewableCredential<Session>> = {
  'repeatable-alone': credentialOf('repeatable-alone', {}),
  'repeatable-shared': credentialOf('repeatable-shared', { store: memoryStore() }),
  'rotating-waited': credentialOf('rotating-waited', { renewal: 'rotating', waitUntil }),
  'rotating-shared-waited': credentialOf('rotating-shared-waited', {
    ...{ renewal: 'rotating', store: memoryStore(), waitUntil },
  }),
  'rotating-unwaited': credentialOf('rotating-unwaited', { renewal: 'rotating', store: memoryStore() }),
  'told-late': credentialOf('told-late', { store: distant, storeTimeoutMs: 5000, marginMs: 0 }),
};

// biome-ignore lint/style/noDefaultExport: workerd takes its handler from the default export
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, name = '', step] = pathname.split('/');
    slowUrl = searchParams.get('slow') ?? '';
    const credential = credentials[name];
    if (credential === undefined) return new Response('ready');
    if (step === 'replace') {
      await credential.replace({ token: 'given', expiresAtMs: Date.now() + 7000 });
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
