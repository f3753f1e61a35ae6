import type { JsonValue } from '@x/crypto/light';

/**
 * Writes JSON with sorted members, so that equal values have equal text whatever order they were built in.
 *
 * @returns Text without lone surrogates and without NUL, whatever the value's own texts hold: JSON escapes both.
 * @throws {TypeError} When JSON has no text for the value, as for `undefined`, functions and cycles.
 */
export function canonicalJson(value: JsonValue): string {
  const text: string | undefined = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  if (text === undefined) throw new TypeError('a stored value must be JSON; absent is not a value, delete instead');
  return text;
}
