// What needs no algorithm, for those who start often and neither hash nor encrypt: this entry loads no library.
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts';
export type { Bytes } from './bytes.ts';
export { type Clock, systemClock } from './clock.ts';
export { decodeHex, encodeHex } from './hex.ts';
export { joinSorted } from './join-sorted.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { type RandomSource, randomToken, systemRandom } from './random.ts';
export { Secret, toSecret } from './secret.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
