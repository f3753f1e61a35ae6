import * as v from 'valibot';

/** `2019-09-01T14:55:56Z` and `2019-09-01T14:55:56+00:00`: QuickBlox writes both. Read to milliseconds since 1970. */
export const IsoTime: v.GenericSchema<string, number> = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/),
  v.check((text) => isCalendarDay(text.slice(0, 10))),
  v.transform((text) => Date.parse(text)),
  v.number(), // refuses NaN, which an hour that is none gives
);

/** Some platforms take the 30th of February for the 2nd of March. */
function isCalendarDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
}
