import type { JsonObject } from '@x/crypto';

/** What a verifier is asked. */
export interface PresentedToken {
  /** Up to 8,192 characters; for the type `bearer` of the alphabet of RFC 6750. */
  readonly accessToken: string;
  /** In lower case, one of `allowedTokenTypes`: `bearer`. */
  readonly tokenType: string;
  /** What the client app claims and nothing proves; undefined when it claims nobody. */
  readonly userIdentifier: number | undefined;
  /** Name of the app whose credentials the caller presented. */
  readonly app: string;
  /** Aborted when the deadline passes or the caller goes away. */
  readonly signal: AbortSignal;
}

/** Why a verifier does not accept a token. `token-inactive` stands for whatever has no reason of its own. */
export type TokenReason =
  | 'token-inactive'
  | 'token-unknown'
  | 'token-malformed'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-revoked'
  /** Signature, key, algorithm or kind of token. */
  | 'token-untrusted'
  /** Made for or by somebody else: issuer, audience, client. */
  | 'token-misdirected'
  /** A claim that must be there is missing or unreadable. */
  | 'token-incomplete';

/** A token that is good now. */
export interface ActiveToken {
  readonly active: true;
  /** Whom the authorization server knows the user as. */
  readonly subject?: string | undefined;
  /**
   * The SDK's user identifier that belongs to the token. Report it whenever you can: a request that claims another one
   * is denied, and without it any user can ask for a certificate in another user's name, unless the handler has
   * `requireBoundUserIdentifier`.
   */
  readonly userIdentifier?: number | undefined;
  /** What the token says: `scope` is compared with `requiredScopes`; with `cnf` the token is denied. Default none. */
  readonly claims?: JsonObject | undefined;
}

/** A token that is not good. */
export interface InactiveToken {
  readonly active: false;
  readonly reason: TokenReason;
}

/** What a verifier says of a token. */
export type VerifierResult = ActiveToken | InactiveToken;

/**
 * Judges an access token.
 *
 * Answers `active: false` only for a fact about the token. An outage — the authorization server cannot be asked, or
 * refuses to be asked by us — is thrown, and HypeLabs is told to come back later.
 *
 * @see HypeLabs fact sheet §6.
 */
export type Verifier = (presented: PresentedToken) => VerifierResult | Promise<VerifierResult>;
