import { type Digest, hmacHex, type Secret, sha1, sha256, toSecret } from '@x/crypto';
import { flattenParameters, type Pair, type SessionParameters } from '../parameters.ts';

/** The hash of an application's signatures: SHA-1 unless QuickBlox has switched the application. */
export type SignatureHash = 'sha1' | 'sha256';

/** Options of {@link signSession}. */
export interface SignSessionOptions {
  /** The application's Authorization Secret. */
  readonly secret: string | Secret;
  /** Default `sha1`. It is a setting of the application; nothing on the wire negotiates it. */
  readonly hash?: SignatureHash | undefined;
}

/** What {@link signSession} gives. */
export interface SessionSignature {
  /** The text that was signed. It holds the user's password or token in clear: never log it. */
  readonly normalized: string;
  /** Lower-case hex, 40 digits for SHA-1 and 64 for SHA-256. */
  readonly signature: string;
}

/**
 * Writes the parameters of a session request as the text that QuickBlox signs.
 *
 * Names are sorted by code unit, values stay raw: nothing is percent-encoded or escaped, brackets are literal. A
 * parameter called `signature` is left out.
 *
 * @returns `name=value` pairs joined with `&`. It may hold a password in clear: never log it.
 * @throws {TypeError} For a value that is not text, a secret, a number or a plain object of these, one level deep, and
 *   for a name given twice.
 * @throws {RangeError} For a number that is not a safe integer.
 * @see QuickBlox fact sheet §4.3.
 */
export function normalizeParameters(parameters: SessionParameters): string {
  let text = '';
  for (const [name, value] of sortByName(flattenParameters(parameters))) {
    if (name !== 'signature') text += text === '' ? `${name}=${value}` : `&${name}=${value}`;
  }
  return text;
}

/**
 * Sorts pairs in place; a value never influences the order.
 *
 * By insertion: a session request has some ten parameters, and `sort` with a comparison would be a tenth of its whole
 * signature.
 */
function sortByName(pairs: Pair[]): Pair[] {
  for (let end = 1; end < pairs.length; end += 1) {
    for (let at = end; at > 0; at -= 1) {
      const [before, pair] = [pairs[at - 1] as Pair, pairs[at] as Pair];
      if (before[0] <= pair[0]) break;
      pairs[at - 1] = pair;
      pairs[at] = before;
    }
  }
  return pairs;
}

/**
 * Signs the parameters of a session request.
 *
 * @param parameters Everything that the request's body will carry, because QuickBlox signs all that it receives.
 * @throws {TypeError} For an empty secret, an unknown hash, or parameters that {@link normalizeParameters} refuses.
 * @throws {RangeError} When a text holds a lone surrogate, or a number is not a safe integer.
 * @see QuickBlox fact sheet §4.3; vectors §9.
 * @example
 * import { signSession } from '@x/quickblox/signature';
 *
 * const parameters = { application_id: 1, auth_key: 'key', nonce: 7, timestamp: 1_700_000_000 };
 * const { signature } = signSession(parameters, { secret: 'the authorization secret' });
 */
export function signSession(
  parameters: SessionParameters,
  { secret, hash = 'sha1' }: SignSessionOptions,
): SessionSignature {
  const digest = digestOf(hash);
  const key = toSecret(secret);
  const normalized = normalizeParameters(parameters);
  return { normalized, signature: hmacHex(digest, key.reveal(), normalized) };
}

/** @throws {TypeError} For a hash that applications cannot have. */
export function digestOf(hash: SignatureHash): Digest {
  if (hash === 'sha1') return sha1;
  if (hash === 'sha256') return sha256;
  throw new TypeError("hash must be 'sha1' or 'sha256'");
}
