/** Names that {@link readParameters} reads. */
export interface ParameterNames<Required extends string, Optional extends string> {
  readonly required: readonly Required[];
  readonly optional?: readonly Optional[] | undefined;
}

/** The parameters by name, or which one is wrong and how. */
export type ParametersResult<Required extends string, Optional extends string> =
  | {
      readonly ok: true;
      readonly values: Readonly<Record<Required, string> & Partial<Record<Optional, string>>>;
    }
  | {
      readonly ok: false;
      readonly reason: 'parameter-missing' | 'parameter-empty' | 'parameter-repeated';
      readonly name: Required | Optional;
    };

/**
 * Reads named parameters of a query or form, each at most once.
 *
 * A repeated parameter is refused rather than resolved, because the two sides of a protocol may resolve it differently.
 *
 * @param source Parameters, a URL, or the text of a form body.
 * @returns The values, or the first name that is wrong and why. Unknown names are ignored. Never throws.
 */
export function readParameters<Required extends string, Optional extends string = never>(
  source: URLSearchParams | URL | string,
  names: ParameterNames<Required, Optional>,
): ParametersResult<Required, Optional> {
  const parameters = source instanceof URL ? source.searchParams : new URLSearchParams(source);
  const values = Object.create(null) as Record<string, string>;
  for (const name of [...names.required, ...(names.optional ?? [])]) {
    if (parameters.getAll(name).length > 1) return { ok: false, reason: 'parameter-repeated', name };
  }
  for (const name of names.required) {
    const value = parameters.get(name);
    if (value === null) return { ok: false, reason: 'parameter-missing', name };
    if (value === '') return { ok: false, reason: 'parameter-empty', name };
    values[name] = value;
  }
  for (const name of names.optional ?? []) {
    const value = parameters.get(name);
    if (value !== null) values[name] = value;
  }
  return { ok: true, values: values as Record<Required, string> & Partial<Record<Optional, string>> };
}
