import { ContractError, RequestError } from './errors.ts';
import { assertOptions } from './function-options.ts';
import { wholeInRange } from './number-options.ts';

/** What tells a provider which page to give. `undefined` asks for the first one, where it needs no cursor. */
export type PageCursor = string | number | undefined;

/** Where a page stands, for the decision what follows it. */
export interface PagePosition<Cursor extends PageCursor> {
  /** The cursor that the page was fetched with. */
  readonly cursor: Cursor;
  /** How many items are on the page. */
  readonly itemCount: number;
}

/** How a provider numbers its pages; {@link headerCursor}, {@link pageNumber} and {@link skipLimit} make one. */
export interface PageStrategy<Page, Cursor extends PageCursor> {
  /** The cursor of the first page. */
  readonly first: Cursor;
  /** The cursor of the page that follows; undefined after the last one. */
  readonly next: (page: Page, position: PagePosition<Cursor>) => Cursor | undefined;
}

/** Options of {@link paginate}. */
export interface PaginateOptions<Page, Item, Cursor extends PageCursor> extends PageStrategy<Page, Cursor> {
  /** The provider's name in errors. */
  readonly provider: string;
  /** Fetches one page. The signal ends with the caller's, and when the caller leaves the loop. */
  readonly fetchPage: (cursor: Cursor, context: { readonly signal: AbortSignal }) => Promise<Page>;
  /** The items of a page, in order. */
  readonly items: (page: Page) => readonly Item[];
  /**
   * Pages at most, 1 to 1,000,000; default 1,000. More than that counts as a list without end and throws; whoever
   * wants only a few leaves the loop.
   */
  readonly maxPages?: number | undefined;
  /** 1 fetches the next page while the present one is being used; default 0, each page when it is asked for. */
  readonly readAhead?: 0 | 1 | undefined;
  /** Ends the iteration at once, also in the middle of a page. */
  readonly signal?: AbortSignal | undefined;
}

/** A list that is fetched while it is being read. Each loop over it begins again with the first page. */
export interface Pages<Page, Item> extends AsyncIterable<Item> {
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>;
  /** Goes through whole pages, as `fetchPage` gave them. */
  pages(): AsyncGenerator<Page, void, undefined>;
}

/**
 * Goes through a list that a provider gives in pages, item by item.
 *
 * Fetches nothing before it is asked, and one page at a time. Ends whatever the provider does: each cursor is used
 * once, and `maxPages` bounds those that never repeat. What was fetched before a failure is given out first.
 *
 * @throws {TypeError} When `provider` is missing, or one of the callbacks is no function.
 * @throws {RangeError} When `maxPages` or `readAhead` is out of range.
 * While iterating: {@link ContractError} `http.contract-broken` for a cursor that was used before or a list without
 * end; {@link RequestError} `http.aborted` when `signal` ends it; and what the callbacks throw, unchanged.
 * @example
 * const orders = paginate({
 *   provider: 'hubrise',
 *   ...headerCursor('x-cursor-next'),
 *   fetchPage: async (cursor, { signal }) => {
 *     const answer = await client.get('location/orders', { searchParams: { cursor }, signal });
 *     return { headers: answer.headers, orders: await answer.json(Orders) };
 *   },
 *   items: (page) => page.orders,
 * });
 */
export function paginate<Page, Item, Cursor extends PageCursor>(
  options: PaginateOptions<Page, Item, Cursor>,
): Pages<Page, Item> {
  assertOptions(options, ['fetchPage', 'items', 'next'], []);
  const { maxPages = 1_000, readAhead = 0 } = options;
  wholeInRange('maxPages', maxPages, 1, 1_000_000);
  if (readAhead !== 0 && readAhead !== 1) throw new RangeError(`readAhead must be 0 or 1, got ${String(readAhead)}`);
  const turn = (): AsyncGenerator<Turned<Page, Item>, void, undefined> => turnPages(options, { maxPages, readAhead });
  return {
    async *[Symbol.asyncIterator]() {
      for await (const { items } of turn()) {
        for (const item of items) {
          if (options.signal?.aborted === true) throw abortedError(options.provider);
          yield item;
        }
      }
    },
    async *pages() {
      for await (const { page } of turn()) yield page;
    },
  };
}

interface Turned<Page, Item> {
  readonly page: Page;
  readonly items: readonly Item[];
}

