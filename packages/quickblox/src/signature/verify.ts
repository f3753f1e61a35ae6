import { constantTimeEqual, hmacHex, toSecret } from '@x/crypto';
import type { SessionParameters } from '../parameters.ts';
import { rightText } from './mistaken-texts.ts';
import { readReceived, type UnreadableReason } from './received.ts';
import { digestOf, type SignSessionOptions } from './sign.ts';

/** Why a session request's signature does not hold. */
export type SessionSignatureReason =
  | UnreadableReason
  | 'signature-missing'
  /** It is not lower-case hex of the hash's length. */
  | 'signature-malformed'
  | 'signature-mismatch';

/** Whether the signature holds, or the first thing that is wrong with it. */
export type VerifySessionSignatureResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: SessionSignatureReason };

/**
 * Checks the signature of a session request over everything else that it carries, as QuickBlox does.
 *
 * It says nothing of whether nonce and timestamp are fresh, nor of the user's password.
 *
 * @param sent The body as text, form or JSON, or its parameters; `signature` among them.
 * @param options Secret and hash of the application.
 * @returns Never throws for what was sent. Signatures are compared in constant time.
 * @throws {TypeError} For an empty secret or an unknown hash.
 * @see QuickBlox fact sheet §4.3 and §10.
 */
export function verifySessionSignature(
  sent: string | SessionParameters,
  { secret, hash = 'sha1' }: SignSessionOptions,
): VerifySessionSignatureResult {
  const digest = digestOf(hash);
  const key = toSecret(secret).reveal();
  const read = readReceived(sent);
  if (!read.ok) return { ok: false, reason: read.reason };
  const given = read.received.pairs.find(([name]) => name === 'signature')?.[1] ?? '';
  if (given === '') return { ok: false, reason: 'signature-missing' };
  const expected = hmacHex(digest, key, rightText(read.received));
  if (given.length !== expected.length || !/^[0-9a-f]+$/.test(given)) {
    return { ok: false, reason: 'signature-malformed' };
  }
  return constantTimeEqual(expected, given) ? { ok: true } : { ok: false, reason: 'signature-mismatch' };
}
