import type { Input, KyInstance, Options, ResponsePromise } from 'ky';
import { type CallbackGuard, createCallbackGuard, guardUpload } from './callback-guard.ts';
import { isXError } from './errors.ts';
import type { ErrorMapper } from './map-error.ts';
import { assertNoUserInfo, requestMistake } from './request-mistake.ts';
import { guardSchema } from './schema-guard.ts';
import type { SendAttempt } from './transport.ts';

type Fetch = typeof globalThis.fetch;

const shortcuts = ['get', 'post', 'put', 'patch', 'head', 'delete', 'query'] as const;
const readers = ['json', 'text', 'formData', 'arrayBuffer', 'blob', 'bytes'] as const;

/** What {@link wrapInstance} puts around an instance. */
export interface Wrapping {
  readonly mapError: ErrorMapper;
  /** Begins a call and gives what sends its attempts; absent where `create` left all of the client's behind. */
  readonly begin?:
    | ((isAborted: () => boolean, totalTimeout: Options['totalTimeout'], fetch?: Fetch) => SendAttempt)
    | undefined;
  /** Milliseconds for all attempts and waits of a call that says nothing else. */
  readonly totalTimeout?: Options['totalTimeout'];
  /** What sends requests for the client; default its own. */
  readonly fetch?: Fetch | undefined;
  /** Told the progress of an upload where the call says nothing else. */
  readonly upload?: Options['onUploadProgress'];
  /** Where relative inputs lead; absent where an option or a hook of the caller's has a say in it. */
  readonly baseUrl?: URL | undefined;
  /**
   * The same without base URL and hooks, of which ky would make copies for every call: for those that bring all of
   * it, and repeat no more than the client itself does. Absent where an option of the caller's has a say in that.
   */
  readonly plain?: KyInstance | undefined;
  /** Default one for this instance and all that are made from it. */
  readonly callbacks?: CallbackGuard;
  /** Those given to the instances that this one comes from. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Puts an error mapping around a ky instance and around those made from it by `extend` and `create`.
 *
 * ky's own `beforeError` hook does not see what its body shortcuts throw: broken JSON, a schema mismatch, a body that
 * breaks off. Those are mapped here. A call also begins here and not in ky's `init` hook, for which every call's
 * options are copied.
 */
export function wrapInstance(instance: KyInstance, wrapping: Wrapping): KyInstance {
  const {
    mapError,
    begin,
    totalTimeout,
    fetch,
    upload,
    baseUrl,
    plain,
    signals,
    callbacks = createCallbackGuard(),
  } = wrapping;

  const call = (input: Input, options: Options = {}, method?: string): ResponsePromise => {
    const signal = options.signal ?? (input instanceof Request ? input.signal : undefined);
    const isAborted = (): boolean => signal?.aborted === true || signals.some((one) => one.aborted);
    const fail = (stage: 'request' | 'body') => (error: unknown) => {
      const thrown = callbacks.sourceOf(error);
      if (thrown?.source === 'onDownloadProgress') throw thrown.error;
      const told = thrown === undefined || isXError(error) ? error : new SyntaxError(thrown.source);
      throw mapError(told, { stage, aborted: thrown === undefined && isAborted() });
    };
    const used = { ...withPolicy(callbacks.guard(options)) };
    if (method !== undefined) used.method = method;
    if (signal !== undefined) used.signal = signal; // hooks are shown the signal of the options, and not that of a Request
    if (begin) used.fetch = begin(isAborted, options.totalTimeout ?? totalTimeout, options.fetch ?? fetch) as Fetch;
    const watch = options.onUploadProgress ?? upload;
    if (typeof watch === 'function') Object.assign(used, guardUpload(watch, used.fetch ?? fetch ?? globalThis.fetch));

    assertNoUserInfo(input, options);
    try {
      const target = changes(options, targets) ? input : resolve(input, baseUrl);
      const caller = target === input || 'retry' in options ? instance : (plain ?? instance);
      return wrapPromise(caller(target, used), fail('request'), fail('body'));
    } catch (error) {
      throw requestMistake(error, input, options);
    }
  };

  const derive = (given: Options, parent?: Options): Wrapping => ({
    ...wrapping,
    callbacks,
    totalTimeout: given.totalTimeout ?? totalTimeout,
    fetch: given.fetch ?? fetch,
    upload: given.onUploadProgress ?? upload,
    baseUrl: changes(given, targets, parent) ? undefined : baseUrl,
    plain: 'retry' in given ? undefined : plain?.extend(given),
    signals: [...signals, ...signalsOf(given)],
  });
  const wrapped = Object.assign(call, {
    stop: instance.stop,
    retry: instance.retry,
    extend(options: Parameters<KyInstance['extend']>[0]) {
      let derived = wrapping;
      const noted = (given: Options, parent?: Options): Options => {
        const guarded = withPolicy(callbacks.guard(given));
        assertNoUserInfo('', given);
        derived = derive(guarded, parent);
        return guarded;
      };
      const extended = instance.extend(
        typeof options === 'function' ? (parent) => noted(options(parent), parent) : noted(options),
      );
      return wrapInstance(extended, derived);
    },
    create(options: Options = {}) {
      assertNoUserInfo('', options);
      return wrapInstance(instance.create(callbacks.guard(options)), {
        mapError,
        callbacks,
        fetch: options.fetch,
        upload: options.onUploadProgress,
        signals: signalsOf(options),
      });
    },
  });
  for (const method of shortcuts) {
    Object.assign(wrapped, { [method]: (input: Input, options?: Options) => call(input, options, method) });
  }
  return wrapped as unknown as KyInstance;
}

/** ky puts a number in the place of the whole policy: with it would go the budget and the longest `Retry-After`. */
function withPolicy(options: Options): Options {
  return typeof options.retry === 'number' ? { ...options, retry: { limit: options.retry } } : options;
}

const targets = ['baseUrl', 'prefix', 'hooks'] as const;

/** Whether options say something else than those that they were made from. */
function changes(options: Options, names: readonly (keyof Options)[], parent?: Options): boolean {
  return names.some((name) => name in options && (parent === undefined || options[name] !== parent[name]));
}

function signalsOf({ signal }: Options): readonly AbortSignal[] {
  return signal instanceof AbortSignal ? [signal] : [];
}

/**
 * Does what ky does with the same two. Left to do it, ky makes a Request of the base URL for every call.
 *
 * @param baseUrl Ends with a slash, and has neither query nor fragment.
 */
function resolve(input: Input, baseUrl: URL | undefined): Input {
  if (baseUrl === undefined || typeof input !== 'string') return input;
  // begins a path and no scheme, host or anything that a URL parser takes away: read together they are what they are
  if (!/^\/?[\w~-][^:]*$/.test(input)) return input;
  return `${input.startsWith('/') ? baseUrl.origin : baseUrl.href}${input}`;
}

function wrapPromise(
  source: ResponsePromise,
  failRequest: (error: unknown) => never,
  failBody: (error: unknown) => never,
): ResponsePromise {
  const result = source.catch(failRequest);
  const wrapped = result as unknown as Record<string, unknown>;
  const table = source as unknown as Record<string, ((schema?: unknown) => Promise<unknown>) | undefined>;
  for (const name of readers) {
    const read = table[name];
    if (read === undefined) continue;
    wrapped[name] = (schema?: unknown): Promise<unknown> => {
      let mistake: TypeError | undefined;
      const note = (seen: TypeError): void => {
        mistake = seen;
      };
      const guarded = schema === undefined ? undefined : guardSchema(schema, name, note);
      result.catch(() => {}); // the reader's own promise tells the failure
      return read(guarded).catch(async (error: unknown) => {
        await result; // a request that failed has its error already
        if (mistake !== undefined) throw mistake;
        failBody(error);
      });
    };
  }
  return wrapped as unknown as ResponsePromise;
}