async function* turnPages<Page, Item, Cursor extends PageCursor>(
  options: PaginateOptions<Page, Item, Cursor>,
  { maxPages, readAhead }: { readonly maxPages: number; readonly readAhead: 0 | 1 },
): AsyncGenerator<Turned<Page, Item>, void, undefined> {
  const { provider, signal } = options;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  const read = (cursor: Cursor): Promise<Page> => {
    const page = fetchUntilAborted(options, cursor, controller.signal);
    page.catch(() => {}); // a page read ahead may fail long before it is asked for, or after nobody will ask
    return page;
  };
  if (signal?.aborted === true) throw abortedError(provider);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const used = new Set<Cursor>();
    let cursor = options.first;
    let ahead: Promise<Page> | undefined;
    for (;;) {
      used.add(cursor);
      const page = await (ahead ?? read(cursor));
      const items = options.items(page);
      const following = options.next(page, { cursor, itemCount: items.length });
      const isUsable = following !== undefined && !used.has(following) && used.size < maxPages;
      ahead = isUsable && readAhead === 1 ? read(following) : undefined;
      yield { page, items };
      if (controller.signal.aborted) throw abortedError(provider);
      if (following === undefined) return;
      if (used.has(following)) throw endlessError(provider, 'cursor', 'a cursor that was not used before');
      if (!isUsable) throw endlessError(provider, '', `an end within ${maxPages} pages`);
      cursor = following;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    controller.abort(); // of a page read ahead that nobody waits for any more
  }
}

/** Fetches a page, and stops waiting at the end of the signal even if `fetchPage` does not heed it. */
function fetchUntilAborted<Page, Item, Cursor extends PageCursor>(
  { provider, fetchPage }: PaginateOptions<Page, Item, Cursor>,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortedError(provider));
    signal.addEventListener('abort', onAbort, { once: true });
    const page = (async () => fetchPage(cursor, { signal }))();
    page.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function abortedError(provider: string): RequestError {
  return new RequestError({ provider, code: 'http.aborted', message: 'the list was aborted by its caller' });
}

/** Tells neither the cursor nor the items: a provider may have put anything into them. */
function endlessError(provider: string, path: string, expected: string): ContractError {
  return new ContractError({
    provider,
    issues: [{ path, expected }],
    message: `the list has no end: expected ${expected}`,
  });
}

/**
 * Reads the next cursor from a header field of the answer; the list ends where the field is absent or empty.
 *
 * A short or empty page does not end it: only the field counts.
 *
 * @param name The field's name in any case, for example `X-Cursor-Next`.
 * @returns A strategy for pages that carry their `headers`.
 * @see HubRise fact sheet §11.3.
 */
export function headerCursor(name: string): PageStrategy<{ readonly headers: Headers }, string | undefined> {
  return { first: undefined, next: ({ headers }) => headers.get(name) || undefined };
}

/** Options of {@link pageNumber}. */
export interface PageNumberOptions<Page> {
  /**
   * Whether another page follows the one with this number. Not asked about an empty page, after which none follows.
   * Nexudus says it (`HasNextPage`); from `number * page.size < page.total` it follows only where the size is true.
   */
  readonly hasNext: (page: Page, number: number) => boolean;
  /** The number of the first page, an integer; default 1. */
  readonly first?: number | undefined;
}

/**
 * Counts pages up until the provider says that none follows, or gives an empty one.
 *
 * @throws {RangeError} When `first` is no integer.
 * @see Nexudus fact sheet §7.3.
 */
export function pageNumber<Page>({ hasNext, first = 1 }: PageNumberOptions<Page>): PageStrategy<Page, number> {
  if (!Number.isSafeInteger(first)) throw new RangeError(`first must be an integer, got ${first}`);
  return {
    first,
    next: (page, { cursor, itemCount }) => (itemCount > 0 && hasNext(page, cursor) ? cursor + 1 : undefined),
  };
}

/** Options of {@link skipLimit}. */
export interface SkipLimitOptions<Page> {
  /** How many items the whole list has, where the page says it: the list ends there. */
  readonly totalOf?: ((page: Page) => number | undefined) | undefined;
  /**
   * The page size that the provider says it applied: fewer items end the list. Not the size that was asked for,
   * which the provider may have cut without ending the list.
   */
  readonly limitOf?: ((page: Page) => number | undefined) | undefined;
}

/**
 * Skips as many items as it has seen. The list ends at its total where that is known, else with a page that is
 * shorter than its limit where that is known, and always with an empty page.
 *
 * @returns A strategy whose cursor is the number of items to skip.
 * @see QuickBlox fact sheet §7 ("pagination II"): dialogs tell their total, messages do not.
 */
export function skipLimit<Page>({ totalOf, limitOf }: SkipLimitOptions<Page> = {}): PageStrategy<Page, number> {
  return {
    first: 0,
    next: (page, { cursor, itemCount }) => {
      if (itemCount === 0) return undefined;
      const skip = cursor + itemCount;
      const total = totalOf?.(page);
      if (total !== undefined) return skip < total ? skip : undefined;
      return itemCount < (limitOf?.(page) ?? 0) ? undefined : skip;
    },
  };
}
