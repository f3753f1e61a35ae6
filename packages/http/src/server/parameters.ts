/** Names that {@link readParameters} reads. */
export interface ParameterNames<Required extends string, Optional extends string> {
  readonly required: readonly Required[];
  readonly optional?: readonly Optional[] | undefined;
}

/** Why a parameter was refused. `parameter-malformed`: a percent sequence in it is none, or spells no UTF-8. */
export type ParameterReason = 'parameter-missing' | 'parameter-empty' | 'parameter-repeated' | 'parameter-malformed';

/** The parameters by name, or which one is wrong and how. */
export type ParametersResult<Required extends string, Optional extends string> =
  | {
      readonly ok: true;
      readonly values: Readonly<Record<Required, string> & Partial<Record<Optional, string>>>;
    }
  | { readonly ok: false; readonly reason: ParameterReason; readonly name: Required | Optional };

/** A name and its value; undefined where it cannot be decoded. */
type Pair = readonly [name: string | undefined, value: string | undefined];

/**
 * Reads named parameters of a query or form, each at most once and decoded strictly.
 *
 * A repeated parameter is refused rather than resolved, and a malformed one rather than mended, because the two sides
 * of a protocol may do it differently.
 *
 * @param source The text of a query or form, or a URL. `URLSearchParams` have been decoded by the platform, which puts
 *   U+FFFD for what it cannot read: a value with that character is refused there, since nobody can say what it was.
 * @returns The values, or the first name that is wrong and why. Unknown names are ignored. Never throws.
 * @see RFC 3986 §2.1; RFC 3629 §3.
 */
export function readParameters<Required extends string, Optional extends string = never>(
  source: URLSearchParams | URL | string,
  names: ParameterNames<Required, Optional>,
): ParametersResult<Required, Optional> {
  const { required, optional = [] } = names;
  const wanted: readonly (Required | Optional)[] = [...required, ...optional];
  const found = new Map<string | undefined, string | undefined>();
  const repeated = new Set<string | undefined>();
  for (const [name, value] of pairsOf(source)) {
    if (found.has(name)) repeated.add(name);
    found.set(name, value);
  }
  for (const name of wanted) if (repeated.has(name)) return { ok: false, reason: 'parameter-repeated', name };
  const values = Object.create(null) as Record<string, string>;
  const isRequired = new Set<string>(required);
  for (const name of wanted) {
    const value = found.get(name);
    if (value !== undefined && (value !== '' || !isRequired.has(name))) values[name] = value;
    else if (found.has(name)) {
      return { ok: false, reason: value === undefined ? 'parameter-malformed' : 'parameter-empty', name };
    } else if (isRequired.has(name)) return { ok: false, reason: 'parameter-missing', name };
  }
  return { ok: true, values: values as Record<Required, string> & Partial<Record<Optional, string>> };
}

/**
 * Reads every name and value of a query or form, decoded strictly.
 *
 * @param text With or without the `?` at its start.
 * @returns The pairs in their order, repeated ones too; undefined when one of them is malformed. Never throws.
 */
export function parsePairs(text: string): readonly (readonly [name: string, value: string])[] | undefined {
  const pairs = pairsOf(text);
  return pairs.every(isDecoded) ? pairs : undefined;
}

function isDecoded(pair: Pair): pair is readonly [name: string, value: string] {
  return pair[0] !== undefined && pair[1] !== undefined;
}

function pairsOf(source: URLSearchParams | URL | string): readonly Pair[] {
  if (source instanceof URLSearchParams) {
    return [...source].map(([name, value]): Pair => [name, value.includes('\u{FFFD}') ? undefined : value]);
  }
  const text = typeof source === 'string' ? source : source.search;
  return text
    .slice(text.startsWith('?') ? 1 : 0)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): Pair => {
      const end = pair.indexOf('=');
      return end === -1 ? [decode(pair), ''] : [decode(pair.slice(0, end)), decode(pair.slice(end + 1))];
    });
}

/** Undefined for what no bytes of UTF-8 spell, halves of surrogate pairs included. */
function decode(text: string): string | undefined {
  if (/\p{Surrogate}/u.test(text)) return undefined;
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
