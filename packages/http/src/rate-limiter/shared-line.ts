import type { Clock } from '@x/crypto/light';
import { createHold } from '../hold.ts';
import { createAlarm } from './alarm.ts';
import type { Sleep } from './contract.ts';
import type { Line } from './line.ts';
import type { Waiter } from './waiter.ts';

/** What came of an attempt to take from windows that other processes take from too. */
export type Taking =
  | { readonly kind: 'taken' }
  | { readonly kind: 'full'; readonly waitMs: number }
  /** The store failed: nobody knows. */
  | { readonly kind: 'unknown' };

/** What {@link createSharedLine} is made from. */
export interface SharedLineOptions {
  /** Never rejects. */
  readonly take: (cost: number) => Promise<Taking>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Makes the line of a key whose windows are elsewhere: only the first in it asks, and all wait for what it hears. */
export function createSharedLine({ take, clock, sleep }: SharedLineOptions): Line {
  const hold = createHold();
  /** While the windows are known to be full. */
  const full = createHold();
  let waiting: Waiter[] = [];
  let isAsking = false;
  const alarm = createAlarm({
    sleep,
    onRing: serve,
    onFailure: (error) => {
      for (const waiter of waiting) waiter.fail(error);
      waiting = [];
    },
  });

  function opensAtMs(nowMs: number): number {
    return Math.max(hold.untilMs(nowMs), full.untilMs(nowMs));
  }

  /** Refuses those who may not wait until the line goes on, and forgets those who are gone. */
  function thin(): void {
    const nowMs = clock();
    const openMs = opensAtMs(nowMs);
    for (const waiter of waiting) if (openMs > waiter.deadlineMs(nowMs)) waiter.refuse(openMs - nowMs);
    waiting = waiting.filter((waiter) => !waiter.isGone());
  }

  async function serve(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    for (thin(); waiting[0] !== undefined && opensAtMs(clock()) <= clock(); thin()) {
      const { cost } = waiting[0];
      const taking = await take(cost);
      if (taking.kind === 'full') full.extend(taking.waitMs, clock());
      if (hold.untilMs(clock()) > clock()) continue; // it came meanwhile, and what was taken is lost to it
      if (taking.kind === 'unknown') for (const waiter of waiting) waiter.grant();
      if (taking.kind === 'taken') {
        const first = waiting.find((waiter) => !waiter.isGone()); // another one, if the asker has left
        if (first !== undefined && first.cost <= cost) first.grant();
      }
    }
    isAsking = false;
    const nowMs = clock();
    alarm.set(waiting.length === 0 ? undefined : opensAtMs(nowMs), nowMs);
  }

  return {
    join(waiter) {
      waiting.push(waiter);
      void serve();
    },
    refresh() {
      void serve();
    },
    ring() {}, // nobody is told when its turn comes, so nobody rings
    hold(ms) {
      hold.extend(ms, clock());
      thin();
      void serve();
    },
    isIdle() {
      const nowMs = clock();
      return waiting.length === 0 && opensAtMs(nowMs) <= nowMs;
    },
  };
}
