import type { JsonObject, JsonValue } from '@x/crypto';
import { ownMember } from '@x/http/server';
import { readUserIdentifier } from '../user-identifier.ts';
import type { TokenReason, VerifierResult } from './verifier.ts';

/** What both kinds of claims, introspected and signed, are looked at with. */
export interface ClaimRules {
  /** Claims that must be there and not null. */
  readonly requiredClaims: readonly string[];
  /** The claim that holds the SDK's user identifier. */
  readonly userIdentifierClaim: string;
}

/** Reads a claim that the object itself has; null counts as absent. */
export function claimOf(claims: JsonObject, name: string): JsonValue | undefined {
  return ownMember(claims, name) ?? undefined;
}

/** Names of times, which are seconds since 1970, by RFC 7519 §4.1 and RFC 7662 §2.2. */
const timeClaims = ['exp', 'nbf', 'iat'] as const;

/**
 * Checks the times that a token carries; absent ones are not missed here.
 *
 * @param toleranceMs Milliseconds of clock difference that are forgiven either way.
 * @returns Why the token is not good now; undefined when it is.
 * @see HypeLabs fact sheet §8 item 23.
 */
export function checkTimes(claims: JsonObject, nowMs: number, toleranceMs: number): TokenReason | undefined {
  const [expiresAt, notBefore, issuedAt] = timeClaims.map((name) => claimOf(claims, name) ?? null);
  for (const time of [expiresAt, notBefore, issuedAt]) {
    if (time !== null && !Number.isFinite(time)) return 'token-incomplete';
  }
  // written so that a clock that is none lets nothing pass
  if (typeof expiresAt === 'number' && !(expiresAt * 1000 > nowMs - toleranceMs)) return 'token-expired';
  const start = Math.max(Number(notBefore ?? 0), Number(issuedAt ?? 0));
  return start * 1000 <= nowMs + toleranceMs ? undefined : 'token-not-yet-valid';
}

/** Tells whether a claim is one of the texts; what reads like one, as a list of it does, is not. */
export function isOneOf(expected: readonly string[], claim: JsonValue | undefined): boolean {
  return typeof claim === 'string' && expected.includes(claim);
}

/** Tells whether an `aud` claim, one text or a list, names one of the audiences. */
export function namesAudience(audience: JsonValue | undefined, expected: readonly string[]): boolean {
  const named: readonly (JsonValue | undefined)[] = Array.isArray(audience) ? audience : [audience];
  return named.some((name) => isOneOf(expected, name));
}

/** Turns claims that passed every other check into a verifier's answer. */
export function toResult(claims: JsonObject, { requiredClaims, userIdentifierClaim }: ClaimRules): VerifierResult {
  const isComplete = requiredClaims.every((name) => claimOf(claims, name) !== undefined);
  const userIdentifier = readUserIdentifier(claimOf(claims, userIdentifierClaim));
  if (!isComplete || !userIdentifier.ok) return { active: false, reason: 'token-incomplete' };
  const subject = claimOf(claims, 'sub');
  return {
    active: true,
    subject: typeof subject === 'string' ? subject : undefined,
    userIdentifier: userIdentifier.value,
    claims,
  };
}
