export { basicAuthorization, deriveAccessToken } from '../credential.ts';
export type { SecretOption } from '../secrets.ts';
export type { InstallOrder } from './check-value.ts';
export type { InstallHints } from './hints.ts';
export type { TokenShape, VerifyInstallOptions } from './install-policy.ts';
export { parseTicks, ticksToUnixMs, unixMsToTicks } from './ticks.ts';
export {
  type InstallParameter,
  type InstallSource,
  type RefusedInstall,
  type VerifiedInstall,
  type VerifyInstallReason,
  type VerifyInstallResult,
  verifyInstall,
} from './verify-install.ts';
