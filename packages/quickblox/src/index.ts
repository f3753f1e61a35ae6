export { isXError, type XError } from '@x/http';
export type { CallOptions, QuickBloxClient } from './client.ts';
export type { QuickBloxEvent } from './events.ts';
export { isQuickBloxFault, type QuickBloxErrorCode, type QuickBloxFault } from './fault.ts';
export type {
  ApplicationLogin,
  CustomLogin,
  EmailLogin,
  FacebookLogin,
  FirebasePhoneLogin,
  IdentityProviderLogin,
  Login,
  LoginSource,
  PasswordLogin,
  ProviderLogin,
  TwitterLogin,
  UserLogin,
} from './login.ts';
export type { ApiKeyOnly, ApplicationOptions, CreateQuickBloxOptions, SessionKeys } from './options.ts';
export type { ParameterValue, SessionParameters } from './parameters.ts';
export { createPlanLimiter, type PlanLimiterOptions, type QuickBloxPlan } from './plan-limiter.ts';
export { createQuickBlox, type QuickBlox, type ServerOptions } from './quickblox.ts';
export type { AccountSettings } from './schemas/account-settings.ts';
export type { Session } from './schemas/session.ts';
export type { User } from './schemas/user.ts';
export type { UserToken } from './schemas/user-token.ts';
export type { QuickBloxSession, SessionInfo } from './session.ts';
export type { BodyEncoding } from './signature/body.ts';
export {
  normalizeParameters,
  type SessionSignature,
  type SignatureHash,
  type SignSessionOptions,
  signSession,
} from './signature/sign.ts';
export type { UserTokenPaths } from './user-token.ts';
