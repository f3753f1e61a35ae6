import { constantTimeEqual, digest, encodeHex, joinSorted, md5, type Secret } from '@x/crypto';

/** The three values that the check value covers, exactly as received. */
export interface SignedValues {
  readonly a: string;
  readonly t: string;
  readonly d: string;
}

const orders = ['atd', 'adt', 'tad', 'tda', 'dat', 'dta'] as const;

/** In which order the three values were hashed. */
export type InstallOrder = (typeof orders)[number];

/** How a check value was matched. */
export interface CheckValueMatch {
  readonly order: InstallOrder;
  /** Whether that is the order by UTF-16 code unit; false hints at a culture-sensitive sort on Nexudus's side. */
  readonly isOrdinal: boolean;
  /** Index of the secret that matched. */
  readonly secretIndex: number;
}

/**
 * Finds the order and the secret with which a check value was made.
 *
 * Nexudus sorts the values, not the parameter names, joins them with `|`, appends the secret and takes the MD5. Its
 * sort may follow a culture, so after the order by code unit the other five are tried. That gives nothing away: the
 * hash covers a set of values and never said which one plays which role.
 *
 * @param checkValue 32 lower-case hex digits.
 * @param secrets Newest first.
 * @returns The match, or undefined after all orders and secrets were compared, each in constant time.
 * @see Nexudus fact sheet §3.3 and §3.4.
 */
export function findCheckValue(
  values: SignedValues,
  checkValue: string,
  secrets: readonly Secret[],
): CheckValueMatch | undefined {
  const ordinal = joinSorted([values.t, values.a, values.d], '|');
  const texts = orders.map((order) => ({ order, text: joinInOrder(values, order) }));
  const candidates = [
    ...texts.filter(({ text }) => text === ordinal).slice(0, 1), // equal values make two orders one text
    ...texts.filter(({ text }) => text !== ordinal),
  ];
  for (const { order, text } of candidates) {
    for (const [secretIndex, secret] of secrets.entries()) {
      const expected = encodeHex(digest(md5, text + secret.reveal()));
      if (constantTimeEqual(expected, checkValue)) return { order, isOrdinal: text === ordinal, secretIndex };
    }
  }
  return undefined;
}

function joinInOrder(values: SignedValues, order: InstallOrder): string {
  return [...order].map((role) => values[role as keyof SignedValues]).join('|');
}
