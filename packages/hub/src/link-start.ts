import { checkHubUrl, type HubUrlReason } from './hub-url.ts';
import type { HubSettings } from './options.ts';
import type { HubErrorCode } from './refusal.ts';

/** Why a link could not begin. */
export type LinkStartReason = HubUrlReason | 'not-a-navigation';

/** The Hub that a link begins for, or why it does not. */
export type LinkStartResult =
  | { readonly ok: true; readonly hub: string }
  | {
      readonly ok: false;
      readonly reason: LinkStartReason;
      readonly status: 400 | 403;
      readonly code: HubErrorCode;
    };

/**
 * Checks the request by which a user's browser begins a link.
 *
 * @returns Never throws for a stranger's input.
 * @see Hub fact sheet §9.1; §9.5 (no linking from images, frames' scripts or fetches)
 */
export function checkLinkStart(request: Request, settings: HubSettings): LinkStartResult {
  const mode = request.headers.get('sec-fetch-mode');
  if (mode !== null && mode !== 'navigate') {
    return { ok: false, reason: 'not-a-navigation', status: 403, code: 'bad_request' };
  }
  const { hubs, allowInsecureLoopback } = settings;
  const checked = checkHubUrl(new URL(request.url).searchParams.getAll('hubUrl'), { hubs, allowInsecureLoopback });
  if (checked.ok) return checked;
  const { reason } = checked;
  return reason === 'hub-untrusted'
    ? { ok: false, reason, status: 403, code: 'untrusted_hub' }
    : { ok: false, reason, status: 400, code: 'bad_request' };
}
