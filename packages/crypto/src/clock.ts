/** Tells the time in milliseconds since 1970. */
export type Clock = () => number;

/** The platform's clock. */
export const systemClock: Clock = () => Date.now();

/**
 * Reads a clock, in whole milliseconds.
 *
 * @throws {RangeError} When the clock does not tell a moment between the years 1970 and 9999.
 */
export function readClock(clock: Clock): number {
  const nowMs = Math.floor(clock());
  if (!(nowMs >= 0 && nowMs <= latestMs)) throw new RangeError('clock must return milliseconds since 1970');
  return nowMs;
}

/** The last moment that ISO 8601 writes with four digits of year. */
export const latestMs: number = /* @__PURE__ */ Date.UTC(9999, 11, 31, 23, 59, 59, 999);
