/** The largest user identifier of the SDK: 31 bits. */
export const maxUserIdentifier = 2_147_483_647;

/** Tells whether a value is a user identifier in the form that this package hands around: an integer in range. */
export function isUserIdentifier(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxUserIdentifier;
}

export type UserIdentifierResult = { readonly ok: true; readonly value: number | undefined } | { readonly ok: false };

/**
 * Reads a user identifier from JSON.
 *
 * The documentation shows text where the SDK has an integer, so both are taken. Text must be canonical: no sign, no
 * leading zero, no exponent, ASCII digits.
 *
 * @returns The integer; undefined for an absent value, null and the empty text, which all mean "not set". 0 is passed
 *   on, although a client app may mean "not set" by it. Never throws.
 * @see HypeLabs fact sheet §2, §5 rows 8 to 10.
 */
export function readUserIdentifier(value: unknown): UserIdentifierResult {
  if (value === undefined || value === null || value === '') return { ok: true, value: undefined };
  const number = typeof value === 'string' && /^(?:0|[1-9][0-9]{0,9})$/.test(value) ? Number(value) : value;
  return isUserIdentifier(number) ? { ok: true, value: Math.abs(number) } : { ok: false }; // JSON can write -0
}
