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
  let found: Digest | undefined;
  function chosen(): Digest {
    if (found !== undefined) return found;
    const crypto = findPlatformCrypto(scope);
    found = crypto === undefined ? software : platformDigest(crypto, software);
    return found;
  }
  return Object.freeze({
    ...software,
    hash: (data: string | Uint8Array) => chosen().hash(data),
    authenticate: (key: string | Uint8Array, data: string | Uint8Array) => chosen().authenticate(key, data),
    authenticateHex: (key: string | Uint8Array, data: string | Uint8Array) => chosen().authenticateHex(key, data),
  });
}
