import type { JsonValue } from '@x/crypto';

/** What is wrong with a token, or with the server that knows it; rows that need one are left out without it. */
export type TokenTrait =
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  | 'jwt-alg-none'
  | 'jwt-public-key-as-secret'
  | 'jwt-unknown-key'
  | 'jwt-typ'
  | 'jwt-id-token'
  | 'jwt-no-expiry'
  | 'jwt-wrong-issuer'
  | 'jwt-wrong-audience'
  | 'jwt-audience-list-without-us'
  | 'jwt-foreign-key-set'
  | 'sender-constrained'
  | 'introspection-active-as-text'
  | 'introspection-empty-object'
  | 'introspection-list'
  | 'introspection-unauthorized'
  | 'introspection-error'
  | 'introspection-html'
  | 'introspection-redirect'
  | 'introspection-slow'
  | 'key-set-slow'
  | 'verifier-throws'
  | 'verifier-rejects'
  | 'verifier-undefined'
  /** Its verification takes long enough for the caller to go away meanwhile. */
  | 'verifier-slow';

/** The same handler, set up differently. */
export type HostileVariant =
  /** With `requireUserIdentifier`. */
  | 'user-identifier-required'
  /** With an `onEvent` that throws. */
  | 'hook-throws'
  /** With something inside that throws, such as a clock. */
  | 'internal-error';

/** What the rows are made from: a request that is answered with 200, and what to spoil it with. */
export interface HostileContext {
  readonly members: Readonly<Record<string, JsonValue>>;
  readonly apiSecret: string;
  readonly accessToken: string;
  readonly userIdentifier: number;
  /** The secret of another app of the emulator. */
  readonly otherSecret: string | undefined;
  readonly otherUserIdentifier: number;
  /** As the good request writes it. */
  readonly tokenType: string;
  /** In lower case. */
  readonly allowedTokenTypes: ReadonlySet<string>;
  readonly tokens: Partial<Record<TokenTrait, string>>;
  /** How the service is set up. */
  readonly requireUserIdentifier: boolean;
  readonly acceptForm: boolean;
  /** Whether the service is called directly, so that a request can be one that no HTTP client sends. */
  readonly isDirect: boolean;
}

/** A request that is as it should be but for what is named. */
export interface HostileRequest {
  readonly method?: string;
  /** Null removes the content type. */
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members that replace those of the good request; undefined removes one. */
  readonly members?: Readonly<Record<string, JsonValue | undefined>>;
  /** Replaces the body. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly variant?: HostileVariant;
  /** The caller goes away after so many milliseconds. */
  readonly abortAfterMs?: number;
}

/**
 * `processed`: goes on, and with everything else right that is a 200. `processed-or-denied`: goes on, and the token may
 * be another user's. `denied`: the one denial.
 */
export type Expected =
  | 'processed'
  | 'processed-or-denied'
  | 'denied'
  | 'processed-or-400'
  | 'no-answer'
  | 400
  | 405
  | 413
  | 415
  | 500
  | 503;

/** One thing that a handler must survive. */
export interface HostileCase {
  /** Of HypeLabs fact sheet §9. */
  readonly row: number;
  readonly name: string;
  readonly expected: Expected;
  /** Builds the request; a text says why it cannot be built. */
  readonly build: (context: HostileContext) => HostileRequest | string;
}

/** A case whose request replaces members of the good one. */
export function membersCase(
  row: number,
  name: string,
  expected: Expected,
  members: Readonly<Record<string, JsonValue | undefined>>,
): HostileCase {
  return { row, name, expected, build: () => ({ members }) };
}

/** A case that presents a token with a trait. */
export function traitCase(row: number, name: string, expected: Expected, trait: TokenTrait): HostileCase {
  return {
    row,
    name,
    expected,
    build: ({ tokens }) => {
      const token = tokens[trait];
      return token === undefined ? `no token for ${trait}` : { members: { access_token: token } };
    },
  };
}
