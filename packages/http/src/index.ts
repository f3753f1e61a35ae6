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
  type HttpErrorCode,
  isXError,
  RequestError,
  type RequestErrorCode,
  ResponseError,
  type ResponseErrorInit,
  XError,
  type XErrorInit,
} from './errors.ts';
export { type ClientEvent, type CredentialEvent, emit } from './events.ts';
export type { MapFault, MappedFault } from './map-error.ts';
export {
  type RenewableCredential,
  type RenewableCredentialOptions,
  renewableCredential,
} from './renewable-credential.ts';
export { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
export type { StandardIssue, StandardSchema } from './standard-schema.ts';
export type { FaultAnswer } from './transport.ts';
