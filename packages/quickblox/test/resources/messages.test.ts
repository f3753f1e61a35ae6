import { ResponseError, XError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDialog, getDialog } from '../../src/resources/dialogs.ts';
import {
  countMessages,
  createMessage,
  deleteMessages,
  getMessage,
  getUnreadCounts,
  listMessages,
  updateMessage,
} from '../../src/resources/messages.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const message = {
  _id: 'm1',
  chat_dialog_id: 'd1',
  message: 'hi',
  is_pinned: 'false',
  attachments: [{ id: 7, size: 1 }],
};
const stretch = { skip: 0, limit: 100, items: [message] };

const requests = suite('quickblox · messages · requests');

testRows(requests, [
  {
    ask: (client) =>
      createMessage(client, { chat_dialog_id: 'd1', message: 'hi', send_to_chat: 1, markable: 1, is_pinned: 'false' }),
    sends: 'POST /chat/Message.json',
    body: { chat_dialog_id: 'd1', message: 'hi', send_to_chat: 1, markable: 1, is_pinned: 'false' },
    answer: message,
  },
  {
    ask: (client) => listMessages(client, { dialogId: 'd1' }),
    sends: 'GET /chat/Message.json?chat_dialog_id=d1&skip=0&limit=100',
    answer: stretch,
    gives: [message],
  },
  {
    ask: (client) =>
      listMessages(client, {
        dialogId: 'd1',
        filter: { date_sent: { lt: 1556829805 }, message: { ctn: 'guys' } },
        sort: { field: 'date_sent', direction: 'desc' },
        markAsRead: 0,
        skip: 1,
        limit: 9,
      }),
    sends:
      'GET /chat/Message.json?date_sent[lt]=1556829805&message[ctn]=guys&sort_desc=date_sent' +
      '&chat_dialog_id=d1&mark_as_read=0&skip=1&limit=9',
    answer: stretch,
    gives: [message],
  },
  {
    ask: (client) => countMessages(client, { dialogId: 'd1', filter: { sender_id: 7 } }),
    sends: 'GET /chat/Message.json?sender_id=7&chat_dialog_id=d1&count=1',
    answer: { items: { count: 3 } },
    gives: 3,
  },
  { ask: (client) => getMessage(client, 'm1'), sends: 'GET /chat/Message/m1.json', answer: message },
  {
    ask: (client) => updateMessage(client, { id: 'm1', changes: { chat_dialog_id: 'd1', read: 1 } }),
    sends: 'PUT /chat/Message/m1.json',
    body: { chat_dialog_id: 'd1', read: 1 },
  },
  {
    ask: (client) => deleteMessages(client, ['m1', 'm2']),
    sends: 'DELETE /chat/Message/m1,m2.json',
    answer: { SuccessfullyDeleted: { ids: ['m1'] }, NotFound: { ids: ['m2'] } },
  },
  {
    ask: (client) => deleteMessages(client, 'm1', { force: 1 }),
    sends: 'DELETE /chat/Message/m1.json',
    body: 'force=1',
  },
  { ask: (client) => getUnreadCounts(client), sends: 'GET /chat/Message/unread.json', answer: { total: 15 } },
  {
    ask: (client) => getUnreadCounts(client, ['d1', 'd2']),
    sends: 'GET /chat/Message/unread.json?chat_dialog_ids=d1%2Cd2',
    answer: { total: 3, d1: 1, d2: 2 },
  },
]);

testHostile(requests, {
  createMessage: (client) => createMessage(client, { recipient_id: 8 }),
  listMessages: (client) => listMessages(client, { dialogId: 'd1' }),
  countMessages: (client) => countMessages(client, { dialogId: 'd1' }),
  getMessage: (client) => getMessage(client, 'm1'),
  getUnreadCounts: (client) => getUnreadCounts(client),
});

requests('refuses ids that name no message, without asking', async () => {
  const { client, sent } = recordingClient(message);
  await rejects(getMessage(client, ''), TypeError, /id must be text/);
  await rejects(updateMessage(client, { id: '..', changes: { chat_dialog_id: 'd1' } }), TypeError, /id must be text/);
  await rejects(deleteMessages(client, []), TypeError, /ids must have at least one id/);
  await rejects(getUnreadCounts(client, ['a,b']), TypeError, /dialogIds must not have a comma/);
  assert.equal(sent, []);
});

requests.run();

const messages = suite('quickblox · messages · against the emulator');

messages('stores a message, makes a dialog for it, and keeps what the application adds', async () => {
  const { anna, otto } = createClients();
  const attachments = [{ id: 'f1', type: 'image', width: 3 }];
  const sent = await createMessage(anna, {
    recipient_id: 8,
    message: 'hi',
    send_to_chat: 1,
    attachments,
    pinned: 'yes',
  });
  assert.equal([sent.sender_id, sent.recipient_id, sent['pinned'], sent.attachments], [7, 8, 'yes', attachments]);
  assert.is(sent['send_to_chat'], undefined);
  assert.equal(await getMessage(otto, sent._id), sent);
  const dialog = await getDialog(otto, sent.chat_dialog_id);
  assert.equal(
    [dialog.type, dialog.last_message, dialog.last_message_user_id, dialog.unread_messages_count],
    [3, 'hi', 7, 1],
  );
  const answer = await createMessage(otto, { recipient_id: 7 });
  assert.is(answer.chat_dialog_id, sent.chat_dialog_id);
});

