import { ContractError, RequestError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listDialogs } from '../../src/resources/dialogs.ts';
import { createMessage, listMessages } from '../../src/resources/messages.ts';
import { createUser, listUsers } from '../../src/resources/users.ts';
import { createClients, recordingClient, settle } from './harness.ts';

const pages = suite('quickblox · lists by page');

pages('goes through all pages, and asks for no more than it needs', async () => {
  const { key, calls } = createClients();
  for (let number = 1; number <= 5; number += 1) await createUser(key, { login: `user-${number}` });
  const asked = calls().length;
  const logins: unknown[] = [];
  for await (const { login } of listUsers(key, { perPage: 3 })) logins.push(login);
  assert.equal(logins, ['anna', 'otto', 'user-1', 'user-2', 'user-3', 'user-4', 'user-5']);
  assert.is(calls().length - asked, 3);
});

pages('begins where it is told to, and gives whole pages', async () => {
  const { key } = createClients();
  const given: unknown[] = [];
  for await (const page of listUsers(key, { page: 2, perPage: 1 }).pages())
    given.push([page.current_page, page.items.length]);
  assert.equal(given, [[2, 1]]);
});

pages('goes by the page size that QuickBlox applied, not by the one that was asked for', async () => {
  const { key } = createClients({ settings: { maxPageSize: 1 } });
  assert.is(((await settle(listUsers(key, { perPage: 50 }))) as unknown[]).length, 2);
});

pages('ends whatever the answers say', async () => {
  const page = { current_page: 1, per_page: 1, total_entries: 9_007_199_254_740_991, items: [{ user: { id: 7 } }] };
  const { client, sent } = recordingClient(page);
  await rejects(settle(listUsers(client, { maxPages: 5 })), ContractError, 'http.contract-broken');
  assert.is(sent.length, 5);
  const empty = recordingClient({ ...page, items: [] });
  assert.equal(await settle(listUsers(empty.client)), []);
});

pages('ends with its signal', async () => {
  const { key, calls } = createClients();
  const controller = new AbortController();
  const list = listUsers(key, { perPage: 1, signal: controller.signal })[Symbol.asyncIterator]();
  await list.next();
  controller.abort();
  await rejects(list.next(), RequestError, 'http.aborted');
  assert.is(calls().length, 1);
});

pages.run();

const stretches = suite('quickblox · lists by stretch');

stretches('goes on where a stretch ends, and stops after one that is short', async () => {
  const { anna, calls } = createClients();
  const { chat_dialog_id: dialogId } = await createMessage(anna, { recipient_id: 8, message: '1' });
  for (const message of ['2', '3', '4', '5']) await createMessage(anna, { chat_dialog_id: dialogId, message });
  const asked = calls().length;
  const texts: unknown[] = [];
  for await (const { message } of listMessages(anna, { dialogId, limit: 2, skip: 1 })) texts.push(message);
  assert.equal(texts, ['2', '3', '4', '5']);
  assert.is(calls().length - asked, 3, 'messages tell no total, so the third finds nothing');
});

stretches('stops at the total where it is told', async () => {
  const { anna, calls } = createClients();
  await createMessage(anna, { recipient_id: 8, message: '1' });
  const asked = calls().length;
  assert.is(((await settle(listDialogs(anna, { limit: 1 }))) as unknown[]).length, 1);
  assert.is(calls().length - asked, 1);
});

stretches('refuses a total that is none', async () => {
  const { client } = recordingClient({ skip: 0, limit: 1, total_entries: 'many', items: [{ _id: 'a', type: 2 }] });
  await rejects(settle(listDialogs(client)), ContractError, 'http.contract-broken');
});

stretches('ends whatever the answers say', async () => {
  const dialog = { _id: 'a', type: 2 };
  const { client, sent } = recordingClient({ skip: 0, limit: 1, items: [dialog] });
  await rejects(settle(listDialogs(client, { maxPages: 4 })), ContractError, 'http.contract-broken');
  assert.is(sent.length, 4);
});

stretches.run();
