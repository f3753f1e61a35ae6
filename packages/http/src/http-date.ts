/** Reads the preferred form of an HTTP-date, `Sun, 06 Nov 1994 08:49:37 GMT`, to milliseconds since 1970. @see RFC 9110 §5.6.7 */
export function parseHttpDate(text: string): number | undefined {
  if (!/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
