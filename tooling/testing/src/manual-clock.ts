/** A clock that moves only when told to. */
export interface ManualClock {
  (): number;
  advance(ms: number): void;
  set(ms: number): void;
}

/** @param startMs Milliseconds since 1970; default 2026-01-01T00:00:00Z. */
export function manualClock(startMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  return Object.assign(() => nowMs, {
    advance(ms: number): void {
      nowMs += ms;
    },
    set(ms: number): void {
      nowMs = ms;
    },
  });
}
