import type { Clock } from '@x/crypto/light';
import type { Sleep } from './contract.ts';
import type { Taking } from './shared-line.ts';

/** What is used of a limiter of `rate-limiter-flexible`, for example its `RateLimiterRedis`. */
export interface FlexibleLimiter {
  /** Requests in one window at most, or units of cost; an integer above 0. */
  readonly points: number;
  /** The length of a window in seconds, above 0; whole ones for aligned windows. */
  readonly duration: number;
  /** Not to be set: it answers late on purpose, and one that answers late counts as a store that hangs. */
  readonly execEvenly?: boolean | undefined;
  /** Takes points, or rejects with how long it takes until there are some: `msBeforeNext`. */
  consume(key: string, points?: number): Promise<unknown>;
}

/** One limit of a provider, kept by a limiter that other processes use too. */
export interface FlexibleWindow {
  readonly limiter: FlexibleLimiter;
  /**
   * `from-first`, the default: a window begins with the first request in it. `aligned`: at a multiple of its length
   * since 1970 in UTC, by this process's clock.
   */
  readonly kind?: 'from-first' | 'aligned' | undefined;
}

/** What {@link createSharedWindows} is made from. */
export interface SharedWindowsOptions {
  readonly windows: readonly FlexibleWindow[];
  readonly storeTimeoutMs: number;
  readonly onStoreFailure: (error: unknown) => void;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Takes from every window of a key; never rejects. */
export type TakeShared = (key: string, cost: number) => Promise<Taking>;

/** How many timers in a row make up the time that the store has. */
const slices = 4;

/** As long as a limiter is waited for at least that says to come back at once, and yet refuses. */
const leastWaitMs = 10;

/**
 * Makes what takes from all windows, the shortest first: what it took from them is not given back when a longer one is
 * full, and a short one is soon empty again.
 *
 * @throws {RangeError} Naming the window whose limiter cannot be used.
 */
export function createSharedWindows(options: SharedWindowsOptions): TakeShared {
  const { clock } = options;
  for (const [index, { limiter, kind = 'from-first' }] of options.windows.entries()) {
    const name = `windows[${index}]`;
    check(Number.isInteger(limiter.points) && limiter.points > 0, `${name}.limiter.points must be an integer above 0`);
    check(limiter.duration > 0 && Number.isFinite(limiter.duration), `${name}.limiter.duration must be above 0`);
    // its stores keep whole seconds, and would forget an aligned window before it ends
    check(kind !== 'aligned' || Number.isInteger(limiter.duration), `${name}.limiter.duration must be whole seconds`);
    check(limiter.execEvenly !== true, `${name}.limiter must answer at once, without execEvenly`);
    check(kind === 'from-first' || kind === 'aligned', `${name}.kind must be 'from-first' or 'aligned'`);
  }
  const windows = [...options.windows].sort((a, b) => a.limiter.duration - b.limiter.duration);

  async function takeFrom({ limiter, kind }: FlexibleWindow, key: string, cost: number): Promise<Taking> {
    const windowMs = limiter.duration * 1000;
    const index = Math.floor(clock() / windowMs);
    // limiters share a prefix unless told otherwise, and must not share a counter
    const counter = kind === 'aligned' ? `${key}:${windowMs}:${index}` : `${key}:${windowMs}`;
    try {
      await limiter.consume(counter, cost);
      return { kind: 'taken' };
    } catch (refusal) {
      const { msBeforeNext } = Object(refusal) as { msBeforeNext?: unknown };
      if (refusal instanceof Error || typeof msBeforeNext !== 'number' || Number.isNaN(msBeforeNext)) throw refusal;
      const waitMs = kind === 'aligned' ? (index + 1) * windowMs - clock() : msBeforeNext;
      return { kind: 'full', waitMs: Math.max(leastWaitMs, waitMs) };
    }
  }

  async function takeFromAll(key: string, cost: number): Promise<Taking> {
    for (const window of windows) {
      const taking = await takeFrom(window, key, cost);
      if (taking.kind !== 'taken') return taking;
    }
    return { kind: 'taken' };
  }

  /** In slices: a process that stood still finds its timer due before it looks at the answers that came meanwhile. */
  async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
    for (let left = slices; left > 0; left -= 1) await options.sleep(ms / slices, signal);
  }

  return async (key, cost) => {
    const controller = new AbortController();
    const late = waitFor(options.storeTimeoutMs, controller.signal);
    try {
      const taking = await Promise.race([takeFromAll(key, cost), late]);
      if (taking !== undefined) return taking;
      options.onStoreFailure(undefined);
    } catch (error) {
      options.onStoreFailure(error);
    } finally {
      controller.abort();
    }
    return { kind: 'unknown' };
  };
}

function check(isRight: boolean, rule: string): void {
  if (!isRight) throw new RangeError(rule);
}
