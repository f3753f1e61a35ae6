import { manualClock, spendsLatencyBySleep } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../../src/emulator/index.ts';
import { asJson, create, make, origin, signed, tokenOf, withKey, withToken } from './harness.ts';

const keys = suite('quickblox · emulator · API keys and resources');

keys('knows its keys, in the documented scheme only', async () => {
  const emulator = make();
  const status = async (headers: Record<string, string>) =>
    (await emulator.fetch(`${origin}/users`, { headers })).status;
  assert.is(await status({ Authorization: 'ApiKey key_test' }), 200);
  for (const wrong of ['ApiKey other', 'Bearer key_test', 'Token key_test', 'key_test', 'ApiKey', 'ApiKey  ']) {
    assert.is(await status({ Authorization: wrong }), 401, wrong);
  }
  const refused = await emulator.fetch(`${origin}/users`, { headers: { Authorization: 'ApiKey other' } });
  assert.ok(refused.headers.has('www-authenticate'));
});

keys('warns of a key from a browser, and of two credentials at once', async () => {
  const emulator = make();
  const token = await tokenOf(await create(emulator, signed()));
  await emulator.fetch(`${origin}/users`, withKey('key_test', { origin: 'https://app.example' }));
  await emulator.fetch(`${origin}/users`, withKey('key_test', { 'QB-Token': token }));
  assert.equal(emulator.journal.warnings(), [
    'an API key was sent by a browser',
    'QB-Token and Authorization were sent together',
  ]);
  emulator.journal.clear();
  await emulator.fetch(`${origin}/users`, { headers: { 'QB-Token': token, 'On-Behalf-Of': '7' } });
  assert.equal(emulator.journal.warnings(), ['On-Behalf-Of was sent with a QB-Token; it belongs to an API key']);
});

keys('mints with the key alone, and warns of a token beside it', async () => {
  const emulator = make();
  const mint = (headers: Record<string, string>): Promise<Response> =>
    emulator.fetch(`${origin}/users/7/tokens`, { method: 'POST', headers });
  const token = await tokenOf(await create(emulator, signed()));
  assert.is((await mint({ ...withKey().headers, 'QB-Token': token })).status, 201);
  assert.equal(emulator.journal.warnings(), ['a QB-Token was sent where an API key alone counts']);
  assert.is((await mint({ 'QB-Token': token })).status, 401);
});

keys('mints and withdraws tokens, one or all, of one user', async () => {
  const emulator = make();
  const call = (method: string, path: string) => emulator.fetch(`${origin}${path}`, { method, ...withKey() });
  const mint = async (id: number) =>
    (await (await call('POST', `/users/${id}/tokens`)).json()) as { token: string; expires_at: string };
  const first = await mint(7);
  assert.is(first.expires_at, '2026-01-01T02:00:00Z');
  await mint(7);
  await mint(8);
  const users = () => emulator.sessions().map(({ userId }) => userId);
  await call('DELETE', `/users/8/tokens/${first.token}`);
  assert.equal(users(), [7, 7, 8], 'a token of another user is left alone');
  await call('DELETE', `/users/7/tokens/${first.token}`);
  assert.equal(users(), [7, 8]);
  await call('DELETE', '/users/7/tokens');
  assert.equal(users(), [8]);
  assert.is((await call('POST', '/users/999/tokens')).status, 404);
  assert.is((await emulator.fetch(`${origin}/users/7/tokens`, { method: 'POST' })).status, 401);
  assert.is((await emulator.fetch(`${origin}/users/7/tokens`, { method: 'DELETE' })).status, 401);
  assert.not.match(JSON.stringify(emulator.journal), new RegExp(first.token));
});

keys('warns when tokens of one user are minted all the time', async () => {
  const emulator = make({ stormLimit: 2 });
  for (const id of [7, 7, 8, 7]) {
    await emulator.fetch(`${origin}/users/${id}/tokens`, { method: 'POST', ...withKey() });
  }
  assert.equal(emulator.journal.warnings(), ['3 sessions were asked for one subject within a minute']);
});

keys('pages users, and creates them with checked values', async () => {
  const emulator = make();
  const call = async (path: string, init: RequestInit = {}) => {
    const answer = await emulator.fetch(`${origin}${path}`, { ...init, headers: { ...asJson, ...withKey().headers } });
    return [answer.status, JSON.parse(await answer.text())] as [number, Record<string, unknown>];
  };
  const body = (user: object) => ({ method: 'POST', body: JSON.stringify({ user }) });
  assert.is((await call('/users.json', body({ login: 'new' })))[0], 201);
  assert.equal(await call('/users.json', body({ login: 'new' })), [
    422,
    { errors: { login: ['has already been taken'] } },
  ]);
  assert.is((await call('/users.json', body({ email: 'anna+qa@example.com' })))[0], 422);
  assert.is((await call('/users.json', body({ full_name: 'x' })))[0], 422);
  assert.is((await call('/users.json', { method: 'POST', body: '{' }))[0], 400);
  const [, page] = await call('/users.json?page=2&per_page=2');
  assert.equal([page['current_page'], page['per_page'], page['total_entries']], [2, 2, 3]);
  const [, bad] = await call('/users.json?page=-1&per_page=x');
  assert.equal([bad['current_page'], bad['per_page']], [1, 10]);
  assert.is((await call('/users/9.json'))[0], 200);
  assert.is((await call('/users/anna.json'))[0], 404);
});

