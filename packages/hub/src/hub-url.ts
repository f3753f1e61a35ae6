import { type ParseOriginOptions, parseOrigin } from './origin.ts';

/** Options of {@link checkHubUrl}. */
export interface CheckHubUrlOptions extends ParseOriginOptions {
  /** Origins of the Hubs that are trusted, as `URL.origin` writes them. */
  readonly hubs: readonly string[];
}

/** Why a `hubUrl` was refused. Only `hub-untrusted` means that it could be read at all. */
export type HubUrlReason = 'hub-url-missing' | 'hub-url-repeated' | 'hub-url-malformed' | 'hub-untrusted';

/** The trusted Hub that was named, or why there is none. */
export type HubUrlResult =
  | { readonly ok: true; readonly hub: string }
  | { readonly ok: false; readonly reason: HubUrlReason };

/**
 * Decides which Hub opened a link-start page.
 *
 * Anyone can send a victim to that page with a Hub of his own in the query, and would be posted the victim's token.
 * So origins are compared for equality, and what comes back is the entry of the allow list and never the input.
 *
 * @param values Every value that the query gives for `hubUrl`.
 * @returns Never throws for any text.
 * @see Hub fact sheet §9.1
 */
export function checkHubUrl(values: readonly string[], { hubs, ...options }: CheckHubUrlOptions): HubUrlResult {
  const [value, another] = values;
  if (value === undefined || value === '') return { ok: false, reason: 'hub-url-missing' };
  if (another !== undefined) return { ok: false, reason: 'hub-url-repeated' };
  const origin = parseOrigin(value, options);
  if (origin === undefined) return { ok: false, reason: 'hub-url-malformed' };
  const hub = hubs.find((entry) => entry === origin);
  return hub === undefined ? { ok: false, reason: 'hub-untrusted' } : { ok: true, hub };
}
