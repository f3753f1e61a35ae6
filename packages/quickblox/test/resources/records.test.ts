import { RequestError, ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createQuickBlox } from '../../src/index.ts';
import {
  countRecords,
  createRecord,
  createRecords,
  deleteRecordFile,
  deleteRecords,
  deleteRecordsByCriteria,
  downloadRecordFile,
  getRecords,
  listRecords,
  updateRecord,
  updateRecords,
  updateRecordsByCriteria,
  uploadRecordFile,
} from '../../src/resources/records.ts';
import { inVirtualTime } from '../harness.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const record = { _id: 'r1', user_id: 7, created_at: 1569090387, score: 705, levels: [1, 2] };
const stretch = { class_name: 'Score', skip: 0, limit: 100, items: [record] };
const className = 'Score';

const requests = suite('quickblox · records · requests');

testRows(requests, [
  {
    ask: (client) => createRecord(client, { className, fields: { score: 705, levels: [1, 2] } }),
    sends: 'POST /data/Score.json',
    body: { score: 705, levels: [1, 2] },
    answer: record,
  },
  {
    ask: (client) => createRecords(client, { className, records: [{ score: 1 }, { score: 2 }] }),
    sends: 'POST /data/Score/multi.json',
    body: { record: { 0: { score: 1 }, 1: { score: 2 } } },
    answer: { class_name: 'Score', items: [record] },
    gives: [record],
  },
  {
    ask: (client) => listRecords(client, 'a/b'),
    sends: 'GET /data/a%2Fb.json?skip=0&limit=100',
    answer: stretch,
    gives: [record],
  },
  {
    ask: (client) =>
      listRecords(client, className, {
        filter: { score: { gt: 100, lt: 1000 }, mode: { in: ['deathmatch', 'ctf'] } },
        sort: { field: '_id', direction: 'desc' },
        limit: 2,
      }),
    sends: 'GET /data/Score.json?score[gt]=100&score[lt]=1000&mode[in]=deathmatch%2Cctf&sort_desc=_id&skip=0&limit=2',
    answer: { ...stretch, limit: 2 },
    gives: [record],
  },
  {
    ask: (client) => countRecords(client, className, { filter: { score: 1 } }),
    sends: 'GET /data/Score.json?score=1&count=1',
    answer: { items: { count: 2 } },
    gives: 2,
  },
  {
    ask: (client) => getRecords(client, { className, ids: ['r1', 'r2'] }),
    sends: 'GET /data/Score/r1,r2.json',
    answer: { items: [record], not_found: { ids: ['r2'] } },
  },
  {
    ask: (client) => getRecords(client, { className, ids: ['r1'] }),
    sends: 'GET /data/Score/r1.json',
    answer: record,
    gives: { items: [record] },
  },
  {
    ask: (client) => updateRecord(client, { className, id: 'r1', changes: { score: 3 } }),
    sends: 'PUT /data/Score/r1.json',
    body: { score: 3 },
    answer: record,
  },
  {
    ask: (client) => updateRecords(client, { className, records: [{ id: 'r1', score: 3 }] }),
    sends: 'PUT /data/Score/multi.json',
    body: { record: { 0: { id: 'r1', score: 3 } } },
    answer: { items: [record], not_found: { ids: [] } },
  },
  {
    ask: (client) =>
      updateRecordsByCriteria(client, {
        className,
        criteria: { expert: false, progress: { gt: 0.2 } },
        changes: { mode: 'beta' },
      }),
    sends: 'PUT /data/Score/by_criteria.json',
    body: { mode: 'beta', search_criteria: { expert: false, progress: { gt: '0.2' } } },
    answer: stretch,
  },
  { ask: (client) => deleteRecords(client, { className, ids: ['r1', 'r2'] }), sends: 'DELETE /data/Score/r1,r2.json' },
  {
    ask: (client) => deleteRecordsByCriteria(client, { className, criteria: { score: { gt: 5000 }, expert: true } }),
    sends: 'DELETE /data/Score/by_criteria.json',
    body: 'score%5Bgt%5D=5000&expert=true',
    answer: { total_deleted: 2 },
  },
  {
    ask: async (client) => (await downloadRecordFile(client, { className, id: 'r1', field: 'avatar' })).text(),
    sends: 'GET /data/Score/r1/file.json?field_name=avatar',
    answer: 'bytes',
  },
  {
    ask: (client) => deleteRecordFile(client, { className, id: 'r1', field: 'avatar' }),
    sends: 'DELETE /data/Score/r1/file.json',
    body: 'field_name=avatar',
  },
]);

const key = { className, id: 'r1' };
testHostile(requests, {
  createRecord: (client) => createRecord(client, { className, fields: {} }),
  createRecords: (client) => createRecords(client, { className, records: [] }),
  listRecords: (client) => listRecords(client, className),
  countRecords: (client) => countRecords(client, className),
  getRecords: (client) => getRecords(client, { className, ids: ['r1'] }),
  updateRecord: (client) => updateRecord(client, { ...key, changes: {} }),
  updateRecords: (client) => updateRecords(client, { className, records: [] }),
  updateRecordsByCriteria: (client) => updateRecordsByCriteria(client, { className, criteria: { a: 1 }, changes: {} }),
  deleteRecordsByCriteria: (client) => deleteRecordsByCriteria(client, { className, criteria: { a: 1 } }),
  uploadRecordFile: (client) => uploadRecordFile(client, { ...key, field: 'f', name: 'n', content: new Blob([]) }),
});

