/**
 * Checks a time to live and brings it into the range that every store can keep.
 *
 * @returns Whole milliseconds, rounded up so that nothing ends early, 285,000 years at most; undefined as given.
 * @throws {RangeError} When it is not above 0.
 */
export function readTtl(ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  if (!(ttlMs > 0)) throw new RangeError(`ttlMs must be above 0, got ${ttlMs}`);
  return Math.min(Math.ceil(ttlMs), Number.MAX_SAFE_INTEGER);
}
