import type { Options } from 'ky';

/** What the caller's own callbacks threw while an answer was read, so that it counts as no fault of the network. */
export interface CallbackGuard {
  /** The same options, whose callbacks are listened to. */
  guard(options: Options): Options;
  /** Which callback an error came from, and what that threw, if it came from any. */
  sourceOf(error: unknown): Thrown | undefined;
}

interface Thrown {
  readonly source: 'parseJson' | 'onDownloadProgress';
  readonly error: unknown;
}

/** Has one call fail with what its watcher of an upload threw, which platforms tell as a failure of the network. */
export function guardUpload(
  watch: NonNullable<Options['onUploadProgress']>,
  send: typeof globalThis.fetch,
): Required<Pick<Options, 'onUploadProgress' | 'fetch'>> {
  let thrown: { readonly error: unknown } | undefined;
  return {
    onUploadProgress(...given) {
      try {
        watch(...given);
      } catch (error) {
        thrown = { error };
        throw error;
      }
    },
    async fetch(input, init) {
      try {
        return await send(input, init);
      } catch (error) {
        throw thrown === undefined ? error : thrown.error;
      }
    },
  };
}

/** Makes the guard of one client and of all those made from it. */
export function createCallbackGuard(): CallbackGuard {
  const thrown = new WeakMap<object, Thrown>();
  /** Gives what can be recognised when it comes back: a text has no identity. */
  const note = (error: unknown, source: Thrown['source']): unknown => {
    const told = Object(error) as object;
    thrown.set(told, { source, error });
    return told;
  };
  return {
    guard(options) {
      const { parseJson, onDownloadProgress } = options;
      if (typeof parseJson !== 'function' && typeof onDownloadProgress !== 'function') return options;
      const guarded = { ...options };
      if (typeof parseJson === 'function') {
        guarded.parseJson = async (...given) => {
          try {
            return await parseJson(...given);
          } catch (error) {
            throw note(error, 'parseJson');
          }
        };
      }
      if (typeof onDownloadProgress === 'function') {
        guarded.onDownloadProgress = (...given) => {
          try {
            onDownloadProgress(...given);
          } catch (error) {
            throw note(error, 'onDownloadProgress');
          }
        };
      }
      return guarded;
    },
    sourceOf: (error) => thrown.get(error as object),
  };
}
