// A process of the SDK's own, since its settings are one object for the whole process. Takes orders from `sdk.ts`.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { SdkAnswer, SdkBuild, SdkNonces, SdkOrder } from '../sdk.ts';
import { standIn } from '../stand-in.ts';

type Callback = (error: unknown, result: unknown) => void;

interface QuickBlox {
  init(...args: readonly unknown[]): void;
  createSession(params: unknown, callback: Callback): void;
}

const require = createRequire(import.meta.url);
const instances = new Map<string, QuickBlox>();
const [build, nonces] = process.argv.slice(2) as [SdkBuild, SdkNonces];
const { QuickBlox } = load();
let handled = 0;
if (nonces === 'spread') Math.random = spread();

process.on('message', ({ id, ...order }: SdkOrder & { readonly id: number }) => {
  const answer = (told: SdkAnswer): void => {
    process.send?.({ id, answer: { ...told, handled } });
  };
  try {
    if (order.kind === 'init') {
      init(order);
      answer({ kind: 'called-back', error: null, result: null, handled });
    } else {
      call(order, (error, result) => answer({ kind: 'called-back', error, result, handled }));
    }
  } catch (error) {
    answer({ kind: 'threw', message: String(error), handled });
  }
});
process.send?.({ id: 0 });

/** Steps of the golden ratio, which come close to one another only after thousands. */
function spread(): () => number {
  let last = 0;
  return () => {
    last = (last + (Math.sqrt(5) - 1) / 2) % 1;
    return last;
  };
}

/** The entry for Node, or the file for browsers, both as published. */
function load(): { readonly QuickBlox: new () => QuickBlox } {
  if (build === 'browser') {
    Object.assign(globalThis, { window: { navigator: { userAgent: 'Linux' } } }); // by this it knows a browser
    return require(join(dirname(require.resolve('quickblox/package.json')), 'quickblox.min.js'));
  }
  standIn('node-xmpp-client');
  return require('quickblox');
}

function init({ instance, credentials, config, renewWith, renewAtMost = Number.POSITIVE_INFINITY }: InitOrder): void {
  const made = new QuickBlox();
  instances.set(instance, made);
  // The handler that QuickBlox's guide shows: a new session, then the request again.
  const sessionExpired = (giveUp: () => void, retry: (session: unknown) => void): void => {
    handled += 1;
    if (handled > renewAtMost) giveUp();
    else made.createSession(renewWith, (error, session) => (error === null ? retry(session) : giveUp()));
  };
  const on = renewWith === undefined ? {} : { on: { sessionExpired } };
  made.init(...credentials, { ...config, ...on });
}

function call({ instance, method, args }: CallOrder, callback: Callback): void {
  const steps = method.split('.');
  const name = steps.pop() ?? '';
  const made: unknown = instances.get(instance);
  const owner = steps.reduce((value, step) => (value as Record<string, unknown>)[step], made);
  (owner as Record<string, (...args: readonly unknown[]) => void>)[name]?.(...args, callback);
}

type InitOrder = Extract<SdkOrder, { readonly kind: 'init' }>;
type CallOrder = Extract<SdkOrder, { readonly kind: 'call' }>;
