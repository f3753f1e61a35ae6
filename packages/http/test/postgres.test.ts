import { inspect } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { leaveOut, property, rejects } from '@x/testing';
import fc from 'fast-check';
import { Client, Pool } from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type PostgresStoreOptions, postgresStore } from '../src/postgres/index.ts';
import { sealedStore } from '../src/sealed-store.ts';
import type { StoreUnderTest } from '../src/test-store.ts';
import { untilReady } from './child-server.ts';
import { openPostgres, type PostgresServer } from './postgres-server.ts';
import { runBattery } from './store-battery.ts';
import { startProxy } from './tcp-proxy.ts';

type Query = PostgresStoreOptions['query'];

/** The second runs `query` as a superuser, whatever role and connection the store under test has. */
interface Database {
  readonly name: string;
  readonly query: Query;
  readonly admin: Query;
}

let tables = 0;
function freshTable(): string {
  tables += 1;
  return `store_${tables}`;
}

/** A fresh table, whose rows' ends the battery may move, which is what moving the clock comes to. */
async function openTable({ query, admin }: Database): Promise<StoreUnderTest> {
  const table = freshTable();
  const store = postgresStore({ query, table });
  await postgresStore({ query: admin, table }).setUp();
  const move = async (ms: number): Promise<void> => {
    await admin(`UPDATE ${table} SET expires_at = expires_at + $1::float8 * interval '1 millisecond'`, [ms]);
  };
  return {
    store,
    peer: postgresStore({ query: admin, table }),
    advance: (ms) => move(-ms),
    rewind: move,
    close: async () => void (await admin(`DROP TABLE ${table}`, [])),
  };
}

