import type { Clock } from '@x/crypto/light';
import { NetworkError } from 'ky';
import type { Call } from './call.ts';
import { isXError } from './errors.ts';
import { type ClientEvent, emit } from './events.ts';
import { redactCause, redactUrl } from './redact.ts';
import type { ServerTime } from './server-time.ts';

/** What {@link createExchange} is made from. */
export interface ExchangeOptions {
  readonly provider: string;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Whether a URL leads to the provider, whose time its answer then tells. */
  readonly isOwn: (url: string) => boolean;
}

/** One request and its answer, or an error: never a second request, whatever the answer says. */
export type Exchange = (
  request: Request,
  headers: Headers,
  init: RequestInit | undefined,
  call: Call,
) => Promise<Response>;

/** Sends requests, tells what became of them and learns the provider's time. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { provider, clock, serverTime, onEvent, isOwn } = options;
  return async (request, headers, init, call) => {
    const { method, url } = request;
    const sentMs = clock();
    call.exchanges += 1;
    const told = onEvent && { provider, callId: call.id, exchange: call.exchanges, method, url: redactUrl(url) };
    if (told) emit(onEvent, { type: 'request', ...told });
    try {
      const response = await dispatch(call.fetch, request, headers, init);
      const { status } = response;
      call.outcome = String(status);
      if (isOwn(url)) serverTime.observe(response.headers, sentMs);
      if (told) emit(onEvent, { type: 'response', ...told, status, durationMs: clock() - sentMs });
      return response;
    } catch (error) {
      const { aborted } = request.signal;
      call.outcome = aborted ? codeOfEnd(call) : isXError(error) ? error.code : 'http.network';
      if (told) emit(onEvent, { type: 'request-failed', ...told, code: call.outcome, durationMs: clock() - sentMs });
      if (aborted) throw abortion();
      // a fetch of ours, such as a rate limiter's, may have failed before it asked the network
      if (isXError(error)) throw error;
      // hooks are shown ky's own request, without what it carried, and of the cause what is safe to show
      throw new NetworkError(request, { cause: redactCause(error) as Error });
    }
  };
}

/** Stands for the reason of an abort, which is the caller's and may be anything. */
export function abortion(): DOMException {
  return new DOMException('aborted', 'AbortError');
}

function codeOfEnd({ isAborted }: Call): string {
  return isAborted() ? 'http.aborted' : 'http.timeout';
}

/**
 * Asks for this answer only, and not for where it redirects to.
 *
 * The platform makes a Request of what it is given, so it can be told along with ky's; a fetch that somebody wrote may
 * look at nothing but its first argument, and gets a Request that says it all.
 */
function dispatch(
  fetch: typeof globalThis.fetch | undefined,
  request: Request,
  headers: Headers,
  init: RequestInit | undefined,
): Promise<Response> {
  const own = { headers, redirect: 'manual' } as const;
  return fetch === undefined ? globalThis.fetch(request, { ...init, ...own }) : fetch(new Request(request, own), init);
}
