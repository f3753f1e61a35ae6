import type { Bytes } from './bytes.ts';
import { toHashable } from './to-bytes.ts';

/** Names of the algorithms, as `node:crypto` and the RFCs spell them without a dash. */
export type DigestName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** A hash algorithm as a value, so that a bundle carries only the algorithms that it names. */
export interface Digest {
  readonly name: DigestName;
  /** Length of the digest in bytes. */
  readonly outputBytes: number;
  /** Length of the block that HMAC pads its key to, in bytes. */
  readonly blockBytes: number;
  /** Hashes bytes, or well-formed text as UTF-8; {@link digest} checks first. */
  hash(data: string | Uint8Array): Bytes;
  /** Computes an HMAC over bytes or well-formed text; `hmac` checks first. */
  authenticate(key: string | Uint8Array, data: string | Uint8Array): Bytes;
  /** The same HMAC as lower-case hex; `hmacHex` checks first. */
  authenticateHex(key: string | Uint8Array, data: string | Uint8Array): string;
}

/**
 * Hashes bytes, or text as its UTF-8 encoding.
 *
 * `md5` and `sha1` are here because providers still use them. They no longer resist collisions; never choose
 * them for something new.
 *
 * @param algorithm One of the values that this package exports, such as `sha256`.
 * @returns A new plain `Uint8Array` of `algorithm.outputBytes` bytes.
 * @throws {TypeError} When the algorithm is not such a value, or the data neither text nor bytes.
 * @throws {RangeError} When the text holds a lone surrogate.
 * @see RFC 1321 (MD5), RFC 3174 (SHA-1), RFC 6234 (SHA-2)
 */
export function digest(algorithm: Digest, data: string | Uint8Array): Bytes {
  assertDigest(algorithm);
  return algorithm.hash(toHashable(data, 'data'));
}

/** Refuses what only looks like an algorithm, above all its bare name. */
export function assertDigest(algorithm: Digest): void {
  if (typeof (algorithm as Partial<Digest> | undefined)?.hash !== 'function') {
    throw new TypeError('algorithm must be a digest such as sha256, not its name');
  }
}
