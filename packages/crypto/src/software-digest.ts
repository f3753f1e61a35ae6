import type { CHash } from '@noble/hashes/utils.js';
import type { Bytes } from './bytes.ts';
import type { Digest, DigestName } from './digest.ts';
import { encodeHex } from './hex.ts';
import { toBytes } from './to-bytes.ts';

/** A digest computed by `@noble/hashes`, for platforms without a synchronous one. */
export function softwareDigest(name: DigestName, hash: CHash): Digest {
  return Object.freeze({
    name,
    outputBytes: hash.outputLen,
    blockBytes: hash.blockLen,
    hash: (data: string | Uint8Array) => hash(toBytes(data, 'data')),
    authenticate: (key: string | Uint8Array, data: string | Uint8Array) =>
      authenticate(hash, toBytes(key, 'key'), toBytes(data, 'data')),
    authenticateHex: (key: string | Uint8Array, data: string | Uint8Array) =>
      encodeHex(authenticate(hash, toBytes(key, 'key'), toBytes(data, 'data'))),
  });
}

/** HMAC as RFC 2104 §2 writes it: the key padded to a block and mixed with `ipad` inside, with `opad` outside. */
function authenticate(hash: CHash, key: Uint8Array, data: Uint8Array): Bytes {
  const block = new Uint8Array(hash.blockLen);
  block.set(key.length > hash.blockLen ? hash(key) : key);
  const inner = hash
    .create()
    .update(block.map((byte) => byte ^ 0x36))
    .update(data)
    .digest();
  return hash
    .create()
    .update(block.map((byte) => byte ^ 0x5c))
    .update(inner)
    .digest();
}
