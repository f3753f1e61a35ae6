/**
 * Checks a number that a caller gave.
 *
 * @returns The number.
 * @throws {RangeError} Naming it, unless it lies between the two bounds or on one of them.
 */
export function inRange(name: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new RangeError(`${name} must be from ${low} to ${high}, got ${value}`);
}

/** Checks a whole number as {@link inRange} does any. @throws {RangeError} Naming it. */
export function wholeInRange(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new RangeError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
}
