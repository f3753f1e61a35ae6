import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addOccupants,
  countDialogs,
  createDialog,
  deleteDialogs,
  getDialog,
  getDialogNotifications,
  listDialogs,
  removeOccupants,
  updateDialog,
  updateDialogNotifications,
} from '../../src/resources/dialogs.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const dialog = { _id: 'd1', type: 2, last_message_date_sent: 1567971414, unread_messages_count: null, added_later: 1 };
const stretch = { total_entries: 1, skip: 0, limit: 100, items: [dialog] };
const notifications = { notifications: { enabled: 0 } };

const requests = suite('quickblox · dialogs · requests');

testRows(requests, [
  {
    ask: (client) => createDialog(client, { type: 2, name: 'Party', occupants_ids: [7, 8], data: { class_name: 'C' } }),
    sends: 'POST /chat/Dialog.json',
    body: { type: 2, name: 'Party', data: { class_name: 'C' }, occupants_ids: '7,8' },
    answer: dialog,
  },
  {
    ask: (client) => createDialog(client, { type: 1, name: 'All' }),
    sends: 'POST /chat/Dialog.json',
    body: { type: 1, name: 'All' },
    answer: dialog,
  },
  {
    ask: (client) => listDialogs(client),
    sends: 'GET /chat/Dialog.json?skip=0&limit=100',
    answer: stretch,
    gives: [dialog],
  },
  {
    ask: (client) =>
      listDialogs(client, {
        filter: { type: { in: [1, 2] } },
        sort: { field: 'last_message_date_sent', direction: 'desc' },
        skip: 4,
        limit: 3,
      }),
    sends: 'GET /chat/Dialog.json?type[in]=1%2C2&sort_desc=last_message_date_sent&skip=4&limit=3',
    answer: stretch,
    gives: [dialog],
  },
  {
    ask: (client) => countDialogs(client, { filter: { type: 3 } }),
    sends: 'GET /chat/Dialog.json?type=3&count=1',
    answer: { items: { count: 6 } },
    gives: 6,
  },
  { ask: (client) => countDialogs(client), sends: 'GET /chat/Dialog.json?count=1', answer: { count: 6 }, gives: 6 },
  { ask: (client) => getDialog(client, 'd1'), sends: 'GET /chat/Dialog/d1.json', answer: dialog },
  {
    ask: (client) => updateDialog(client, { id: 'd1', changes: { name: 'New' } }),
    sends: 'PUT /chat/Dialog/d1.json',
    body: { name: 'New' },
    answer: dialog,
  },
  {
    ask: (client) => addOccupants(client, { dialogId: 'd1', userIds: [7, 8] }),
    sends: 'PUT /chat/Dialog/d1.json',
    body: { push_all: { occupants_ids: [7, 8] } },
    answer: dialog,
  },
  {
    ask: (client) => removeOccupants(client, { dialogId: 'd1', userIds: [7] }),
    sends: 'PUT /chat/Dialog/d1.json',
    body: { pull_all: { occupants_ids: [7] } },
    answer: dialog,
  },
  { ask: (client) => deleteDialogs(client, 'd1'), sends: 'DELETE /chat/Dialog/d1.json' },
  {
    ask: (client) => deleteDialogs(client, ['d1', 'd2'], { force: 1 }),
    sends: 'DELETE /chat/Dialog/d1,d2.json',
    body: 'force=1',
    answer: { SuccessfullyDeleted: { ids: ['d1'] }, WrongPermissions: { ids: ['d2'] } },
  },
  {
    ask: (client) => getDialogNotifications(client, 'd1'),
    sends: 'GET /chat/Dialog/d1/notifications.json',
    answer: notifications,
    gives: { enabled: 0 },
  },
  {
    ask: (client) => updateDialogNotifications(client, { id: 'd1', enabled: 0 }),
    sends: 'PUT /chat/Dialog/d1/notifications.json',
    body: { enabled: 0 },
    answer: { notifications: { enabled: false } },
    gives: { enabled: 0 },
  },
]);

testHostile(requests, {
  createDialog: (client) => createDialog(client, { type: 1 }),
  listDialogs: (client) => listDialogs(client),
  countDialogs: (client) => countDialogs(client),
  getDialog: (client) => getDialog(client, 'd1'),
  updateDialog: (client) => updateDialog(client, { id: 'd1', changes: {} }),
  getDialogNotifications: (client) => getDialogNotifications(client, 'd1'),
  updateDialogNotifications: (client) => updateDialogNotifications(client, { id: 'd1', enabled: 1 }),
});

for (const answer of ['', ' ', 'null', 'true', '"SuccessfullyDeleted"', '<html>', '{"NotFound":7}']) {
  requests(`takes a deletion that answers ${JSON.stringify(answer)}`, async () => {
    assert.is(await deleteDialogs(recordingClient(answer).client, 'd1'), undefined);
  });
}

requests('refuses ids that name no dialog, without asking', async () => {
  const { client, sent } = recordingClient(dialog);
  await rejects(getDialog(client, '..'), TypeError, /id must be text/);
  await rejects(updateDialog(client, { id: '', changes: {} }), TypeError, /id must be text/);
  await rejects(deleteDialogs(client, []), TypeError, /ids must have at least one id/);
  await rejects(getDialogNotifications(client, '.'), TypeError, /id must be text/);
  assert.equal(sent, []);
});

requests.run();

const dialogs = suite('quickblox · dialogs · against the emulator');

