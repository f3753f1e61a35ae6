/**
 * Refuses options that there are not: a misspelt one would leave the emulator as it is, and the test that needs it green.
 *
 * @throws {TypeError} Naming the first of them.
 */
export function assertOptionNames<Options extends object>(
  options: Options,
  names: Readonly<Record<keyof Options, unknown>>,
): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(names, name)) throw new TypeError(`${name} is no option`);
  }
}