function runAgainst(database: Database): void {
  const { name, query, admin } = database;
  const store = suite(`postgres · ${name}`);

  store('keeps canonical JSON in one row, and the end by the clock of the database', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query, table });
    await postgresStore({ query: admin, table }).setUp();
    const before = await admin('SELECT clock_timestamp()::text AS time', []);
    await postgres.set('hubrise/7', { b: 1, a: 'é' }, { ttlMs: 60_000 });
    await postgres.set('stays', 1);
    const end = "BETWEEN $1::timestamptz + interval '1 minute' AND clock_timestamp() + interval '1 minute'";
    const { rows } = await admin(`SELECT key, value, expires_at ${end} AS ends FROM ${table} ORDER BY key`, [
      (before.rows[0] as { time: string }).time,
    ]);
    assert.equal(rows, [
      { key: 'hubrise/7', value: '{"a":"é","b":1}', ends: true },
      { key: 'stays', value: '1', ends: null },
    ]);
    await postgres.set('stays', 2, { ttlMs: 1 });
    assert.is((await admin(`SELECT key FROM ${table}`, [])).rows.length, 2, 'a row is replaced');
  });

  store('keeps long and hostile keys under a digest', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query: admin, table });
    await postgres.setUp();
    for (const key of ['k'.repeat(513), 'a\u0000', 'ключ', 'sha256:a']) await postgres.set(key, key);
    const { rows } = await admin(`SELECT key FROM ${table}`, []);
    for (const row of rows) assert.match((row as { key: string }).key, /^sha256:[0-9a-f]{64}$/);
    assert.is(rows.length, 4);
  });

  store('sets the table up once, also when many do so at once, and again without harm', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query: admin, table });
    assert.equal(await postgres.check(), { ok: false, reason: 'table-missing' });
    await Promise.all(Array.from({ length: 8 }, () => postgresStore({ query: admin, table }).setUp()));
    assert.equal(await postgres.check(), { ok: true });
    await postgres.set('key', 1);
    await postgres.setUp();
    assert.is(await postgres.get('key'), 1);
    const { rows } = await admin('SELECT indexname FROM pg_indexes WHERE tablename = $1', [table]);
    assert.is(rows.length, 2, 'the primary key and the index on the end');
  });

  store('uses a table in a schema', async () => {
    const table = freshTable();
    await admin('CREATE SCHEMA IF NOT EXISTS elsewhere', []);
    const postgres = postgresStore({ query: admin, table: `elsewhere.${table}` });
    await postgres.setUp();
    await postgres.set('key', 1);
    assert.equal(await postgres.check(), { ok: true });
    assert.equal(await postgresStore({ query: admin, table }).check(), { ok: false, reason: 'table-missing' });
  });

  const foreign: readonly [what: string, columns: string][] = [
    ['lacks a column', 'key text PRIMARY KEY, value text'],
    ['keeps values as jsonb', 'key text PRIMARY KEY, value jsonb, expires_at timestamptz'],
    ['keeps the end without a zone', 'key text PRIMARY KEY, value text, expires_at timestamp'],
    ['has no unique key', 'key text, value text, expires_at timestamptz'],
    ['is unique by two columns', 'key text, value text, expires_at timestamptz, UNIQUE (key, value)'],
    ['is unique by another column', 'key text, value text UNIQUE, expires_at timestamptz'],
  ];
  for (const [what, columns] of foreign) {
    store(`tells that a table ${what}`, async () => {
      const table = freshTable();
      await admin(`CREATE TABLE ${table} (${columns})`, []);
      assert.equal(await postgresStore({ query: admin, table }).check(), { ok: false, reason: 'table-differs' });
    });
  }

  store('accepts a table with more columns than it needs', async () => {
    const table = freshTable();
    const columns = 'id serial, value text, key text UNIQUE, expires_at timestamptz, note text';
    await admin(`CREATE TABLE ${table} (${columns})`, []);
    const postgres = postgresStore({ query: admin, table });
    assert.equal(await postgres.check(), { ok: true });
    assert.is(await postgres.compareAndSet('key', undefined, 1), true);
    assert.is(await postgres.get('key'), 1);
  });

  store('deletes what has expired, the oldest first, as many as it may', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query: admin, table });
    await postgres.setUp();
    await postgres.set('stays', 1);
    await postgres.set('lives', 1, { ttlMs: 3_600_000 });
    for (const age of [1, 2, 3, 4, 5]) {
      await postgres.set(`old ${age}`, 1, { ttlMs: 1 });
      await admin(`UPDATE ${table} SET expires_at = now() - $2 * interval '1 hour' WHERE key = $1`, [
        `old ${age}`,
        age,
      ]);
    }
    assert.is(await postgres.deleteExpired({ limit: 2 }), 2);
    const { rows } = await admin(`SELECT key FROM ${table} WHERE key LIKE 'old %' ORDER BY key`, []);
    assert.equal(rows, [{ key: 'old 1' }, { key: 'old 2' }, { key: 'old 3' }]);
    assert.is(await postgres.deleteExpired(), 3);
    assert.is(await postgres.deleteExpired(), 0);
    assert.is((await admin(`SELECT key FROM ${table}`, [])).rows.length, 2);
    for (const limit of [0, 1.5, 1_000_001, Number.NaN]) {
      await rejects(postgres.deleteExpired({ limit }), RangeError, /limit must be/);
    }
  });

  store('rejects with the SQLSTATE, and tells nothing of what was sent', async () => {
    const missing = postgresStore({ query, table: freshTable() });
    const calls = [
      () => missing.get('key'),
      () => missing.set('key', 'marked-secret'),
      () => missing.delete('key'),
      () => missing.compareAndSet('key', 'marked-secret', 'marked-secret'),
      () => missing.deleteExpired(),
    ];
    for (const call of calls) {
      const error = await rejects(call(), Error, '42P01');
      assert.match(error.message, /^postgres \w+ failed: 42P01$/);
      assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
    }
  });

  store('rejects without the row that the database shows', async () => {
    const table = freshTable();
    const columns = 'key text PRIMARY KEY, value text CHECK (length(value) < 5), expires_at timestamptz';
    await admin(`CREATE TABLE ${table} (${columns})`, []);
    const error = await rejects(postgresStore({ query: admin, table }).set('key', 'marked-secret'), Error, '23514');
    assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
  });

  store('rejects a row that is not JSON, without showing it', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query: admin, table });
    await postgres.setUp();
    await admin(`INSERT INTO ${table} (key, value) VALUES ('key', 'marked-secret')`, []);
    const error = await rejects(postgres.get('key'), Error, 'NOT_JSON');
    assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
  });

  store('keeps sealed values, too', async () => {
    const table = freshTable();
    const postgres = postgresStore({ query: admin, table });
    await postgres.setUp();
    const sealed = sealedStore(postgres, { keys: [{ id: 'a', key: new Uint8Array(32).fill(7) }] });
    assert.is(await sealed.compareAndSet('hub/user', undefined, { token: 'marked-secret' }), true);
    assert.is(await sealed.compareAndSet('hub/user', { token: 'marked-secret' }, { token: 'next' }), true);
    assert.equal(await sealed.get('hub/user'), { token: 'next' });
    assert.not.match(inspect(await admin(`SELECT * FROM ${table}`, [])), /marked|hub|user/);
  });

  store.run();
}