messages(
  'are never sent twice after a lost answer, whatever the policy, but after a session that was gone',
  async () => {
    const { anna, emulator } = createClients();
    const { _id: chat_dialog_id } = await createDialog(anna, { type: 2, name: 'x', occupants_ids: [8] });
    const patient = anna.extend({ retry: { limit: 2, methods: ['get', 'post'], delay: () => 0 } });
    for (const fault of [{ kind: 'drop-after' }, { kind: 'status', status: 503 }] as const) {
      emulator.faults.add(fault, { method: 'POST', path: '/chat/Message.json' });
      await rejects(createMessage(patient, { chat_dialog_id, message: 'lost' }), XError, /Message\.json/);
    }
    emulator.endSessions();
    await createMessage(patient, { chat_dialog_id, message: 'sent' });
    const stored = (await settle(listMessages(anna, { dialogId: chat_dialog_id }))) as { message: string }[];
    assert.equal(
      stored.map(({ message }) => message),
      ['lost', 'sent'],
    );
  },
);

messages('counts what is unread, and marks it read by listing unless told otherwise', async () => {
  const { anna, otto } = createClients();
  const { _id: dialogId } = await createDialog(anna, { type: 2, occupants_ids: [8] });
  for (const text of ['a', 'b']) await createMessage(anna, { chat_dialog_id: dialogId, message: text });
  await createMessage(anna, { recipient_id: 8, message: 'c' });
  assert.equal(await getUnreadCounts(otto), { total: 3 });
  assert.equal(await getUnreadCounts(otto, [dialogId]), { total: 2, [dialogId]: 2 });
  assert.equal(await getUnreadCounts(anna), { total: 0 });
  await settle(listMessages(otto, { dialogId, markAsRead: 0 }));
  assert.is(await countMessages(otto, { dialogId, filter: { message: 'a' } }), 1);
  assert.equal(await getUnreadCounts(otto), { total: 3 });
  await settle(listMessages(otto, { dialogId }));
  assert.equal(await getUnreadCounts(otto), { total: 1 });
});

messages('marks as read what a list gives, and nothing beyond it', async () => {
  const { anna, otto } = createClients();
  const { _id: dialogId } = await createDialog(anna, { type: 2, occupants_ids: [8] });
  for (const text of ['a', 'b', 'c']) await createMessage(anna, { chat_dialog_id: dialogId, message: text });
  for await (const stretch of listMessages(otto, { dialogId, skip: 1, limit: 1 }).pages()) {
    assert.equal(
      stretch.items.map(({ message, read_ids }) => [message, read_ids]),
      [['b', [7]]],
      'told as it was before',
    );
    break;
  }
  assert.equal(await getUnreadCounts(otto), { total: 2 });
});

messages('changes a message, and marks it', async () => {
  const { anna, otto, emulator } = createClients();
  const { _id: id, chat_dialog_id } = await createMessage(anna, { recipient_id: 8, message: 'old' });
  await updateMessage(anna, { id, changes: { chat_dialog_id, message: 'new' } });
  await updateMessage(otto, { id, changes: { chat_dialog_id, read: 1, delivered: 1 } });
  const { message: text, read_ids, delivered_ids, read } = await getMessage(anna, id);
  assert.equal([text, read_ids, delivered_ids, read], ['new', [7, 8], [7, 8], 1]);
  await rejects(
    updateMessage(otto, { id, changes: { chat_dialog_id, message: 'x' } }),
    ResponseError,
    'http.forbidden',
  );
  emulator.change({ deletionAnswer: 'ids' });
  assert.equal(await deleteMessages(otto, id, { force: 1 }), { WrongPermissions: { ids: [id] } });
  assert.equal(await deleteMessages(otto, id), { SuccessfullyDeleted: { ids: [id] } });
  await rejects(getMessage(otto, id), ResponseError, 'http.not-found');
  assert.is((await getMessage(anna, id))._id, id);
  assert.equal(await deleteMessages(anna, [id, 'x'], { force: 1 }), {
    SuccessfullyDeleted: { ids: [id] },
    NotFound: { ids: ['x'] },
  });
});

messages('stay within their dialog', async () => {
  const { anna, otto, application } = createClients();
  const { _id: dialogId } = await createDialog(anna, { type: 2 });
  const { _id: id } = await createMessage(anna, { chat_dialog_id: dialogId, message: 'mine' });
  await rejects(createMessage(otto, { chat_dialog_id: dialogId }), ResponseError, 'http.forbidden');
  await rejects(settle(listMessages(otto, { dialogId })), ResponseError, 'http.forbidden');
  await rejects(getMessage(otto, id), ResponseError, 'http.not-found');
  await rejects(settle(listMessages(otto, { dialogId: 'x' })), ResponseError, 'quickblox.validation');
  await rejects(createMessage(otto, { chat_dialog_id: 'x' }), ResponseError, 'http.not-found');
  await rejects(createMessage(application, { recipient_id: 8 }), ResponseError, 'quickblox.user-required');
  await rejects(getUnreadCounts(application), ResponseError, 'quickblox.user-required');
});

messages.run();
