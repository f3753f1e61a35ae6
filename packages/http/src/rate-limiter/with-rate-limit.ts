import { type Clock, systemClock } from '@x/crypto/light';
import { inRange } from '../number-options.ts';
import { readRetryAfterMs } from '../retry.ts';
import type { RateLimiter } from './contract.ts';

/** What {@link WithRateLimitOptions} decide by: a request without its body. */
export interface LimitedRequest {
  /** Upper case. */
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Options of {@link withRateLimit}. */
export interface WithRateLimitOptions {
  /**
   * Names the budget that a request spends, one per credential and never the secret itself. Undefined lets the request
   * pass: so another limit may hold for some requests only, with a wrapper around a wrapper.
   */
  readonly keyOf: (request: LimitedRequest) => string | undefined;
  /** How much a request takes of each window; default 1. */
  readonly costOf?: ((request: LimitedRequest) => number) | undefined;
  /** Milliseconds to wait at most; default the limiter's. */
  readonly maxWaitMs?: number | undefined;
  /** Whether an answer means "too many requests"; default status 429. */
  readonly isThrottled?: ((answer: { readonly status: number; readonly headers: Headers }) => boolean) | undefined;
  /** How long a throttled answer without a readable `Retry-After` holds its key, in milliseconds; default 1,000. */
  readonly fallbackRetryAfterMs?: number | undefined;
  /** Reads a `Retry-After` that is a date, where the answer has no date of its own. */
  readonly clock?: Clock | undefined;
}

/**
 * Puts a limiter before a fetch: each request waits for its turn, and an answer that means "too many requests" holds
 * back those that follow.
 *
 * Every call counts, so also each repetition, redirect and issue of a credential that a client makes through it. The
 * call's own arguments go to `fetch` untouched, and its signal ends the wait too.
 *
 * @returns A fetch that also rejects as {@link RateLimiter.acquire} does, before anything was sent.
 * @throws {RangeError} When `fallbackRetryAfterMs` is out of range, 0 to 86,400,000.
 * @see HubRise fact sheet §11.4; Nexudus fact sheet §8, which throttles with 409 and `Retry-After`.
 * @example
 * const calm = withRateLimit(fetch, limiter, { keyOf: () => 'connection-7' });
 */
export function withRateLimit(
  fetch: typeof globalThis.fetch,
  limiter: RateLimiter,
  options: WithRateLimitOptions,
): typeof globalThis.fetch {
  const { keyOf, costOf, maxWaitMs, isThrottled = hasStatus429, clock = systemClock } = options;
  const { fallbackRetryAfterMs = 1_000 } = options;
  inRange('fallbackRetryAfterMs', fallbackRetryAfterMs, 0, 86_400_000);
  return async (input, init) => {
    const request = describe(input, init);
    const key = keyOf(request);
    if (key === undefined) return fetch(input, init);
    await limiter.acquire({ key, cost: costOf?.(request), signal: signalOf(input, init), maxWaitMs });
    const response = await fetch(input, init);
    if (isThrottled(response)) {
      await limiter.penalize(key, readRetryAfterMs(response.headers, clock()) ?? fallbackRetryAfterMs);
    }
    return response;
  };
}

function hasStatus429({ status }: { readonly status: number }): boolean {
  return status === 429;
}

/** Does not make a `Request`, which would use up the body of the one that is to be sent. */
function describe(input: RequestInfo | URL, init: RequestInit | undefined): LimitedRequest {
  const request = input instanceof Request ? input : undefined;
  return {
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    url: request?.url ?? String(input),
    headers: new Headers(init?.headers ?? request?.headers),
  };
}

function signalOf(input: RequestInfo | URL, init: RequestInit | undefined): AbortSignal | undefined {
  if (init?.signal !== undefined) return init.signal ?? undefined;
  return input instanceof Request ? input.signal : undefined;
}
