import { type Clock, systemClock } from '@x/crypto/light';
import { parseHttpDate } from '@x/http';

type Fetch = typeof globalThis.fetch;

const minuteMs = 60_000;

/**
 * Adds `Retry-After` to a 429 that came without it: the seconds up to the next full minute, by the answer's `Date`.
 *
 * HubRise documents the field nowhere and its windows by the clock. The shortest ends with the minute, so before that
 * every repetition is in vain; when a longer one is exhausted, the next answer says so.
 *
 * @see HubRise fact sheet §11.4 (inference)
 */
export function untilNextWindow({
  fetch = (input, init) => globalThis.fetch(input, init),
  clock = systemClock,
}: {
  readonly fetch?: Fetch | undefined;
  readonly clock?: Clock | undefined;
}): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { status, statusText, body } = response;
    if (status !== 429 || response.headers.has('retry-after')) return response;
    const nowMs = parseHttpDate(response.headers.get('date') ?? '') ?? clock();
    const leftMs = minuteMs - (nowMs % minuteMs);
    const headers = new Headers(response.headers);
    headers.set('retry-after', String(Math.ceil(leftMs / 1000)));
    return new Response(body, { status, statusText, headers });
  };
}
