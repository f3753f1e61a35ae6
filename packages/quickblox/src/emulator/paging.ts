import type { ResourceCall } from './resource-route.ts';

/**
 * Answers with one page of a list, or with its count.
 *
 * @see QuickBlox fact sheet §7, "pagination I": `page` from 1, `per_page` 10. Largest pages are assumed.
 */
export function answerPage<Item>(
  { exchange, answer }: ResourceCall,
  items: readonly Item[],
  { toBody, maxPageSize }: { readonly toBody: (item: Item) => unknown; readonly maxPageSize: number },
): Response {
  const { searchParams } = exchange.url;
  const page = wholeOf(searchParams.get('page'), 1, 1);
  const perPage = Math.min(wholeOf(searchParams.get('per_page'), 10, 1), maxPageSize);
  return answer(200, {
    current_page: page,
    per_page: perPage,
    total_entries: items.length,
    items: items.slice((page - 1) * perPage, page * perPage).map(toBody),
  });
}

/** What {@link answerStretch} needs beside the items. */
export interface StretchParts<Item> {
  readonly toBody: (item: Item) => unknown;
  readonly maxPageSize: number;
  /** Dialogs tell how many there are, messages do not. */
  readonly total: 'told' | 'untold';
  /** What stands beside the items. */
  readonly more?: object | undefined;
}

/**
 * Answers with one stretch of a list, or with its count.
 *
 * @see QuickBlox fact sheet §7, "pagination II": `skip` 0, `limit` 100; the form of a count is assumed.
 */
export function answerStretch<Item>(
  { exchange, answer }: ResourceCall,
  items: readonly Item[],
  { toBody, maxPageSize, total, more }: StretchParts<Item>,
): Response {
  const { searchParams } = exchange.url;
  if (searchParams.get('count') === '1') return answer(200, { items: { count: items.length } });
  const skip = wholeOf(searchParams.get('skip'), 0, 0);
  const limit = Math.min(wholeOf(searchParams.get('limit'), 100, 1), maxPageSize);
  return answer(200, {
    ...more,
    ...(total === 'told' ? { total_entries: items.length } : {}),
    skip,
    limit,
    items: items.slice(skip, skip + limit).map(toBody),
  });
}

function wholeOf(text: string | null, fallback: number, least: number): number {
  return text !== null && /^\d{1,6}$/.test(text) && Number(text) >= least ? Number(text) : fallback;
}
