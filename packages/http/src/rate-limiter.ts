import { type Clock, systemClock } from '@x/crypto/light';
import type { Sleep } from './rate-limiter/contract.ts';
import { limiterOfLines, type SizedRateLimiter } from './rate-limiter/limiter-of-lines.ts';
import type { Line } from './rate-limiter/line.ts';
import { createLocalLine } from './rate-limiter/local-line.ts';
import { systemSleep } from './rate-limiter/system-sleep.ts';
import { createWindowUse, type RateWindow } from './rate-limiter/window.ts';

/** Options of {@link createRateLimiter}. */
export interface CreateRateLimiterOptions {
  /** The provider's name in errors. */
  readonly provider: string;
  /** What holds for each key; a request takes from all of them. At least one. */
  readonly windows: readonly RateWindow[];
  /**
   * Milliseconds that a request waits for its turn at most, 0 to 86,400,000; default 5,000. Behind a client, less
   * than its `timeoutMs`, which the wait counts towards.
   */
  readonly maxWaitMs?: number | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

/**
 * Makes a rate limiter for the requests of this process.
 *
 * Several processes with one credential spend one budget: divide the limits among them, or see
 * `@x/http/rate-limiter-flexible`. Of each key it keeps at most some 65 numbers per window, and whoever waits.
 *
 * @throws {TypeError} Without `windows` or `provider`, and when `clock` or `sleep` is no function.
 * @throws {RangeError} When a window or `maxWaitMs` is out of range.
 * @see HubRise fact sheet §11.4, Nexudus fact sheet §9 and QuickBlox fact sheet §7 for limits to put in.
 * @example
 * const limiter = createRateLimiter({
 *   provider: 'hubrise',
 *   windows: [
 *     { limit: 500, windowMs: 60_000, kind: 'aligned' },
 *     { limit: 2_500, windowMs: 3_600_000, kind: 'aligned' },
 *     { limit: 10_000, windowMs: 86_400_000 },
 *   ],
 * });
 */
export function createRateLimiter(options: CreateRateLimiterOptions): SizedRateLimiter {
  const { provider, windows, maxWaitMs = 5_000, clock = systemClock, sleep = systemSleep } = options;
  if (!Array.isArray(windows) || windows.length === 0) throw new TypeError('windows must have at least one entry');
  const unused = windows.map((window, index) => createWindowUse(window, `windows[${index}]`));
  const createLine = (): Line => createLocalLine({ uses: unused.map((use) => use.copy()), clock });
  const maxCost = Math.min(...windows.map(({ limit }) => limit));
  return limiterOfLines({ provider, maxCost, maxWaitMs, clock, sleep, createLine });
}
