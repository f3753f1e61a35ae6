const maxUnits = 256;
// Control characters, and surrogates that are not half of a pair.
const forbidden = /[\p{Cc}\p{Surrogate}]/u;

/**
 * Tells whether a text can stand as one path segment of Hub: a user's name, an app's name, an item's id.
 *
 * 1 to 256 UTF-16 units, well-formed, no control characters. `.` and `..` cannot: URL parsers fold them away in every
 * spelling, so that `/v1/app/../auth` becomes `/v1/auth`.
 *
 * @see Hub fact sheet §8 row 13, §9.4
 */
export function isSegment(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= maxUnits &&
    value !== '.' &&
    value !== '..' &&
    !forbidden.test(value)
  );
}

/**
 * Writes a text as a path segment, percent-encoded once.
 *
 * @throws {RangeError} When the text cannot be a segment; see {@link isSegment}. The text is not shown.
 */
export function formatSegment(text: string): string {
  if (!isSegment(text)) throw new RangeError('a path segment must be 1 to 256 characters, not a dot segment');
  return encodeURIComponent(text);
}

/**
 * Reads a raw path segment.
 *
 * @returns The text, with `+` as a plus sign and `%2F` as data; undefined when an escape is malformed or the text
 *   cannot be a segment. Never throws.
 */
export function parseSegment(raw: string): string | undefined {
  try {
    const text = decodeURIComponent(raw);
    return isSegment(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
