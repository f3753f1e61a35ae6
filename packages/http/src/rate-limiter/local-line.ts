import type { Clock } from '@x/crypto/light';
import { createHold } from '../hold.ts';
import type { Line } from './line.ts';
import type { Waiter } from './waiter.ts';
import type { WindowUse } from './window.ts';

/** What {@link createLocalLine} is made from. */
export interface LocalLineOptions {
  /** Unused windows, at least one. */
  readonly uses: readonly WindowUse[];
  readonly clock: Clock;
}

/**
 * Makes the line of a key whose windows are in this process.
 *
 * It keeps a forecast of the windows in which everyone who waits has had a turn already, so that a newcomer's wait is
 * known on arrival and whoever would wait too long is refused then and not after having waited.
 */
export function createLocalLine({ uses, clock }: LocalLineOptions): Line {
  const hold = createHold();
  let waiting: { readonly waiter: Waiter; readonly readyMs: number }[] = [];
  let forecast: readonly WindowUse[] = [];
  /** The turn of the last in the line, before which nobody behind has one. */
  let lastTurnMs = Number.NEGATIVE_INFINITY;
  let sortedMs = Number.POSITIVE_INFINITY;
  let isStale = false;

  function place(waiter: Waiter, nowMs: number): void {
    if (waiter.isGone()) return;
    const { cost } = waiter;
    const fromMs = Math.max(nowMs, lastTurnMs, hold.untilMs(nowMs));
    // a window in which the cost fits at one time has room for it later too, so the latest of them suits all
    const readyMs = Math.max(...forecast.map((use) => use.readyAtMs(cost, fromMs)));
    if (readyMs > Math.max(nowMs, waiter.deadlineMs(nowMs))) {
      waiter.refuse(readyMs - nowMs);
      return;
    }
    for (const use of forecast) use.take(cost, readyMs);
    lastTurnMs = readyMs;
    if (readyMs > nowMs) {
      waiting.push({ waiter, readyMs });
      waiter.expect(readyMs);
      return;
    }
    for (const use of uses) use.take(cost, nowMs);
    waiter.grant();
  }

  function sort(): void {
    const nowMs = clock();
    const before = waiting;
    for (const use of uses) use.rewind(nowMs);
    waiting = [];
    forecast = uses.map((use) => use.copy());
    lastTurnMs = Number.NEGATIVE_INFINITY;
    sortedMs = nowMs;
    isStale = false;
    for (const { waiter } of before) place(waiter, nowMs);
  }

  return {
    join(waiter) {
      const nowMs = clock();
      const first = waiting[0];
      // whoever has waited until now goes before a newcomer, also when the alarm is late
      if (isStale || first === undefined || first.readyMs <= nowMs || nowMs < sortedMs) sort();
      place(waiter, nowMs);
    },
    refresh() {
      if (isStale) return;
      isStale = true; // many may leave at once, and sorting the line once is enough
      queueMicrotask(() => {
        if (isStale) sort();
      });
    },
    ring: sort,
    hold(ms) {
      hold.extend(ms, clock());
      sort();
    },
    isIdle() {
      const nowMs = clock();
      return waiting.length === 0 && hold.untilMs(nowMs) <= nowMs && uses.every((use) => use.freeAtMs() <= nowMs);
    },
  };
}
