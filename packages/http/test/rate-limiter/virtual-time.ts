import { type ManualClock, manualClock } from '@x/testing';
import type { Sleep } from '../../src/rate-limiter/contract.ts';

/** A clock and timers, which move only when told to. Setting the clock moves no timer. */
export interface VirtualTime {
  readonly clock: ManualClock;
  readonly sleep: Sleep;
  /** Timers that are set. */
  pending(): number;
  /** Lets time pass, timer by timer; what each wakes is done before the next. */
  advance(ms: number): Promise<void>;
}

/** @param startMs Milliseconds since 1970; default 2026-01-01T00:00:00Z, where a minute, an hour and a day begin. */
export function virtualTime(startMs?: number): VirtualTime {
  const clock = manualClock(startMs);
  const timers = new Set<{ readonly atMs: number; readonly ring: () => void }>();
  let elapsedMs = 0;
  const pass = (ms: number): void => {
    elapsedMs += ms;
    clock.advance(ms);
  };
  return {
    clock,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = { atMs: elapsedMs + ms, ring: resolve };
        timers.add(timer);
        signal.addEventListener('abort', () => {
          timers.delete(timer);
          reject(signal.reason);
        });
      }),
    pending: () => timers.size,
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      for (;;) {
        await settled();
        const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        timers.delete(next);
        pass(next.atMs - elapsedMs);
        next.ring();
      }
      pass(untilMs - elapsedMs);
    },
  };
}

/** Waits until everything that can happen without time passing has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What became of a promise so far. */
export interface Watched {
  /** When it was told that it was granted, in milliseconds since 1970. */
  grantedMs: number | undefined;
  error: unknown;
}

/** Watches a promise without leaving its rejection unhandled. */
export function watch(promise: Promise<void>, clock: () => number): Watched {
  const watched: Watched = { grantedMs: undefined, error: undefined };
  promise.then(
    () => {
      watched.grantedMs = clock();
    },
    (error: unknown) => {
      watched.error = error;
    },
  );
  return watched;
}
