import { type Body, groupOf } from './body.ts';

/** Parameters of lists, which are no criteria there. */
const reserved = ['skip', 'limit', 'sort_asc', 'sort_desc', 'count', 'mark_as_read', 'token'];

/** A comparison that was asked for. */
interface Criterion {
  readonly field: string;
  readonly op: string;
  readonly value: string;
}

/**
 * Finds what meets all criteria of a list's query, in the order that it asks for.
 *
 * @param toBody What a thing is told as: criteria go by the names in it.
 * @see QuickBlox fact sheet §7, "filters, dialogs/messages/objects". How values of different kinds compare is assumed.
 */
export function search<Item>(
  items: readonly Item[],
  parameters: Iterable<readonly [name: string, value: string]>,
  toBody: (item: Item) => object,
): Item[] {
  const pairs = [...parameters];
  const criteria = pairs.filter(([name]) => !reserved.includes(name));
  const found = findAll(items, criteria, toBody);
  const [direction, field] = pairs.find(([name]) => name === 'sort_asc' || name === 'sort_desc') ?? [];
  if (field !== undefined) {
    const sign = direction === 'sort_desc' ? -1 : 1;
    found.sort((a, b) => sign * compare(a.body[field], wordOf(b.body[field])));
  }
  return found.map(({ item }) => item);
}

/** Finds what meets all criteria of a body that holds nothing else: any name there is that of a field, which is assumed. */
export function searchByCriteria<Item>(items: readonly Item[], criteria: Body, toBody: (item: Item) => object): Item[] {
  return findAll(items, criteriaPairs(criteria), toBody).map(({ item }) => item);
}

function findAll<Item>(
  items: readonly Item[],
  pairs: readonly (readonly [name: string, value: string])[],
  toBody: (item: Item) => object,
): { readonly item: Item; readonly body: Body }[] {
  const criteria = pairs.map(toCriterion);
  const bodies = items.map((item) => ({ item, body: toBody(item) as Body }));
  return bodies.filter(({ body }) => criteria.every((criterion) => meets(body, criterion)));
}

/** Writes the criteria of a JSON body as those of a query. */
function criteriaPairs(criteria: Body): [name: string, value: string][] {
  return Object.entries(criteria).flatMap(([field, value]) =>
    typeof value === 'object'
      ? Object.entries(groupOf(criteria, field)).map(([op, one]): [string, string] => [`${field}[${op}]`, wordOf(one)])
      : [[field, wordOf(value)]],
  );
}

function toCriterion([name, value]: readonly [name: string, value: string]): Criterion {
  const [, group, op = ''] = /^([^[]+)\[(\w+)\]$/.exec(name) ?? [];
  if (group === undefined) return { field: name, op: 'eq', value };
  return group === 'data' ? { field: name, op: 'eq', value } : { field: group, op, value };
}

function meets(body: Body, { field, op, value }: Criterion): boolean {
  const [, member] = /^data\[(\w+)\]$/.exec(field) ?? [];
  const own = member === undefined ? body[field] : groupOf(body, 'data')[member];
  const values = value.split(',').map((one) => one.trim());
  const has = (one: string): boolean => (Array.isArray(own) ? own : [own]).some((item) => compare(item, one) === 0);
  const tests: Record<string, () => boolean> = {
    eq: () => has(value),
    ne: () => !has(value),
    lt: () => own !== null && compare(own, value) < 0,
    lte: () => own !== null && compare(own, value) <= 0,
    gt: () => own !== null && compare(own, value) > 0,
    gte: () => own !== null && compare(own, value) >= 0,
    in: () => values.some(has),
    or: () => values.some(has),
    nin: () => !values.some(has),
    all: () => values.every(has),
    ctn: () => typeof own === 'string' && own.toLowerCase().includes(value.toLowerCase()),
  };
  return Object.hasOwn(tests, op) && tests[op]?.() === true;
}

/** Numbers as numbers, times in Unix seconds where seconds are given, all else as text. */
function compare(own: unknown, value: string): number {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(value);
  if (typeof own === 'number' && isNumber) return own - Number(value);
  const text = wordOf(own);
  if (isNumber && /^\d{4}-\d{2}-\d{2}T/.test(text)) return Date.parse(text) / 1000 - Number(value);
  return text < value ? -1 : Number(text > value);
}

/** A value as it is compared; what members an object has, a stranger decides, `toString` among them. */
function wordOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
