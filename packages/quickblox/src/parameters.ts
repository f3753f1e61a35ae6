/** The value of a parameter: text as it is, or a whole number. */
export type ParameterValue = string | number;

/**
 * Parameters of a session request: flat (`'user[login]'`) or nested one level (`user: { login }`).
 *
 * Absent members (`undefined`, `null`) are left out.
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
 * @throws {TypeError} For a value that is not text, a number or one level of these, and for a name given twice.
 * @throws {RangeError} For a number that is not a safe integer: the server would not render it as it was signed.
 * @see QuickBlox fact sheet §4.3, rules 2 and 7.
 */
export function flattenParameters(parameters: SessionParameters): Pair[] {
  const flat: Pair[] = [];
  const add = (name: string, value: unknown): void => {
    if (value !== undefined && value !== null) flat.push([name, toText(name, value)]);
  };
  let isBracketed = false;
  for (const name of Object.keys(parameters)) {
    const value = parameters[name];
    isBracketed ||= name.includes('[');
    if (typeof value !== 'object' || value === null) add(name, value);
    else if (Array.isArray(value)) throw new TypeError(`parameter ${name} must be text, a whole number or a group`);
    else for (const member of Object.keys(value)) add(`${name}[${member}]`, value[member]);
  }
  // two names can only be one when something outside a group is called like something in it
  if (isBracketed) assertDistinct(flat.map(([name]) => name));
  return flat;
}

function assertDistinct(names: readonly string[]): void {
  const again = names.find((name, index) => names.indexOf(name) < index);
  if (again !== undefined) throw new TypeError(`parameter ${again} is given twice`);
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw new TypeError(`parameter ${name} must be text or a whole number`);
  if (!Number.isSafeInteger(value)) throw new RangeError(`parameter ${name} must be a safe integer`);
  return String(value);
}
