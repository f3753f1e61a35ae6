import { ContractError, createClient, ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createQuickBlox } from '../../src/index.ts';
import {
  completeFile,
  createFile,
  deleteFile,
  downloadFile,
  getFile,
  listFiles,
  sendContent,
  updateFile,
  uploadFile,
} from '../../src/resources/files.ts';
import { downloadRecordFile } from '../../src/resources/records.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const file = { id: 10070416, uid: '20456a96', name: 'museum.jpeg', size: null, public: false, account_id: 1 };
const answer = { blob: file };
const content = new Blob(['picture'], { type: 'image/jpeg' });

const requests = suite('quickblox · files · requests');

testRows(requests, [
  {
    ask: (client) =>
      createFile(client, { name: 'a.jpg', content_type: 'image/jpeg', public: true, tag_list: ['x', 'y'] }),
    sends: 'POST /blobs.json',
    body: { blob: { name: 'a.jpg', content_type: 'image/jpeg', public: true, tag_list: 'x,y' } },
    answer,
    gives: file,
  },
  {
    ask: (client) => completeFile(client, { id: 5, size: 16_766 }),
    sends: 'PUT /blobs/5/complete.json',
    body: { blob: { size: 16_766 } },
  },
  {
    ask: (client) => listFiles(client),
    sends: 'GET /blobs.json?page=1&per_page=100',
    answer: { current_page: 1, per_page: 100, total_entries: 1, items: [answer] },
    gives: [file],
  },
  { ask: (client) => getFile(client, 5), sends: 'GET /blobs/5.json', answer, gives: file },
  {
    ask: (client) => updateFile(client, { id: 5, changes: { name: 'new' } }),
    sends: 'PUT /blobs/5.json',
    body: { blob: { name: 'new' } },
    answer,
    gives: file,
  },
  { ask: (client) => deleteFile(client, 5), sends: 'DELETE /blobs/5.json' },
  {
    ask: async (client) => (await downloadFile(client, '20456a96')).text(),
    sends: 'GET /blobs/20456a96',
    answer: 'bytes',
  },
]);

testHostile(requests, {
  createFile: (client) => createFile(client, { name: 'a', content_type: 'text/plain' }),
  listFiles: (client) => listFiles(client),
  getFile: (client) => getFile(client, 5),
  updateFile: (client) => updateFile(client, { id: 5, changes: { name: 'a' } }),
  uploadFile: (client) => uploadFile(client, { name: 'a', content_type: 'text/plain', content }),
});

requests('refuses ids that name no file, without asking', async () => {
  const { client, sent } = recordingClient(answer);
  await rejects(getFile(client, 0), RangeError, /id must be a positive integer/);
  await rejects(deleteFile(client, 1.5), RangeError, /id must be/);
  await rejects(completeFile(client, { id: -1, size: 0 }), RangeError, /id must be/);
  await rejects(downloadFile(client, '..'), TypeError, /uid must be text/);
  assert.equal(sent, []);
});

requests.run();

const storage = suite('quickblox · files · storage');

/** As the reference shows it: percent-encoded, and a plus sign that means itself. */
const params =
  'https://storage.example/blobs/5/upload/?acl=authenticated-read&key=20456a96&policy=OTVh%0A' +
  '&expires=2020-07-29%2012%3A06%3A31%20UTC&x-amz-signature=a+b%2Bc%3D';

