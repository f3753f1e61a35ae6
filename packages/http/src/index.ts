export { type CreateClientOptions, createClient } from './client.ts';
export { contractError, parse } from './contract.ts';
export {
  type Credential,
  type CredentialAnswer,
  type HeaderFields,
  staticCredential,
} from './credential.ts';
export {
  type AnyXError,
  ContractError,
  type ContractIssue,
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorReason,
  type HttpErrorCode,
  isXError,
  type RateLimited,
  RequestError,
  type RequestErrorCode,
  ResponseError,
  type ResponseErrorInit,
  XError,
  type XErrorInit,
} from './errors.ts';
export { type ClientEvent, type CredentialEvent, type ExchangeEvent, emit } from './events.ts';
export type { FaultAnswer } from './failed-answer.ts';
export { parseHttpDate } from './http-date.ts';
export type { MapFault, MappedFault } from './map-error.ts';
export {
  headerCursor,
  type PageCursor,
  type PageNumberOptions,
  type PagePosition,
  type PageStrategy,
  type Pages,
  type PaginateOptions,
  pageNumber,
  paginate,
  type SkipLimitOptions,
  skipLimit,
} from './paginate.ts';
export type { AcquireRequest, RateLimiter, Sleep } from './rate-limiter/contract.ts';
export type { SizedRateLimiter } from './rate-limiter/limiter-of-lines.ts';
export { isRateLimited } from './rate-limiter/rate-limited.ts';
export type { RateWindow } from './rate-limiter/window.ts';
export { type LimitedRequest, type WithRateLimitOptions, withRateLimit } from './rate-limiter/with-rate-limit.ts';
export { type CreateRateLimiterOptions, createRateLimiter } from './rate-limiter.ts';
export { renewableCredential } from './renewable-credential.ts';
export type { RenewableCredential, RenewableCredentialOptions } from './renewable-credential-options.ts';
export { defaultRetryPolicy, isRetryable, type RetryPolicy } from './retry.ts';
export { createServerTime, type ServerTime } from './server-time.ts';
export type { StandardIssue, StandardSchema } from './standard-schema.ts';
