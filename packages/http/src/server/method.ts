import { problem } from './responses.ts';

/**
 * Refuses a request whose method a URL does not take.
 *
 * @param allowed Methods in capitals. HEAD is not implied by GET.
 * @returns A 405 problem with `Allow`, or undefined when the method is allowed.
 * @see RFC 9110 §15.5.6.
 */
export function refuseMethod(request: Request, allowed: readonly string[]): Response | undefined {
  if (allowed.includes(request.method)) return undefined;
  return problem({ status: 405, code: 'method-not-allowed', headers: { allow: allowed.join(', ') } });
}

/**
 * Reads the media type of a request's body.
 *
 * @returns Type and charset in lower case, or undefined without a readable `Content-Type`.
 * @see RFC 9110 §8.3.
 */
export function mediaType(
  request: Request,
): { readonly type: string; readonly charset: string | undefined } | undefined {
  const field = request.headers.get('content-type');
  const match = field === null ? null : /^\s*([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)\s*(?:;(.*))?$/s.exec(field);
  if (match === null) return undefined;
  const [, type = '', parameters = ''] = match;
  if (parameters === '') return { type: type.toLowerCase(), charset: undefined };
  const charset = /(?:^|;)\s*charset\s*=\s*("?)([\w!#$%&'*+.^`|~-]+)\1\s*(?:;|$)/i.exec(parameters)?.[2];
  return { type: type.toLowerCase(), charset: charset?.toLowerCase() };
}
