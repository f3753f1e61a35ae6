import { encodeText } from './query.ts';

/**
 * Writes text as one segment of a path.
 *
 * @throws {TypeError} Naming the argument, when the text is empty or would lead to another path.
 */
export function textSegment(name: string, text: string): string {
  if (typeof text !== 'string' || /^\.{0,2}$/.test(text))
    throw new TypeError(`${name} must be text that names one thing`);
  return encodeText(text);
}

/** Writes a number as one segment of a path. @throws {RangeError} Naming the argument, unless it is a positive integer. */
export function numberSegment(name: string, id: number): string {
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError(`${name} must be a positive integer`);
  return String(id);
}

/**
 * Writes one id or several as the one segment in which QuickBlox takes them, with commas.
 *
 * @throws {TypeError} Naming the argument, when there is no id, or one is empty or has a comma.
 */
export function idsSegment(name: string, ids: string | readonly string[]): string {
  const list = typeof ids === 'string' ? [ids] : ids;
  if (list.length === 0) throw new TypeError(`${name} must have at least one id`);
  if (list.some((id) => id.includes(','))) throw new TypeError(`${name} must not have commas in an id`);
  return list.map((id) => textSegment(name, id)).join(',');
}