dialogs('creates each kind, and finds a private one again', async () => {
  const { anna, otto } = createClients();
  const group = await createDialog(anna, { type: 2, name: 'Party', occupants_ids: [8] });
  assert.equal([group.type, group.name, group.user_id, group.occupants_ids], [2, 'Party', 7, [7, 8]]);
  assert.match(group.xmpp_room_jid ?? '', /^76730_[0-9a-f]{24}@muc\./);
  const first = await createDialog(anna, { type: 3, occupants_ids: [8] });
  assert.is(first.xmpp_room_jid, null);
  assert.is((await createDialog(otto, { type: 3, occupants_ids: [7] }))._id, first._id);
  assert.equal((await createDialog(anna, { type: 1, name: 'All' })).occupants_ids, [7]);
  for (const wrong of [{ type: 4 }, { type: 3 }, { type: 2, occupants_ids: [999] }]) {
    await rejects(createDialog(anna, wrong as never), ResponseError, 'quickblox.validation');
  }
});

dialogs('lists, filters, sorts and counts the user’s own', async () => {
  const { anna, otto, clock } = createClients();
  for (const name of ['Beta', 'Alpha', 'Gamma']) {
    await createDialog(anna, { type: 2, name, data: { class_name: 'Cool', friends: name.length } });
    clock.advance(1000);
  }
  await createDialog(otto, { type: 2, name: 'Not hers' });
  const names = async (options: Parameters<typeof listDialogs>[1]) =>
    ((await settle(listDialogs(anna, options))) as { name: string }[]).map(({ name }) => name);
  assert.equal(await names({}), ['Beta', 'Alpha', 'Gamma']);
  assert.equal(await names({ sort: { field: 'name', direction: 'asc' } }), ['Alpha', 'Beta', 'Gamma']);
  assert.equal(await names({ sort: { field: 'created_at', direction: 'desc' } }), ['Gamma', 'Alpha', 'Beta']);
  assert.equal(await names({ filter: { name: { ctn: 'MA' } } }), ['Gamma']);
  assert.equal(await names({ filter: { name: { in: ['Beta', 'Gamma'] }, type: 2 } }), ['Beta', 'Gamma']);
  assert.equal(await names({ filter: { name: { nin: ['Beta', 'Gamma'] } } }), ['Alpha']);
  assert.equal(await names({ filter: { name: { or: ['Alpha', 'x'] }, occupants_ids: { all: [7] } } }), ['Alpha']);
  const second = clock() / 1000 - 2;
  assert.equal(await names({ filter: { created_at: { gte: second } } }), ['Alpha', 'Gamma']);
  assert.equal(await names({ filter: { created_at: { gt: second - 1, lt: second + 1 } } }), ['Alpha']);
  assert.equal(await names({ filter: { created_at: { lte: second - 1 } } }), ['Beta']);
  assert.equal(await names({ filter: { 'data[class_name]': 'Cool', 'data[friends]': 4 } }), ['Beta']);
  assert.equal(await names({ filter: { name: { ne: 'Beta', ctn: 'l' } } }), ['Alpha']);
  assert.is(await countDialogs(anna), 3);
  assert.is(await countDialogs(anna, { filter: { name: 'Alpha' } }), 1);
});

dialogs('changes a dialog, its users and its notifications', async () => {
  const { anna, otto } = createClients();
  const { _id: id } = await createDialog(anna, { type: 2, name: 'Old' });
  await rejects(getDialog(otto, id), ResponseError, 'http.forbidden');
  assert.equal((await addOccupants(anna, { dialogId: id, userIds: [8, 999] })).occupants_ids, [7, 8]);
  const changes = { name: 'New', photo: '68123', data: { class_name: 'C', a: 1 } };
  await updateDialog(otto, { id, changes });
  const { name, photo, data } = await getDialog(anna, id);
  assert.equal({ name, photo, data }, changes);
  assert.equal(await getDialogNotifications(anna, id), { enabled: 1 });
  assert.equal(await updateDialogNotifications(anna, { id, enabled: 0 }), { enabled: 0 });
  assert.equal(await getDialogNotifications(anna, id), { enabled: 0 });
  assert.equal(await getDialogNotifications(otto, id), { enabled: 1 });
  assert.equal(await updateDialogNotifications(anna, { id, enabled: 1 }), { enabled: 1 });
  assert.equal((await removeOccupants(anna, { dialogId: id, userIds: [8] })).occupants_ids, [7]);
  await rejects(updateDialog(otto, { id, changes: {} }), ResponseError, 'http.forbidden');
  await rejects(getDialog(anna, 'f'.repeat(24)), ResponseError, 'http.not-found');
});

dialogs('deletes for oneself or for all, and tells what was refused', async () => {
  const { anna, otto, emulator } = createClients();
  const { _id: id } = await createDialog(anna, { type: 2, occupants_ids: [8] });
  assert.is(await deleteDialogs(otto, id, { force: 1 }), undefined, 'nothing is told by default');
  emulator.change({ deletionAnswer: 'ids' });
  assert.equal(await deleteDialogs(otto, [id, 'x'], { force: 1 }), {
    WrongPermissions: { ids: [id] },
    NotFound: { ids: ['x'] },
  });
  assert.equal(await deleteDialogs(otto, id), { SuccessfullyDeleted: { ids: [id] } });
  assert.equal((await getDialog(anna, id)).occupants_ids, [7]);
  assert.equal(await deleteDialogs(anna, id, { force: 1 }), { SuccessfullyDeleted: { ids: [id] } });
  await rejects(getDialog(anna, id), ResponseError, 'http.not-found');
});

dialogs('needs a user', async () => {
  const { application, key } = createClients();
  for (const client of [application, key]) {
    await rejects(settle(listDialogs(client)), ResponseError, 'quickblox.user-required');
    await rejects(createDialog(client, { type: 1 }), ResponseError, 'quickblox.user-required');
    await rejects(deleteDialogs(client, 'x'), ResponseError, 'quickblox.user-required');
  }
});

dialogs.run();
