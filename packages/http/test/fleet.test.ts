import { leaveOut } from '@x/testing';
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { postgresStore } from '../src/postgres/index.ts';
import { type Report, runFleet, startWorker, type Task } from './fleet/fleet.ts';
import { openProvider, type Provider } from './fleet/provider.ts';
import { openPostgres } from './postgres-server.ts';
import { openRedis } from './redis-server.ts';

const fleet = suite('renewable-credential · a fleet');
const size = 8;
const requestsEach = 500;

const key = 'fleet/shop-1';
const killedKeys = { repeatable: 'fleet/shop-2', rotating: 'fleet/shop-3' } as const;

function assertNoFailures(reports: readonly Report[]): void {
  assert.equal(
    reports.flatMap(({ failures }) => failures),
    [],
  );
}

const sum = (reports: readonly Report[]): number => reports.reduce((total, { passed }) => total + passed, 0);

async function withProvider(use: (provider: Provider) => Promise<void>, lifetimeMs?: number): Promise<void> {
  const provider = await openProvider(lifetimeMs);
  try {
    await use(provider);
  } finally {
    await provider.close();
  }
}

const redis = await openRedis();
const postgres = await openPostgres();
const stores: (readonly [kind: string, url: string, clear: () => Promise<void>])[] = [];

if (redis === undefined) leaveOut('a fleet on Redis', 'no REDIS_URL, and no redis-server on PATH');
else {
  const { url } = redis;
  stores.push([
    'redis',
    url,
    async () => {
      const client = createRedis({ url });
      await client.connect();
      for await (const keys of client.scanIterator({ MATCH: '*fleet*' })) for (const key of keys) await client.del(key);
      client.destroy();
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
      for (const each of [key, ...Object.values(killedKeys)]) {
        await store.delete(each);
        await store.delete(`${each}%lease`);
      }
      await client.end();
    },
  ]);
}

for (const [store, storeUrl, clear] of stores) {
  const task = (provider: Provider, rest: Partial<Task> = {}): Task => ({
    ...{ store, storeUrl, key, baseUrl: provider.url, renewal: 'repeatable', requests: requestsEach },
    storeTimeoutMs: 60_000, // eight processes, a provider and a store on two cores: a late answer is none that is lost
    ...rest,
  });

  const all = size * requestsEach;
  // the only provider there is answers four thousand requests at once
  const timeoutMs = 300_000;

  fleet(`on ${store}: eight processes at cold start share one credential, and one more when it is gone`, () =>
    withProvider(async (provider) => {
      await clear();
      for (const count of [1, 2]) {
        const reports = await runFleet(size, task(provider, { timeoutMs }));
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
      const reports = await runFleet(size, task(provider, { renewal: 'rotating', timeoutMs }));
      assertNoFailures(reports);
      assert.equal([sum(reports), provider.served(), provider.issued()], [all, all, 2]);
      assert.is(provider.isStolen(), false);
    }),
  );

  fleet(`on ${store}: what ends by time under load is renewed once each time, and no request hears of it`, async () => {
    const lifetimeMs = 1500;
    // on one store when the one before it has ended, on the other ahead of that
    const [renewal, marginMs] = store === 'redis' ? (['rotating', 0] as const) : (['repeatable', 300] as const);
    await withProvider(async (provider) => {
      await clear();
      const reports = await runFleet(4, task(provider, { renewal, marginMs, requests: 10, forMs: 5000 }));
      assertNoFailures(reports);
      assert.is(sum(reports), provider.served());
      assert.equal([provider.refused(), provider.mostAtOnce()], [0, 1]);
      if (renewal === 'rotating') assert.is(provider.isStolen(), false);
      assert.ok(provider.issued() >= 3, `${provider.issued()} in the time of three`);
      const [earliestMs, longestAheadMs] = [lifetimeMs, marginMs * 1.5];
      for (const [before, atMs] of provider.askedAtMs.slice(1).entries()) {
        const sinceMs = atMs - (provider.askedAtMs[before] ?? 0);
        assert.ok(sinceMs >= earliestMs - longestAheadMs, `one more after ${sinceMs} ms already`);
      }
    }, lifetimeMs);
  });

  fleet(
    `on ${store}: when the one who issues is killed, those who wait take over, or say why they must not`,
    async () => {
      await clear();
      await Promise.all([
        withProvider(async (provider) => {
          const reports = await killInTheMiddle(provider, task(provider, { key: killedKeys.repeatable }));
          assert.equal(
            reports,
            [1, 2, 3].map(() => ({ passed: 20, storeFailures: 0, failures: [] })),
          );
          assert.is(provider.issued(), 2, 'the one that was lost, and exactly one more');
        }),
        withProvider(async (provider) => {
          const rotating = task(provider, { key: killedKeys.rotating, renewal: 'rotating' });
          for (const { passed, failures } of await killInTheMiddle(provider, rotating)) {
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
async function killInTheMiddle(provider: Provider, task: Task): Promise<readonly Report[]> {
  // nobody is to wait half a minute here; and who cannot reach the store issues for himself, which is another matter
  const own = { ...task, requests: 20, issueTimeoutMs: 1000, storeTimeoutMs: 4000, timeoutMs: 60_000 };
  const [first, ...others] = [1, 2, 3, 4].map(() => startWorker(own));
  if (first === undefined) throw new Error('unreachable');
  await Promise.all([first, ...others].map(({ ready }) => ready));
  const asked = provider.silent();
  first.begin();
  await asked;
  first.kill();
  assert.equal((await first.report).failures, ['it ended with null']);
  for (const other of others) other.begin();
  await Promise.all(others.map(({ waiting }) => waiting));
  assert.is(provider.issued(), 1, 'the turn of the one who issued is not over yet');
  return Promise.all(others.map(({ report }) => report));
}

fleet.run();
