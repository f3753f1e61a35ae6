import { Secret } from '@x/crypto';
import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createUser,
  deleteUser,
  deleteUserByExternalId,
  getUser,
  getUserBy,
  listUsers,
  listUsersByFullName,
  listUsersByTags,
  resetPassword,
  updateUser,
} from '../../src/resources/users.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const user = { id: 7, login: 'anna', added_later: { kept: true } };
const answer = { user };
const page = { current_page: 1, per_page: 100, total_entries: 1, items: [answer] };

const requests = suite('quickblox · users · requests');

testRows(requests, [
  {
    ask: (client) =>
      createUser(client, { login: 'anna', password: new Secret('p@ss'), full_name: 'Anna', tag_list: ['a', 'b'] }),
    sends: 'POST /users.json',
    body: { user: { login: 'anna', password: 'p@ss', full_name: 'Anna', tag_list: 'a,b' } },
    answer,
    gives: user,
  },
  { ask: (client) => listUsers(client), sends: 'GET /users.json?page=1&per_page=100', answer: page, gives: [user] },
  {
    ask: (client) =>
      listUsers(client, {
        filter: { field: 'created_at', op: 'gt', value: new Date(0) },
        sort: { field: 'id', direction: 'asc' },
        page: 3,
        perPage: 20,
      }),
    sends:
      'GET /users.json?filter[]=date%20created_at%20gt%201970-01-01T00%3A00%3A00Z&order=asc%20number%20id' +
      '&page=3&per_page=20',
    answer: page,
    gives: [user],
  },
  {
    ask: (client) => listUsersByFullName(client, 'Alex Miller'),
    sends: 'GET /users/by_full_name.json?full_name=Alex%20Miller&page=1&per_page=100',
    answer: page,
    gives: [user],
  },
  {
    ask: (client) => listUsersByTags(client, ['android', 'web']),
    sends: 'GET /users/by_tags.json?tags=android%2Cweb&page=1&per_page=100',
    answer: page,
    gives: [user],
  },
  { ask: (client) => getUser(client, 7), sends: 'GET /users/7.json', answer, gives: user },
  {
    ask: (client) => getUserBy(client, { login: 'a b' }),
    sends: 'GET /users/by_login.json?login=a%20b',
    answer,
    gives: user,
  },
  {
    ask: (client) => getUserBy(client, { login: undefined, email: 'anna+qa@example.com' }),
    sends: 'GET /users/by_email.json?email=anna%2Bqa%40example.com',
    answer,
    gives: user,
  },
  {
    ask: (client) => getUserBy(client, { facebook_id: '15868' }),
    sends: 'GET /users/by_facebook_id.json?facebook_id=15868',
    answer,
    gives: user,
  },
  {
    ask: (client) => getUserBy(client, { twitter_id: 9982366 }),
    sends: 'GET /users/by_twitter_id.json?twitter_id=9982366',
    answer,
    gives: user,
  },
  {
    ask: (client) => getUserBy(client, { external_user_id: 126672 }),
    sends: 'GET /users/external/126672.json',
    answer,
    gives: user,
  },
  {
    ask: (client) =>
      updateUser(client, { id: 7, changes: { password: 'new', old_password: new Secret('old'), custom_data: '{}' } }),
    sends: 'PUT /users/7.json',
    body: { user: { custom_data: '{}', password: 'new', old_password: 'old' } },
    answer,
    gives: user,
  },
  { ask: (client) => deleteUser(client, 7), sends: 'DELETE /users/7.json' },
  { ask: (client) => deleteUser(client, 7), sends: 'DELETE /users/7.json', answer: ' ', gives: undefined },
  {
    ask: (client) => deleteUserByExternalId(client, 9),
    sends: 'DELETE /users/external/9.json',
    answer: 'null',
    gives: undefined,
  },
  {
    ask: (client) => resetPassword(client, 'anna@example.com'),
    sends: 'GET /users/password/reset.json?email=anna%40example.com',
  },
]);

requests('refuses ids and keys that name no user, without asking', async () => {
  const { client, sent } = recordingClient(answer);
  await rejects(getUser(client, 0), RangeError, /id must be a positive integer/);
  await rejects(updateUser(client, { id: 1.5, changes: {} }), RangeError, /id must be/);
  await rejects(deleteUser(client, -1), RangeError, /id must be/);
  await rejects(deleteUserByExternalId(client, 0), RangeError, /external_user_id must be/);
  await rejects(getUserBy(client, { external_user_id: 0 }), RangeError, /external_user_id must be/);
  await rejects(getUserBy(client, {} as never), TypeError, /key must have one of login, /);
  await rejects(getUserBy(client, { login: undefined } as never), TypeError, /key must have one of login, /);
  await rejects(getUserBy(client, { name: 'a' } as never), TypeError, /key must have one of/);
  await rejects(getUserBy(client, { login: 'a', email: 'b' } as never), TypeError, /key must have one of/);
  await rejects(createUser(client, { login: 'a', tag_list: ['a,b'] }), TypeError, /tag_list must not have a comma/);
  assert.throws(() => listUsersByTags(client, ['a,b']), /^tags must not have a comma/);
  assert.throws(() => listUsersByTags(client, []), /^tags must not be compared with a list of nothing/);
  for (const name of ['login', 'email', 'facebook_id', 'twitter_id']) {
    await rejects(getUserBy(client, { [name]: '' } as never), TypeError, new RegExp(`^${name} must not be empty`));
  }
  const large = { facebook_id: Number.MAX_SAFE_INTEGER + 1 };
  await rejects(getUserBy(client, large), RangeError, /^facebook_id must be a safe integer/);
  assert.equal(sent, []);
});