const [lite, server] = await Promise.all([PGlite.create(), openPostgres()]);
const liteQuery: Query = (text, values) => lite.query(text, values);
runBattery('postgres · PGlite', () => openTable({ name: 'PGlite', query: liteQuery, admin: liteQuery }), {
  rounds: 200,
  without: ['connection'],
});
runAgainst({ name: 'PGlite', query: liteQuery, admin: liteQuery });

if (typeof server === 'string') leaveOut('stores in a PostgreSQL server', server);
else await runAgainstServer(server);

async function runAgainstServer({ port, user }: PostgresServer): Promise<void> {
  const proxy = await startProxy(port);
  const address = { host: '127.0.0.1', user, database: 'postgres' };
  const pool = new Pool({ ...address, port: proxy.port, connectionTimeoutMillis: 60_000 });
  pool.on('error', () => {}); // lost connections are part of the tests
  const direct = new Pool({ ...address, port });
  const query: Query = (text, values) => pool.query(text, values);
  const admin: Query = (text, values) => direct.query(text, values);
  const database: Database = { name: 'pg', query, admin };

  runBattery('postgres · pg', async () => ({
    ...(await openTable(database)),
    disconnect: () => proxy.cut(),
    reconnect: () => proxy.restore(),
  }));
  runAgainst(database);

  const store = suite('postgres · server');

  store('works for a role that may use the table but not create one', async () => {
    const table = freshTable();
    const role = `role_${table}`;
    await admin(`CREATE ROLE ${role} LOGIN`, []);
    const limited = new Pool({ ...address, user: role, port });
    const postgres = postgresStore({ query: (text, values) => limited.query(text, values), table });
    await rejects(postgres.setUp(), Error, '42501');
    await postgresStore({ query: admin, table }).setUp();
    assert.equal(await postgres.check(), { ok: false, reason: 'privilege-missing' });
    await admin(`GRANT SELECT, INSERT, UPDATE ON ${table} TO ${role}`, []);
    assert.equal(await postgres.check(), { ok: false, reason: 'privilege-missing' }, 'delete is missing');
    await admin(`GRANT DELETE ON ${table} TO ${role}`, []);
    assert.equal(await postgres.check(), { ok: true });
    await postgres.setUp();
    assert.is(await postgres.compareAndSet('key', undefined, 1), true);
    await limited.end();
  });

  store('sets up beside another that has not committed, although its own look for the table is cached', async () => {
    const table = freshTable();
    const clients = [new Client({ ...address, port }), new Client({ ...address, port })] as const;
    for (const client of clients) await client.connect();
    const [first, second] = clients.map((client) =>
      postgresStore({ query: (text, values) => client.query(text, values), table }),
    );
    // a session that has looked everything up but the table, as those of a pool have
    await postgresStore({ query: (text, values) => clients[1].query(text, values), table: freshTable() }).setUp();
    await clients[0].query('BEGIN');
    await first?.setUp();
    assert.equal(await second?.check(), { ok: false, reason: 'table-missing' });
    const waiting = second?.setUp();
    await untilReady(async () => {
      const { rows } = await admin("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", []);
      assert.is(rows.length, 1);
    });
    await clients[0].query('COMMIT');
    await waiting;
    assert.equal(await second?.check(), { ok: true });
    for (const client of clients) await client.end();
  });

  store('counts in a transaction of the caller when that commits', async () => {
    const table = freshTable();
    await postgresStore({ query: admin, table }).setUp();
    const client = new Client({ ...address, port });
    await client.connect();
    const inside = postgresStore({ query: (text, values) => client.query(text, values), table });
    const outside = postgresStore({ query: admin, table });
    await client.query('BEGIN');
    assert.is(await inside.compareAndSet('key', undefined, 'inside'), true);
    assert.is(await outside.get('key'), undefined);
    const contender = outside.compareAndSet('key', undefined, 'outside');
    await client.query('COMMIT');
    assert.is(await contender, false, 'it waited for the transaction');
    assert.is(await outside.get('key'), 'inside');
    await client.query('BEGIN');
    assert.is(await inside.compareAndSet('key', 'inside', undefined), true);
    const second = outside.compareAndSet('key', 'inside', 'outside');
    await client.query('ROLLBACK');
    assert.is(await second, true);
    await client.end();
  });

  store('reads the clock when it writes, not when its transaction began', async () => {
    const table = freshTable();
    await postgresStore({ query: admin, table }).setUp();
    const client = new Client({ ...address, port });
    await client.connect();
    const inside = postgresStore({ query: (text, values) => client.query(text, values), table });
    await client.query('BEGIN');
    await inside.set('key', 1, { ttlMs: 20 });
    await client.query('SELECT pg_sleep(0.03)');
    assert.is(await inside.get('key'), undefined);
    assert.is(await inside.compareAndSet('key', undefined, 2, { ttlMs: 10_000 }), true);
    const { rows } = await client.query(`SELECT expires_at >= now() + interval '10.03 s' AS late FROM ${table}`);
    assert.equal(rows, [{ late: true }]);
    await client.query('ROLLBACK');
    await client.end();
  });

  store('tells of a conflict at a stricter isolation instead of swapping', async () => {
    const table = freshTable();
    const outside = postgresStore({ query: admin, table });
    await outside.setUp();
    await outside.set('key', 'old');
    const client = new Client({ ...address, port });
    await client.connect();
    const inside = postgresStore({ query: (text, values) => client.query(text, values), table });
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    assert.is(await inside.get('key'), 'old');
    await outside.set('key', 'new');
    await rejects(inside.compareAndSet('key', 'old', 'lost'), Error, '40001');
    await client.query('ROLLBACK');
    await client.end();
    assert.is(await outside.get('key'), 'new');
  });

  store.run();
}

