import type { JsonObject } from '@x/crypto';
import { type JsonReason, ownMember, parseJsonObject, readBody, readMediaType } from '@x/http/server';
import type { HubErrorCode } from './refusal.ts';
import type { HubGrant, HubTokenReason, HubTokens } from './token.ts';

/** Why a request of Hub was refused. */
export type RequestReason =
  | 'path-unknown'
  | 'path-malformed'
  | 'property-unknown'
  | 'method-not-allowed'
  | 'content-type-unsupported'
  | JsonReason
  | 'body-not-object'
  | HubTokenReason
  | 'body-invalid'
  | 'deadline'
  /** Whoever asked went away before there was an answer. */
  | 'aborted';

/** A request that speaks for a user, or why it does not. */
export type DataRequestResult =
  | { readonly ok: true; readonly grant: HubGrant; readonly body: JsonObject }
  | { readonly ok: false; readonly reason: RequestReason };

const maxBytes = 65_536;
/** What a body is written in. */
export const mediaTypes: readonly string[] = ['application/json'];

/**
 * Reads a data request up to and including its token: content type, size, JSON, token, in this order.
 *
 * Nothing else of the body is looked at before the token holds, so that a stranger learns nothing about validation.
 *
 * @param options `username`: that of the path, where it has one. `signal`: stops the reading.
 * @returns Never rejects for anything that a stranger can send.
 * @see Hub fact sheet §11, "Order of checks"
 */
export async function readDataRequest(
  request: Request,
  options: { readonly tokens: HubTokens; readonly username: string | undefined; readonly signal: AbortSignal },
): Promise<DataRequestResult> {
  const body = await readObject(request, options.signal);
  if (!body.ok) return body;
  const usernames: unknown[] = new URL(request.url).searchParams.getAll('username');
  if (options.username !== undefined) usernames.push(options.username);
  const inBody = ownMember(body.value, 'username');
  if (inBody !== undefined) usernames.push(inBody);
  const verified = await options.tokens.verify({ auth: ownMember(body.value, 'auth'), usernames });
  return verified.ok ? { ok: true, grant: verified.grant, body: body.value } : verified;
}

/** Reads the body as a JSON object; no body at all is an object without members, because Hub may have no token. */
async function readObject(
  request: Request,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly reason: RequestReason }> {
  const media = readMediaType(request, mediaTypes);
  const unsupported = { ok: false, reason: 'content-type-unsupported' } as const;
  if (!media.ok && media.reason !== 'media-type-missing') return unsupported;
  const body = await readBody(request, { maxBytes, signal });
  if (!body.ok) return body;
  if (body.bytes.length === 0) return { ok: true, value: {} };
  return media.ok ? parseJsonObject(body.bytes) : unsupported;
}

const answers: Readonly<Record<string, readonly [status: number, code: HubErrorCode]>> = {
  'path-unknown': [404, 'not_found'],
  'property-unknown': [404, 'not_found'],
  'method-not-allowed': [405, 'method_not_allowed'],
  'content-type-unsupported': [415, 'unsupported_media_type'],
  'body-encoded': [415, 'unsupported_media_type'],
  'body-too-large': [413, 'payload_too_large'],
  'path-malformed': [400, 'bad_request'],
  'body-unreadable': [400, 'bad_request'],
  'body-not-utf8': [400, 'bad_request'],
  'body-not-json': [400, 'bad_request'],
  'body-too-deep': [400, 'bad_request'],
  'body-not-object': [400, 'bad_request'],
  'body-invalid': [400, 'bad_request'],
  deadline: [503, 'internal_error'],
  aborted: [503, 'internal_error'],
};

/** The status and error code of a refusal; everything about a token answers alike. */
export function answerOf(reason: RequestReason): readonly [status: number, code: HubErrorCode] {
  return answers[reason] ?? [401, 'unauthorized'];
}
