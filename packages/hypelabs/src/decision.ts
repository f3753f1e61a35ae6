import type { JsonReason } from '@x/http/server';
import type { AnswerKind } from './answer.ts';
import type { TokenReason } from './verifiers/verifier.ts';

/** The request is not one that HypeLabs sends. */
export type RequestReason =
  | 'method-not-allowed'
  | 'media-type-unsupported'
  | 'charset-unsupported'
  | JsonReason
  | 'body-not-object'
  | 'member-repeated'
  /** A form whose percent-encoding is none, or spells no UTF-8. */
  | 'member-malformed'
  /** `api_secret` and `api_password` are both there and differ. */
  | 'secret-ambiguous'
  | 'access-token-not-text'
  | 'token-type-not-text'
  | 'user-identifier-malformed';

/** The answer is no. All of these look the same to the caller. */
export type DenialReason =
  | 'source-refused'
  /** User and secret belong to no app; which half is wrong is told to nobody. */
  | 'caller-unknown'
  /** Also what a development token looks like when an app returns it in production. */
  | 'token-type-missing'
  | 'token-type-refused'
  | 'token-missing'
  | 'token-too-long'
  | TokenReason
  /** Proof of possession cannot be shown by a certification service that passes the token on. */
  | 'token-sender-constrained'
  | 'user-identifier-missing'
  /** The verifier does not say whose token it is. */
  | 'user-identifier-unbound'
  | 'user-identifier-mismatch'
  | 'scope-missing';

/** There is no answer now; nothing is allowed either. */
export type OutageReason =
  | 'verifier-failed'
  | 'verifier-too-slow'
  | 'verifier-result-malformed'
  | 'deadline'
  | 'aborted'
  | 'internal-error';

/** Why a request was not allowed. */
export type RefusalReason = RequestReason | DenialReason | OutageReason;

/** Why a request was answered as it was. */
export type DecisionReason = 'allowed' | RefusalReason;

/** What became known of a request before it was decided. */
export interface DecisionFacts {
  /** Name of the app; undefined for a caller that is not authenticated. */
  readonly app: string | undefined;
  /** Personal data. Undefined until the caller is authenticated, and when there is none. */
  readonly userIdentifier: number | undefined;
  /** 64 bits of the SHA-256 of `access_token`, in hex; undefined like the user identifier. */
  readonly tokenFingerprint: string | undefined;
  /** Code or class of what a verifier, or `isSourceAllowed`, threw, never its message; undefined otherwise. */
  readonly detail: string | undefined;
}

/** One decision, as `onEvent` is told: no secret and no token. */
export type Decision = DecisionFacts & {
  readonly type: 'authorization-decided';
  readonly provider: 'hypelabs';
  /** Milliseconds by the handler's clock. */
  readonly durationMs: number;
  /** The status that was answered. */
  readonly status: number;
} & (
    | { readonly allowed: true; readonly reason: 'allowed' }
    | { readonly allowed: false; readonly reason: RefusalReason }
  );

/** The one table from reasons to answers. */
export const answerByReason: Readonly<Record<DecisionReason, AnswerKind>> = {
  allowed: 'allowed',

  'method-not-allowed': 'method-not-allowed',
  'media-type-unsupported': 'unsupported-media-type',
  'charset-unsupported': 'unsupported-media-type',
  'body-encoded': 'unsupported-media-type',
  'body-too-large': 'payload-too-large',
  'body-unreadable': 'bad-request',
  'body-not-utf8': 'bad-request',
  'body-not-json': 'bad-request',
  'body-too-deep': 'bad-request',
  'body-not-object': 'bad-request',
  'member-repeated': 'bad-request',
  'member-malformed': 'bad-request',
  'secret-ambiguous': 'bad-request',
  'access-token-not-text': 'bad-request',
  'token-type-not-text': 'bad-request',
  'user-identifier-malformed': 'bad-request',

  'source-refused': 'denied',
  'caller-unknown': 'denied',
  'token-type-missing': 'denied',
  'token-type-refused': 'denied',
  'token-missing': 'denied',
  'token-too-long': 'denied',
  'token-inactive': 'denied',
  'token-unknown': 'denied',
  'token-malformed': 'denied',
  'token-expired': 'denied',
  'token-not-yet-valid': 'denied',
  'token-revoked': 'denied',
  'token-untrusted': 'denied',
  'token-misdirected': 'denied',
  'token-incomplete': 'denied',
  'token-sender-constrained': 'denied',
  'user-identifier-missing': 'denied',
  'user-identifier-unbound': 'denied',
  'user-identifier-mismatch': 'denied',
  'scope-missing': 'denied',

  'verifier-failed': 'unavailable',
  'verifier-too-slow': 'unavailable',
  'verifier-result-malformed': 'unavailable',
  deadline: 'unavailable',
  aborted: 'unavailable',
  'internal-error': 'internal-error',
};