storage('sends the signed form as it was signed, the content last, and no credential', async () => {
  const seen: Request[] = [];
  await sendContent({ params }, content, {
    async fetch(input, init) {
      seen.push(new Request(input, init));
      return new Response('<PostResponse/>', { status: 201 });
    },
  });
  const [request] = seen;
  assert.is(seen.length, 1);
  assert.equal([request?.method, request?.url], ['POST', 'https://storage.example/blobs/5/upload/']);
  for (const name of ['qb-token', 'authorization', 'on-behalf-of']) assert.is(request?.headers.get(name), null);
  const form = [...((await request?.formData()) ?? new FormData())];
  assert.equal(
    form.map(([name, value]) => [name, typeof value === 'string' ? value : 'content']),
    [
      ['acl', 'authenticated-read'],
      ['key', '20456a96'],
      ['policy', 'OTVh\r\n'], // as every form writes a line break
      ['expires', '2020-07-29 12:06:31 UTC'],
      ['x-amz-signature', 'a+b+c='],
      ['file', 'content'],
    ],
  );
  const sent = form.at(-1)?.[1];
  assert.ok(sent instanceof Blob);
  assert.equal([await sent.text(), sent.type], ['picture', 'image/jpeg']);
});

for (const wrong of ['http://storage.example/x?key=MARKER', 'ftp://a/?key=MARKER', 'MARKER', '']) {
  storage(`sends nothing to ${wrong.slice(0, 12) || 'nowhere'}`, async () => {
    const sending = sendContent({ params: wrong }, content, { fetch: async () => Response.error() });
    await rejects(sending, ContractError, 'http.contract-broken');
    await sending.catch((error: unknown) => assert.not.match(String(error), /MARKER/));
  });
}

storage('reports what the storage refuses, without the form', async () => {
  const sending = sendContent({ params }, content, {
    fetch: async () => new Response('<Error>x-amz-signature</Error>', { status: 403 }),
  });
  await rejects(sending, ResponseError, 'http.forbidden');
  await sending.catch((error: unknown) => assert.not.match(JSON.stringify(error) + String(error), /amz|20456a96/));
});

storage('needs leave to write', async () => {
  const { client } = recordingClient(answer);
  await rejects(
    uploadFile(client, { name: 'a', content_type: 'text/plain', content }),
    ContractError,
    /expected leave to write/,
  );
});

storage.run();

const files = suite('quickblox · files · against the emulator');

files('uploads, downloads, renames, lists and deletes', async () => {
  const { anna, otto, emulator } = createClients();
  const uploaded = await uploadFile(anna, { name: 'a.jpg', content_type: 'image/jpeg', content });
  assert.equal([uploaded.name, uploaded.size, uploaded.blob_status, uploaded.public], ['a.jpg', 7, 'complete', false]);
  const answered = await downloadFile(otto, uploaded.uid);
  assert.equal([answered.headers.get('content-type'), await answered.text()], ['image/jpeg', 'picture']);
  assert.is((await updateFile(anna, { id: uploaded.id, changes: { name: 'b.jpg' } })).name, 'b.jpg');
  await rejects(updateFile(otto, { id: uploaded.id, changes: { name: 'c' } }), ResponseError, 'http.forbidden');
  assert.equal(
    ((await settle(listFiles(anna))) as { id: number }[]).map(({ id }) => id),
    [uploaded.id],
  );
  assert.equal(await settle(listFiles(otto)), []);
  await deleteFile(anna, uploaded.id);
  await rejects(getFile(anna, uploaded.id), ResponseError, 'http.not-found');
  await rejects(downloadFile(anna, uploaded.uid), ResponseError, 'http.not-found');
  assert.equal(emulator.journal.warnings(), []);
});

files('go by the fetch of the client, and of those that are made from it', async () => {
  const { anna, emulator } = createClients();
  const kept = { name: 'a', content_type: 'text/plain', content };
  const extended = anna.extend({}).extend(() => ({}));
  await uploadFile(extended, kept);
  const uploads = emulator.journal.entries.filter(({ path }) => path.endsWith('/upload/'));
  assert.equal(
    uploads.map(({ status }) => status),
    [201],
  );
  let given = 0;
  await uploadFile(anna, kept, {
    async fetch(input, init) {
      given += 1;
      return emulator.fetch(input as Request, init);
    },
  });
  assert.is(given, 1);
});

