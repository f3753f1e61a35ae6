import { ContractError, RequestError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createQuickBlox, type QuickBloxClient } from '../../src/index.ts';
import { countDialogs, listDialogs } from '../../src/resources/dialogs.ts';
import { countMessages, createMessage, listMessages } from '../../src/resources/messages.ts';
import { countRecords, listRecords } from '../../src/resources/records.ts';
import { createUser, listUsers } from '../../src/resources/users.ts';
import { createClients, recordingClient, settle } from './harness.ts';

/** Users that come in pages of one size and claim to come in another. */
function pagedClient(list: { readonly total: number; readonly applied: number; readonly claimed: number }): {
  readonly client: QuickBloxClient;
  asked(): number;
} {
  let asked = 0;
  const { client } = createQuickBlox({
    applicationId: 1,
    apiKey: 'key_test',
    async fetch(input) {
      asked += 1;
      const page = Number(new URL((input as Request).url).searchParams.get('page'));
      const ids = Array.from({ length: list.total }, (_, index) => index + 1);
      const items = ids.slice((page - 1) * list.applied, page * list.applied).map((id) => ({ user: { id } }));
      return Response.json({ current_page: page, per_page: list.claimed, total_entries: list.total, items });
    },
  }).server();
  return { client, asked: () => asked };
}

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

for (const [total, applied, claimed] of [
  [25, 10, 100],
  [105, 10, 100],
  [110, 10, 100],
  [25, 10, 10],
  [25, 10, 1],
  [30, 10, 10],
] as const) {
  pages(`gives all ${total} of pages of ${applied} that claim to be of ${claimed}`, async () => {
    for (const first of [1, 2]) {
      const { client, asked } = pagedClient({ total, applied, claimed });
      const given = (await settle(listUsers(client, { page: first }))) as { id: number }[];
      const wanted = Array.from(
        { length: total - (first - 1) * applied },
        (_, index) => index + (first - 1) * applied + 1,
      );
      assert.equal(
        given.map(({ id }) => id),
        wanted,
      );
      assert.ok(asked() <= Math.ceil(total / applied) + 1, `${asked()} requests`);
    }
    const { client, asked } = pagedClient({ total, applied, claimed });
    await settle(listUsers(client));
    assert.is(asked(), Math.ceil(total / applied), 'and no page too many');
  });
}

pages('counts for each reader by itself', async () => {
  const list = listUsers(pagedClient({ total: 25, applied: 10, claimed: 100 }).client);
  const [one, two] = (await Promise.all([settle(list), settle(list)])) as unknown[][];
  assert.equal([one?.length, two?.length], [25, 25]);
});

for (const [options, text] of [
  [{ perPage: 0 }, /^perPage must be a whole number from 1, got 0$/],
  [{ perPage: -1 }, /^perPage must/],
  [{ perPage: Number.NaN }, /^perPage must/],
  [{ perPage: 1.5 }, /^perPage must/],
  [{ page: 0 }, /^page must be a whole number from 1, got 0$/],
  [{ page: 1.5 }, /^page must/],
  [{ page: '2' as never }, /^page must/],
] as const) {
  pages(`refuses ${JSON.stringify(options)} by name, at once`, () => {
    const { client, sent } = recordingClient({});
    assert.throws(
      () => listUsers(client, options),
      (error: Error) => error instanceof RangeError && text.test(error.message),
    );
    assert.equal(sent, []);
  });
}

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

for (const [largest, limit, asks] of [
  [100, 250, [0, 100, 200]],
  [100, 100, [0, 100, 200]],
  [250, 250, [0, 230]],
  [1000, 50, [0, 50, 100, 150, 200]],
] as const) {
  stretches(`misses nothing when ${limit} are asked for, ${largest} are given and ${limit} are told`, async () => {
    const all = Array.from({ length: 230 }, (_, index) => ({ _id: String(index) }));
    const asked: number[] = [];
    const { client } = createQuickBlox({
      applicationId: 1,
      apiKey: 'key_test',
      async fetch(input) {
        const skip = Number(new URL((input as Request).url).searchParams.get('skip'));
        asked.push(skip);
        return Response.json({ skip, limit, items: all.slice(skip, skip + Math.min(limit, largest)) });
      },
    }).server();
    assert.equal(await settle(listRecords(client, 'A', { limit })), all);
    assert.equal(asked, asks);
  });
}

stretches('stops at the total where it is told', async () => {
  const { anna, calls } = createClients();
  await createMessage(anna, { recipient_id: 8, message: '1' });
  const asked = calls().length;
  assert.is(((await settle(listDialogs(anna, { limit: 1 }))) as unknown[]).length, 1);
  assert.is(calls().length - asked, 1);
});

for (const [options, text] of [
  [{ skip: -1 }, /^skip must be a whole number from 0, got -1$/],
  [{ skip: Number.NaN }, /^skip must/],
  [{ limit: 0 }, /^limit must be a whole number from 1, got 0$/],
  [{ limit: 0.5 }, /^limit must/],
] as const) {
  stretches(`refuses ${JSON.stringify(options)} by name, at once`, () => {
    const { client } = recordingClient({});
    assert.throws(
      () => listDialogs(client, options),
      (error: Error) => error instanceof RangeError && text.test(error.message),
    );
  });
}

stretches('refuses a filter that would be taken for a parameter', async () => {
  const { client, sent } = recordingClient({ skip: 0, limit: 1, items: [], count: 1 });
  for (const name of ['skip', 'limit', 'sort_asc', 'sort_desc', 'count']) {
    const filter = { [name]: 1 };
    const text = new RegExp(`^filter\\.${name} must not be a value`);
    assert.throws(() => listDialogs(client, { filter }), text);
    assert.throws(() => listRecords(client, 'A', { filter }), text);
    assert.throws(() => listMessages(client, { dialogId: 'a', filter }), text);
    await rejects(countDialogs(client, { filter }), TypeError, text);
    await rejects(countRecords(client, 'A', { filter }), TypeError, text);
    await rejects(countMessages(client, { dialogId: 'a', filter }), TypeError, text);
  }
  for (const name of ['chat_dialog_id', 'mark_as_read']) {
    assert.throws(() => listMessages(client, { dialogId: 'a', filter: { [name]: 'b' } }), /^filter\.\w+ must not be/);
    await rejects(
      countMessages(client, { dialogId: 'a', filter: { [name]: 'b' } }),
      TypeError,
      /^filter\.\w+ must not/,
    );
  }
  assert.equal(sent, []);
  await settle(listRecords(client, 'A', { filter: { limit: { gt: 5 }, chat_dialog_id: 'b' } }));
  assert.equal(
    sent.map(({ request }) => request),
    ['GET /data/A.json?limit[gt]=5&chat_dialog_id=b&skip=0&limit=100'],
  );
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
