import { isXError, type RateLimited, XError } from '../errors.ts';

/** Makes the error of a limiter; no request was sent, so it has no status. */
export function rateLimitedError(provider: string, retryAfterMs: number, maxWaitMs: number): RateLimited {
  const error = new XError({
    provider,
    code: 'http.rate-limited',
    message: `the rate limit is used up: expected a turn within ${maxWaitMs} ms, got one in ${retryAfterMs} ms`,
  });
  return Object.assign(error, { code: 'http.rate-limited', retryAfterMs } as const);
}

/**
 * Tells whether an error says "too many requests", and so has `retryAfterMs`.
 *
 * A provider's own code in place of `http.rate-limited` is not recognised.
 */
export function isRateLimited(error: unknown): error is RateLimited {
  return isXError(error) && error.code === 'http.rate-limited';
}