for (const [what, origin, settings, storage] of [
  ['that is on no network', 'https://api.quickblox.com', {}, 'https://storage.invalid'],
  ['that is on no network, for a host of the account’s', 'https://apix.example', {}, 'https://storage.invalid'],
  ['of its own on loopback', 'http://127.0.0.1:8080', {}, 'http://127.0.0.1:8080'],
  ['of its own on localhost', 'http://localhost:8080', {}, 'http://localhost:8080'],
  ['of its own on IPv6', 'http://[::1]:8080', {}, 'http://[::1]:8080'],
  ['that is given', 'http://127.0.0.1', { storageOrigin: 'https://files.example' }, 'https://files.example'],
] as const) {
  files(`are sent to a storage ${what}`, async () => {
    const { quickblox } = createClients({ settings, client: { baseUrl: origin } });
    const { client } = quickblox.server({ onBehalfOf: 7 });
    const { blob_object_access: access } = await createFile(client, { name: 'a', content_type: 'text/plain' });
    assert.is(new URL(access?.params ?? '').origin, storage);
  });
}

files('are downloaded whatever their size, by the hooks of their client', async () => {
  const size = 16_777_217;
  const { client } = createQuickBlox({
    applicationId: 1,
    apiKey: 'key_test',
    fetch: async (input) => new Response((input as Request).headers.has('x-own') ? new Uint8Array(size) : 'no hook'),
  }).server();
  const extended = client.extend({ headers: { 'x-own': '1' } });
  assert.is((await (await downloadFile(extended, 'uid')).arrayBuffer()).byteLength, size);
  const key = { className: 'A', id: '1', field: 'f' };
  assert.is((await (await downloadRecordFile(extended, key)).arrayBuffer()).byteLength, size);
  assert.is(await (await downloadFile(client, 'uid')).text(), 'no hook');
  await rejects(extended.get('users.json').arrayBuffer(), ContractError, 'http.contract-broken');
});

files('are downloaded by a client that is not ours as far as it lets', async () => {
  const client = createClient({
    provider: 'own',
    baseUrl: 'https://own.example',
    fetch: async () => new Response('x'),
  });
  assert.is(await (await downloadFile(client, 'uid')).text(), 'x');
});

files('is not complete without its content', async () => {
  const { anna, application } = createClients();
  const { id, uid } = await createFile(anna, { name: 'a', content_type: 'text/plain' });
  await rejects(completeFile(anna, { id, size: 1 }), ResponseError, 'quickblox.validation');
  await rejects(downloadFile(anna, uid), ResponseError, 'http.not-found');
  await rejects(createFile(anna, { name: 'a' } as never), ResponseError, 'quickblox.validation');
  await rejects(
    createFile(application, { name: 'a', content_type: 'text/plain' }),
    ResponseError,
    'quickblox.user-required',
  );
});

files('stores what brings the form back, within its time', async () => {
  const { anna, emulator, clock } = createClients();
  const { blob_object_access: access } = await createFile(anna, { name: 'a', content_type: 'text/plain' });
  const { params: form = '' } = access ?? {};
  const send = (text: string) => sendContent({ params: text }, content, { fetch: emulator.fetch });
  await rejects(send(form.replace(/signature=\w/, 'signature=x')), ResponseError, 'http.forbidden');
  clock.advance(3_600_000);
  await rejects(send(form), ResponseError, 'http.forbidden');
  const held = { method: 'POST', headers: { 'QB-Token': 'held' } };
  await emulator.fetch(form, held);
  assert.ok(emulator.journal.warnings().includes('a credential was sent to the storage'));
});

files('gives a public file to anyone', async () => {
  const { anna, emulator } = createClients();
  const kept = { name: 'a', content_type: 'text/plain', content };
  const open = await uploadFile(anna, { ...kept, public: true });
  const closed = await uploadFile(anna, kept);
  const status = async (uid: string) => (await emulator.fetch(`https://api.quickblox.com/blobs/${uid}`)).status;
  assert.equal([await status(open.uid), await status(closed.uid)], [200, 401]);
});

files.run();
