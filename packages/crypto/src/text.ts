/**
 * Refuses text that has no UTF-8 encoding.
 *
 * @throws {RangeError} Naming the index of the lone surrogate.
 */
export function assertWellFormed(text: string): void {
  if (text.isWellFormed()) return;
  // with the u flag a surrogate matches only where it is not half of a pair
  throw new RangeError(`text has a lone surrogate at index ${text.search(/\p{Surrogate}/u)}`);
}

/** Whether the value is text that is not empty and can be written as UTF-8. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

/**
 * Refuses what is not text.
 *
 * @throws {TypeError} Naming the argument.
 */
export function assertText(value: unknown, argument: string): asserts value is string {
  if (typeof value !== 'string') throw new TypeError(`${argument} must be text`);
}
