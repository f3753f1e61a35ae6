export { md5, sha1, sha256, sha384, sha512 } from './algorithms.ts';
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts';
export type { Bytes } from './bytes.ts';
export { type Clock, systemClock } from './clock.ts';
export { constantTimeEqual } from './constant-time-equal.ts';
export { type Digest, type DigestName, digest } from './digest.ts';
export { decodeHex, encodeHex } from './hex.ts';
export { hmac, hmacHex } from './hmac.ts';
export { joinSorted } from './join-sorted.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { generateKey, type SealerKey } from './key-ring.ts';
export {
  type CreateOAuthStateOptions,
  createOAuthState,
  type OAuthFinish,
  type OAuthStart,
  type OAuthState,
  type OAuthStateReason,
} from './oauth-state.ts';
export { type RandomSource, randomToken, systemRandom } from './random.ts';
export {
  type CreateSealerOptions,
  createSealer,
  type OpenOptions,
  type OpenReason,
  type OpenResult,
  type Sealer,
  type SealOptions,
} from './sealer.ts';
export { Secret, toSecret } from './secret.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