requests('refuses what would be another path or every record, without asking', async () => {
  const { client, sent } = recordingClient(record);
  assert.throws(() => listRecords(client, '..'), /className must be text/);
  await rejects(createRecord(client, { className: '', fields: {} }), TypeError, /className must be text/);
  await rejects(updateRecord(client, { className, id: '..', changes: {} }), TypeError, /id must be text/);
  await rejects(deleteRecords(client, { className, ids: [] }), TypeError, /ids must have at least one id/);
  for (const [criteria, text] of [
    [{}, /^criteria must name at least one field$/],
    [{ a: undefined }, /^criteria\.a must have a value: more would be met without it$/],
    [{ a: null }, /^criteria\.a must/],
    [{ a: {} }, /^criteria\.a must/],
    [{ a: [] }, /^criteria\.a must/],
    [{ b: 'open', a: undefined }, /^criteria\.a must/],
    [{ b: 'open', a: Number.NaN }, /^criteria\.a must/],
    [{ b: 'open', a: { gt: 1, lt: undefined } }, /^criteria\.a must/],
    [{ a: { in: [] } }, /^criteria\.a must/],
    [{ a: { nin: ['x', undefined] } }, /^criteria\.a must/],
    [{ a: ['open', 'closed'] }, /^criteria\.a must be text, a number or a truth value; a list goes/],
    [{ a: new Date(0) }, /^criteria\.a must/],
    [{ a: { lt: new Date(0) } }, /^criteria\.a must be text/],
    [{ a: { greater: 5 } }, /^criteria\.a must be compared by lt, lte, /],
    [{ b: 'open', a: { gt: 1, toString: 2 } }, /^criteria\.a must be compared by/],
    [{ b: 'open', '': 1 }, /^criteria\. must have a value/],
    [{ b: 'open', a: '' }, /^criteria\.a must have a value/],
    [{ b: 'open', a: { in: ['x', ''] } }, /^criteria\.a must have a value/],
    ...['skip', 'limit', 'sort_asc', 'sort_desc', 'count', 'token'].map(
      (name) => [{ a: 1, [name]: 5 }, new RegExp(`^criteria\\.${name} must be an object of comparisons`)] as const,
    ),
  ] as const) {
    await rejects(deleteRecordsByCriteria(client, { className, criteria: criteria as never }), TypeError, text);
    await rejects(
      updateRecordsByCriteria(client, { className, criteria: criteria as never, changes: {} }),
      TypeError,
      text,
    );
  }
  assert.equal(sent, []);
});

requests.run();

const records = suite('quickblox · records · against the emulator');

records('creates, finds, changes and deletes, one by one and several at once', async () => {
  const { anna, emulator, clock } = createClients();
  emulator.change({ deletionAnswer: 'ids' });
  const made = await createRecord(anna, { className, fields: { score: 1, mode: 'a' } });
  assert.equal([made['score'], made.user_id, made.created_at], [1, 7, clock() / 1000]);
  const [second, third] = await createRecords(anna, { className, records: [{ score: 2 }, { score: 3 }] });
  const ids = [made._id, second?._id ?? '', third?._id ?? ''];
  assert.is(((await settle(listRecords(anna, className))) as unknown[]).length, 3);
  assert.is(await countRecords(anna, className, { filter: { score: { gte: 2 } } }), 2);
  const found = await getRecords(anna, { className, ids: [...ids, 'x'] });
  assert.equal([found.items.map(({ _id }) => _id), found.not_found], [ids, { ids: ['x'] }]);
  assert.is((await updateRecord(anna, { className, id: made._id, changes: { score: 9 } }))['score'], 9);
  const changed = await updateRecords(anna, { className, records: [{ id: made._id, mode: 'b' }, { id: 'x' }] });
  assert.equal([changed.items[0]?.['mode'], changed.items[0]?.['score'], changed.not_found], ['b', 9, { ids: ['x'] }]);
  const criteria = { score: { in: [2, 3] } };
  const { items } = await updateRecordsByCriteria(anna, { className, criteria, changes: { mode: 'c' } });
  assert.equal(
    items.map(({ mode }) => mode),
    ['c', 'c'],
  );
  assert.equal(await deleteRecordsByCriteria(anna, { className, criteria: { mode: 'c', score: { lt: 3 } } }), {
    total_deleted: 1,
  });
  assert.equal(await deleteRecords(anna, { className, ids: [made._id, 'x'] }), {
    SuccessfullyDeleted: { ids: [made._id] },
    NotFound: { ids: ['x'] },
  });
  await rejects(getRecords(anna, { className, ids: [made._id] }), ResponseError, 'http.not-found');
});

