/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

const maxDepth = 32;

/**
 * Writes a value as JSON, and reads each part of it once: what is checked is what is written, whatever `toJSON`,
 * getters or iterators would make of it.
 *
 * Refused is what JSON would drop, change or never end writing: `undefined`, functions, symbols, big integers, NaN and
 * infinities, instances of classes (dates, maps, secrets), holes, members beside a list's elements, and cycles.
 *
 * @param path Where the value stands, for the error; the value itself is never shown.
 * @throws {TypeError} For a value that is not JSON.
 * @throws {RangeError} For more than 32 levels, which is also how a cycle ends.
 */
export function formatJson(value: unknown, path: string, depth: number = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value); // the platform's JSON says 0 to both
  if (typeof value !== 'object') throw new TypeError(`${path} must be a JSON value`);
  if (depth === maxDepth) throw new RangeError(`${path} is nested more than ${maxDepth} levels deep`);
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    const isMember = Object.getOwnPropertyDescriptor(value, symbol)?.enumerable === true;
    if (isMember) throw new TypeError(`${path} must have no symbols for members`);
  }
  return Array.isArray(value) ? formatList(value, path, depth + 1) : formatObject(value, path, depth + 1);
}

function formatList(list: readonly unknown[], path: string, depth: number): string {
  const { length } = list;
  if (Object.keys(list).length > length) throw new TypeError(`${path} must be a list of elements only`);
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text += `${index === 0 ? '' : ','}${formatJson(list[index], `${path}[${index}]`, depth)}`;
  }
  return `[${text}]`;
}

function formatObject(value: object, path: string, depth: number): string {
  if (!isPlainObject(value)) throw new TypeError(`${path} must be a plain object`);
  let text = '';
  for (const name of Object.keys(value)) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${formatJson(value[name], `${path}.${name}`, depth)}`;
  }
  return `{${text}}`;
}

/** Whether what was parsed as JSON has 32 levels or fewer, as all that {@link formatJson} writes. */
export function isShallow(value: unknown, depth: number = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < maxDepth && Object.values(value).every((member) => isShallow(member, depth + 1));
}

/** Whether the value is an object without a class, of this realm or another. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
