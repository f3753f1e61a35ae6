import { digest, encodeHex, sha256 } from '@x/crypto';

/** Shows a secret as `sha256:` and eight hex digits: equal secrets look equal, and nothing leads back. Takes any text. */
export function maskSecret(text: string): string {
  return `sha256:${encodeHex(digest(sha256, new TextEncoder().encode(text))).slice(0, 8)}`;
}
