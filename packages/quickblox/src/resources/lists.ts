import { type Pages, pageNumber, paginate, skipLimit } from '@x/http';
import type * as v from 'valibot';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Page, Stretch } from '../schemas/page.ts';
import { encodeQuery, type QueryPair } from './query.ts';

/** How to go through a list that is counted in pages. */
export interface PageOptions extends CallOptions {
  /** Where to begin; default 1. */
  readonly page?: number | undefined;
  /** Items on a page; default 100. QuickBlox may give fewer. */
  readonly perPage?: number | undefined;
  /** Pages at most, 1 to 1,000,000; default 1,000. A longer list throws. */
  readonly maxPages?: number | undefined;
}

/** How to go through a list that is counted in items. */
export interface StretchOptions extends CallOptions {
  /** Where to begin; default 0. */
  readonly skip?: number | undefined;
  /** Items fetched at once; default 100. QuickBlox may give fewer. */
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

/** Goes through a list by `page` and `per_page`. @see QuickBlox fact sheet §7, "pagination I". */
export function listPages<Item>(
  client: QuickBloxClient,
  { path, query = [], schema }: ListSource<Page<Item>>,
  { page = 1, perPage = 100, maxPages, signal }: PageOptions,
): Pages<Page<Item>, Item> {
  return paginate({
    provider,
    maxPages,
    signal,
    ...pageNumber<Page<Item>>({
      first: page,
      hasNext: ({ per_page, total_entries }, number) => number * per_page < total_entries,
    }),
    fetchPage: (number, call) => {
      const searchParams = encodeQuery([...query, ['page', number], ['per_page', perPage]]);
      return client.get(path, { searchParams, ...toCall(call) }).json(schema);
    },
    items: ({ items }) => items,
  });
}

/** Goes through a list by `skip` and `limit`. @see QuickBlox fact sheet §7, "pagination II". */
export function listStretches<Item>(
  client: QuickBloxClient,
  { path, query = [], schema }: ListSource<Stretch<Item>>,
  { skip = 0, limit = 100, maxPages, signal }: StretchOptions,
): Pages<Stretch<Item>, Item> {
  return paginate({
    provider,
    maxPages,
    signal,
    ...skipLimit<Stretch<Item>>({
      totalOf: ({ total_entries }) => total_entries ?? undefined,
      limitOf: (stretch) => stretch.limit,
    }),
    first: skip,
    fetchPage: (skipped, call) => {
      const searchParams = encodeQuery([...query, ['skip', skipped], ['limit', limit]]);
      return client.get(path, { searchParams, ...toCall(call) }).json(schema);
    },
    items: ({ items }) => items,
  });
}
