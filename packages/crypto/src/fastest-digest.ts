import type { Digest } from './digest.ts';
import { findPlatformCrypto, platformDigest } from './platform-digest.ts';

/**
 * Chooses the platform's implementation where there is one. Both give the same bytes.
 *
 * The choice is made once, when the first bytes are hashed: looking for `node:crypto` loads it, which costs more time
 * than the rest of this package.
 *
 * @param software The implementation for platforms without one.
 * @param scope Where to look for the platform's; default `globalThis`.
 */
export function fastestDigest(software: Digest, scope?: object): Digest {
  let chosen: Digest | undefined;
  function choose(): Digest {
    const crypto = findPlatformCrypto(scope);
    chosen = crypto === undefined ? software : platformDigest(crypto, software);
    return chosen;
  }
  const { name, outputBytes, blockBytes } = software;
  return Object.freeze({
    name,
    outputBytes,
    blockBytes,
    hash: (data: string | Uint8Array) => (chosen ?? choose()).hash(data),
    authenticate: (key: string | Uint8Array, data: string | Uint8Array) => (chosen ?? choose()).authenticate(key, data),
  });
}
