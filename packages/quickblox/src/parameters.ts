import { type Secret, toSecret } from '@x/crypto';

/** The value of a parameter: text as it is, a secret, which is signed and sent in clear, or a whole number. */
export type ParameterValue = string | number | Secret;

/**
 * Parameters of a session request: flat (`'user[login]'`) or nested one level (`user: { login }`).
 *
 * Absent members (`undefined`, `null`) are left out. What is typed by an `interface`, which has no index signature, is
 * given as a copy: `{ ...own, user: { ...own.user } }`.
 */
export interface SessionParameters {
  readonly [name: string]:
    | ParameterValue
    | { readonly [member: string]: ParameterValue | null | undefined }
    | null
    | undefined;
}

/** A parameter as it is signed and sent. */
export type Pair = [name: string, value: string];

/**
 * Lists parameters as flat names and texts, in the order in which they were given.
 *
 * The same list is signed and sent, so that a form body always carries exactly what its signature covers.
 *
 * @throws {TypeError} For a value that is not text, a secret, a number or a plain object of these, one level deep, and
 *   for a name given twice.
 * @throws {RangeError} For a number that is not a safe integer: the server would not render it as it was signed.
 * @see QuickBlox fact sheet §4.3, rules 2 and 7.
 */
export function flattenParameters(parameters: SessionParameters): Pair[] {
  if (!isPlainObject(parameters)) throw new TypeError('parameters must be a plain object');
  const flat: Pair[] = [];
  const add = (name: string, value: unknown): void => {
    if (value !== undefined && value !== null) flat.push([name, toText(name, value)]);
  };
  let isBracketed = false;
  for (const name of Object.keys(parameters)) {
    const value = parameters[name];
    isBracketed ||= name.includes('[');
    if (typeof value !== 'object' || !isPlainObject(value)) add(name, value);
    else for (const member of Object.keys(value)) add(`${name}[${member}]`, value[member]);
  }
  // two names can only be one when something outside a group is called like something in it
  if (isBracketed) assertDistinct(flat.map(([name]) => name));
  return flat;
}

/**
 * Whether members are all that an object has.
 *
 * A Date, a Map or a Headers keeps what it has elsewhere, and would be sent as nothing.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // another realm, such as that of a test runner, has an Object.prototype of its own, which has no prototype either
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function assertDistinct(names: readonly string[]): void {
  const again = names.find((name, index) => names.indexOf(name) < index);
  if (again !== undefined) throw new TypeError(`parameter ${again} is given twice`);
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return secretText(name, value);
  if (!Number.isSafeInteger(value)) throw new RangeError(`parameter ${name} must be a safe integer`);
  return String(value);
}

function secretText(name: string, value: unknown): string {
  try {
    return toSecret(value as Secret).reveal();
  } catch {
    throw new TypeError(
      `parameter ${name} must be text, a Secret or a whole number; groups are plain objects, one level deep`,
    );
  }
}
