import * as v from 'valibot';

/** One page of a list. `HasNextPage` says whether to go on. */
export interface ListEnvelope<Row> {
  readonly Records: readonly Row[];
  readonly HasNextPage: boolean;
  readonly HasPreviousPage?: boolean | null | undefined;
  /** From 1. */
  readonly CurrentPage?: number | null | undefined;
  readonly CurrentPageSize?: number | null | undefined;
  readonly CurrentOrderField?: string | null | undefined;
  /** A number on REST pages, a word such as `ASC` elsewhere. */
  readonly CurrentSortDirection?: number | string | null | undefined;
  /** Number of the page's first row in the whole list, from 1. */
  readonly FirstItem?: number | null | undefined;
  readonly LastItem?: number | null | undefined;
  readonly TotalItems?: number | null | undefined;
  readonly TotalPages?: number | null | undefined;
  /** Older answers repeat the page here. */
  readonly PageNumber?: number | null | undefined;
  readonly PageSize?: number | null | undefined;
}

const count = v.nullish(v.pipe(v.number(), v.integer()));

/**
 * Makes the schema of a list of rows.
 *
 * Only what paging depends on is required; fields that Nexudus adds are dropped.
 *
 * @param row Schema of one row. Rows of lists are partial: never send one back as an update.
 * @see Nexudus fact sheet §7.3.
 */
export function listEnvelope<Row>(row: v.GenericSchema<unknown, Row>): v.GenericSchema<unknown, ListEnvelope<Row>> {
  return v.object({
    Records: v.array(row),
    HasNextPage: v.boolean(),
    HasPreviousPage: v.nullish(v.boolean()),
    CurrentPage: count,
    CurrentPageSize: count,
    CurrentOrderField: v.nullish(v.string()),
    CurrentSortDirection: v.nullish(v.union([v.number(), v.string()])),
    FirstItem: count,
    LastItem: count,
    TotalItems: count,
    TotalPages: count,
    PageNumber: count,
    PageSize: count,
  });
}
