import { Secret } from '@x/crypto';
import { createEmulator, type FaultPlan, type Journal, type JournalEntry, type Served } from '../src/emulator/index.ts';
import {
  createQuickBlox,
  type Login,
  normalizeParameters,
  type QuickBloxClient,
  type QuickBloxErrorCode,
  type XError,
} from '../src/index.ts';
import { createPushEvent, createUser, getUserBy, listDialogs, listUsers, type Pages } from '../src/resources/index.ts';
import { type GenericSchema, User, UserPage } from '../src/schema.ts';

// Compiled and never run: what the types let through, and what they do not.

const keys = { applicationId: 1, authKey: 'k', authSecret: new Secret('s') };
const quickblox = createQuickBlox(keys);
createQuickBlox({ applicationId: '1', apiKey: 'key' });
// @ts-expect-error one kind of key is needed
createQuickBlox({ applicationId: 1 });
// @ts-expect-error an authorization key needs its secret
createQuickBlox({ applicationId: 1, authKey: 'k', apiKey: 'key' });
// @ts-expect-error there are two hashes
createQuickBlox({ ...keys, hash: 'md5' });

const session = quickblox.session({ kind: 'login', login: 'anna', password: new Secret('p') });
// @ts-expect-error a user is named in one way
quickblox.session({ kind: 'login', login: 'anna', password: 'p', email: 'anna@example.com' });
// @ts-expect-error a password belongs to a login
quickblox.session({ kind: 'login', login: 'anna' });
quickblox.session({ kind: 'identity-provider', userId: 'external', token: new Secret('t') });
quickblox.session({ kind: 'identity-provider', email: 'anna@example.com', token: 't' });
// @ts-expect-error an identity provider is asked for one name
quickblox.session({ kind: 'identity-provider', userId: 'external', email: 'anna@example.com', token: 't' });
// @ts-expect-error and for one at least
quickblox.session({ kind: 'identity-provider', token: 't' });
quickblox.session({ kind: 'provider', provider: 'firebase_email', parameters: { firebase_email: { token: 't' } } });
// @ts-expect-error another company's proof is no password
quickblox.session({ kind: 'provider', provider: 'other', parameters: { other: { id: 1 } }, password: 'p' });
// @ts-expect-error a token of Facebook's is no login
quickblox.session({ kind: 'facebook', token: 't', login: 'anna' });
// @ts-expect-error Twitter's token goes with its secret
quickblox.session({ kind: 'twitter', token: 't' });
// @ts-expect-error the application has no password
quickblox.session({ kind: 'application', password: 'p' });
// @ts-expect-error a source gives the login, it is none
quickblox.session({ kind: 'login', subject: 'anna', read: () => ({ kind: 'facebook', token: 't' }) });
// @ts-expect-error a source gives a user
quickblox.session({ subject: 'anna', read: () => ({ kind: 'application' }) });
// @ts-expect-error only users log in
session.login({ kind: 'application' });

export const total: Promise<number> = session.client
  .get('users.json')
  .json(UserPage)
  .then((page) => page.total_entries);
export const kinds: Record<Login['kind'], true> = {
  application: true,
  login: true,
  email: true,
  facebook: true,
  twitter: true,
  'firebase-phone': true,
  'identity-provider': true,
  provider: true,
  custom: true,
};
export const code: QuickBloxErrorCode = 'quickblox.session-gone';
// @ts-expect-error a login and a source are two things
quickblox.session({ kind: 'login', login: 'anna', password: 'p', read: () => ({ kind: 'facebook', token: 't' }) });

const { client } = session;
listUsers(client, { filter: { field: 'created_at', op: 'between', value: [new Date(0), new Date(1)] } });
// @ts-expect-error a time is compared with a time
listUsers(client, { filter: { field: 'created_at', op: 'gt', value: 7 } });
listUsers(client, { filter: { field: 'facebook_id', op: 'eq', value: '10215678901234567' } });
// @ts-expect-error QuickBlox's own ids are numbers
listUsers(client, { filter: { field: 'id', op: 'eq', value: '7' } });
// @ts-expect-error between takes two values
listUsers(client, { filter: { field: 'id', op: 'between', value: 7 } });
// @ts-expect-error users have no such field
listUsers(client, { sort: { field: 'nick', direction: 'asc' } });
// @ts-expect-error users are compared with le, not lte
listUsers(client, { filter: { field: 'id', op: 'lte', value: 7 } });
listDialogs(client, { filter: { type: { in: [1, 2] }, 'data[class_name]': 'Cool' } });
// @ts-expect-error dialogs are compared with lte, not le
listDialogs(client, { filter: { type: { le: 1 } } });
// @ts-expect-error a user has a login or an e-mail address
createUser(client, { full_name: 'Anna' });
const push = { notification_type: 'push', environment: 'production', message: 'a' } as const;
createPushEvent(client, { ...push, user: { tags: { any: ['a'] } } });
// @ts-expect-error a notification is for somebody
createPushEvent(client, { ...push, user: {} });
// @ts-expect-error a user is not found by this
getUserBy(client, { phone: '1' });
getUserBy(client, { login: 'anna', email: undefined });
// @ts-expect-error a user is found by one name
getUserBy(client, { login: 'anna', email: 'anna@example.com' });
export const extended: QuickBloxClient = client.extend({ headers: { 'x-own': '1' } });

interface OwnParameters {
  readonly nonce: number;
  readonly user: OwnUser;
}
interface OwnUser {
  readonly login: string;
}
const own: OwnParameters = { nonce: 1, user: { login: 'anna' } };
normalizeParameters({ ...own, user: { ...own.user } });
// @ts-expect-error an interface has no index signature
normalizeParameters(own);

// What functions give can be named by whoever depends on this package alone, as declarations of theirs must.
export const users: Pages<unknown, User> = listUsers(session.client);
export const userSchema: GenericSchema = User;
export const emulator = createEmulator({ applications: [{ id: 1, authKey: 'k', authSecret: 's' }] });
export const journal: Journal = emulator.journal;
export const entries: readonly JournalEntry[] = journal.entries;
export const faults: FaultPlan = emulator.faults;
export const served: Promise<Served> = emulator.serve();
export const codeOf = ({ code }: XError): string => code;
