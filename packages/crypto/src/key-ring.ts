import { decodeBase64Url, encodeBase64Url } from './base64.ts';
import { type Bytes, isBytes } from './bytes.ts';
import { type RandomSource, systemRandom, takeRandom } from './random.ts';
import { isSecret, type Secret } from './secret.ts';
import { keyBytes } from './v4-local.ts';

/** A key and the name by which tokens refer to it. */
export interface SealerKey {
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ -`, readable in every token. */
  readonly id: string;
  /** 32 bytes: as they are, as base64url (what `generateKey` returns) or as PASERK `k4.local.…`. */
  readonly key: string | Secret | Uint8Array;
}

/** A key of a ring, checked and copied. */
export interface RingKey {
  readonly id: string;
  readonly bytes: Bytes;
}

const idPattern = /^[\w.-]{1,64}$/;
const paserkHeader = 'k4.local.';

/**
 * Makes a new key for a sealer.
 *
 * @param random Default: the platform's source.
 * @returns 32 bytes as base64url, 43 characters, to be kept like a password.
 * @throws {TypeError} When the source does not give 32 bytes.
 */
export function generateKey(random: RandomSource = systemRandom): string {
  return encodeBase64Url(takeRandom(random, keyBytes));
}

/**
 * Checks the keys of a sealer and copies their bytes, in the order given.
 *
 * @throws {TypeError} Naming the key that is missing, repeated, of the wrong length or form, or all zero.
 */
export function readKeyRing(keys: readonly SealerKey[]): readonly [RingKey, ...RingKey[]] {
  const [first, ...others] = Array.isArray(keys) ? (keys as readonly SealerKey[]).map(readKey) : [];
  if (first === undefined) throw new TypeError('keys must hold at least one key');
  const ids = new Set<string>();
  for (const [index, { id }] of [first, ...others].entries()) {
    if (ids.has(id)) throw new TypeError(`keys[${index}].id repeats the id of another key`);
    ids.add(id);
  }
  return [first, ...others];
}

function readKey({ id, key }: SealerKey, index: number): RingKey {
  if (typeof id !== 'string' || !idPattern.test(id)) {
    throw new TypeError(`keys[${index}].id must be 1 to 64 characters of A-Z a-z 0-9 . _ -`);
  }
  if (key === undefined) throw new TypeError(`keys[${index}].key is missing`);
  const bytes = decodeKey(isSecret(key) ? key.reveal() : key);
  if (bytes?.length !== keyBytes) {
    throw new TypeError(
      `keys[${index}].key must be ${keyBytes} bytes, as generateKey makes them: bytes, base64url or PASERK k4.local`,
    );
  }
  if (bytes.every((byte) => byte === 0)) throw new TypeError(`keys[${index}].key must not be all zero`);
  return { id, bytes };
}

function decodeKey(key: unknown): Bytes | undefined {
  if (isBytes(key)) return new Uint8Array(key);
  if (typeof key !== 'string') return undefined;
  try {
    return decodeBase64Url(key.startsWith(paserkHeader) ? key.slice(paserkHeader.length) : key);
  } catch {
    return undefined;
  }
}
