import { type Clock, systemClock } from '@x/crypto/light';
import { emit } from './events.ts';
import { inRange } from './number-options.ts';
import type { Sleep } from './rate-limiter/contract.ts';
import { limiterOfLines, type SizedRateLimiter } from './rate-limiter/limiter-of-lines.ts';
import type { Line } from './rate-limiter/line.ts';
import { createSharedLine } from './rate-limiter/shared-line.ts';
import { createSharedWindows, type FlexibleWindow } from './rate-limiter/shared-windows.ts';
import { systemSleep } from './rate-limiter/system-sleep.ts';

export type { AcquireRequest, RateLimiter, Sleep } from './rate-limiter/contract.ts';
export type { SizedRateLimiter } from './rate-limiter/limiter-of-lines.ts';
export type { FlexibleLimiter, FlexibleWindow } from './rate-limiter/shared-windows.ts';

/** Options of {@link flexibleRateLimiter}. */
export interface FlexibleRateLimiterOptions {
  /** The provider's name in errors. */
  readonly provider: string;
  /** What holds for each key; a request takes from all of them. At least one. */
  readonly windows: readonly FlexibleWindow[];
  /** Milliseconds that a request waits for its turn at most, 0 to 86,400,000; default 5,000. */
  readonly maxWaitMs?: number | undefined;
  /**
   * Milliseconds that the store has to answer, 1 to 60,000; default 1,000. Of a time in which this process stands still,
   * a quarter at most is counted.
   */
  readonly storeTimeoutMs?: number | undefined;
  /** Told each failure of the store, or undefined for an answer that did not come in time. */
  readonly onStoreFailure?: ((error: unknown) => void) | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

/**
 * Makes a rate limiter for a fleet of processes from limiters of `rate-limiter-flexible`, whose store they share.
 *
 * First come, first served holds within a process; between processes, the one that asks when a window opens. A store
 * that fails or hangs costs the sharing, never the request: those who wait then go on, unless the limiter has an
 * `insuranceLimiter`. A hold after a 429 is this process's own; each of the others learns from its own 429.
 *
 * Windows of that library begin with the first request in them, and one that begins late in one of the provider's reaches
 * into the next. `aligned` windows agree with those of a provider that counts by the clock; for any other provider, leave
 * room below its limit.
 *
 * @throws {TypeError} Without `windows` or `provider`, and when `clock` or `sleep` is no function.
 * @throws {RangeError} When an option or a limiter's size is out of range.
 * @example
 * const limiter = flexibleRateLimiter({
 *   provider: 'hubrise',
 *   windows: [{ limiter: new RateLimiterRedis({ storeClient, points: 500, duration: 60 }), kind: 'aligned' }],
 * });
 */
export function flexibleRateLimiter(options: FlexibleRateLimiterOptions): SizedRateLimiter {
  const { provider, windows, maxWaitMs = 5_000, clock = systemClock, sleep = systemSleep } = options;
  const { storeTimeoutMs = 1_000, onStoreFailure } = options;
  if (!Array.isArray(windows) || windows.length === 0) throw new TypeError('windows must have at least one entry');
  inRange('storeTimeoutMs', storeTimeoutMs, 1, 60_000);
  const take = createSharedWindows({
    windows,
    storeTimeoutMs,
    onStoreFailure: (error) => emit(onStoreFailure, error),
    clock,
    sleep,
  });
  const createLine = (key: string): Line => createSharedLine({ take: (cost) => take(key, cost), clock, sleep });
  const maxCost = Math.min(...windows.map(({ limiter }) => limiter.points));
  return limiterOfLines({ provider, maxCost, maxWaitMs, clock, sleep, createLine });
}
