// `2016-05-02 19:52:00 UTC` and `2017-10-16 12:12:27 +0000`. Date.parse may read either form differently on each
// platform, or as local time.
const form = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) (?:UTC|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Reads the header `QB-Token-ExpirationDate`.
 *
 * @param text The header's value in either of the two forms that QuickBlox sends; null when the header is absent.
 * @returns Milliseconds since 1970, or undefined for anything else. Never throws.
 * @see QuickBlox fact sheet §3.3.
 */
export function parseExpirationDate(text: string | null): number | undefined {
  const match = form.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Fields;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const offsetMinutes = Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0);
  if (offsetMinutes >= 24 * 60 || !isCalendarTime(ms, match[0])) return undefined;
  return match[7] === '-' ? ms + offsetMinutes * 60_000 : ms - offsetMinutes * 60_000;
}

type Fields = [year: number, month: number, day: number, hour: number, minute: number, second: number];

/** Date.UTC carries 31 February over into March: only a time that reads back the same was a time. */
function isCalendarTime(ms: number, text: string): boolean {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ') === text.slice(0, 19);
}
