import type { Sleep } from './contract.ts';

/** Rings at one time at most. */
export interface Alarm {
  /** Sets the alarm to another time, in milliseconds since 1970, or switches it off. */
  set(atMs: number | undefined, nowMs: number): void;
}

/** What {@link createAlarm} is made from. */
export interface AlarmOptions {
  readonly sleep: Sleep;
  /** It may ring early, as timers do; the clock has the last word. */
  readonly onRing: () => void;
  /** Told what `sleep` rejected with, unless it was switched off. */
  readonly onFailure: (error: unknown) => void;
}

/** Makes an alarm that is off. */
export function createAlarm({ sleep, onRing, onFailure }: AlarmOptions): Alarm {
  let current: { readonly atMs: number; readonly controller: AbortController } | undefined;

  async function wait(ms: number, controller: AbortController): Promise<void> {
    try {
      await sleep(ms, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) onFailure(error);
      return;
    }
    if (controller.signal.aborted) return;
    current = undefined;
    onRing();
  }

  return {
    set(atMs, nowMs) {
      if (atMs === current?.atMs) return;
      current?.controller.abort();
      current = undefined;
      if (atMs === undefined) return;
      const controller = new AbortController();
      current = { atMs, controller };
      void wait(Math.max(1, Math.ceil(atMs - nowMs)), controller);
    },
  };
}
