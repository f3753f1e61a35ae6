import { digest, encodeHex, sha256 } from '@x/crypto';

const readable = /^(?!sha256:)[\x20-\x7e]{0,512}$/;

/**
 * The name under which a server keeps a key: the key itself where it is printable ASCII of up to 512 characters, else
 * a digest of it.
 *
 * Distinct keys have distinct names, also keys that differ in NULs, lone surrogates or their ten-thousandth character,
 * which a server would refuse, replace or cut off.
 */
export function storedName(key: string): string {
  return readable.test(key) ? key : `sha256:${hashedName(key)}`;
}

/** SHA-256 of a key in lower-case hex: what even the narrowest, case-blind server keeps apart. */
export function hashedName(key: string): string {
  return encodeHex(digest(sha256, nameText(key)));
}

/** A text that every encoding can carry, another one for each key. */
export function nameText(key: string): string {
  if (typeof key !== 'string') throw new TypeError('a store key must be text');
  return JSON.stringify(key);
}
