import { assertBytes, type Bytes } from './bytes.ts';
import { assertText } from './text.ts';

const pairs: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/**
 * Encodes bytes as lower-case hexadecimal digits, two for each byte.
 *
 * @throws {TypeError} When the argument is not bytes.
 * @see RFC 4648 §8
 */
export function encodeHex(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) text += pairs[bytes[index] as number];
  return text;
}

/**
 * Decodes exactly the texts that {@link encodeHex} produces.
 *
 * @throws {TypeError} When the argument is not text.
 * @throws {RangeError} For an odd length, and for any character but `0-9a-f` (upper case included), naming its
 *   position and never the text.
 * @see RFC 4648 §8 and §3.5 (one canonical encoding)
 */
export function decodeHex(text: string): Bytes {
  assertText(text, 'hex');
  if (text.length % 2 !== 0) throw new RangeError(`hex must have an even length, got ${text.length}`);
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = (digitAt(text, index * 2) << 4) | digitAt(text, index * 2 + 1);
  }
  return bytes;
}

function digitAt(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  throw new RangeError(`hex has a character outside 0-9a-f at position ${position}`);
}
