import { isSecureUrl, isUnambiguousUrl, type ParseOriginOptions } from './origin.ts';

/** Options of {@link checkRedirectUrl}. */
export interface CheckRedirectUrlOptions extends ParseOriginOptions {
  /** Origin of the Hub that answered; a relative URL is resolved against it. */
  readonly hub: string;
  /** Other origins that may show Hub's success or error page. */
  readonly redirectOrigins: readonly string[];
}

/**
 * Decides where Hub's answer to a hand-over may send the user's browser.
 *
 * @param value The `url` member of the answer.
 * @returns The URL to redirect to; undefined unless it is `https:`, without user info, on the Hub's own origin or a
 *   listed one. Never throws.
 * @see Hub fact sheet §9.2
 */
export function checkRedirectUrl(
  value: string,
  { hub, redirectOrigins, ...options }: CheckRedirectUrlOptions,
): string | undefined {
  if (value === '' || !isUnambiguousUrl(value) || !URL.canParse(value, hub)) return undefined;
  const url = new URL(value, hub);
  if (!isSecureUrl(url, options) || url.username !== '' || url.password !== '') return undefined;
  return url.origin === hub || redirectOrigins.includes(url.origin) ? url.href : undefined;
}
