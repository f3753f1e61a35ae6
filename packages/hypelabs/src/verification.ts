import type { JsonObject } from '@x/crypto';
import { runCallback } from '@x/http/server';
import type { DenialReason, OutageReason } from './decision.ts';
import { nameFailure } from './failure-name.ts';
import { isUserIdentifier } from './user-identifier.ts';
import type { ActiveToken, PresentedToken, TokenReason, Verifier } from './verifiers/verifier.ts';

/** What came of asking a verifier. */
export type Verification =
  | { readonly ok: true; readonly token: ActiveToken }
  | { readonly ok: false; readonly reason: DenialReason | OutageReason; readonly detail?: string | undefined };

/**
 * Asks a verifier, with an end to it.
 *
 * Whatever is not a plain yes or no — an exception, an answer of another shape, silence — is an outage, never a yes.
 *
 * @param deadlineMs Milliseconds that the verifier may take.
 * @param signal Ends the work earlier.
 * @returns The active token, or why there is none. Never throws.
 * @see HypeLabs fact sheet §5 rows 3 and 16, §9 rows 52, 53 and 59.
 */
export async function verifyToken(
  verifier: Verifier,
  presented: Omit<PresentedToken, 'signal'>,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<Verification> {
  const ask = async (ended: AbortSignal): Promise<Verification> =>
    judge(await verifier({ ...presented, signal: ended }));
  const done = await runCallback(ask, { deadlineMs, signal });
  if (done.ok) return done.value;
  if (done.reason === 'failed') return { ok: false, reason: 'verifier-failed', detail: nameFailure(done.error) };
  return { ok: false, reason: done.reason === 'aborted' ? 'aborted' : 'verifier-too-slow' };
}

function judge(result: unknown): Verification {
  if (isObject(result)) {
    if (result['active'] === false) return { ok: false, reason: toTokenReason(result['reason']) };
    const token = result['active'] === true ? toActiveToken(result) : undefined;
    if (token !== undefined) return { ok: true, token };
  }
  return { ok: false, reason: 'verifier-result-malformed' };
}

/** Null counts as absent: it is what a column without a value gives. */
function toActiveToken(result: Record<string, unknown>): ActiveToken | undefined {
  const userIdentifier = result['userIdentifier'] ?? undefined;
  const claims = result['claims'] ?? undefined;
  const subject = result['subject'] ?? undefined;
  if (userIdentifier !== undefined && !isUserIdentifier(userIdentifier)) return undefined;
  if (claims !== undefined && !isObject(claims)) return undefined;
  if (subject !== undefined && typeof subject !== 'string') return undefined;
  return { active: true, subject, userIdentifier, claims: claims as JsonObject | undefined };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const tokenReasons: readonly string[] = [
  'token-inactive',
  'token-unknown',
  'token-malformed',
  'token-expired',
  'token-not-yet-valid',
  'token-revoked',
  'token-untrusted',
  'token-misdirected',
  'token-incomplete',
] satisfies TokenReason[];

/** The list of reasons is closed for those who read events, also when a verifier was written without types. */
function toTokenReason(reason: unknown): TokenReason {
  return tokenReasons.includes(reason as string) ? (reason as TokenReason) : 'token-inactive';
}
