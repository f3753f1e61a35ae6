import { isText } from './text.ts';
import { encodeUtf8 } from './utf8.ts';

/**
 * Refuses a context that says nothing.
 *
 * @throws {TypeError} When it is not a list, or empty, or one of its parts is empty or not well-formed.
 */
export function assertContext(context: readonly string[]): void {
  if (!Array.isArray(context) || context.length === 0 || !context.every(isText)) {
    throw new TypeError('context must hold at least one well-formed text, and none that is empty');
  }
}

/** Writes the parts as JSON text, so that no two lists of parts are written alike. */
export function encodeContext(context: readonly string[]): Uint8Array {
  return encodeUtf8(JSON.stringify(context));
}
