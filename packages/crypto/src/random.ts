import { encodeBase64Url } from './base64.ts';
import { type Bytes, isBytes } from './bytes.ts';

/** Gives as many unpredictable bytes as asked for. */
export type RandomSource = (byteLength: number) => Uint8Array;

// The Web Cryptography API, "getRandomValues", refuses more in one call.
const maxChunkBytes = 65_536;

/** The platform's cryptographic random source, for any length. */
export const systemRandom: (byteLength: number) => Bytes = (byteLength) => {
  const bytes = new Uint8Array(byteLength);
  for (let offset = 0; offset < byteLength; offset += maxChunkBytes) {
    crypto.getRandomValues(bytes.subarray(offset, offset + maxChunkBytes));
  }
  return bytes;
};

/**
 * Makes an unguessable token for URLs, cookies and headers.
 *
 * @param bytes Entropy in bytes, 1 to 65,536; default 32, which is 256 bits in 43 characters.
 * @param random Default: the platform's source.
 * @returns base64url without padding.
 * @throws {RangeError} When the number of bytes is out of range.
 * @throws {TypeError} When the source does not give as many bytes as asked for.
 */
export function randomToken(bytes: number = 32, random: RandomSource = systemRandom): string {
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > maxChunkBytes) {
    throw new RangeError('bytes must be a whole number from 1 to 65536');
  }
  return encodeBase64Url(takeRandom(random, bytes));
}

/** Draws from a source and refuses a short answer, which would weaken what is built on it in silence. */
export function takeRandom(random: RandomSource, byteLength: number): Uint8Array {
  const bytes = random(byteLength);
  if (!isBytes(bytes) || bytes.length !== byteLength) {
    throw new TypeError(`random must return ${byteLength} bytes when asked for ${byteLength}`);
  }
  return bytes;
}
