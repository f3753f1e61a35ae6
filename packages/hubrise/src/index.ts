export { isXError } from '@x/http';
export {
  type AuthorizeClient,
  type AuthorizeRequest,
  type AuthorizeTarget,
  authorizeUrl,
  outOfBand,
  type SignUpPrefill,
} from './authorize.ts';
export type { CallOptions } from './call-options.ts';
export type { ConnectedClient, HubRiseClient } from './client.ts';
export { type CodeReason, type ParseCodeResult, parseCode } from './code.ts';
export { type HubRiseErrorCode, isHubRiseFault } from './fault.ts';
export { createHubRise, type HubRise } from './hubrise.ts';
export type { CreateHubRiseOptions } from './options.ts';
export type { HubRiseFault } from './read-fault.ts';
export { parseRedirect, type RedirectError, type RedirectReason, type RedirectResult } from './redirect.ts';
export type { Revoke } from './revoke.ts';
export type { ConnectedThing, Connection } from './schemas/connection.ts';
export {
  type AccessLevel,
  canonicalizeScope,
  coversScope,
  formatScope,
  type ParseScopeResult,
  type Permission,
  type Permissions,
  type Profile,
  parseScope,
  type Resource,
  type Right,
  type Scope,
  type ScopeReason,
  type ScopeWarning,
} from './scope/index.ts';
export type { Exchange } from './token.ts';
