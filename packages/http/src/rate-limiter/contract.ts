/** What {@link RateLimiter.acquire} is asked. */
export interface AcquireRequest {
  /** Names the budget, one per credential. It is kept and may go to a store: a name, never the secret itself. */
  readonly key: string;
  /** How much of each window the request takes, an integer from 1 to the smallest limit; default 1. */
  readonly cost?: number | undefined;
  /** Gives the place in the line up; nothing is taken from the windows then. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds to wait at most, 0 to 86,400,000; default the limiter's. 0 never waits. Counted by the limiter's clock:
   * when that is set back in the meantime, as long again.
   */
  readonly maxWaitMs?: number | undefined;
}

/** Holds requests back so that a provider need not refuse them. */
export interface RateLimiter {
  /**
   * Waits for a turn: first come, first served within a key.
   *
   * Rejects with an `XError` `http.rate-limited`, which {@link isRateLimited} narrows, as soon as it is known that the
   * wait would be too long; with `RequestError` `http.aborted` when `signal` ends it; with `RangeError` for a cost or
   * wait out of range.
   */
  acquire(request: AcquireRequest): Promise<void>;
  /**
   * Holds a key back after the provider refused a request of it.
   *
   * A shorter hold never ends a longer one. Those who wait already, and may not wait that long, are told at once.
   *
   * @param retryAfterMs Milliseconds from now, 0 or more; what is above 86,400,000 counts as that.
   */
  penalize(key: string, retryAfterMs: number): Promise<void>;
}

/** Ends after some milliseconds, or rejects once the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;
