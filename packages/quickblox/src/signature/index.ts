export type { ParameterValue, SessionParameters } from '../parameters.ts';
export { type BodyEncoding, type FormatSessionBodyOptions, formatSessionBody, type SessionBody } from './body.ts';
export { type ExplainSignatureOptions, explainSignature, type SignatureExplanation } from './explain.ts';
export type { SignatureFinding, SignatureMistake } from './findings.ts';
export {
  normalizeParameters,
  type SessionSignature,
  type SignatureHash,
  type SignSessionOptions,
  signSession,
} from './sign.ts';
export { type SessionSignatureReason, type VerifySessionSignatureResult, verifySessionSignature } from './verify.ts';
