import { readDirection, toListText } from './criteria.ts';
import type { QueryPair } from './query.ts';

/** Fields of a user that are compared as numbers. */
export type UserNumberField = 'id' | 'external_user_id' | UserForeignIdField;

/** Ids of other companies' that are compared as numbers and can be too large for one: then they are given as text. */
export type UserForeignIdField = 'facebook_id' | 'twitter_id';

/** Fields of a user that are compared as text. */
export type UserTextField = 'login' | 'email' | 'full_name' | 'phone' | 'website';

/** Fields of a user that are compared as times. */
export type UserTimeField = 'created_at' | 'updated_at' | 'last_request_at';

/** Fields of a user that can be compared. */
export type UserField = UserNumberField | UserTextField | UserTimeField;

const fieldTypes: Readonly<Record<UserField, 'number' | 'string' | 'date'>> = {
  id: 'number',
  external_user_id: 'number',
  facebook_id: 'number',
  twitter_id: 'number',
  login: 'string',
  email: 'string',
  full_name: 'string',
  phone: 'string',
  website: 'string',
  created_at: 'date',
  updated_at: 'date',
  last_request_at: 'date',
};

/** A comparison with one value, or with several. */
export type UserComparison<Value> =
  | { readonly op: 'gt' | 'lt' | 'ge' | 'le' | 'eq' | 'ne'; readonly value: Value }
  | { readonly op: 'between'; readonly value: readonly [from: Value, to: Value] }
  | { readonly op: 'in'; readonly value: readonly Value[] };

/** What users must be like: `{ field: 'created_at', op: 'gt', value: new Date(0) }`. */
export type UserFilter =
  | ({ readonly field: Exclude<UserNumberField, UserForeignIdField> } & UserComparison<number>)
  | ({ readonly field: UserForeignIdField } & UserComparison<number | string>)
  | ({ readonly field: UserTextField } & UserComparison<string>)
  | ({ readonly field: UserTimeField } & UserComparison<Date>);

/** The order of users. */
export interface UserSort {
  readonly field: UserField;
  readonly direction: 'asc' | 'desc';
}

/**
 * Writes filters and order as parameters: `filter[]=date created_at gt 2019-05-23T18:07:19Z`, `order=asc number id`.
 *
 * @throws {TypeError} For an unknown field, comparison or direction, for a comma within a list of values, and for a list of nothing.
 * @throws {RangeError} For a date that is none, and for an integer that is not safe: it would be another user's.
 * @see QuickBlox fact sheet §7, "filters, users".
 */
export function userPairs(filters: UserFilter | readonly UserFilter[] = [], sort?: UserSort): QueryPair[] {
  const list = 'field' in filters ? [filters] : filters;
  const pairs = list.map(({ field, op, value }): QueryPair => {
    const texts = [value].flat().map((one) => toText(field, one));
    const text = Array.isArray(value) ? toListText(field, texts) : texts.join('');
    if (!operators.includes(op)) throw new TypeError(`${field} must be compared by ${operators.join(', ')}`);
    return ['filter[]', `${typeOf(field)} ${field} ${op} ${text}`];
  });
  return sort === undefined
    ? pairs
    : [...pairs, ['order', `${readDirection(sort)} ${typeOf(sort.field)} ${sort.field}`]];
}

const operators = ['gt', 'lt', 'ge', 'le', 'eq', 'ne', 'between', 'in'];

function typeOf(field: UserField): string {
  if (!Object.hasOwn(fieldTypes, field))
    throw new TypeError(`field must be one of ${Object.keys(fieldTypes).join(', ')}`);
  return fieldTypes[field];
}

/** Times to the second, as the reference writes them. */
function toText(field: UserField, value: unknown): string {
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`${field} must be a safe integer; larger ids are given as text`);
  }
  return String(value);
}
