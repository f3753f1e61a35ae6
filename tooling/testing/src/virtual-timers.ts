/** Timers that ring when a test says so. */
export interface VirtualTimers {
  /** Rings, in order, what is due within so many milliseconds, and lets what follows from each happen. */
  advance(ms: number): Promise<void>;
  /** Lets none ring that was set so far, as a platform does when the request ends that set them. */
  die(): void;
}

/** Runs a test while `setTimeout` and `clearTimeout` are virtual, so that no time passes in it. */
export async function withVirtualTimers(run: (timers: VirtualTimers) => Promise<void>): Promise<void> {
  const platform = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const timers = new Map<number, { readonly atMs: number; readonly ring: () => void }>();
  let nowMs = 0;
  let count = 0;
  Object.assign(globalThis, {
    setTimeout(ring: () => void, ms = 0): number {
      count += 1;
      timers.set(count, { atMs: nowMs + ms, ring });
      return count;
    },
    clearTimeout: (timer: number) => void timers.delete(timer),
  });
  try {
    await run({
      async advance(ms) {
        const untilMs = nowMs + ms;
        for (;;) {
          const due = [...timers].filter(([, { atMs }]) => atMs <= untilMs).sort(([, a], [, b]) => a.atMs - b.atMs)[0];
          if (due === undefined) break;
          const [timer, { atMs, ring }] = due;
          timers.delete(timer);
          nowMs = Math.max(nowMs, atMs);
          ring();
          await new Promise(setImmediate);
        }
        nowMs = untilMs;
      },
      die: () => timers.clear(),
    });
  } finally {
    Object.assign(globalThis, platform);
  }
}
