import type { Digest } from './digest.ts';
import { findPlatformCrypto, platformDigest } from './platform-digest.ts';

/**
 * Chooses the platform's implementation where there is one. Both give the same bytes.
 *
 * @param software The implementation for platforms without one.
 * @param scope Where to look for the platform's; default `globalThis`.
 */
export function fastestDigest(software: Digest, scope?: object): Digest {
  const crypto = findPlatformCrypto(scope);
  return crypto === undefined ? software : platformDigest(crypto, software);
}
