import { wholeInRange } from '../number-options.ts';

/** One limit of a provider: so many requests in so much time. */
export interface RateWindow {
  /** Requests in one window at most, or units of cost; an integer from 1 to 1,000,000,000. */
  readonly limit: number;
  /** The length in milliseconds, an integer from 1 to 2,678,400,000 (31 days). */
  readonly windowMs: number;
  /**
   * `sliding`, the default: any stretch of that length holds `limit` at most, so it keeps every provider's rule,
   * wherever that begins to count. With a limit above 64 a turn may come up to a 64th of the window late.
   * `aligned`: windows begin at multiples of their length since 1970 in UTC, as the minute, the hour and the day do:
   * for a provider that says so, and a clock that agrees with its own.
   */
  readonly kind?: 'sliding' | 'aligned' | undefined;
}

/** How much of a window is used. Times only ever move on, but for {@link WindowUse.rewind}. */
export interface WindowUse {
  /** The earliest time from `fromMs` on at which `cost` fits; it must not be above the limit. */
  readyAtMs(cost: number, fromMs: number): number;
  take(cost: number, atMs: number): void;
  /** When nothing that was taken counts any more. */
  freeAtMs(): number;
  /** Counts what was taken after `nowMs` as taken now: the clock was set back, and a wait must stay below a window. */
  rewind(nowMs: number): void;
  copy(): WindowUse;
}

/** @throws {RangeError} Naming the field that is out of range, as `windows[0].limit`. */
export function createWindowUse({ limit, windowMs, kind = 'sliding' }: RateWindow, name: string): WindowUse {
  wholeInRange(`${name}.limit`, limit, 1, 1_000_000_000);
  wholeInRange(`${name}.windowMs`, windowMs, 1, 2_678_400_000);
  if (kind === 'aligned') return alignedUse(limit, windowMs, { startMs: 0, used: 0 });
  if (kind === 'sliding') return slidingUse(limit, windowMs, []);
  throw new RangeError(`${name}.kind must be 'sliding' or 'aligned', got ${String(kind)}`);
}

function alignedUse(limit: number, windowMs: number, state: { startMs: number; used: number }): WindowUse {
  const startOf = (atMs: number): number => Math.floor(atMs / windowMs) * windowMs;
  return {
    readyAtMs(cost, fromMs) {
      const startMs = startOf(fromMs);
      return startMs !== state.startMs || state.used + cost <= limit ? fromMs : startMs + windowMs;
    },
    take(cost, atMs) {
      const startMs = startOf(atMs);
      state = { startMs, used: startMs === state.startMs ? state.used + cost : cost };
    },
    freeAtMs: () => (state.used === 0 ? 0 : state.startMs + windowMs),
    rewind(nowMs) {
      if (state.startMs > nowMs) state = { ...state, startMs: startOf(nowMs) };
    },
    copy: () => alignedUse(limit, windowMs, state),
  };
}

/** What was taken from `fromMs` to `lastMs`; all of it counts as taken at `lastMs`. */
interface Taken {
  readonly fromMs: number;
  readonly lastMs: number;
  readonly cost: number;
}

/** A limit up to this is kept to the millisecond; above, it is kept in as many pieces of a window. */
const exactPieces = 64;

function slidingUse(limit: number, windowMs: number, taken: readonly Taken[]): WindowUse {
  const pieceMs = limit <= exactPieces ? 0 : windowMs / exactPieces;
  return {
    readyAtMs(cost, fromMs) {
      const counting = taken.filter(({ lastMs }) => lastMs + windowMs > fromMs);
      let used = counting.reduce((sum, piece) => sum + piece.cost, cost);
      let readyMs = fromMs;
      for (const piece of counting) {
        if (used <= limit) break;
        used -= piece.cost;
        readyMs = piece.lastMs + windowMs;
      }
      return readyMs;
    },
    take(cost, atMs) {
      const counting = taken.filter(({ lastMs }) => lastMs + windowMs > atMs);
      const last = counting.at(-1);
      const joins = last !== undefined && (atMs === last.lastMs || atMs - last.fromMs < pieceMs);
      if (joins) counting[counting.length - 1] = { fromMs: last.fromMs, lastMs: atMs, cost: last.cost + cost };
      else counting.push({ fromMs: atMs, lastMs: atMs, cost });
      taken = counting;
    },
    freeAtMs: () => (taken.at(-1)?.lastMs ?? -windowMs) + windowMs,
    rewind(nowMs) {
      taken = taken.map(({ fromMs, lastMs, cost }) => ({
        fromMs: Math.min(fromMs, nowMs),
        lastMs: Math.min(lastMs, nowMs),
        cost,
      }));
    },
    copy: () => slidingUse(limit, windowMs, taken),
  };
}
