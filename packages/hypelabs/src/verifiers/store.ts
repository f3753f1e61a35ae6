import { type Clock, constantTimeEqual, systemClock } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import type { Store } from '@x/http/store';
import * as v from 'valibot';
import { callable, wholeNumber } from '../option-shapes.ts';
import { accessTokenDigest, accessTokenKey, parseStoredAccessToken } from './access-token-store.ts';
import { outage } from './outage.ts';
import type { Verifier } from './verifier.ts';

/** Options of {@link storeVerifier}. */
export interface StoreVerifierOptions {
  /** Where `saveAccessToken` put the tokens; anything with its `get` will do. */
  readonly store: Pick<Store, 'get'>;
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
  /** Milliseconds that the issuing server's clock may be behind, 0 to 300,000; default 30,000. */
  readonly clockToleranceMs?: number | undefined;
}

const OptionsShape = v.strictObject({
  store: v.custom<Pick<Store, 'get'>>(
    (value) => typeof (value as Partial<Store> | null)?.get === 'function',
    'must have a method get',
  ),
  clock: v.optional(callable<Clock>(), () => systemClock),
  clockToleranceMs: v.optional(wholeNumber(0, 300_000), 30_000),
});

/**
 * Makes a verifier of opaque tokens that a store knows by their SHA-256.
 *
 * A leaked store gives no token away. The digest inside the record is compared with the token's own, so that a store
 * whose keys are not compared byte by byte — a database without regard to case — cannot give another token's record.
 *
 * @returns A verifier that throws what the store throws, and an error with the code `store.record-malformed`.
 * @throws {TypeError | RangeError} Naming the option.
 * @see HypeLabs fact sheet §6.1.
 */
export function storeVerifier(options: StoreVerifierOptions): Verifier {
  const { store, clock, clockToleranceMs } = checkOptions(OptionsShape, options);
  return async ({ accessToken }) => {
    const value = (await store.get(accessTokenKey(accessToken))) ?? undefined;
    if (value === undefined) return { active: false, reason: 'token-unknown' };
    const record = parseStoredAccessToken(value);
    if (record === undefined) throw outage('store.record-malformed', 'the record of an access token is malformed');
    if (!constantTimeEqual(record.digest, accessTokenDigest(accessToken))) {
      return { active: false, reason: 'token-unknown' };
    }
    if (!(record.expiresAtMs > clock() - clockToleranceMs)) return { active: false, reason: 'token-expired' };
    const { subject, userIdentifier, scope } = record;
    return { active: true, subject, userIdentifier, claims: scope === undefined ? {} : { scope } };
  };
}
