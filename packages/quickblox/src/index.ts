export type { CallOptions, QuickBloxClient } from './client.ts';
export { isQuickBloxFault, type QuickBloxErrorCode, type QuickBloxFault } from './fault.ts';
export type {
  ApplicationLogin,
  CustomLogin,
  EmailLogin,
  FacebookLogin,
  FirebasePhoneLogin,
  Login,
  LoginSource,
  PasswordLogin,
  TwitterLogin,
  UserLogin,
} from './login.ts';
export type { ApiKeyOnly, ApplicationOptions, CreateQuickBloxOptions, SessionKeys } from './options.ts';
export { createQuickBlox, type QuickBlox, type ServerOptions } from './quickblox.ts';
export type { Session } from './schemas/session.ts';
export type { User } from './schemas/user.ts';
export type { UserToken } from './schemas/user-token.ts';
export type { QuickBloxSession, SessionInfo } from './session.ts';
export {
  normalizeParameters,
  type ParameterValue,
  type SessionParameters,
  type SessionSignature,
  type SignatureHash,
  type SignSessionOptions,
  signSession,
} from './signature/index.ts';
