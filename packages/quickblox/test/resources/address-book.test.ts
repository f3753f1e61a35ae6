import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listContacts, listRegisteredUsers, uploadAddressBook } from '../../src/resources/address-book.ts';
import { updateUser } from '../../src/resources/users.ts';
import { createClients, recordingClient, testHostile, testRows } from './harness.ts';

const contacts = [
  { name: 'Mike', phone: '463571393241' },
  { phone: '65021272571', destroy: 1 as const },
];
const user = { id: 7, phone: '463571393241' };

const requests = suite('quickblox · address book · requests');

testRows(requests, [
  {
    ask: (client) => uploadAddressBook(client, { contacts, force: 1, udid: 'A337' }),
    sends: 'POST /address_book.json',
    body: { contacts, force: 1, udid: 'A337' },
    answer: { created: 1, updated: 0, deleted: 1, rejected: { 5: ['Invalid fields set'] } },
  },
  {
    ask: (client) => listContacts(client),
    sends: 'GET /address_book.json',
    answer: [{ phone: '463571393241', added: 1 }],
  },
  {
    ask: (client) => listContacts(client, { udid: 'A 3' }),
    sends: 'GET /address_book.json?udid=A%203',
    answer: [],
  },
  {
    ask: (client) => listRegisteredUsers(client, { udid: 'A337', compact: 1 }),
    sends: 'GET /address_book/registered_users.json?udid=A337&compact=1',
    answer: { items: [{ user }] },
    gives: [user],
  },
]);

testHostile(requests, {
  uploadAddressBook: (client) => uploadAddressBook(client, { contacts: [] }),
  listRegisteredUsers: (client) => listRegisteredUsers(client),
});

requests('refuses contacts of another shape', async () => {
  const { client } = recordingClient('[{"phone":7}]');
  await rejects(listContacts(client), Error, 'http.contract-broken');
});

requests.run();

const book = suite('quickblox · address book · against the emulator');

book('is empty at first, which is no failure', async () => {
  const { anna } = createClients();
  assert.equal(await listContacts(anna), []);
  assert.equal(await listRegisteredUsers(anna), []);
});

book('passes other failures on', async () => {
  const { anna, application, emulator } = createClients();
  await rejects(listContacts(application), ResponseError, 'quickblox.user-required');
  emulator.faults.add({ kind: 'status', status: 404, body: '{"errors":["Not found"]}' }, { path: '/address_book' });
  await rejects(listContacts(anna), ResponseError, 'http.not-found');
  const otherStatus = { kind: 'status', status: 422, body: '{"errors":["Empty address book"]}' } as const;
  emulator.faults.add(otherStatus, { path: '/address_book' });
  await rejects(listContacts(anna), ResponseError, 'quickblox.validation');
});

book('adds, renames, deletes, replaces, and tells what it left out', async () => {
  const { anna, otto } = createClients();
  const mike = { name: 'Mike', phone: '4635713932' };
  const ann = { name: 'Ann', phone: '650212725711' };
  assert.equal(await uploadAddressBook(anna, { contacts: [mike, ann, { name: 'Bad', phone: '1' }] }), {
    created: 2,
    updated: 0,
    deleted: 0,
    rejected: { 2: ['Invalid fields set'] },
  });
  const named = { ...mike, name: 'Michael' };
  const changes = { contacts: [named, { phone: ann.phone, destroy: 1 as const }] };
  assert.equal(await uploadAddressBook(anna, changes), { created: 0, updated: 1, deleted: 1 });
  assert.equal(await listContacts(anna), [{ phone: mike.phone, name: 'Michael' }]);
  assert.equal(await uploadAddressBook(anna, { contacts: [ann], force: 1 }), { created: 1, updated: 0, deleted: 1 });
  assert.equal(await listContacts(anna), [{ phone: ann.phone, name: 'Ann' }]);
  await uploadAddressBook(anna, { contacts: [mike], udid: 'phone-1' });
  assert.equal(await listContacts(anna, { udid: 'phone-1' }), [{ phone: mike.phone, name: 'Mike' }]);
  assert.is((await listContacts(anna)).length, 1);
  assert.equal(await listContacts(otto), []);
});

book('finds users by their numbers', async () => {
  const { anna, key } = createClients();
  await updateUser(key, { id: 8, changes: { phone: '4635713932' } });
  await uploadAddressBook(anna, { contacts: [{ phone: '4635713932', name: 'Otto' }] });
  assert.equal(await listRegisteredUsers(anna, { compact: 1 }), [{ id: 8, phone: '4635713932' }]);
  assert.equal(
    (await listRegisteredUsers(anna)).map(({ login }) => login),
    ['otto'],
  );
});

book.run();
