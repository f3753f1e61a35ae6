import type { QueryPair } from './query.ts';

/** What a field is compared with. */
export type CriterionValue = string | number | boolean;

/** Comparisons of one field; all of them must hold. */
export interface Comparisons {
  readonly lt?: CriterionValue | undefined;
  readonly lte?: CriterionValue | undefined;
  readonly gt?: CriterionValue | undefined;
  readonly gte?: CriterionValue | undefined;
  readonly ne?: CriterionValue | undefined;
  /** One of these. */
  readonly in?: readonly CriterionValue[] | undefined;
  /** None of these. */
  readonly nin?: readonly CriterionValue[] | undefined;
  /** The field is a list that has all of these. */
  readonly all?: readonly CriterionValue[] | undefined;
  /** One of these, or what another field's `or` says. */
  readonly or?: readonly CriterionValue[] | undefined;
  /** The field's text has this somewhere. */
  readonly ctn?: string | undefined;
  /** Within so many metres of a place, `longitude,latitude;metres`: for fields of custom objects that are places. */
  readonly near?: string | undefined;
}

/**
 * What dialogs, messages or records must be like, by QuickBlox's name of each field: `{ type: { in: [2, 3] } }`.
 *
 * A plain value asks for that value. Times are in Unix seconds. Fields of a dialog's record are written
 * `'data[class_name]'` and `'data[field]'`.
 */
export type Criteria = Readonly<Record<string, CriterionValue | Comparisons | undefined>>;

/** The order of dialogs, messages or records. */
export interface Sort {
  /** QuickBlox's name of the field. */
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * Writes criteria as parameters: `field=value` and `field[op]=value`, the values of a list with commas.
 *
 * @throws {TypeError} Naming the field, when a value is none, when a value in a list has a comma, which would make it
 *   two, and for a list of nothing, which is not known to meet nothing.
 * @see QuickBlox fact sheet §7, "filters, dialogs/messages/objects".
 */
export function toPairs(criteria: Criteria = {}): [name: string, value: string][] {
  return Object.entries(criteria).flatMap(([field, criterion]) => {
    if (criterion === undefined) return [];
    if (!isGroup(criterion)) return [[field, toText(field, criterion)]];
    return Object.entries(toTexts(field, criterion)).map(([op, text]): [string, string] => [`${field}[${op}]`, text]);
  });
}

/** Parameters of every list and count by criteria, and where old servers looked for a session. */
const listParameters = ['skip', 'limit', 'sort_asc', 'sort_desc', 'count', 'token'];

/**
 * Writes the criteria of a list, which stand among its parameters. Throws as {@link toPairs}.
 *
 * @param own Names of the list's own parameters.
 * @throws {TypeError} Naming the field, when a plain value of it would be taken for a parameter.
 */
export function filterPairs(
  filter: Criteria | undefined,
  own: readonly string[] = [],
): [name: string, value: string][] {
  const pairs = toPairs(filter);
  const taken = pairs.find(([name]) => listParameters.includes(name) || own.includes(name));
  if (taken !== undefined) throw new TypeError(`filter.${taken[0]} must not be a value: it is a parameter of the list`);
  return pairs;
}

/** Writes criteria for a JSON body, in which comparisons are objects. Throws as {@link toPairs}. */
export function toJson(criteria: Criteria): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(criteria).map(([field, criterion]) => [
      field,
      isGroup(criterion) ? toTexts(field, criterion) : criterion,
    ]),
  );
}

const operators = ['lt', 'lte', 'gt', 'gte', 'ne', 'in', 'nin', 'all', 'or', 'ctn', 'near'];

/**
 * Makes sure that criteria say all that they seem to: what QuickBlox leaves out lets them meet more.
 *
 * @throws {TypeError} Without a field, and naming the field whose value is absent or none, that is compared by what is no
 *   comparison, or that has a plain value where lists have a parameter of that name: whether it counts as a criterion is
 *   not known.
 */
export function assertComplete(criteria: Criteria): void {
  const fields = Object.entries(criteria);
  if (fields.length === 0) throw new TypeError('criteria must name at least one field');
  for (const [field, criterion] of fields) {
    const name = `criteria.${field}`;
    const values: unknown[] = isGroup(criterion) ? Object.values(criterion) : [criterion];
    if (field === '' || values.length === 0 || values.flat().some((value) => value === undefined || value === '')) {
      throw new TypeError(`${name} must have a value: more would be met without it`);
    }
    if (!isGroup(criterion)) {
      toText(name, criterion);
      if (!listParameters.includes(field)) continue;
      throw new TypeError(`${name} must be an object of comparisons: lists have a parameter of that name`);
    }
    const isKnown = Object.keys(toTexts(name, criterion)).every((op) => operators.includes(op));
    if (!isKnown) throw new TypeError(`${name} must be compared by ${operators.join(', ')}`);
  }
}

/** Writes an order as a parameter; none without one. @throws {TypeError} For a direction that there is not. */
export function sortPairs(sort: Sort | undefined): QueryPair[] {
  return sort === undefined ? [] : [[`sort_${readDirection(sort)}`, sort.field]];
}

/** An order of another name would be passed over in silence. @throws {TypeError} For a direction that there is not. */
export function readDirection({ direction }: Pick<Sort, 'direction'>): Sort['direction'] {
  if (direction === 'asc' || direction === 'desc') return direction;
  throw new TypeError("sort.direction must be 'asc' or 'desc'");
}

function toTexts(field: string, comparisons: Comparisons): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [op, value] of Object.entries(comparisons)) {
    if (value !== undefined) texts[op] = Array.isArray(value) ? toListText(field, value) : toText(field, value);
  }
  return texts;
}

/** A Date is an object too, but none whose members are comparisons. */
function isGroup(criterion: unknown): criterion is Comparisons {
  return Object.prototype.toString.call(criterion) === '[object Object]';
}

function toText(field: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw new TypeError(
    `${field} must be text, a number or a truth value; a list goes with a comparison, as { in: [2, 3] }`,
  );
}

/** @throws {TypeError} Naming the field, for a list of nothing: that nothing is met by it is not known. */
export function toListText(field: string, values: readonly unknown[]): string {
  if (values.length === 0) throw new TypeError(`${field} must not be compared with a list of nothing`);
  return joinList(
    field,
    values.map((value) => toText(field, value)),
  );
}

/** @throws {TypeError} Naming the field, when a value has a comma. */
export function joinList(field: string, values: readonly CriterionValue[]): string {
  const texts = values.map(String);
  if (texts.some((text) => text.includes(','))) throw new TypeError(`${field} must not have a comma within a list`);
  return texts.join(',');
}
