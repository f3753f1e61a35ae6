/**
 * A stretch of time that is to pass, or in which nothing is granted. When it is looked at after the clock was set back,
 * it begins anew, so each time lengthens it once by no more than itself.
 */
export interface Hold {
  /** When it ends, in milliseconds since 1970; in the past without one. */
  untilMs(nowMs: number): number;
  /** Holds for so many milliseconds from now; a longer hold stays as it is. */
  extend(ms: number, nowMs: number): void;
}

/** Makes a hold that has ended. */
export function createHold(): Hold {
  let fromMs = 0;
  let lengthMs = 0;
  const untilMs = (nowMs: number): number => {
    fromMs = Math.min(fromMs, nowMs);
    return fromMs + lengthMs;
  };
  return {
    untilMs,
    extend(ms, nowMs) {
      if (nowMs + ms <= untilMs(nowMs)) return;
      fromMs = nowMs;
      lengthMs = ms;
    },
  };
}
