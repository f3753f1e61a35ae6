export { ErrorBody, type ErrorBodyWire, type ErrorTexts } from './schemas/error-body.ts';
export { Session, SessionEnvelope, type SessionEnvelopeWire, type SessionWire } from './schemas/session.ts';
export {
  User,
  UserEnvelope,
  type UserEnvelopeWire,
  UserPage,
  type UserPageWire,
  type UserWire,
} from './schemas/user.ts';
export { UserToken, type UserTokenWire } from './schemas/user-token.ts';
