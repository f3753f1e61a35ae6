const identifier = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Quotes the name of a table for SQL.
 *
 * @param table `table` or `schema.table`; each part 1 to 63 characters of `a-z 0-9 _` that do not begin with a digit.
 * @throws {TypeError} For anything else, so that nothing else ever becomes part of a statement.
 */
export function quoteTable(table: string): string {
  const parts = typeof table === 'string' ? table.split('.') : [];
  if (parts.length < 1 || parts.length > 2 || !parts.every((part) => identifier.test(part))) {
    throw new TypeError('table must be a lower-case SQL identifier, or two with a dot between: a schema and a table');
  }
  return parts.map((part) => `"${part}"`).join('.');
}
