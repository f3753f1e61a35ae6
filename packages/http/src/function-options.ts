/**
 * Checks what every factory takes, at construction: in use a mistake of the caller's would look like a failure.
 *
 * @param required Options that must be functions.
 * @param optional Options that may be absent.
 * @throws {TypeError} Naming the option.
 */
export function assertFunctions<Given extends { readonly provider: string }>(
  options: Given,
  required: readonly (keyof Given & string)[],
  optional: readonly (keyof Given & string)[],
): void {
  if (typeof options.provider !== 'string' || options.provider === '') throw new TypeError('provider must be a name');
  for (const name of [...required, ...optional]) {
    const value = options[name];
    if (typeof value === 'function' || (value === undefined && optional.includes(name))) continue;
    throw new TypeError(`${name} must be a function`);
  }
}
