// With the u flag a surrogate matches only where it is not half of a pair.
const loneSurrogate = /\p{Surrogate}/u;

/** The index of the first lone surrogate, which has no UTF-8 encoding; -1 when the text has none. */
export function findLoneSurrogate(text: string): number {
  return text.search(loneSurrogate);
}

/**
 * Refuses text that has no UTF-8 encoding.
 *
 * @throws {RangeError} Naming the index of the lone surrogate.
 */
export function assertWellFormed(text: string): void {
  const index = findLoneSurrogate(text);
  if (index !== -1) throw new RangeError(`text has a lone surrogate at index ${index}`);
}

/** Whether the value is text that is not empty and can be written as UTF-8. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && findLoneSurrogate(value) === -1;
}

/**
 * Refuses what is not text.
 *
 * @throws {TypeError} Naming the argument.
 */
export function assertText(value: unknown, argument: string): asserts value is string {
  if (typeof value !== 'string') throw new TypeError(`${argument} must be text`);
}