testHostile(requests, {
  createUser: (client) => createUser(client, { login: 'a' }),
  listUsers: (client) => listUsers(client),
  listUsersByFullName: (client) => listUsersByFullName(client, 'abc'),
  listUsersByTags: (client) => listUsersByTags(client, ['a']),
  getUser: (client) => getUser(client, 7),
  getUserBy: (client) => getUserBy(client, { login: 'a' }),
  updateUser: (client) => updateUser(client, { id: 7, changes: {} }),
});

requests.run();

const users = suite('quickblox · users · against the emulator');

users('creates a user as the application, and finds it again by all its names', async () => {
  const { application } = createClients();
  const created = await createUser(application, {
    login: 'new',
    email: 'new+1@example.com',
    full_name: 'New One',
    external_user_id: 5,
    facebook_id: '15',
    twitter_id: '25',
    custom_data: '{"a":1}',
    tag_list: ['web', 'seo'],
  });
  assert.is(created.user_tags, 'web,seo');
  const keys = [
    { login: 'new' },
    { email: 'new+1@example.com' },
    { facebook_id: '15' },
    { twitter_id: '25' },
    { external_user_id: 5 },
  ];
  for (const key of keys) assert.equal(await getUserBy(application, key), created);
  assert.equal(await settle(listUsersByTags(application, ['seo', 'other'])), [created]);
  assert.equal(await settle(listUsersByFullName(application, 'new one')), [created]);
  assert.equal(await getUser(application, created.id), created);
  await rejects(getUserBy(application, { login: 'nobody' }), ResponseError, 'http.not-found');
  await rejects(createUser(application, { login: 'new' }), ResponseError, 'quickblox.validation');
});

users('filters and sorts', async () => {
  const { key } = createClients();
  const logins = async (options: Parameters<typeof listUsers>[1]) =>
    ((await settle(listUsers(key, options))) as { login: string }[]).map(({ login }) => login);
  assert.equal(await logins({ filter: { field: 'id', op: 'gt', value: 7 } }), ['otto']);
  assert.equal(await logins({ filter: { field: 'login', op: 'in', value: ['anna', 'x'] } }), ['anna']);
  assert.equal(await logins({ filter: { field: 'email', op: 'eq', value: 'anna+qa@example.com' } }), ['anna']);
  assert.equal(await logins({ filter: { field: 'created_at', op: 'le', value: new Date(0) } }), ['anna', 'otto']);
  assert.equal(await logins({ sort: { field: 'id', direction: 'desc' } }), ['otto', 'anna']);
  const both = [
    { field: 'id', op: 'between', value: [1, 8] },
    { field: 'full_name', op: 'ne', value: 'Anna' },
  ] as const;
  assert.equal(await logins({ filter: both }), ['otto']);
});

users('lets a user change and delete itself, the key anyone, and the application nobody', async () => {
  const { anna, application, key, emulator } = createClients();
  assert.is((await updateUser(anna, { id: 7, changes: { full_name: 'Anna B' } })).full_name, 'Anna B');
  const right = { password: 'next', old_password: 'p@ss w&rd=1+2%20' };
  await rejects(
    updateUser(anna, { id: 7, changes: { ...right, old_password: 'wrong' } }),
    ResponseError,
    'quickblox.validation',
  );
  await updateUser(anna, { id: 7, changes: right });
  await rejects(updateUser(anna, { id: 8, changes: {} }), ResponseError, 'http.forbidden');
  await rejects(deleteUser(anna, 8), ResponseError, 'http.forbidden');
  await rejects(updateUser(application, { id: 7, changes: {} }), ResponseError, 'quickblox.user-required');
  await rejects(deleteUser(application, 7), ResponseError, 'quickblox.user-required');
  assert.is((await updateUser(key, { id: 8, changes: { external_user_id: 3 } })).external_user_id, 3);
  await deleteUserByExternalId(key, 3);
  await rejects(getUser(key, 8), ResponseError, 'http.not-found');
  await rejects(deleteUserByExternalId(key, 3), ResponseError, 'http.not-found');
  await deleteUser(anna, 7);
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [0],
  );
});

users('asks for a new password', async () => {
  const { application } = createClients();
  assert.is(await resetPassword(application, 'anna+qa@example.com'), undefined);
  await rejects(resetPassword(application, 'nobody@example.com'), ResponseError, 'http.not-found');
});

users.run();