keys('lets a user change itself, the application’s session nobody, and a key anybody', async () => {
  const emulator = make();
  const put = async (path: string, headers: Record<string, string>, body = '{"user":{"full_name":"New"}}') =>
    (await emulator.fetch(`${origin}${path}`, { method: 'PUT', body, headers: { ...asJson, ...headers } })).status;
  const own = await tokenOf(await create(emulator, signed()));
  const anna = await tokenOf(
    await create(emulator, signed({ nonce: '2', 'user[login]': 'anna', 'user[password]': 'p@ss w&rd=1+2%20' })),
  );
  assert.is(await put('/users/7.json', { 'QB-Token': own }), 422);
  assert.is(await put('/users/7.json', { 'QB-Token': anna }), 200);
  assert.is(await put('/users/8.json', { 'QB-Token': anna }), 403);
  assert.is(await put('/users/8.json', withKey().headers), 200);
  assert.is(await put('/users/999.json', withKey().headers), 404);
  assert.is(await put('/users/8.json', withKey().headers, '{'), 400);
});

keys('wants the old password of a user who changes its own, and of no key', async () => {
  const emulator = make();
  const put = async (headers: Record<string, string>, user: object, id = 7) => {
    const init = { method: 'PUT', body: JSON.stringify({ user }), headers: { ...asJson, ...headers } };
    const answer = await emulator.fetch(`${origin}/users/${id}.json`, init);
    return [answer.status, ((await answer.json()) as { errors?: unknown }).errors];
  };
  const anna = { 'user[login]': 'anna', 'user[password]': 'p@ss w&rd=1+2%20' };
  const own = withToken(await tokenOf(await create(emulator, signed(anna)))).headers;
  assert.equal(await put(own, { password: 'a new one' }), [422, { old_password: ['is required'] }]);
  assert.equal(await put(own, { password: 'a new one', old_password: 'x' }), [
    422,
    { old_password: ['is not correct'] },
  ]);
  assert.equal(await put(own, { password: 'a new one', old_password: anna['user[password]'] }), [200, undefined]);
  assert.equal(await put(withKey().headers, { password: 'a third one' }), [200, undefined]);
  assert.equal(await put(own, { full_name: 'New' }), [200, undefined]);
});

keys('takes away with null what stands for a user elsewhere, and nothing else', async () => {
  const links = { external_user_id: 44, facebook_id: 'f', twitter_id: 't', blob_id: 5 };
  const emulator = make();
  const write = async (user: object): Promise<Record<string, unknown>> => {
    const init = { method: 'PUT', body: JSON.stringify({ user }), headers: { ...asJson, ...withKey().headers } };
    const answer = await emulator.fetch(`${origin}/users/7.json`, init);
    return ((await answer.json()) as { user: Record<string, unknown> }).user;
  };
  const external = async (id: unknown) => (await emulator.fetch(`${origin}/users/external/${id}`, withKey())).status;
  const pick = (user: Record<string, unknown>) => Object.keys(links).map((name) => user[name]);
  assert.equal(pick(await write(links)), Object.values(links));
  assert.equal(pick(await write({ full_name: 'New' })), Object.values(links));
  assert.is(await external(44), 200);
  const cleared = await write({ ...Object.fromEntries(Object.keys(links).map((name) => [name, null])), login: null });
  assert.equal([...pick(cleared), cleared['login']], [null, null, null, null, 'anna']);
  assert.equal([await external(44), await external('undefined')], [404, 404]);
});

keys('tells an account its hosts', async () => {
  const emulator = make();
  const settings = (headers: Record<string, string>) => emulator.fetch(`${origin}/account_settings.json`, { headers });
  const answer = await settings({ 'QB-Account-Key': 'account_test' });
  assert.equal(await answer.json(), {
    api_endpoint: 'https://api.quickblox.com',
    chat_endpoint: 'api.quickblox.com',
    turnserver_endpoint: 'api.quickblox.com',
  });
  assert.is((await settings({ 'QB-Account-Key': 'other' })).status, 401);
  assert.is((await settings({})).status, 401);
});

keys('limits calls within a second when told to', async () => {
  const own = manualClock();
  const emulator = make({ clock: own, callsPerSecond: 2 });
  const status = async () => (await emulator.fetch(`${origin}/users`, withKey())).status;
  assert.equal([await status(), await status(), await status()], [200, 200, 429]);
  own.advance(1000);
  assert.is(await status(), 200);
});

keys('answers other paths with 404, in the shape of some of them', async () => {
  const answer = await make().fetch(`${origin}/nowhere.json`);
  assert.equal([answer.status, await answer.json()], [404, { code: 404, message: 'Not found' }]);
});

keys('refuses to be made or changed without an application', () => {
  for (const none of [{}, { applications: [] }]) {
    assert.throws(() => createEmulator(none as never), /applications must name at least one application/);
  }
  assert.throws(() => createEmulator(undefined as never), /^options must be an object$/);
  assert.throws(() => make().putUser(1, { id: 1 }), /applicationId must be that of an emulated application/);
});

keys('serves on loopback', async () => {
  const served = await make().serve();
  try {
    assert.is((await fetch(`${served.url}/users.json`, withKey())).status, 200);
  } finally {
    await served.close();
  }
});

keys('lets latency take the time of its clock, where it is told so', () => spendsLatencyBySleep(make));

keys.run();
