/**
 * Tells a response from whatever else a callback returned, such as a row of a database that has a `status` of its own.
 *
 * By what it can do, because a polyfill or another realm has a class of its own.
 */
export function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false;
  const { status, headers, arrayBuffer } = value as Partial<Record<keyof Response, unknown>>;
  return typeof status === 'number' && typeof arrayBuffer === 'function' && isHeaders(headers);
}

function isHeaders(value: unknown): boolean {
  return typeof (value as Partial<Headers> | null | undefined)?.get === 'function';
}
