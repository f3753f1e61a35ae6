/** What the callback says about the customer, unsigned: anybody who holds one genuine link can change it. */
export interface InstallHints {
  /** `b`: the customer's subdomain. */
  readonly subdomain: string | undefined;
  /** `e`: the e-mail address of the person who installs. */
  readonly email: string | undefined;
}

/**
 * Reads `b` and `e` for display.
 *
 * Either is undefined when it is absent, empty, repeated, longer than 254 characters or holds control characters.
 * An address cannot hold a space, so a space in `e` is a `+` that was not escaped.
 *
 * @see Nexudus fact sheet §3.7 and §14.
 */
export function readHints(parameters: URLSearchParams): InstallHints {
  return {
    subdomain: readHint(parameters, 'b'),
    email: readHint(parameters, 'e')?.replaceAll(' ', '+'),
  };
}

function readHint(parameters: URLSearchParams, name: string): string | undefined {
  const [value = '', ...others] = parameters.getAll(name);
  return others.length === 0 && /^\P{Cc}{1,254}$/u.test(value) ? value : undefined;
}
