import { leaveOut, manualClock } from '@x/testing';
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { postgresStore } from '../src/postgres/index.ts';
import { redisStore } from '../src/redis/index.ts';
import type { Store } from '../src/store-contract.ts';
import { type Report, reportsOf, startFleet, startWorker, type Task } from './fleet/fleet.ts';
import { type Lifetime, openProvider, type Provider } from './fleet/provider.ts';
import { openPostgres } from './postgres-server.ts';
import { openRedis } from './redis-server.ts';

const fleet = suite('renewable-credential · a fleet');
const size = 8;
const requestsEach = 500;

const key = 'fleet/shop-1';
const killedKeys = { repeatable: 'fleet/shop-2', rotating: 'fleet/shop-3' } as const;

/** So long that nothing but a real hang takes longer, on however busy a machine: a late answer is none that is lost. */
const limits = { timeoutMs: 300_000, issueTimeoutMs: 300_000, storeTimeoutMs: 60_000 } as const;
const leaseMs = limits.issueTimeoutMs + 3 * limits.storeTimeoutMs;

/** A connection of this process to the store of a fleet. */
interface Connection {
  readonly store: Store;
  /** For how many milliseconds yet the store keeps what lies under a key. */
  leftMs(key: string): Promise<number>;
  close(): Promise<unknown>;
}

function assertNoFailures(reports: readonly Report[]): void {
  assert.equal(
    reports.flatMap(({ failures }) => failures),
    [],
  );
}

const sum = (reports: readonly Report[]): number => reports.reduce((total, { passed }) => total + passed, 0);

async function withProvider(use: (provider: Provider) => Promise<void>, lifetime?: Lifetime): Promise<void> {
  const provider = await openProvider(lifetime);
  try {
    await use(provider);
  } finally {
    await provider.close();
  }
}

const redis = await openRedis();
const postgres = await openPostgres();
const stores: (readonly [kind: string, url: string, connect: () => Promise<Connection>])[] = [];

if (redis === undefined) leaveOut('a fleet on Redis', 'no REDIS_URL, and no redis-server on PATH');
else {
  const { url } = redis;
  stores.push([
    'redis',
    url,
    async () => {
      const client = createRedis({ url, socket: { connectTimeout: 60_000 } });
      await client.connect();
      return {
        store: redisStore({ client }),
        leftMs: (name) => client.pTTL(`x:${name}`),
        close: async () => client.destroy(),
      };
    },
  ]);
}
if (typeof postgres === 'string') leaveOut('a fleet on PostgreSQL', postgres);
else {
  const url = `postgres://${postgres.user}@127.0.0.1:${postgres.port}/postgres`;
  stores.push([
    'postgres',
    url,
    async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const store = postgresStore({ query: (text, values) => client.query(text, [...(values ?? [])]) });
      await store.setUp();
      const life = 'SELECT extract(epoch FROM expires_at - now())::float8 * 1000 AS ms FROM x_store WHERE key = $1';
      return {
        store,
        leftMs: async (name) => (await client.query(life, [name])).rows[0].ms,
        close: () => client.end(),
      };
    },
  ]);
}

