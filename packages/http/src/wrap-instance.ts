import type { Input, KyInstance, Options, ResponsePromise } from 'ky';
import type { ErrorMapper } from './map-error.ts';
import { assertNoUserInfo, requestMistake } from './request-mistake.ts';

const shortcuts = ['get', 'post', 'put', 'patch', 'head', 'delete', 'query'] as const;
const readers = ['json', 'text', 'formData', 'arrayBuffer', 'blob', 'bytes'] as const;

/**
 * Puts an error mapping around a ky instance and around those made from it by `extend` and `create`.
 *
 * ky's own `beforeError` hook does not see what its body shortcuts throw: broken JSON, a schema mismatch, a body that
 * breaks off. Those are mapped here.
 */
export function wrapInstance(
  instance: KyInstance,
  mapError: ErrorMapper,
  signals: readonly AbortSignal[] = [],
): KyInstance {
  const call = (input: Input, options?: Options): ResponsePromise => {
    const signal = options?.signal ?? (input instanceof Request ? input.signal : undefined);
    const fail = (stage: 'request' | 'body') => (error: unknown) => {
      const aborted = signal?.aborted === true || signals.some((one) => one.aborted);
      throw mapError(error, { stage, aborted });
    };
    // hooks are shown the signal of the options, and not that of a Request
    const used = signal === undefined || signal === null ? options : { ...options, signal };
    return wrapPromise(begin(instance, input, used), fail('request'), fail('body'));
  };
  const wrapped = Object.assign(call, {
    stop: instance.stop,
    retry: instance.retry,
    extend(options: Parameters<KyInstance['extend']>[0]) {
      const kept = [...signals];
      const noted = (given: Options): Options => {
        if (given.signal instanceof AbortSignal) kept.push(given.signal);
        return given;
      };
      const extended = instance.extend(
        typeof options === 'function' ? (parent) => noted(options(parent)) : noted(options),
      );
      return wrapInstance(extended, mapError, kept);
    },
    create: (options: Options = {}) =>
      wrapInstance(instance.create(options), mapError, options.signal instanceof AbortSignal ? [options.signal] : []),
  });
  for (const method of shortcuts) {
    Object.assign(wrapped, { [method]: (input: Input, options?: Options) => call(input, { ...options, method }) });
  }
  return wrapped as unknown as KyInstance;
}

function begin(instance: KyInstance, input: Input, options: Options | undefined): ResponsePromise {
  assertNoUserInfo(input);
  try {
    return instance(input, options);
  } catch (error) {
    throw requestMistake(error, input, options);
  }
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
    const mapped = (schema?: unknown): Promise<unknown> => {
      if (schema !== undefined && !isStandardSchema(schema)) {
        throw new TypeError(`the schema given to ${name}() must follow the Standard Schema specification`);
      }
      result.catch(() => {}); // the reader's own promise tells the failure
      return read(schema).catch(async (error: unknown) => {
        await result; // a request that failed has its error already
        failBody(error);
      });
    };
    wrapped[name] = mapped;
  }
  return wrapped as unknown as ResponsePromise;
}

function isStandardSchema(value: unknown): boolean {
  const known = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return known && '~standard' in (value as object);
}
