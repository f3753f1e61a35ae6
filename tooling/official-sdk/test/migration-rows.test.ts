import { createRequire } from 'node:module';
import { createQuickBlox, type QuickBloxClient } from '@x/quickblox';
import * as here from '@x/quickblox/resources';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

// What the guide puts side by side asks QuickBlox for the same.

/** A request, its parameters flat, wherever they stand. */
interface Asked {
  readonly request: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface SdkRequest {
  readonly url: string;
  readonly type?: string;
  readonly data?: unknown;
}

type Method = (...args: readonly unknown[]) => unknown;

const require = createRequire(import.meta.url);

/** What one of the SDK's methods would send; `chat.dialog.list` is a member of a member. */
function ofSdk(module: string, path: string, args: readonly unknown[]): Asked[] {
  const sent: Asked[] = [];
  const service = {
    ajax({ url, type = 'GET', data }: SdkRequest) {
      const { pathname, searchParams } = new URL(url);
      const given = typeof data === 'string' ? JSON.parse(data) : data;
      sent.push({
        request: `${type} ${pathname}`,
        parameters: { ...Object.fromEntries(searchParams), ...flatten(given) },
      });
    },
    getSession: () => ({ token: 'a-token' }),
  };
  const Module = require(`quickblox/src/modules/${module}.js`) as new (given: object) => object;
  const names = path.split('.');
  const name = names.pop() ?? '';
  const owner = names.reduce<object>((one, member) => one[member as never], new Module(service));
  (owner as Record<string, Method>)[name]?.(...args, () => {});
  return sent;
}

/** What one of our functions sends; it is answered with nothing of use. */
async function ofOurs(call: (client: QuickBloxClient) => unknown): Promise<Asked[]> {
  const sent: Asked[] = [];
  const { client } = createQuickBlox({
    applicationId: 1,
    apiKey: 'k',
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname, searchParams } = new URL(request.url);
      const text = await request.text();
      const isJson = request.headers.get('content-type') === 'application/json';
      const body = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
      const parameters = { ...Object.fromEntries(searchParams), ...flatten(body) };
      sent.push({ request: `${request.method} ${pathname}`, parameters });
      return new Response('no answer', { status: 418 });
    },
  }).server();
  try {
    const asked = call(client);
    if (asked instanceof Promise) await asked;
    else for await (const _ of asked as AsyncIterable<unknown>);
  } catch {
    // of the answer; what was asked for is what counts
  }
  return sent;
}

function flatten(value: unknown, name = ''): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object') return { [name]: String(value) };
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return { [name]: value.join(',') };
  const members = Object.entries(value).map(([key, one]) => flatten(one, name === '' ? key : `${name}[${key}]`));
  return Object.assign({}, ...members);
}

/** `differs`: in what ours asks otherwise, and means to. */
type Row = readonly [
  module: string,
  method: string,
  args: readonly unknown[],
  ours: (client: QuickBloxClient) => unknown,
  differs?: Partial<Asked>,
];

/** A list without a page asks for the first one by name, and for more items than QuickBlox gives by itself. */
const firstPage = { parameters: { page: '1', per_page: '100' } };

