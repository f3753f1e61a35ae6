import { encodeUtf8 } from './utf8.ts';

/** Bytes that own a plain `ArrayBuffer`, as `Response`, `fetch` and WebCrypto ask for them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Whether the value is a `Uint8Array` of this realm or another (test runners and frames bring their own). */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'Uint8Array'
  );
}

/**
 * Takes bytes as they are and text as its UTF-8 encoding.
 *
 * @param argument Name of the argument, for the error.
 * @throws {TypeError} When the value is neither.
 * @throws {RangeError} When the text holds a lone surrogate.
 */
export function toBytes(value: string | Uint8Array, argument: string): Uint8Array {
  if (typeof value === 'string') return encodeUtf8(value);
  if (value instanceof Uint8Array) return value;
  // The libraries below test with instanceof, so a view of another realm is rewrapped, never copied.
  if (isBytes(value))
    return new Uint8Array(
      (value as Uint8Array).buffer,
      (value as Uint8Array).byteOffset,
      (value as Uint8Array).byteLength,
    );
  throw new TypeError(`${argument} must be text or bytes`);
}

/** Joins byte arrays into one new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
