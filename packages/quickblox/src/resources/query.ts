/** One parameter of a query; an undefined value leaves it out. */
export type QueryPair = readonly [name: string, value: string | number | undefined];

/**
 * Writes a query as QuickBlox reads it: names and values percent-encoded, spaces as `%20`, brackets of names literal.
 *
 * @see QuickBlox fact sheet §7, "URL encoding".
 */
export function encodeQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [`${encodeName(name)}=${encodeText(String(value))}`]))
    .join('&');
}

function encodeName(name: string): string {
  return encodeText(name).replaceAll('%5B', '[').replaceAll('%5D', ']');
}

/** Percent-encodes any text; half a surrogate pair becomes U+FFFD, as in a form. */
export function encodeText(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1).replaceAll('+', '%20');
}
