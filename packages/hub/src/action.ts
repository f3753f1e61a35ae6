import type { JsonObject, JsonValue } from '@x/crypto';
import { ownMember } from '@x/http/server';

/** The kind of JSON that a property's value must be; the documentation does not say what dialogs and dates send. */
export type HubActionValueType = 'boolean' | 'number' | 'string' | 'object' | 'any';

/** The value of an action, or: none, of the wrong kind, or two that differ. */
export type ActionValueResult = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false };

// Members of a request or of an item that a property must not be taken for.
const reserved = new Set([
  ...['auth', 'username', 'csrf', 'value'],
  ...['id', 'timelineId', 'title', 'description', 'date', 'url', 'webLink', 'actions'],
  ...['constructor', 'prototype'],
]);
const types: readonly string[] = ['boolean', 'number', 'string', 'object', 'any'] satisfies HubActionValueType[];

/**
 * Checks the properties that an app declares.
 *
 * @throws {TypeError} Naming the property whose name or type cannot be used.
 */
export function readProperties(
  declared: Readonly<Record<string, HubActionValueType>>,
): ReadonlyMap<string, HubActionValueType> {
  const entries = Object.entries(declared);
  for (const [property, type] of entries) {
    if (!/^[A-Za-z][\w-]{0,63}$/.test(property) || reserved.has(property)) {
      throw new TypeError(`action.properties must not declare ${JSON.stringify(property)}`);
    }
    if (!types.includes(type)) throw new TypeError(`action.properties.${property} must be one of ${types.join(', ')}`);
  }
  return new Map(entries);
}

/**
 * Reads an action's value from the member named after the property or from `value`; the documentation names neither.
 *
 * @see Hub fact sheet §8 row 19
 */
export function readActionValue(body: JsonObject, property: string, type: HubActionValueType): ActionValueResult {
  const values = [property, 'value'].flatMap((member) => {
    const value = ownMember(body, member);
    return value === undefined ? [] : [value];
  });
  const [value, other] = values;
  if (value === undefined || (other !== undefined && !isEqual(value, other))) return { ok: false };
  return isOfType(value, type) ? { ok: true, value } : { ok: false };
}

function isOfType(value: JsonValue, type: HubActionValueType): boolean {
  if (type === 'any') return true;
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

/** Compares as JSON does: the order of members means nothing. */
function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => isEqual(element, b[index] as JsonValue));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = ownMember(b, name);
      return other !== undefined && isEqual(a[name] as JsonValue, other);
    })
  );
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