const options = suite('postgres · options');

const badTables: readonly unknown[] = [
  ...['', 'Upper', '1a', 'a b', 'a-b', 'a"b', "a'b", 'a;b', 'a.b.c', '.a', 'a.', 'é', 'a\u0000', `a${'b'.repeat(63)}`],
  ...['x_store; DROP TABLE users', 'x_store"; --', 7, null, {}],
];
for (const table of badTables) {
  options(`refuses ${inspect(table)} for a table`, () => {
    assert.throws(() => postgresStore({ query: liteQuery, table: table as string }), /table must be a lower-case/);
  });
}

options('refuses any text for a table that is not made of identifiers', () =>
  property(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'aZ_0."\' ;-') })), (table) => {
      const isPlain = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(table);
      if (isPlain) postgresStore({ query: liteQuery, table });
      else assert.throws(() => postgresStore({ query: liteQuery, table }), /table must be/);
    }),
  ),
);

options('refuses a query that is no function', () => {
  assert.throws(() => postgresStore({ query: lite as never }), /query must be a function/);
});

options('passes on a refusal that is thrown at once', async () => {
  const query = (): never => {
    throw Object.assign(new Error('marked-secret'), { code: 'ECONNREFUSED' });
  };
  const error = await rejects(postgresStore({ query }).set('key', 1), Error, 'ECONNREFUSED');
  assert.is(error.message, 'postgres set failed: ECONNREFUSED');
});

options('sends keys and values as parameters only', () => {
  const everySent = new Set<string>();
  return property(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.jsonValue(), async (key, held, next) => {
      const query: Query = async (text) => {
        everySent.add(text);
        return { rows: [] };
      };
      const postgres = postgresStore({ query });
      await postgres.set(key, held as never);
      await postgres.get(key);
      await postgres.delete(key);
      await postgres.compareAndSet(key, undefined, next as never);
      await postgres.compareAndSet(key, held as never, next as never, { ttlMs: 1 });
      await postgres.compareAndSet(key, held as never, undefined);
      await postgres.compareAndSet(key, undefined, undefined);
      assert.is(everySent.size, 7, 'the same seven statements for every key and value');
    }),
    { runs: 50 },
  );
});

options.run();
