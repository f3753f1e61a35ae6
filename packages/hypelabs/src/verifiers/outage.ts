import { withoutMessages } from '../failure-name.ts';
import type { FetchJsonReason } from './fetch-json.ts';

/** Why a verifier of this package could not judge a token. */
export type OutageCode =
  | 'store.record-malformed'
  | 'introspection.not-object'
  | `introspection.${FetchJsonReason}`
  | 'jwks.malformed'
  | `jwks.${FetchJsonReason}`;

/**
 * Makes the error that a verifier throws when it cannot judge.
 *
 * The handler answers 503 and tells `code` to `onEvent` as `detail`; `introspection.unauthorized` means that the
 * authorization server refuses our own credentials, which no device can help. Of `cause` the names are kept and no
 * message, which may quote the request.
 */
export function outage(code: OutageCode, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: withoutMessages(cause) });
  return Object.assign(error, { name: 'VerifierOutage', code });
}
