import type { Bytes } from './bytes.ts';
import { assertDigest, type Digest } from './digest.ts';
import { toHashable } from './to-bytes.ts';

/**
 * Authenticates a message with a key: HMAC over the given hash.
 *
 * Keys longer than the block are hashed first, as the RFC says, and an empty key is computed like any other: take
 * secrets through `Secret`, which refuses one. Compare the result with `constantTimeEqual`, never with `===`.
 *
 * @param algorithm One of the values that this package exports, such as `sha256`.
 * @param key Bytes, or text as its UTF-8 encoding.
 * @param data Bytes as received, or text as its UTF-8 encoding.
 * @returns A new plain `Uint8Array` of `algorithm.outputBytes` bytes.
 * @throws {TypeError} When the algorithm is not such a value, or key or data neither text nor bytes.
 * @throws {RangeError} When a text holds a lone surrogate.
 * @see RFC 2104 §2
 */
export function hmac(algorithm: Digest, key: string | Uint8Array, data: string | Uint8Array): Bytes {
  assertDigest(algorithm);
  return algorithm.authenticate(toHashable(key, 'key'), toHashable(data, 'data'));
}

/**
 * Authenticates a message with a key and writes the result in hex, as most providers send their signatures.
 *
 * It gives what `encodeHex(hmac(algorithm, key, data))` gives, a seventh faster where the platform writes the hex.
 * Compare the result with `constantTimeEqual`, never with `===`.
 *
 * @param algorithm One of the values that this package exports, such as `sha256`.
 * @param key Bytes, or text as its UTF-8 encoding.
 * @param data Bytes as received, or text as its UTF-8 encoding.
 * @returns Lower-case digits, twice `algorithm.outputBytes` of them.
 * @throws {TypeError} When the algorithm is not such a value, or key or data neither text nor bytes.
 * @throws {RangeError} When a text holds a lone surrogate.
 * @see RFC 2104 §2, RFC 4648 §8
 */
export function hmacHex(algorithm: Digest, key: string | Uint8Array, data: string | Uint8Array): string {
  assertDigest(algorithm);
  return algorithm.authenticateHex(toHashable(key, 'key'), toHashable(data, 'data'));
}
