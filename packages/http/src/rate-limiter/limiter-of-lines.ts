import type { Clock } from '@x/crypto/light';
import { assertOptions } from '../function-options.ts';
import type { RateLimiter, Sleep } from './contract.ts';
import type { Line } from './line.ts';
import { sleepUntilTurn } from './sleep-until.ts';
import { checkMaxWait, createWaiter } from './waiter.ts';

/** A {@link RateLimiter} that tells how much it remembers. */
export interface SizedRateLimiter extends RateLimiter {
  /** How many keys it remembers: those in use, and some of which nothing counts any more. */
  readonly size: number;
}

/** What {@link limiterOfLines} is made from. */
export interface LimiterOfLinesOptions {
  readonly provider: string;
  /** The smallest limit. */
  readonly maxCost: number;
  readonly maxWaitMs: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Makes the line of a key that is not known, or not any more. */
  readonly createLine: (key: string) => Line;
}

/** Longest hold in milliseconds, whatever a provider asks for. */
const maxHoldMs = 86_400_000;

/**
 * Makes a limiter that has a line for each key, and forgets idle ones.
 *
 * @throws {TypeError} When `provider` is missing, or `clock` or `sleep` is no function.
 * @throws {RangeError} When `maxWaitMs` is out of range.
 */
export function limiterOfLines(options: LimiterOfLinesOptions): SizedRateLimiter {
  const { provider, maxCost, clock, sleep, createLine } = options;
  assertOptions(options, ['clock', 'sleep'], []);
  const maxWaitMs = checkMaxWait(options.maxWaitMs);
  const lines = new Map<string, Line>();

  function lineOf(key: string): Line {
    forgetIdle();
    const line = lines.get(key) ?? createLine(key);
    lines.set(key, line);
    return line;
  }

  /** Looks at two lines, in turn: more than one use can add, and no work that grows with their number. */
  function forgetIdle(): void {
    for (let looks = Math.min(2, lines.size); looks > 0; looks -= 1) {
      for (const [key, line] of lines) {
        lines.delete(key);
        if (!line.isIdle()) lines.set(key, line);
        break;
      }
    }
  }

  return {
    async acquire(request) {
      const onLeave = (): void => line.refresh();
      const { waiter, turn } = createWaiter({ provider, request, maxCost, maxWaitMs, nowMs: clock(), onLeave });
      const line = lineOf(request.key);
      line.join(waiter);
      void sleepUntilTurn(waiter, { clock, sleep, onRing: line.ring });
      return turn; // and not after the sleep: those who are granted at one time are told in their order
    },
    async penalize(key, retryAfterMs) {
      if (!(retryAfterMs >= 0)) throw new RangeError(`retryAfterMs must be 0 or more, got ${retryAfterMs}`);
      lineOf(key).hold(Math.min(retryAfterMs, maxHoldMs));
    },
    get size() {
      return lines.size;
    },
  };
}
