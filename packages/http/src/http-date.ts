const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The preferred form, and the two obsolete ones that whoever reads dates must know. */
const forms: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

/**
 * Reads an HTTP-date to milliseconds since 1970: `Sun, 06 Nov 1994 08:49:37 GMT`, or an obsolete form of it.
 *
 * The weekday is not compared with the date. Years of two digits are those from 1970 to 2069.
 *
 * @returns undefined for any other text, and for dates and times that do not exist.
 * @see RFC 9110 §5.6.7
 */
export function parseHttpDate(text: string): number | undefined {
  for (const form of forms) {
    const { day, month = '', year = '', time = '' } = form.exec(text)?.groups ?? {};
    if (day === undefined) continue;
    const [hour = 24, minute = 60, second = 61] = time.split(':').map(Number);
    if (hour > 23 || minute > 59 || second > 60) return undefined; // 60 is a leap second
    const dayMs = Date.UTC(fullYear(year), months.indexOf(month), Number(day));
    if (new Date(dayMs).getUTCMonth() !== months.indexOf(month)) return undefined; // a day of another month, or no month
    return dayMs + ((hour * 60 + minute) * 60 + second) * 1000;
  }
  return undefined;
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year + (year < 70 ? 2000 : 1900);
}
