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
