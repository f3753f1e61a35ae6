import type { Options } from 'ky';

/** What the caller's own callbacks threw while an answer was read, so that it counts as no fault of the network. */
export interface CallbackGuard {
  /** The same options, whose callbacks are listened to. */
  guard(options: Options): Options;
  /** Which callback an error came from, if from any. */
  sourceOf(error: unknown): 'parseJson' | 'onDownloadProgress' | undefined;
}

/** Makes the guard of one client and of all those made from it. */
export function createCallbackGuard(): CallbackGuard {
  const thrown = new WeakMap<object, 'parseJson' | 'onDownloadProgress'>();
  const note = (error: unknown, source: 'parseJson' | 'onDownloadProgress'): unknown => {
    if (typeof error === 'object' && error !== null) thrown.set(error, source);
    return error;
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
    sourceOf: (error) => (typeof error === 'object' && error !== null ? thrown.get(error) : undefined),
  };
}
