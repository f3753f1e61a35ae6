import { isBytes } from './bytes.ts';
import { assertWellFormed } from './text.ts';

/**
 * Takes bytes as they are and text as its UTF-8 encoding.
 *
 * @param argument Name of the argument, for the error.
 * @returns The same memory for bytes, never a copy.
 * @throws {TypeError} When the value is neither.
 * @throws {RangeError} When the text holds a lone surrogate.
 */
export function toBytes(value: string | Uint8Array, argument: string): Uint8Array {
  const hashable = toHashable(value, argument);
  return typeof hashable === 'string' ? new TextEncoder().encode(hashable) : hashable;
}

/**
 * Lets well-formed text through as it is: a platform hashes text faster than bytes that were made from it.
 *
 * @param argument Name of the argument, for the error.
 * @throws {TypeError} When the value is neither text nor bytes.
 * @throws {RangeError} When the text holds a lone surrogate.
 */
export function toHashable(value: string | Uint8Array, argument: string): string | Uint8Array {
  if (typeof value === 'string') {
    assertWellFormed(value);
    return value;
  }
  if (value instanceof Uint8Array) return value;
  if (!isBytes(value)) throw new TypeError(`${argument} must be text or a Uint8Array`);
  // The libraries below test with instanceof, so a view from another realm is wrapped in one of this realm.
  const { buffer, byteOffset, length }: Uint8Array = value;
  return new Uint8Array(buffer, byteOffset, length);
}
