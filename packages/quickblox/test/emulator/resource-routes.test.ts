import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Emulator } from '../../src/emulator/index.ts';
import { asJson, create, expiryOf, make, origin, signed, tokenOf, withKey } from './harness.ts';

/** Status and body of an answer, and whether it tells the session's end. */
async function call(
  emulator: Emulator,
  request: string,
  headers: Record<string, string>,
  body?: BodyInit,
): Promise<[status: number, body: unknown, end: string | null]> {
  const [method = '', path = ''] = request.split(' ');
  const answer = await emulator.fetch(`${origin}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return [answer.status, text === '' ? undefined : JSON.parse(text), expiryOf(answer)];
}

const onBehalf = (id: number): Record<string, string> => withKey('key_test', { 'On-Behalf-Of': String(id) }).headers;

const rights = suite('quickblox · emulator · rights');

/** QuickBlox fact sheet §6.3: an application's session on a user-only call. */
const needUser = { errors: { base: ['Forbidden. Need user.'] } };
const userOnly = [
  'POST /chat/Dialog.json',
  'GET /chat/Dialog.json',
  'GET /chat/Dialog/x.json',
  'PUT /chat/Dialog/x.json',
  'DELETE /chat/Dialog/x.json',
  'GET /chat/Dialog/x/notifications.json',
  'PUT /chat/Dialog/x/notifications.json',
  'POST /chat/Message.json',
  'GET /chat/Message.json',
  'GET /chat/Message/unread.json',
  'GET /chat/Message/x.json',
  'PUT /chat/Message/x.json',
  'DELETE /chat/Message/x.json',
  'POST /blobs.json',
  'GET /blobs.json',
  'PUT /blobs/1.json',
  'DELETE /blobs/1.json',
  'PUT /blobs/1/complete.json',
  'POST /subscriptions.json',
  'GET /subscriptions.json',
  'DELETE /subscriptions/1.json',
  'POST /events.json',
  'GET /events.json',
  'GET /events/1.json',
  'PUT /events/1.json',
  'DELETE /events/1.json',
  'GET /events/1/status.json',
  'POST /address_book.json',
  'GET /address_book.json',
  'GET /address_book/registered_users.json',
];
for (const request of userOnly) {
  rights(`${request} needs a user`, async () => {
    const emulator = make();
    const token = await tokenOf(await create(emulator, signed()));
    const [status, body, end] = await call(emulator, request, { 'QB-Token': token });
    assert.equal([status, body], [422, needUser]);
    assert.match(end ?? '', /UTC$/, 'the application was known by then');
    assert.equal(await call(emulator, request, withKey().headers), [422, needUser, null]);
    assert.is((await call(emulator, request, {}))[0], 401);
    assert.is((await call(emulator, request, { 'QB-Token': 'x' }))[0], 401);
    assert.is((await call(emulator, request, withKey('key_test', { 'On-Behalf-Of': '999' }).headers))[0], 404);
  });
}

const forWriters = [
  'PUT /users/7.json',
  'DELETE /users/7.json',
  'POST /data/A.json',
  'PUT /data/A/x.json',
  'DELETE /data/A/x.json',
  'POST /data/A/multi.json',
  'PUT /data/A/multi.json',
  'PUT /data/A/by_criteria.json',
  'DELETE /data/A/by_criteria.json',
  'POST /data/A/x/file.json',
  'DELETE /data/A/x/file.json',
];
for (const request of forWriters) {
  rights(`${request} is not for an application’s session, but for a key`, async () => {
    const emulator = make();
    const token = await tokenOf(await create(emulator, signed()));
    assert.equal((await call(emulator, request, { 'QB-Token': token })).slice(0, 2), [422, needUser]);
    assert.not.equal((await call(emulator, request, withKey().headers))[1], needUser);
  });
}

rights.run();

const wire = suite('quickblox · emulator · resources');

wire('pages as documented when nothing is asked for', async () => {
  const emulator = make();
  assert.equal((await call(emulator, 'GET /users.json', withKey().headers))[1], {
    ...((await call(emulator, 'GET /users.json?page=1&per_page=10', withKey().headers))[1] as object),
    current_page: 1,
    per_page: 10,
    total_entries: 2,
  });
  assert.equal((await call(emulator, 'GET /chat/Dialog.json', onBehalf(7)))[1], {
    total_entries: 0,
    skip: 0,
    limit: 100,
    items: [],
  });
  const [, page] = await call(emulator, 'GET /users.json?per_page=500', withKey().headers);
  assert.is((page as { per_page: number }).per_page, 100);
  assert.equal((await call(emulator, 'GET /chat/Dialog.json?count=1', onBehalf(7)))[1], { items: { count: 0 } });
});

wire('takes forms as well as JSON, and nothing else', async () => {
  const emulator = make();
  const form = (text: string) => new URLSearchParams(text);
  const [status, body] = await call(
    emulator,
    'POST /users.json',
    withKey().headers,
    form('user[login]=f&user[full_name]=F+1'),
  );
  assert.is(status, 201);
  assert.is((body as { user: { full_name: string } }).user.full_name, 'F 1');
  const dialog = await call(emulator, 'POST /chat/Dialog.json', onBehalf(7), form('type=2&occupants_ids=8,7&name=N'));
  assert.equal((dialog[1] as { occupants_ids: number[] }).occupants_ids, [7, 8]);
  const bad = { errors: { base: ['Bad request'] } };
  const json = { ...withKey().headers, ...asJson };
  for (const text of ['{', '[]', '7', 'null']) {
    assert.equal((await call(emulator, 'POST /users.json', json, text)).slice(0, 2), [400, bad], text);
  }
  const plain = { ...withKey().headers, 'content-type': 'text/plain' };
  assert.is((await call(emulator, 'POST /users.json', plain, '{"user":{"login":"x"}}'))[0], 400);
});

wire('refuses filters and orders of users that it cannot read', async () => {
  const emulator = make();
  for (const query of [
    'filter[]=id gt 7',
    'filter[]=number id is 7',
    'filter[]=number id gt ',
    'order=up number id',
    'order=asc id',
  ]) {
    assert.is((await call(emulator, `GET /users.json?${encodeURI(query)}`, withKey().headers))[0], 422, query);
  }
  const names = async (query: string) => {
    const [, body] = await call(emulator, `GET /users.json?${encodeURI(query)}`, withKey().headers);
    return (body as { items: { user: { login: string } }[] }).items.map(({ user }) => user.login);
  };
  assert.equal(await names('filter[]=string full_name ne Anna'), ['otto'], 'what is absent differs');
  assert.equal(await names('filter[]=string full_name gt A'), ['anna'], 'and compares with nothing');
  assert.equal(await names('order=asc string full_name'), ['otto', 'anna']);
  assert.equal(await names('filter[]=date created_at lt 1970-01-01T00:00:00Z'), []);
  assert.equal(await names('filter[]=number id ge 8'), ['otto']);
});

wire('keeps applications apart', async () => {
  const emulator = make({
    applications: [
      { id: 1, authKey: 'a', authSecret: 'a', apiKeys: ['key_test'], users: [{ id: 7, login: 'one' }] },
      { id: 2, authKey: 'b', authSecret: 'b', apiKeys: ['key_other'], users: [{ id: 7, login: 'two' }] },
    ],
  });
  const made = await call(emulator, 'POST /chat/Dialog.json', { ...onBehalf(7), ...asJson }, '{"type":1}');
  const { _id: id } = made[1] as { _id: string };
  const other = withKey('key_other', { 'On-Behalf-Of': '7' }).headers;
  assert.is((await call(emulator, `GET /chat/Dialog/${id}.json`, onBehalf(7)))[0], 200);
  assert.is((await call(emulator, `GET /chat/Dialog/${id}.json`, other))[0], 404);
});

wire('names the endpoint that it is told to name', async () => {
  const emulator = make({ apiEndpoint: 'https://apicustomer.quickblox.com' });
  const [, body] = await call(emulator, 'GET /account_settings.json', { 'QB-Account-Key': 'account_test' });
  assert.is((body as { api_endpoint: string }).api_endpoint, 'https://apicustomer.quickblox.com');
});

wire.run();

const oddities = suite('quickblox · emulator · what is told of odd calls');

oddities('takes a form for an assistant too, as the official SDK sends one', async () => {
  const asked = { smart_chat_assistant_id: '1', text: 'a', to_language: 'en' };
  const path = 'POST /ai/ai_extensions/ai_translate';
  const [status, body] = await call(make(), path, onBehalf(7), new URLSearchParams(asked));
  assert.equal([status, body], [200, { answer: 'Asked: a' }]);
});

oddities('warns of changes by criteria that name none', async () => {
  const emulator = make();
  const path = '/data/A/by_criteria.json';
  await call(emulator, `DELETE ${path}`, withKey().headers);
  await call(emulator, `PUT ${path}`, { ...withKey().headers, ...asJson }, '{"a":1}');
  assert.equal(
    emulator.journal.warnings(),
    Array.from({ length: 2 }, () => 'a change by criteria named none'),
  );
  emulator.journal.clear();
  await call(emulator, `DELETE ${path}`, withKey().headers, new URLSearchParams({ a: '1' }));
  await call(emulator, `PUT ${path}`, { ...withKey().headers, ...asJson }, '{"a":1,"search_criteria":{"a":2}}');
  assert.equal(emulator.journal.warnings(), []);
});

oddities.run();

const strangers = suite('quickblox · emulator · strangers');

for (const [request, status] of [
  ['GET /users/%E0', 404],
  ['GET /users/%.json', 404],
  ['PUT /chat/Dialog/%ff', 404],
  ['DELETE /data/%80/x', 404],
  ['GET /blobs/%E0', 404],
] as const) {
  strangers(`answers ${request} with ${status}`, async () => {
    const headers = onBehalf(7);
    assert.is(
      (await make().fetch(`${origin}${request.split(' ')[1]}`, { method: request.split(' ')[0] ?? '', headers }))
        .status,
      status,
    );
  });
}

strangers('stores no file whose media type is no header field', async () => {
  for (const content_type of ['a\nb', 'а/б', ' ', '']) {
    const body = JSON.stringify({ blob: { name: 'a', content_type } });
    const [status, told] = await call(make(), 'POST /blobs.json', { ...asJson, ...onBehalf(7) }, body);
    assert.equal([status, told], [422, { errors: { content_type: ['is not valid'] } }]);
  }
});

strangers('tells the end of a session with the content of a file, also of a public one', async () => {
  const emulator = make();
  const { token } = {
    token: await tokenOf(
      await create(emulator, signed({ 'user[login]': 'anna', 'user[password]': 'p@ss w&rd=1+2%20' })),
    ),
  };
  const headers = { 'QB-Token': token };
  const upload = async (isPublic: boolean): Promise<string> => {
    const body = JSON.stringify({ blob: { name: 'a', content_type: 'text/plain', public: isPublic } });
    const [, told] = await call(emulator, 'POST /blobs.json', { ...asJson, ...headers }, body);
    const { id, uid, blob_object_access } = (
      told as { blob: { id: number; uid: string; blob_object_access: { params: string } } }
    ).blob;
    const form = new FormData();
    for (const [name, value] of new URL(blob_object_access.params).searchParams) form.append(name, value);
    form.append('file', new Blob(['content']));
    await emulator.fetch(blob_object_access.params, { method: 'POST', body: form });
    await call(emulator, `PUT /blobs/${id}/complete.json`, headers);
    return uid;
  };
  for (const isPublic of [false, true]) {
    const answer = await emulator.fetch(`${origin}/blobs/${await upload(isPublic)}`, { headers });
    assert.equal([await answer.text(), answer.headers.get('content-type')], ['content', 'text/plain']);
    assert.is(expiryOf(answer), '2026-01-01 02:00:00 UTC');
  }
  const anyone = await emulator.fetch(`${origin}/blobs/${await upload(true)}`);
  assert.equal([anyone.status, expiryOf(anyone)], [200, null]);
  const [, record] = await call(emulator, 'POST /data/Note.json', { ...asJson, ...headers }, '{}');
  const form = new FormData();
  form.append('field_name', 'f');
  form.append('file', new Blob(['content'], { type: 'text/plain' }), 'a');
  const path = `${origin}/data/Note/${(record as { _id: string })._id}/file.json`;
  await emulator.fetch(path, { method: 'POST', body: form, headers });
  const answer = await emulator.fetch(`${path}?field_name=f`, { headers });
  assert.equal(
    [await answer.text(), answer.headers.get('content-type'), expiryOf(answer)],
    ['content', 'text/plain', '2026-01-01 02:00:00 UTC'],
  );
});

strangers.run();

const properties = suite('quickblox · emulator · strangers · properties');

properties('answers whatever is sent, to whomever it is', async () => {
  const emulator = make();
  const odd = fc.constantFrom('\ud800', 'toString', '__proto__', '%', '', '[');
  const names = fc.constantFrom('user', 'blob', 'record', '0', 'phone', 'contacts', 'search_criteria', 'occupants_ids');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      odd,
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      tie('list'),
      tie('group'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    group: fc.dictionary(fc.oneof(odd, names), tie('value'), { maxKeys: 4 }),
  }));
  const path = fc.constantFrom(
    ...userOnly.map((request) => request.split(' ')[1] ?? ''),
    '/users.json',
    '/users/7',
    '/session.json',
    '/login.json',
    '/data/A.json',
    '/data/A/multi.json',
    '/data/A/by_criteria.json',
    '/users/7/tokens',
    '/ai/ai_extensions/ai_gateway',
    '/users/%E0',
  );
  const query = fc.constantFrom(
    '',
    '?sort_asc=toString',
    '?%5B=1&filter[]=x',
    '?toString[gt]=1&count=1',
    '?a[all]=%ff',
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
  const credential = fc.constantFrom(withKey().headers, onBehalf(7), {});
  await property(
    fc.asyncProperty(method, path, query, value, credential, async (...[verb, where, search, body, headers]) => {
      const init = {
        method: verb,
        headers: { ...asJson, ...headers },
        ...(verb !== 'GET' && { body: JSON.stringify(body) }),
      };
      const answer = await emulator.fetch(`${origin}${where}${search}`, init);
      assert.ok(answer.status < 500);
    }),
    { runs: 300 },
  );
});

properties.run();
