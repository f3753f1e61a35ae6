import type { TokenReason } from './verifier.ts';

/** Failures that concern the token. Whatever else is thrown concerns us, and is an outage. */
const reasons: Readonly<Record<string, TokenReason>> = {
  ERR_JWT_EXPIRED: 'token-expired',
  ERR_JWT_INVALID: 'token-malformed',
  ERR_JWS_INVALID: 'token-malformed',
  ERR_JOSE_ALG_NOT_ALLOWED: 'token-untrusted',
  ERR_JOSE_NOT_SUPPORTED: 'token-untrusted',
  ERR_JWKS_NO_MATCHING_KEY: 'token-untrusted',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'token-untrusted',
};

/** Failures of claims, by the claim. */
const claimReasons: Readonly<Record<string, TokenReason>> = {
  typ: 'token-untrusted',
  iss: 'token-misdirected',
  aud: 'token-misdirected',
  nbf: 'token-not-yet-valid',
};

/**
 * Reads from `jose`'s error what is wrong with a token.
 *
 * @throws The error itself when it is not about the token: no keys, a key that cannot be used.
 */
export function jwtFailure(error: unknown): TokenReason {
  const { code, claim, reason } = Object(error) as { code?: unknown; claim?: unknown; reason?: unknown };
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    const isCompared = reason === 'check_failed';
    return (isCompared ? claimReasons[String(claim)] : undefined) ?? 'token-incomplete';
  }
  const known = reasons[String(code)];
  if (known === undefined) throw error;
  return known;
}
