import * as v from 'valibot';

/** One page of a list that is counted in pages: users, files, events. */
export interface Page<Item> {
  /** From 1. */
  readonly current_page: number;
  readonly per_page: number;
  /** On all pages. */
  readonly total_entries: number;
  readonly items: readonly Item[];
}

/** One stretch of a list that is counted in items: dialogs, messages, records. */
export interface Stretch<Item> {
  readonly skip: number;
  readonly limit: number;
  /** In the whole list; dialogs tell it, messages do not. */
  readonly total_entries?: number | null | undefined;
  readonly items: readonly Item[];
}

/** Reads a {@link Page}. @see QuickBlox fact sheet §7, "pagination I". */
/* @__NO_SIDE_EFFECTS__ */
export function pageOf<Wire, Item>(item: v.GenericSchema<Wire, Item>): v.GenericSchema<Page<Wire>, Page<Item>> {
  return v.looseObject({
    current_page: v.number(),
    per_page: v.number(),
    total_entries: v.number(),
    items: v.array(item),
  });
}

/** Reads a {@link Stretch}. @see QuickBlox fact sheet §7, "pagination II". */
/* @__NO_SIDE_EFFECTS__ */
export function stretchOf<Wire, Item>(
  item: v.GenericSchema<Wire, Item>,
): v.GenericSchema<Stretch<Wire>, Stretch<Item>> {
  return v.looseObject({
    skip: v.number(),
    limit: v.number(),
    total_entries: v.nullish(v.number()),
    items: v.array(item),
  });
}

/** How many there are: the answer to `count=1`, in either of the forms that were seen. */
export type CountWire = { readonly count: number } | { readonly items: { readonly count: number } };

const Counted = v.object({ count: v.number() });

/** Reads the answer to `count=1`. @see QuickBlox fact sheet §7; the form is not documented there. */
export const Count: v.GenericSchema<CountWire, number> = v.union([
  v.pipe(
    Counted,
    v.transform(({ count }) => count),
  ),
  v.pipe(
    v.object({ items: Counted }),
    v.transform(({ items }) => items.count),
  ),
]);
