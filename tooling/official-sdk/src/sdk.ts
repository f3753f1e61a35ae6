import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `node`: what `require('quickblox')` gives a back end. `browser`: the bundle for browsers, which Node runs too. */
export type SdkBuild = 'node' | 'browser';

/** What the SDK's process can be told to do. */
export type SdkOrder =
  | {
      readonly kind: 'init';
      readonly instance: string;
      /** Application id, authorization key, authorization secret. */
      readonly credentials: readonly unknown[];
      readonly config: object;
      /** Renews sessions that are gone, with these parameters, as QuickBlox's guide shows. */
      readonly renewWith?: object | undefined;
      /** The handler gives up after so many; default never. */
      readonly renewAtMost?: number | undefined;
    }
  | { readonly kind: 'call'; readonly instance: string; readonly method: string; readonly args: readonly unknown[] };

/** What came of an order; `handled` counts calls of the handler for sessions that are gone. */
export type SdkAnswer =
  | { readonly kind: 'called-back'; readonly error: unknown; readonly result?: unknown; readonly handled: number }
  | { readonly kind: 'threw'; readonly message: string; readonly handled: number };

/** The official SDK in a process of its own. */
export interface Sdk {
  /** Makes an instance, as `new QuickBlox().init(…)`. */
  init(order: Omit<Extract<SdkOrder, { readonly kind: 'init' }>, 'kind'>): Promise<SdkAnswer>;
  /** Calls a method that takes a callback last: `call('one', 'users.listUsers', {})`. */
  call(instance: string, method: string, ...args: readonly unknown[]): Promise<SdkAnswer>;
  close(): Promise<void>;
}

/** `random`: as the SDK draws them, out of ten thousand. `spread`: far apart, for tests that are not about nonces. */
export type SdkNonces = 'random' | 'spread';

/** Options of {@link startSdk}. */
export interface StartSdkOptions {
  /** Trusted beside what Node trusts. */
  readonly certificateFile?: string;
  /** Default `random`. */
  readonly nonces?: SdkNonces;
}

/** Starts the SDK. */
export async function startSdk(
  build: SdkBuild,
  { certificateFile, nonces = 'random' }: StartSdkOptions = {},
): Promise<Sdk> {
  const child = fork(fileURLToPath(new URL('./entries/sdk-process.ts', import.meta.url)), [build, nonces], {
    env: { ...process.env, ...(certificateFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificateFile }) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced', // contents of files are bytes
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // the SDK prints to the console as it likes
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the SDK's process ended with ${code}: ${complaints}`)));
  });
  ended.catch(() => {}); // told to whoever waits for an answer
  const waiting = new Map<number, (answer: SdkAnswer) => void>();
  const ready = new Promise<void>((resolve) => {
    child.on('message', ({ id, answer }: { readonly id: number; readonly answer?: SdkAnswer }) => {
      if (answer === undefined) resolve();
      else waiting.get(id)?.(answer);
    });
  });
  let orders = 0;
  const tell = (order: SdkOrder): Promise<SdkAnswer> => {
    orders += 1;
    const id = orders;
    const answer = new Promise<SdkAnswer>((resolve) => waiting.set(id, resolve));
    child.send({ id, ...order });
    return Promise.race([answer, ended]);
  };
  await Promise.race([ready, ended]);
  return {
    init: (order) => tell({ kind: 'init', ...order }),
    call: (instance, method, ...args) => tell({ kind: 'call', instance, method, args }),
    async close() {
      child.kill();
      await ended.catch(() => {}); // at once, if it has ended by itself
    },
  };
}
