/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

const maxDepth = 32;

/**
 * Refuses a value that JSON would drop, change or never end writing: `undefined`, functions, symbols, big integers,
 * NaN and infinities, instances of classes (dates, maps, secrets), holes and cycles.
 *
 * @param path Where the value stands, for the error; the value itself is never shown.
 * @throws {TypeError} For a value that is not JSON.
 * @throws {RangeError} For more than 32 levels, which is also how a cycle ends.
 */
export function assertJson(value: unknown, path: string, depth: number = 0): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || Number.isFinite(value)) return;
  if (typeof value !== 'object') throw new TypeError(`${path} must be a JSON value`);
  if (depth === maxDepth) throw new RangeError(`${path} is nested more than ${maxDepth} levels deep`);
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) assertJson(element, `${path}[${index}]`, depth + 1);
    return;
  }
  if (!isPlainObject(value)) throw new TypeError(`${path} must be a plain object`);
  for (const [name, member] of Object.entries(value)) assertJson(member, `${path}.${name}`, depth + 1);
}

/** Whether the value is an object without a class, of this realm or another. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
