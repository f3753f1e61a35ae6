export type { ParameterValue, SessionParameters } from '../parameters.ts';
export { type BodyEncoding, type FormatSessionBodyOptions, formatSessionBody, type SessionBody } from './body.ts';
export {
  normalizeParameters,
  type SessionSignature,
  type SignatureHash,
  type SignSessionOptions,
  signSession,
} from './sign.ts';
