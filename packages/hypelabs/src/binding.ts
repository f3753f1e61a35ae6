import type { JsonObject } from '@x/crypto';
import { ownMember } from '@x/http/server';
import type { DenialReason } from './decision.ts';
import type { ActiveToken } from './verifiers/verifier.ts';

/** What an active token must also fit. */
export interface BindingRules {
  readonly requireUserIdentifier: boolean;
  readonly requireBoundUserIdentifier: boolean;
  readonly requiredScopes: readonly string[];
}

/**
 * Checks that an active token may be used by this device, for this purpose.
 *
 * @param userIdentifier What the request claims.
 * @returns Why not; undefined when it may.
 * @see HypeLabs fact sheet §6.4.
 */
export function checkBinding(
  token: ActiveToken,
  userIdentifier: number | undefined,
  rules: BindingRules,
): DenialReason | undefined {
  const claims = token.claims ?? {};
  if (isSenderConstrained(claims)) return 'token-sender-constrained';
  if (rules.requireUserIdentifier && userIdentifier === undefined) return 'user-identifier-missing';
  const proved = token.userIdentifier;
  if (rules.requireBoundUserIdentifier && proved === undefined) return 'user-identifier-unbound';
  if (proved !== undefined && userIdentifier !== undefined && proved !== userIdentifier) {
    return 'user-identifier-mismatch';
  }
  const scopes = scopesOf(claims);
  return rules.requiredScopes.every((scope) => scopes.has(scope)) ? undefined : 'scope-missing';
}

/** RFC 7800 §3.1 and RFC 9449 §6: such a token needs a proof of possession that does not reach this handler. */
function isSenderConstrained(claims: JsonObject): boolean {
  if (Object.hasOwn(claims, 'cnf')) return true; // whatever it holds, also undefined from a verifier of the app's own
  const type = ownMember(claims, 'token_type');
  return typeof type === 'string' && type.toLowerCase() === 'dpop';
}

/** RFC 8693 §4.2: one text, separated by spaces. */
function scopesOf(claims: JsonObject): ReadonlySet<string> {
  const scope = ownMember(claims, 'scope');
  return new Set(typeof scope === 'string' ? scope.split(' ') : []);
}
