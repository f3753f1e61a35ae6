import { type Bytes, isBytes } from './bytes.ts';
import { systemRandom } from './random.ts';
import { toBytes } from './to-bytes.ts';
import { keyBytes, lockV4Local, nonceBytes, splitV4Local, unlockV4Local } from './v4-local.ts';

/** Arguments of {@link encryptV4Local}. */
export interface EncryptV4LocalOptions {
  /** 32 secret bytes, made for `v4.local` and nothing else: bytes carry no type, so this is the caller's word. */
  readonly key: Uint8Array;
  /** What is encrypted; text as UTF-8. */
  readonly message: string | Uint8Array;
  /** Authenticated and readable by everyone; text as UTF-8. Absent: empty. */
  readonly footer?: string | Uint8Array | undefined;
  /** Authenticated but not part of the token; text as UTF-8. Absent: empty. */
  readonly assertion?: string | Uint8Array | undefined;
  /** 32 bytes that never repeat for a key. Absent: from the platform's random source, as it should be. */
  readonly nonce?: Uint8Array | undefined;
}

/** Arguments of {@link decryptV4Local}. */
export interface DecryptV4LocalOptions {
  /** 32 secret bytes, made for `v4.local` and nothing else: bytes carry no type, so this is the caller's word. */
  readonly key: Uint8Array;
  /** The token as received. */
  readonly token: string;
  /** What the other side asserted; text as UTF-8. Absent: empty. */
  readonly assertion?: string | Uint8Array | undefined;
}

/**
 * Encrypts a message as a PASETO `v4.local` token.
 *
 * This is the bare operation, without times, subject, key ring or a check of the key's type (PASETO, "Algorithm
 * Lucidity"): applications want `createSealer`, which refuses a PASERK key of another purpose.
 *
 * @throws {TypeError} When the key or the nonce is not 32 bytes, or another argument neither text nor bytes.
 * @throws {RangeError} When a text holds a lone surrogate.
 * @see PASETO specification, Version 4, "Encrypt"
 */
export function encryptV4Local({ key, message, footer, assertion, nonce }: EncryptV4LocalOptions): string {
  assertLength(key, keyBytes, 'key');
  if (nonce !== undefined) assertLength(nonce, nonceBytes, 'nonce');
  return lockV4Local(toBytes(key, 'key'), toBytes(message, 'message'), {
    nonce: toBytes(nonce ?? systemRandom(nonceBytes), 'nonce'),
    footer: toBytes(footer ?? '', 'footer'),
    assertion: toBytes(assertion ?? '', 'assertion'),
  });
}

/**
 * Opens a PASETO `v4.local` token.
 *
 * @returns The message and the footer, or `undefined` for any token that was not made with this key and assertion.
 *   Never throws for any token.
 * @throws {TypeError} When the key is not 32 bytes or the assertion neither text nor bytes.
 * @throws {RangeError} When the assertion holds a lone surrogate.
 * @see PASETO specification, Version 4, "Decrypt"
 */
export function decryptV4Local({
  key,
  token,
  assertion,
}: DecryptV4LocalOptions): { message: Bytes; footer: Bytes } | undefined {
  assertLength(key, keyBytes, 'key');
  const asserted = toBytes(assertion ?? '', 'assertion');
  const parts = typeof token === 'string' ? splitV4Local(token) : undefined;
  if (parts === undefined) return undefined;
  const message = unlockV4Local(toBytes(key, 'key'), parts, asserted);
  return message && { message, footer: parts.footer };
}

function assertLength(bytes: Uint8Array, length: number, argument: string): void {
  if (!isBytes(bytes) || bytes.length !== length) throw new TypeError(`${argument} must be ${length} bytes`);
}
