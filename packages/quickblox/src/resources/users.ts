import { type Secret, toSecret } from '@x/crypto/light';
import type { Pages } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Page } from '../schemas/page.ts';
import { type User, UserEnvelope } from '../schemas/user.ts';
import { UserPage } from '../schemas/user-list.ts';
import { discard } from './answers.ts';
import { joinList, toListText } from './criteria.ts';
import { listPages, type PageOptions } from './lists.ts';
import { numberSegment } from './path.ts';
import { encodeQuery } from './query.ts';
import { type UserFilter, type UserSort, userPairs } from './user-filter.ts';

/** What can be written of a user. */
export interface UserFields {
  readonly login?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | Secret | undefined;
  readonly full_name?: string | undefined;
  readonly phone?: string | undefined;
  readonly website?: string | undefined;
  readonly external_user_id?: number | string | null | undefined;
  readonly facebook_id?: number | string | null | undefined;
  readonly twitter_id?: number | string | null | undefined;
  readonly blob_id?: number | null | undefined;
  readonly custom_data?: string | undefined;
  /** Tags in place of all that the user has; they are read as `user_tags`. */
  readonly tag_list?: readonly string[] | undefined;
}

/** A user to be created: `login` or `email`, and what else is known. */
export type NewUser = UserFields & ({ readonly login: string } | { readonly email: string });

/** Changes of a user; what is left out stays. */
export interface UserChanges extends UserFields {
  /** Needed beside `password` when the user itself changes it. */
  readonly old_password?: string | Secret | undefined;
}

/** Options of {@link listUsers}. */
export interface ListUsersOptions extends PageOptions {
  /** All must hold. */
  readonly filter?: UserFilter | readonly UserFilter[] | undefined;
  /** Which come first; default QuickBlox's order. */
  readonly sort?: UserSort | undefined;
}

/** What names one user, beside QuickBlox's own id; one name alone. */
export type UserKey = {
  [Name in keyof UserNames]: Pick<UserNames, Name> & Without<Exclude<keyof UserNames, Name>>;
}[keyof UserNames];

/** What {@link getUserBy} finds a user by. */
export interface UserNames {
  readonly login: string;
  readonly email: string;
  readonly facebook_id: string | number;
  readonly twitter_id: string | number;
  readonly external_user_id: number;
}

type Without<Name extends string> = { readonly [Other in Name]?: undefined };

/**
 * Signs a user up. An application's session may do it, unless the dashboard forbids it.
 *
 * @throws {ResponseError} `quickblox.validation` when a value is refused or taken.
 * @see QuickBlox fact sheet §3.1 and §8, as for all functions of users.
 */
export async function createUser(client: QuickBloxClient, user: NewUser, call: CallOptions = {}): Promise<User> {
  return client.post('users.json', { json: { user: toWire(user) }, ...toCall(call) }).json(UserEnvelope);
}

/** Goes through the application's users. @throws {TypeError | RangeError} For a filter that cannot be written. */
export function listUsers(
  client: QuickBloxClient,
  { filter, sort, ...options }: ListUsersOptions = {},
): Pages<Page<User>, User> {
  return listPages(client, { path: 'users.json', query: userPairs(filter, sort), schema: UserPage }, options);
}

/** Goes through the users with a name. */
export function listUsersByFullName(
  client: QuickBloxClient,
  fullName: string,
  options: PageOptions = {},
): Pages<Page<User>, User> {
  const query = [['full_name', fullName]] as const;
  return listPages(client, { path: 'users/by_full_name.json', query, schema: UserPage }, options);
}

/** Goes through the users with any of some tags. @throws {TypeError} For a tag with a comma, and without a tag. */
export function listUsersByTags(
  client: QuickBloxClient,
  tags: readonly string[],
  options: PageOptions = {},
): Pages<Page<User>, User> {
  const query = [['tags', toListText('tags', tags)]] as const;
  return listPages(client, { path: 'users/by_tags.json', query, schema: UserPage }, options);
}

/** Reads a user. @throws {ResponseError} `http.not-found` */
export async function getUser(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<User> {
  return client.get(`users/${numberSegment('id', id)}.json`, toCall(call)).json(UserEnvelope);
}

/**
 * Finds a user by something else than QuickBlox's id: `getUserBy(client, { login: 'anna' })`.
 *
 * @throws {TypeError} Unless the key has exactly one name, and for one that is empty.
 * @throws {RangeError} For an id that is no safe integer: it would be another user's. Larger ones are given as text.
 * @throws {ResponseError} `http.not-found`
 */
export async function getUserBy(client: QuickBloxClient, key: UserKey, call: CallOptions = {}): Promise<User> {
  const given = Object.entries(key).filter((entry) => entry[1] !== undefined);
  const [[name, value] = ['', ''], ...others] = given as [string, string | number][];
  if (others.length > 0 || !keyNames.includes(name)) throw new TypeError(`key must have one of ${keyNames.join(', ')}`);
  if (value === '') throw new TypeError(`${name} must not be empty: it could be that of any user who has none`);
  if (name === 'external_user_id') {
    return client.get(externalPath(Number(value)), toCall(call)).json(UserEnvelope);
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${name} must be a safe integer`);
  const searchParams = encodeQuery([[name, value]]);
  return client.get(`users/by_${name}.json`, { searchParams, ...toCall(call) }).json(UserEnvelope);
}

/**
 * Changes a user. A user may change itself; only an API key may change others.
 *
 * @throws {ResponseError} `quickblox.user-required` with an application's session, `http.forbidden` with another user's.
 */
export async function updateUser(
  client: QuickBloxClient,
  { id, changes }: { readonly id: number; readonly changes: UserChanges },
  call: CallOptions = {},
): Promise<User> {
  const json = { user: toWire(changes) };
  return client.put(`users/${numberSegment('id', id)}.json`, { json, ...toCall(call) }).json(UserEnvelope);
}

/** Deletes a user. The rights are those of {@link updateUser}. */
export async function deleteUser(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<void> {
  return discard(client.delete(`users/${numberSegment('id', id)}.json`, toCall(call)));
}

/** Deletes the user that the application knows by this id. The rights are those of {@link updateUser}. */
export async function deleteUserByExternalId(
  client: QuickBloxClient,
  externalUserId: number,
  call: CallOptions = {},
): Promise<void> {
  return discard(client.delete(externalPath(externalUserId), toCall(call)));
}

/** Lets QuickBlox send a user the e-mail by which a new password is chosen. */
export async function resetPassword(client: QuickBloxClient, email: string, call: CallOptions = {}): Promise<void> {
  const searchParams = encodeQuery([['email', email]]);
  return discard(client.get('users/password/reset.json', { searchParams, ...toCall(call) }));
}

const keyNames = ['login', 'email', 'facebook_id', 'twitter_id', 'external_user_id'];

function externalPath(externalUserId: number): string {
  return `users/external/${numberSegment('external_user_id', externalUserId)}.json`;
}

function toWire({ tag_list, password, old_password, ...fields }: UserChanges): Record<string, unknown> {
  return {
    ...fields,
    tag_list: tag_list && joinList('tag_list', tag_list),
    password: reveal(password),
    old_password: reveal(old_password),
  };
}

function reveal(secret: string | Secret | undefined): string | undefined {
  return secret === undefined ? undefined : toSecret(secret).reveal();
}
