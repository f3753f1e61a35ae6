export type { DeniedStatus } from './answer.ts';
export type {
  Decision,
  DecisionFacts,
  DecisionReason,
  DenialReason,
  OutageReason,
  RefusalReason,
  RequestReason,
} from './decision.ts';
export { createAuthorizationHandler } from './handler.ts';
export type { AuthorizationApp, CreateAuthorizationHandlerOptions } from './options.ts';
export { fingerprintToken } from './token-fingerprint.ts';
export {
  type AccessTokenGrant,
  accessTokenDigest,
  accessTokenKey,
  removeAccessToken,
  type StoredAccessToken,
  saveAccessToken,
} from './verifiers/access-token-store.ts';
export {
  type IntrospectionVerifierOptions,
  introspectionVerifier,
} from './verifiers/introspection.ts';
export type { IntrospectionClient } from './verifiers/introspection-client.ts';
export { type JwtVerifierOptions, jwtVerifier } from './verifiers/jwt.ts';
export type { OutageCode } from './verifiers/outage.ts';
export { type StoreVerifierOptions, storeVerifier } from './verifiers/store.ts';
export type {
  ActiveToken,
  InactiveToken,
  PresentedToken,
  TokenReason,
  Verifier,
  VerifierResult,
} from './verifiers/verifier.ts';
