export { isXError } from '@x/http';
export type { NexudusClient } from './client.ts';
export { basicAuthorization, deriveAccessToken } from './credential.ts';
export { isNexudusFault, type NexudusErrorCode, type NexudusFault } from './fault.ts';
export type { InstallOrder } from './install/check-value.ts';
export type { InstallHints } from './install/hints.ts';
export type { TokenShape, VerifyInstallOptions } from './install/install-policy.ts';
export {
  type InstallParameter,
  type InstallSource,
  type RefusedInstall,
  type VerifiedInstall,
  type VerifyInstallReason,
  type VerifyInstallResult,
  verifyInstall,
} from './install/verify-install.ts';
export { createNexudus, type Installation, type Nexudus } from './nexudus.ts';
export type { CreateNexudusOptions } from './options.ts';
export type { CommandRequest } from './resources.ts';
export type { SecretOption } from './secrets.ts';
