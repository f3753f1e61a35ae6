import { hmac } from '@noble/hashes/hmac.js';
import type { CHash } from '@noble/hashes/utils.js';
import type { Digest, DigestName } from './digest.ts';

/** A digest computed by `@noble/hashes`, for platforms without a synchronous one. */
export function softwareDigest(name: DigestName, hash: CHash): Digest {
  return Object.freeze({
    name,
    outputBytes: hash.outputLen,
    blockBytes: hash.blockLen,
    hash: (data: Uint8Array) => hash(data),
    authenticate: (key: Uint8Array, data: Uint8Array) => hmac(hash, key, data),
  });
}
