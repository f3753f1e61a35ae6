import { xchacha20 } from '@noble/ciphers/chacha.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { decodeBase64Url, encodeBase64Url } from './base64.ts';
import { type Bytes, concatBytes } from './bytes.ts';
import { equalBytes } from './equal-bytes.ts';
import { encodeUtf8 } from './utf8.ts';

/** Length of a v4.local key in bytes. */
export const keyBytes = 32;
/** Length of the nonce that a token carries, in bytes. */
export const nonceBytes = 32;

const header = 'v4.local.';
const tagBytes = 32;

/** The parts of a token, decoded but not yet trusted. */
export interface V4LocalToken {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
  readonly footer: Uint8Array;
}

/** Encrypts and authenticates; all lengths have been checked by the caller. */
export function lockV4Local(
  key: Uint8Array,
  message: Uint8Array,
  { nonce, footer, assertion }: { nonce: Uint8Array; footer: Uint8Array; assertion: Uint8Array },
): string {
  const keys = splitKey(key, nonce);
  const ciphertext = xchacha20(keys.encryption, keys.nonce, message);
  const tag = authenticate(keys.authentication, { nonce, ciphertext, footer }, assertion);
  const token = header + encodeBase64Url(concatBytes(nonce, ciphertext, tag));
  return footer.length === 0 ? token : `${token}.${encodeBase64Url(footer)}`;
}

/** Takes a token apart. `undefined` for every text that no encoder writes; never throws. */
export function splitV4Local(token: string): (V4LocalToken & { readonly footer: Bytes }) | undefined {
  if (!token.startsWith(header)) return undefined;
  const [body = '', footer, ...rest] = token.slice(header.length).split('.');
  // An empty footer is written without its dot, so a trailing dot is a second spelling of the same token.
  if (footer === '' || rest.length > 0) return undefined;
  try {
    const sealed = decodeBase64Url(body);
    if (sealed.length < nonceBytes + tagBytes) return undefined;
    return {
      nonce: sealed.slice(0, nonceBytes),
      ciphertext: sealed.slice(nonceBytes, -tagBytes),
      tag: sealed.slice(-tagBytes),
      footer: decodeBase64Url(footer ?? ''),
    };
  } catch {
    return undefined;
  }
}

/** Decrypts a token whose tag holds; `undefined` for any other. */
export function unlockV4Local(key: Uint8Array, token: V4LocalToken, assertion: Uint8Array): Bytes | undefined {
  const keys = splitKey(key, token.nonce);
  if (!equalBytes(authenticate(keys.authentication, token, assertion), token.tag)) return undefined;
  return xchacha20(keys.encryption, keys.nonce, token.ciphertext);
}

/** PASETO Version 4, "Encrypt", step 4: one key for each purpose, different for each nonce. */
function splitKey(key: Uint8Array, nonce: Uint8Array): { encryption: Bytes; nonce: Bytes; authentication: Bytes } {
  const derived = blake2b(concatBytes(encodeUtf8('paseto-encryption-key'), nonce), { key, dkLen: 56 });
  const authentication = blake2b(concatBytes(encodeUtf8('paseto-auth-key-for-aead'), nonce), { key, dkLen: 32 });
  return { encryption: derived.slice(0, 32), nonce: derived.slice(32), authentication };
}

/** The tag over everything that the token carries and the assertion that it does not. */
function authenticate(key: Uint8Array, token: Omit<V4LocalToken, 'tag'>, assertion: Uint8Array): Bytes {
  const { nonce, ciphertext, footer } = token;
  return blake2b(preAuthenticate([encodeUtf8(header), nonce, ciphertext, footer, assertion]), { key, dkLen: tagBytes });
}

/** PASETO, "PAE Definition": every piece with its length, so that no byte can move from one piece to the next. */
function preAuthenticate(pieces: readonly Uint8Array[]): Bytes {
  return concatBytes(length64(pieces.length), ...pieces.flatMap((piece) => [length64(piece.length), piece]));
}

function length64(length: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}
