import { digest, encodeHex, sha256 } from '@x/crypto';

/**
 * Names an access token in logs without giving it away: the first 64 bits of its SHA-256, in hex.
 *
 * @see HypeLabs fact sheet §8 item 20.
 */
export function fingerprintToken(accessToken: string): string {
  const bytes = new TextEncoder().encode(accessToken); // a stranger's text may hold lone surrogates
  return encodeHex(digest(sha256, bytes)).slice(0, 16);
}
