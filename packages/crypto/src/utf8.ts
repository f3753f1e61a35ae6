import { assertBytes, type Bytes } from './bytes.ts';
import { assertText, assertWellFormed } from './text.ts';

const replacement = '\uFFFD';

/**
 * Encodes text as UTF-8.
 *
 * @returns A new array; a byte order mark is encoded like any other character.
 * @throws {TypeError} When the argument is not text.
 * @throws {RangeError} Naming the index of a lone surrogate, which has no UTF-8 encoding. `TextEncoder` would
 *   replace it, and two different texts would share one signature.
 * @see RFC 3629 §3
 */
export function encodeUtf8(text: string): Bytes {
  assertText(text, 'text');
  assertWellFormed(text);
  return new TextEncoder().encode(text);
}

/**
 * Decodes UTF-8, keeping a leading byte order mark.
 *
 * @throws {TypeError} When the argument is not bytes.
 * @throws {RangeError} Naming the byte at which an ill-formed sequence begins: overlong forms, surrogates, values
 *   beyond U+10FFFF and truncated sequences are all refused.
 * @see RFC 3629 §3 and §4
 */
export function decodeUtf8(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RangeError(`bytes are not UTF-8 at position ${findIllFormed(bytes)}`);
  }
}

/** Finds the first replacement that a lenient decoder put in, as opposed to one that the bytes really spell. */
function findIllFormed(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  let index = 0;
  let position = 0;
  for (;;) {
    const next = text.indexOf(replacement, index);
    position += encoder.encode(text.slice(index, next)).length;
    if (bytes[position] !== 0xef || bytes[position + 1] !== 0xbf || bytes[position + 2] !== 0xbd) return position;
    position += 3;
    index = next + 1;
  }
}
