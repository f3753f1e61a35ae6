import { redactCause } from './redact.ts';

/** Codes of failures that every provider's client can report. Providers add their own, written `provider.reason`. */
export type HttpErrorCode =
  | 'http.network'
  | 'http.timeout'
  | 'http.aborted'
  | 'http.unauthorized'
  | 'http.forbidden'
  | 'http.not-found'
  | 'http.conflict'
  | 'http.rate-limited'
  | 'http.rejected'
  | 'http.server'
  | 'http.contract-broken'
  | 'credential.refused'
  | 'credential.expired'
  | 'credential.revoked'
  | 'credential.superseded'
  | 'credential.renewal-failed';

/** Codes of a {@link RequestError}: no answer arrived. */
export type RequestErrorCode = 'http.network' | 'http.timeout' | 'http.aborted';

/** Codes of a {@link CredentialError}. */
export type CredentialErrorCode =
  | 'credential.refused'
  | 'credential.expired'
  | 'credential.revoked'
  /** Another identity has taken the credential's place since the call began, and the call is not repeated as it. */
  | 'credential.superseded'
  | 'credential.renewal-failed';

/**
 * Why a {@link CredentialError} is certain, where the code alone does not say it.
 *
 * - `answer-lost`: the provider was asked to renew, and its answer never arrived. It may have replaced the credential,
 *   so the old one may be spent; asking again with it would look like theft.
 */
export type CredentialErrorReason = 'answer-lost';

/** What every error carries. */
export interface XErrorInit<Code extends string = string> {
  /** The contract of the error; it never changes its meaning. */
  readonly code: Code;
  /** The provider whose client failed, for example `hubrise`. */
  readonly provider: string;
  /** Text for people: what failed and what was expected; no secret, body or query string. */
  readonly message: string;
  /** Kept as it is where it is an error of this family; of any other, class, platform code and places in files are. */
  readonly cause?: unknown;
}

const mark = Symbol.for('@x/http.XError');

/**
 * The base of every error that this repository's clients reject with.
 *
 * Its JSON and inspected forms hold nothing but name, code, provider and message, and what a subclass adds.
 */
export class XError extends Error {
  override readonly name: string = 'XError';
  readonly code: string;
  readonly provider: string;

  constructor({ code, provider, message, cause }: XErrorInit) {
    super(message, cause === undefined ? undefined : { cause: isXError(cause) ? cause : redactCause(cause) });
    this.code = code;
    this.provider = provider;
    Object.defineProperty(this, mark, { value: true });
  }

  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, provider: this.provider, message: this.message };
  }
}

/** No answer arrived: the network failed, a timeout passed or the caller aborted. */
export class RequestError extends XError {
  override readonly name: string = 'RequestError';
  declare readonly code: RequestErrorCode;

  constructor(init: XErrorInit<RequestErrorCode>) {
    super(init);
  }
}

/** What a {@link ResponseError} is made from. */
export interface ResponseErrorInit<Fault = unknown> extends XErrorInit {
  readonly status: number;
  readonly fault?: Fault | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
}

/**
 * The provider answered with a failure.
 *
 * The body is kept only as `fault`, in the shape that the provider's package documents. It is there to be read and
 * shows in no printed form of the error, hidden properties included, unless the printer is told to run getters.
 */
export class ResponseError<Fault = unknown> extends XError {
  override readonly name: string = 'ResponseError';
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Milliseconds to wait before another try, where the provider said so. */
  readonly retryAfterMs: number | undefined;
  /** The provider's own id of the request, where `x-request-id` has one: 1 to 128 of `A-Z a-z 0-9 _ . : -`. */
  readonly requestId: string | undefined;
  readonly #fault: Fault | undefined;

  constructor(init: ResponseErrorInit<Fault>) {
    super(init);
    this.status = init.status;
    this.retryAfterMs = init.retryAfterMs;
    this.requestId = init.requestId;
    this.#fault = init.fault;
  }

  /** The provider's error body, parsed. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  override toJSON(): Record<string, unknown> {
    const { status, retryAfterMs, requestId } = this;
    return { ...super.toJSON(), status, retryAfterMs, requestId };
  }
}

/** One place where an answer differs from its schema. */
export interface ContractIssue {
  /** Where, as `items[0].id`; empty for the whole answer. */
  readonly path: string;
  /** What the schema wants there. The value that was seen is never told. */
  readonly expected: string;
}

/** The provider answered with success, but not in the documented shape. */
export class ContractError extends XError {
  override readonly name: string = 'ContractError';
  declare readonly code: 'http.contract-broken';
  readonly issues: readonly ContractIssue[];

  constructor(init: Omit<XErrorInit, 'code'> & { readonly issues: readonly ContractIssue[] }) {
    super({ ...init, code: 'http.contract-broken' });
    this.issues = init.issues;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), issues: this.issues };
  }
}

/** A credential could not be issued or renewed, and `cause` tells why; or it is no longer the one to be used. */
export class CredentialError extends XError {
  override readonly name: string = 'CredentialError';
  declare readonly code: CredentialErrorCode;
  /** See {@link CredentialErrorReason}; undefined for most. */
  readonly reason: CredentialErrorReason | undefined;

  constructor(init: XErrorInit<CredentialErrorCode> & { readonly reason?: CredentialErrorReason | undefined }) {
    super(init);
    this.reason = init.reason;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), ...(this.reason === undefined ? {} : { reason: this.reason }) };
  }
}

/** A request that was refused for its rate: by the provider, or by a limiter before it was sent, without a status then. */
export type RateLimited = XError & {
  readonly code: 'http.rate-limited';
  /** Milliseconds after which another try may succeed, where that is known. A limiter always knows. */
  readonly retryAfterMs: number | undefined;
};

/** Every error that a client of this repository rejects with; switch on `code`. The last is that of a limiter. */
export type AnyXError = RequestError | ResponseError | ContractError | CredentialError | RateLimited;

/**
 * Tells whether a value is an error of this family, also one made by another installed copy of this package.
 *
 * Its type is every such error that there is, so that a look at `code` narrows it: after `code === 'http.rate-limited'`
 * there is `retryAfterMs`. `'status' in error` tells an answer of the provider's.
 */
export function isXError(value: unknown): value is AnyXError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[mark] === true;
}
