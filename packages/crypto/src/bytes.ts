/** Bytes that own a plain `ArrayBuffer`, as `Response`, `fetch` and WebCrypto ask for them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Whether the value is a `Uint8Array`, of this realm or another: test runners and frames bring their own. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array';
}

/**
 * Refuses what is not bytes, above all text, which would be encoded as zeroes without a word.
 *
 * @throws {TypeError} Naming the argument.
 */
export function assertBytes(value: unknown, argument: string): asserts value is Uint8Array {
  if (!isBytes(value)) throw new TypeError(`${argument} must be a Uint8Array`);
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