const rows: readonly Row[] = [
  ['qbUsers', 'listUsers', [{ page: 2, per_page: 5 }], (c) => here.listUsers(c, { page: 2, perPage: 5 })],
  ['qbUsers', 'get', [7], (c) => here.getUser(c, 7)],
  ['qbUsers', 'get', [{ login: 'anna' }], (c) => here.getUserBy(c, { login: 'anna' })],
  ['qbUsers', 'get', [{ email: 'a+b@c.d' }], (c) => here.getUserBy(c, { email: 'a+b@c.d' })],
  ['qbUsers', 'create', [{ login: 'a', password: 'b' }], (c) => here.createUser(c, { login: 'a', password: 'b' })],
  ['qbUsers', 'update', [7, { full_name: 'A' }], (c) => here.updateUser(c, { id: 7, changes: { full_name: 'A' } })],
  ['qbUsers', 'delete', [7], (c) => here.deleteUser(c, 7)],
  ['qbUsers', 'delete', [{ external: 5 }], (c) => here.deleteUserByExternalId(c, 5)],
  ['qbUsers', 'resetPassword', ['a@b.c'], (c) => here.resetPassword(c, 'a@b.c')],
  [
    'chat/qbDialog',
    'list',
    [{ type: { in: '2,3' }, skip: 5, limit: 7 }],
    (c) => here.listDialogs(c, { filter: { type: { in: [2, 3] } }, skip: 5, limit: 7 }),
  ],
  [
    'chat/qbDialog',
    'create',
    [{ type: 2, occupants_ids: [7, 8], name: 'A' }],
    (c) => here.createDialog(c, { type: 2, occupants_ids: [7, 8], name: 'A' }),
    { parameters: { type: '2', occupants_ids: '7,8', name: 'A' } },
  ], // no spaces
  ['chat/qbDialog', 'update', ['d1', { name: 'B' }], (c) => here.updateDialog(c, { id: 'd1', changes: { name: 'B' } })],
  ['chat/qbDialog', 'delete', [['d1', 'd2'], { force: 1 }], (c) => here.deleteDialogs(c, ['d1', 'd2'], { force: 1 })],
  [
    'chat/qbMessage',
    'list',
    [{ chat_dialog_id: 'd1', limit: 9, skip: 1 }],
    (c) => here.listMessages(c, { dialogId: 'd1', limit: 9, skip: 1 }),
  ],
  [
    'chat/qbMessage',
    'create',
    [{ chat_dialog_id: 'd1', message: 'a' }],
    (c) => here.createMessage(c, { chat_dialog_id: 'd1', message: 'a' }),
  ],
  [
    'chat/qbMessage',
    'update',
    ['m1', { chat_dialog_id: 'd1', read: 1 }],
    (c) => here.updateMessage(c, { id: 'm1', changes: { chat_dialog_id: 'd1', read: 1 } }),
  ],
  ['chat/qbMessage', 'delete', [['m1'], { force: 1 }], (c) => here.deleteMessages(c, ['m1'], { force: 1 })],
  ['chat/qbMessage', 'unreadCount', [{ chat_dialog_ids: ['d1', 'd2'] }], (c) => here.getUnreadCounts(c, ['d1', 'd2'])],
  [
    'qbContent',
    'create',
    [{ name: 'a', content_type: 'b/c' }],
    (c) => here.createFile(c, { name: 'a', content_type: 'b/c' }),
  ],
  ['qbContent', 'list', [{ page: 1, per_page: 5 }], (c) => here.listFiles(c, { page: 1, perPage: 5 })],
  ['qbContent', 'getInfo', [5], (c) => here.getFile(c, 5)],
  ['qbContent', 'getFile', ['uid'], (c) => here.downloadFile(c, 'uid'), { request: 'GET /blobs/uid' }], // as documented
  ['qbContent', 'delete', [5], (c) => here.deleteFile(c, 5)],
  [
    'qbContent',
    'markUploaded',
    [{ id: 5, size: 6 }],
    (c) => here.completeFile(c, { id: 5, size: 6 }),
    { parameters: { 'blob[size]': '6' } },
  ], // in the file's group, as at its creation
  ['qbData', 'create', ['A', { title: 'x' }], (c) => here.createRecord(c, { className: 'A', fields: { title: 'x' } })],
  [
    'qbData',
    'list',
    ['A', { score: { gt: 1 }, skip: 1, limit: 2 }],
    (c) => here.listRecords(c, 'A', { filter: { score: { gt: 1 } }, skip: 1, limit: 2 }),
  ],
  [
    'qbData',
    'update',
    ['A', { _id: 'r1', title: 'y' }],
    (c) => here.updateRecord(c, { className: 'A', id: 'r1', changes: { title: 'y' } }),
    { parameters: { title: 'y' } },
  ], // the path has the id
  ['qbData', 'delete', ['A', 'r1'], (c) => here.deleteRecords(c, { className: 'A', ids: ['r1'] })],
  ['qbData', 'delete', ['A', ['r1', 'r2']], (c) => here.deleteRecords(c, { className: 'A', ids: ['r1', 'r2'] })],
  [
    'qbData',
    'delete',
    ['A', { score: { gt: 1 } }],
    (c) => here.deleteRecordsByCriteria(c, { className: 'A', criteria: { score: { gt: 1 } } }),
  ],
  [
    'qbData',
    'deleteFile',
    ['A', { id: 'r1', field_name: 'f' }],
    (c) => here.deleteRecordFile(c, { className: 'A', id: 'r1', field: 'f' }),
  ],
  ['qbPushNotifications', 'subscriptions.list', [], (c) => here.listSubscriptions(c), firstPage],
  ['qbPushNotifications', 'subscriptions.delete', [5], (c) => here.deleteSubscription(c, 5)],
  ['qbPushNotifications', 'events.get', [5], (c) => here.getPushEvent(c, 5)],
  ['qbPushNotifications', 'events.delete', [5], (c) => here.deletePushEvent(c, 5)],
  ['qbPushNotifications', 'events.status', [5], (c) => here.getPushEventStatus(c, 5)],
  [
    'qbPushNotifications',
    'events.list',
    [{ page: 1, per_page: 5 }],
    (c) => here.listPushEvents(c, { page: 1, perPage: 5 }),
  ],
  [
    'qbAddressBook',
    'uploadAddressBook',
    [[{ phone: '1', name: 'A' }], { force: 1, udid: 'u' }],
    (c) => here.uploadAddressBook(c, { contacts: [{ phone: '1', name: 'A' }], force: 1, udid: 'u' }),
  ],
  ['qbAddressBook', 'get', ['u'], (c) => here.listContacts(c, { udid: 'u' })],
  ['qbAddressBook', 'getRegisteredUsers', [true], (c) => here.listRegisteredUsers(c, { compact: 1 })],
  [
    'qbAI',
    'answerAssist',
    ['s', 'hi', [{ role: 'user', message: 'a' }]],
    (c) =>
      here.aiAnswerAssist(c, {
        smart_chat_assistant_id: 's',
        message: 'hi',
        history: [{ role: 'user', message: 'a' }],
      }),
  ],
  [
    'qbAI',
    'translate',
    ['s', 'hi', 'de'],
    (c) => here.aiTranslate(c, { smart_chat_assistant_id: 's', text: 'hi', to_language: 'de' }),
  ],
  ['qbAI', 'summarize', ['s', 'd1'], (c) => here.aiSummarize(c, { smart_chat_assistant_id: 's', dialog_id: 'd1' })],
];

const sameness = suite('official SDK · rows of the migration guide');

for (const [module, method, args, ours, differs] of rows) {
  sameness(`${module}.${method}(${JSON.stringify(args).slice(1, -1)}) asks for what ours asks for`, async () => {
    const [there] = ofSdk(module, method, args);
    const [own] = await ofOurs(ours);
    assert.ok(there !== undefined, 'the SDK has sent nothing');
    assert.equal(own, { ...there, ...differs });
    if (differs !== undefined) assert.not.equal(own, there, 'it does not differ any more');
  });
}

sameness.run();
