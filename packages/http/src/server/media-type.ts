import { problem } from './responses.ts';

/** A `Content-Type`, in lower case. */
export interface MediaType {
  readonly type: string;
  /** Undefined where none is named. */
  readonly charset: string | undefined;
}

/** The type that a body is written in, or why it is none that is taken. */
export type MediaTypeResult =
  | { readonly ok: true; readonly type: string }
  | { readonly ok: false; readonly reason: 'media-type-missing' | 'media-type-unsupported' | 'charset-unsupported' };

const token = /^[\w!#$%&'*+.^`|~-]+$/;
const wholeField = /^\s*([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)\s*(?:;(.*))?$/s;
/** One parameter up to the semicolon that ends it; what is no parameter is passed over. */
const parameter = /\s*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*))?[^;]*(?:;|$)/gsy;

/**
 * Reads the media type of a request's body.
 *
 * @returns Type and charset in lower case, or undefined without a readable `Content-Type`. One with two charsets is not
 *   readable, because either could be meant.
 * @see RFC 9110 §8.3, §5.6.6.
 */
export function mediaType(request: Request): MediaType | undefined {
  const field = request.headers.get('content-type');
  const match = field === null ? null : wholeField.exec(field);
  if (match === null) return undefined;
  const [, type = '', parameters = ''] = match;
  const [charset, another] = parameters === '' ? [] : charsetsOf(parameters);
  const isReadable = charset === undefined || (another === undefined && token.test(charset));
  return isReadable ? { type: type.toLowerCase(), charset } : undefined;
}

/** A charset inside the quotes of another parameter is none, hence the walk. */
function charsetsOf(parameters: string): readonly string[] {
  const charsets: string[] = [];
  for (const [, name, value = ''] of parameters.matchAll(parameter)) {
    if (name?.toLowerCase() === 'charset') charsets.push(unquote(value.trim()).toLowerCase());
  }
  return charsets;
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value;
}

/**
 * Reads which of the accepted media types a request's body is written in.
 *
 * @param accepted In lower case, without parameters. A charset may be named only if it is UTF-8, the one that is read.
 * @returns The accepted type. `media-type-missing`: no `Content-Type` at all, which some callers mean to send.
 */
export function readMediaType(request: Request, accepted: readonly string[]): MediaTypeResult {
  const media = mediaType(request);
  if (media === undefined) {
    const reason = request.headers.has('content-type') ? 'media-type-unsupported' : 'media-type-missing';
    return { ok: false, reason };
  }
  const { type, charset = 'utf-8' } = media;
  if (!accepted.includes(type)) return { ok: false, reason: 'media-type-unsupported' };
  return charset === 'utf-8' ? { ok: true, type } : { ok: false, reason: 'charset-unsupported' };
}

/**
 * Tells a caller which media types a URL takes.
 *
 * @param method Of the request that is answered: POST and PATCH have a field of their own beside `Accept`.
 * @returns Header fields for a 415, or for the answer to OPTIONS.
 * @see RFC 9110 §12.5.1, §15.5.16; Linked Data Platform 1.0 §7.1 (`Accept-Post`); RFC 5789 §3.1 (`Accept-Patch`).
 */
export function acceptFields(method: string, accepted: readonly string[]): Readonly<Record<string, string>> {
  const accept = accepted.join(', ');
  if (method === 'POST') return { accept, 'accept-post': accept };
  return method === 'PATCH' ? { accept, 'accept-patch': accept } : { accept };
}

/**
 * Refuses a request whose body is written in a media type, or a charset, that a URL does not take.
 *
 * @param accepted As for {@link readMediaType}. A request without `Content-Type` is refused too.
 * @returns A 415 problem that names what is accepted, or undefined when the type is among it.
 * @see RFC 9110 §15.5.16.
 */
export function refuseMediaType(request: Request, accepted: readonly string[]): Response | undefined {
  const media = readMediaType(request, accepted);
  if (media.ok) return undefined;
  return problem({ status: 415, code: media.reason, headers: acceptFields(request.method, accepted) });
}
