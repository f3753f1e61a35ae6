/**
 * Sorts, cuts and wraps rows as a list.
 *
 * `page` counts from 1, `size` is 25 by default, `orderBy` is `Id` (documented, §7.2). For `dir`, where the editions
 * disagree, 1 and `descending` are descending and all else ascending. There is no cap on `size`, since none is known.
 *
 * @see Nexudus fact sheet §7.3.
 */
export function listPage(
  rows: readonly Readonly<Record<string, unknown>>[],
  parameters: URLSearchParams,
): Record<string, unknown> {
  const page = readCount(parameters.get('page'), 1);
  const size = readCount(parameters.get('size'), 25);
  const orderBy = parameters.get('orderBy') ?? parameters.get('orderby') ?? 'Id';
  const isDescending = /^(1|desc(ending)?)$/i.test(parameters.get('dir') ?? '');
  const sorted = [...rows].sort((left, right) => compare(left[orderBy], right[orderBy]) * (isDescending ? -1 : 1));
  const start = (page - 1) * size;
  const shown = sorted.slice(start, start + size);
  return {
    Records: shown,
    CurrentPageSize: size,
    CurrentPage: page,
    CurrentOrderField: orderBy,
    CurrentSortDirection: isDescending ? 1 : 0,
    FirstItem: shown.length === 0 ? 0 : start + 1,
    LastItem: shown.length === 0 ? 0 : start + shown.length,
    HasNextPage: start + size < rows.length,
    HasPreviousPage: page > 1,
    PageNumber: page,
    PageSize: size,
    TotalItems: rows.length,
    TotalPages: Math.ceil(rows.length / size),
  };
}

function readCount(text: string | null, fallback: number): number {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fallback;
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [String(left ?? ''), String(right ?? '')];
  return a < b ? -1 : Number(a > b);
}