records('are not all of them changed or deleted by an id that names another call', async () => {
  const { key: server } = createClients();
  await createRecords(server, { className, records: [{ a: 1 }, { a: 2 }] });
  const text = /^id must be that of a record/;
  for (const id of ['by_criteria', 'BY_CRITERIA', 'by_criteria.xml', 'multi', 'multi.json']) {
    await rejects(deleteRecords(server, { className, ids: [id] }), TypeError, text);
    await rejects(deleteRecords(server, { className, ids: ['x', id] }), TypeError, text);
    await rejects(updateRecord(server, { className, id, changes: { a: 3 } }), TypeError, text);
    await rejects(getRecords(server, { className, ids: [id] }), TypeError, text);
    await rejects(downloadRecordFile(server, { className, id, field: 'f' }), TypeError, text);
  }
  assert.is(await countRecords(server, className, { filter: { a: { lt: 3 } } }), 2);
});

records('are met by comparisons of a field that is called as a parameter of lists', async () => {
  const { anna } = createClients();
  await createRecords(anna, { className, records: [{ count: 1 }, { count: 2 }, { count: 3 }] });
  const criteria = { count: { in: [3] } };
  const { items } = await updateRecordsByCriteria(anna, { className, criteria, changes: { count: 4 } });
  assert.is(items.length, 1);
  const path = `data/${className}/by_criteria.json`;
  for (const [name, total_deleted] of [
    ['count', 1],
    ['token', 0],
    ['limit', 0],
  ] as const) {
    const plain = new URLSearchParams({ [name]: '1' });
    assert.equal(
      await anna.delete(path, { body: plain }).json(),
      { total_deleted },
      'the emulator takes it for a field',
    );
  }
  assert.equal(await deleteRecordsByCriteria(anna, { className, criteria: { count: { gt: 3 } } }), {
    total_deleted: 1,
  });
});

records('are changed by their owner or the key, and read by anyone', async () => {
  const { anna, otto, key: server, application, emulator } = createClients();
  emulator.change({ deletionAnswer: 'ids' });
  const { _id: id } = await createRecord(anna, { className, fields: { a: 1 } });
  assert.is((await getRecords(otto, { className, ids: [id] })).items.length, 1);
  assert.is(await countRecords(application, className), 1);
  await rejects(updateRecord(otto, { className, id, changes: {} }), ResponseError, 'http.forbidden');
  assert.equal((await updateRecords(otto, { className, records: [{ id }] })).not_found, { ids: [id] });
  assert.equal(await deleteRecordsByCriteria(otto, { className, criteria: { a: 1 } }), { total_deleted: 0 });
  assert.equal(await deleteRecords(otto, { className, ids: [id] }), { WrongPermissions: { ids: [id] } });
  await rejects(createRecord(application, { className, fields: {} }), ResponseError, 'quickblox.user-required');
  await updateRecord(server, { className, id, changes: { a: 2 } });
  await rejects(updateRecord(server, { className, id: 'x', changes: {} }), ResponseError, 'http.not-found');
});

records('keep files in their fields', async () => {
  const { anna, otto } = createClients();
  const { _id: id } = await createRecord(anna, { className, fields: {} });
  const file = { className, id, field: 'avatar' };
  const content = new Blob(['picture'], { type: 'image/png' });
  const { file_id, ...told } = await uploadRecordFile(anna, { ...file, name: 'a.png', content });
  assert.match(file_id, /^[0-9a-f]{24}$/);
  assert.equal(told, { name: 'a.png', content_type: 'image/png', size: 7 });
  assert.is(await (await downloadRecordFile(otto, file)).text(), 'picture');
  await rejects(deleteRecordFile(otto, file), ResponseError, 'http.forbidden');
  await deleteRecordFile(anna, file);
  await rejects(deleteRecordFile(anna, file), ResponseError, 'http.not-found');
  await rejects(downloadRecordFile(anna, file), ResponseError, 'http.not-found');
});

records('give an upload more time than other requests, or what is given', () =>
  inVirtualTime(async () => {
    let answered: Promise<unknown> = new Promise((resolve) => setTimeout(resolve, 40));
    const { client } = createQuickBlox({
      applicationId: 1,
      apiKey: 'key_test',
      timeoutMs: 5,
      retry: { limit: 0 },
      async fetch() {
        await answered;
        return Response.json({ file_id: 'a', name: 'a', content_type: 'a/b', size: 1 });
      },
    }).server();
    const file = { className, id: '1', field: 'f', name: 'a', content: new Blob(['x']) };
    assert.is((await uploadRecordFile(client, file)).file_id, 'a');
    answered = new Promise(() => {});
    await rejects(uploadRecordFile(client, file, { timeoutMs: 5 }), RequestError, 'http.timeout');
    for (const timeoutMs of [0, 600_001, Number.NaN]) {
      await rejects(uploadRecordFile(client, file, { timeoutMs }), RangeError, /^timeoutMs must be from 1 to 600000/);
    }
  }),
);

records.run();
