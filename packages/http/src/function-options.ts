/**
 * Checks what every factory takes, at construction: in use a mistake of the caller's would look like a failure.
 *
 * @param required Options that must be functions.
 * @param optional Options that may be absent.
 * @param others All other options besides `provider`; without them, whatever else is given passes.
 * @throws {TypeError} Naming the option, and never its value.
 */
export function assertOptions<Given extends { readonly provider: string }>(
  options: Given,
  required: readonly (keyof Given & string)[],
  optional: readonly (keyof Given & string)[],
  others?: readonly (keyof Given & string)[],
): void {
  if (typeof options.provider !== 'string' || options.provider === '') throw new TypeError('provider must be a name');
  if (others !== undefined) assertNames(options, ['provider', ...required, ...optional, ...others]);
  assertFunctions(options, required, optional);
}

/** Checks members that must be functions. @throws {TypeError} Naming the member, after what it belongs to. */
export function assertFunctions<Given>(
  given: Given,
  required: readonly (keyof Given & string)[],
  optional: readonly (keyof Given & string)[],
  owner = '',
): void {
  for (const name of [...required, ...optional]) {
    const value = given[name];
    if (typeof value === 'function' || (value === undefined && optional.includes(name))) continue;
    throw new TypeError(`${owner}${name} must be a function`);
  }
}

/** Refuses members that mean nothing, as misspelt ones do. @throws {TypeError} Naming the first, after what it belongs to. */
export function assertNames(given: object, known: readonly string[], owner = ''): void {
  const odd = Object.keys(given).find((name) => !known.includes(name));
  if (odd !== undefined) throw new TypeError(`${owner}${odd} is no option, expected one of ${known.join(', ')}`);
}
