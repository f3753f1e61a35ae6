import { json } from '@x/http/server';

/** What an error body says: `{"error": code}` and nothing else. @see Hub fact sheet §11 */
export type HubErrorCode =
  | 'bad_request'
  | 'untrusted_hub'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'upstream_error'
  | 'internal_error';

/** Answers with an error code; nothing of the request is repeated. */
export function refuse(status: number, code: HubErrorCode, headers: Readonly<Record<string, string>> = {}): Response {
  return json(bodyOf(code), { status, headers });
}

/** The body that tells an error code. */
export function bodyOf(code: HubErrorCode): { readonly error: HubErrorCode } {
  return { error: code };
}
