/**
 * Builds the key of a stored value from everything that tells it from others.
 *
 * Distinct lists of parts give distinct keys: each part is escaped before they are joined with `/`.
 *
 * @param parts Provider, application, base URL, subject and the like; at least one.
 */
export function storeKey(...parts: string[]): string {
  if (parts.length === 0) throw new TypeError('a store key needs at least one part');
  return parts.map((part) => part.replaceAll(/[%/]/g, (sign) => (sign === '%' ? '%25' : '%2F'))).join('/');
}