for (const [store, storeUrl, connect] of stores) {
  const task = (provider: Provider, rest: Partial<Task> = {}): Task => ({
    ...{ store, storeUrl, key, baseUrl: provider.url, renewal: 'repeatable', requests: requestsEach },
    ...limits,
    ...rest,
  });

  async function withStore<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await connect();
    try {
      return await use(connection);
    } finally {
      await connection.close();
    }
  }

  const clear = (): Promise<void> =>
    withStore(async (connection) => {
      for (const each of [key, ...Object.values(killedKeys)]) {
        await connection.store.delete(each);
        await connection.store.delete(`${each}%lease`);
      }
    });

  const all = size * requestsEach;

  fleet(`on ${store}: eight processes at cold start share one credential, and one more when it is gone`, () =>
    withProvider(async (provider) => {
      await clear();
      for (const count of [1, 2]) {
        const reports = await reportsOf(await startFleet(size, task(provider)));
        assertNoFailures(reports);
        assert.is(sum(reports), all);
        assert.equal([provider.issued(), provider.served()], [count, count * all]);
        provider.forget(); // what the fleet has stored is refused from now on
      }
    }),
  );

  fleet(`on ${store}: so they do when it rotates, and is gone in the middle`, () =>
    withProvider(async (provider) => {
      await clear();
      provider.forget(all / 2);
      const reports = await reportsOf(await startFleet(size, task(provider, { renewal: 'rotating' })));
      assertNoFailures(reports);
      assert.equal([sum(reports), provider.served(), provider.issued()], [all, all, 2]);
      assert.is(provider.isStolen(), false);
    }),
  );

  fleet(`on ${store}: what ends by time under load is renewed once each time, and no request hears of it`, async () => {
    // of the fleet's own time, which passes as fast as the requests do; real time ends nothing in the store meanwhile
    const [stepMs, lifetimeMs] = [360_000, 3_600_000];
    // on one store when the one before it has ended, on the other ahead of that
    const [renewal, marginMs] = store === 'redis' ? (['rotating', 0] as const) : (['repeatable', 720_000] as const);
    const clock = manualClock();
    await withProvider(
      async (provider) => {
        await clear();
        const workers = await startFleet(4, task(provider, { renewal, marginMs, requests: 10, atMs: clock() }));
        for (let step = 0; step < 45; step += 1) {
          clock.advance(stepMs);
          await Promise.all(workers.map(({ setTime }) => setTime(clock())));
        }
        for (const { end } of workers) end();
        const reports = await reportsOf(workers);
        assertNoFailures(reports);
        assert.is(sum(reports), provider.served());
        assert.equal([provider.refused(), provider.mostAtOnce()], [0, 1]);
        if (renewal === 'rotating') assert.is(provider.isStolen(), false);
        // an answer may be some steps under way, and count from its end
        const [earliestMs, latestMs] = [lifetimeMs - marginMs * 1.5, lifetimeMs + 4 * stepMs];
        for (const [before, atMs] of [...provider.askedAtMs.slice(1), clock()].entries()) {
          const isLast = before === provider.issued() - 1;
          const sinceMs = atMs - (provider.askedAtMs[before] ?? 0);
          assert.ok(isLast || sinceMs >= earliestMs, `one more after ${sinceMs} ms already`);
          assert.ok(sinceMs <= latestMs, `none for ${sinceMs} ms`);
        }
      },
      { lifetimeMs, clock, graceMs: stepMs },
    );
  });

  fleet(
    `on ${store}: when the one who issues is killed, those who wait take over, or say why they must not`,
    async () => {
      await clear();
      const endTurn = (killedKey: string) => (): Promise<void> =>
        withStore((connection) => endLease(connection, `${killedKey}%lease`));
      await Promise.all([
        withProvider(async (provider) => {
          const repeatable = task(provider, { key: killedKeys.repeatable });
          assert.equal(
            await killInTheMiddle(provider, repeatable, endTurn(repeatable.key)),
            [1, 2, 3].map(() => ({ passed: 20, storeFailures: 0, failures: [] })),
          );
          assert.is(provider.issued(), 2, 'the one that was lost, and exactly one more');
        }),
        withProvider(async (provider) => {
          const rotating = task(provider, { key: killedKeys.rotating, renewal: 'rotating' });
          for (const { passed, failures } of await killInTheMiddle(provider, rotating, endTurn(rotating.key))) {
            assert.is(passed, 0);
            assert.is(failures.length, 1);
            assert.match(failures[0] ?? '', /^CredentialError: .*answer was lost/);
          }
          assert.equal([provider.issued(), provider.isStolen()], [1, false]);
        }),
      ]);
    },
  );
}

/** Kills a process while it asks for a token, whose turn three more then wait for. */
async function killInTheMiddle(
  provider: Provider,
  task: Task,
  endTurn: () => Promise<void>,
): Promise<readonly Report[]> {
  const [first, ...others] = [1, 2, 3, 4].map(() => startWorker({ ...task, requests: 20 }));
  if (first === undefined) throw new Error('unreachable');
  await Promise.all([first, ...others].map(({ ready }) => ready));
  const asked = provider.silent();
  first.begin();
  await Promise.race([asked, first.report]);
  first.kill();
  assert.equal((await first.report).failures, ['it ended with null']);
  for (const other of others) other.begin();
  await Promise.all(others.map(({ waiting }) => waiting));
  assert.is(provider.issued(), 1, 'the turn of the one who issued is not over yet');
  await endTurn();
  return reportsOf(others);
}

/** Lets a lease end in a moment, which by itself does so when a turn has lasted as long as it may. */
async function endLease({ store, leftMs }: Connection, leaseKey: string): Promise<void> {
  const lifeMs = await leftMs(leaseKey);
  assert.ok(lifeMs > 0 && lifeMs <= leaseMs, `it has ${lifeMs} ms yet`);
  const lease = await store.get(leaseKey);
  assert.is(await store.compareAndSet(leaseKey, lease, lease, { ttlMs: 50 }), true);
}

fleet.run();
