const ticksPerMs = 10_000n;
const ticksAt1970 = 621_355_968_000_000_000n;

/**
 * Reads .NET ticks, units of 100 ns since the year 1, as Nexudus writes them into `d`.
 *
 * A double cannot hold their 18 digits, so they stay a bigint, and the text is what gets hashed.
 *
 * @returns The ticks, or undefined unless the text is 17 to 19 decimal digits.
 * @see Nexudus fact sheet §3.6.
 */
export function parseTicks(text: string): bigint | undefined {
  return /^[0-9]{17,19}$/.test(text) ? BigInt(text) : undefined;
}

/** Converts ticks to whole milliseconds since 1970, rounding down; ticks carry no zone, UTC is assumed. */
export function ticksToUnixMs(ticks: bigint): number {
  const since = ticks - ticksAt1970;
  const ms = since / ticksPerMs;
  return Number(since % ticksPerMs < 0n ? ms - 1n : ms);
}

/** Converts milliseconds since 1970 to ticks. @throws {RangeError} When the milliseconds are not a whole number. */
export function unixMsToTicks(ms: number): bigint {
  return BigInt(ms) * ticksPerMs + ticksAt1970;
}
