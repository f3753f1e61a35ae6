import { type Pages, paginate, skipLimit } from '@x/http';
import type * as v from 'valibot';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Page, Stretch } from '../schemas/page.ts';
import { encodeQuery, type QueryPair } from './query.ts';

/** How to go through a list that is counted in pages. */
export interface PageOptions extends CallOptions {
  /** Where to begin, from 1; default 1. */
  readonly page?: number | undefined;
  /** Items on a page, from 1; default 100. QuickBlox may give fewer. */
  readonly perPage?: number | undefined;
  /** Pages at most, 1 to 1,000,000; default 1,000. A longer list throws. */
  readonly maxPages?: number | undefined;
}

/** How to go through a list that is counted in items. */
export interface StretchOptions extends CallOptions {
  /** Where to begin, from 0; default 0. */
  readonly skip?: number | undefined;
  /** Items fetched at once, from 1; default 100. QuickBlox may give fewer. */
  readonly limit?: number | undefined;
  /** Fetches at most, 1 to 1,000,000; default 1,000. A longer list throws. */
  readonly maxPages?: number | undefined;
}

/** Which list, and how its answers are read. */
export interface ListSource<Answer> {
  readonly path: string;
  readonly query?: readonly QueryPair[] | undefined;
  readonly schema: v.GenericSchema<unknown, Answer>;
}

const provider = 'quickblox';

/**
 * Goes through a list by `page` and `per_page`.
 *
 * Its end is where as many items as there are in all have been seen, whatever size of page the answers claim.
 *
 * @throws {RangeError} When `page` or `perPage` is not a whole number from 1.
 * @see QuickBlox fact sheet §7, "pagination I".
 */
export function listPages<Item>(
  client: QuickBloxClient,
  { path, query = [], schema }: ListSource<Page<Item>>,
  { page = 1, perPage = 100, maxPages, signal }: PageOptions,
): Pages<Page<Item>, Item> {
  assertWhole('page', page, 1);
  assertWhole('perPage', perPage, 1);
  return paginate<Page<Item>, Item, string>({
    provider,
    maxPages,
    signal,
    first: String(page),
    next({ per_page, total_entries }, { cursor, itemCount }) {
      const { number, before } = readCursor(cursor);
      const seen = (before ?? (number - 1) * Math.min(per_page, itemCount)) + itemCount;
      return itemCount > 0 && seen < total_entries ? `${number + 1}/${seen}` : undefined;
    },
    fetchPage: (cursor, call) => {
      const { number } = readCursor(cursor);
      const searchParams = encodeQuery([...query, ['page', number], ['per_page', perPage]]);
      return client.get(path, { searchParams, ...toCall(call) }).json(schema);
    },
    items: ({ items }) => items,
  });
}

/** A page's number, and how many items come before it: `3/200`. Before the first page that is not known. */
function readCursor(cursor: string): { readonly number: number; readonly before: number | undefined } {
  const [number = 1, before] = cursor.split('/').map(Number);
  return { number, before };
}

/** What is given where no `limit` is asked for: an answer with that many items is not known to be the last. */
const defaultLimit = 100;

/**
 * Goes through a list by `skip` and `limit`.
 *
 * Its end is the total where that is told, else an answer with fewer items than its limit. A larger limit than
 * QuickBlox's default may be told and not be applied, so such a list ends with fewer items than the default.
 *
 * @throws {RangeError} When `skip` is not a whole number from 0, or `limit` not one from 1.
 * @see QuickBlox fact sheet §7, "pagination II".
 */
export function listStretches<Item>(
  client: QuickBloxClient,
  { path, query = [], schema }: ListSource<Stretch<Item>>,
  { skip = 0, limit = defaultLimit, maxPages, signal }: StretchOptions,
): Pages<Stretch<Item>, Item> {
  assertWhole('skip', skip, 0);
  assertWhole('limit', limit, 1);
  return paginate({
    provider,
    maxPages,
    signal,
    ...skipLimit<Stretch<Item>>({
      totalOf: ({ total_entries }) => total_entries ?? undefined,
      limitOf: (stretch) => Math.min(stretch.limit, defaultLimit),
    }),
    first: skip,
    fetchPage: (skipped, call) => {
      const searchParams = encodeQuery([...query, ['skip', skipped], ['limit', limit]]);
      return client.get(path, { searchParams, ...toCall(call) }).json(schema);
    },
    items: ({ items }) => items,
  });
}

function assertWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} must be a whole number from ${least}, got ${value}`);
}
