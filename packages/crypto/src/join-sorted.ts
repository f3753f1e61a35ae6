/**
 * Joins texts in the order of their UTF-16 code units, as signed strings need it.
 *
 * The order is the same on every machine, whatever its locale: `B` before `_` before `a`. Duplicates stay.
 *
 * @param parts Texts in any order.
 * @param separator Put between two texts; it is not escaped inside them.
 * @throws {TypeError} When a part is not text.
 */
export function joinSorted(parts: Iterable<string>, separator: string): string {
  const list = [...parts];
  if (list.some((part) => typeof part !== 'string')) throw new TypeError('parts must all be text');
  return list.sort().join(separator);
}
