import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { leaveOut } from '@x/testing';
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { postgresStore } from '../src/postgres/index.ts';
import { loopback, sendJson } from './loopback.ts';
import { openPostgres } from './postgres-server.ts';
import { openRedis } from './redis-server.ts';

const fleet = suite('renewable-credential · a fleet');
const worker = fileURLToPath(new URL('./fleet/worker.ts', import.meta.url));
const processes = 8;
const requestsEach = 500;

/** A provider that counts the tokens it issues, accepts only the newest, and answers tokens slowly enough to collide. */
async function openProvider(slowFirst = false): Promise<{
  readonly url: string;
  readonly issued: () => number;
  readonly served: () => number;
  readonly firstAsked: Promise<void>;
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}> {
  let issued = 0;
  let served = 0;
  let forgotten = false;
  let tell = (): void => {};
  const firstAsked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = await loopback(({ method, headers }, response) => {
    if (method === 'POST') {
      issued += 1;
      forgotten = false;
      const token = `t${issued}`;
      const grant = (): void => sendJson(response, { token, expiresAtMs: Date.now() + 3_600_000 });
      tell();
      if (!(slowFirst && issued === 1)) setTimeout(grant, 50);
      return; // the slow one is never answered: its process is killed
    }
    const accepted = !forgotten && headers['x-token'] === `t${issued}`;
    if (accepted) served += 1;
    sendJson(response, {}, accepted ? 200 : 401);
  });
  return {
    url: server.url,
    issued: () => issued,
    served: () => served,
    firstAsked,
    forget: () => {
      forgotten = true;
    },
    close: server.close,
  };
}

interface Report {
  readonly passed: number;
  readonly failures: readonly string[];
}

function start(...parameters: readonly string[]): { readonly child: ChildProcess; readonly report: Promise<Report> } {
  const child = spawn(process.execPath, [worker, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  const report = new Promise<Report>((resolve) => {
    child.on('close', () => resolve(output === '' ? { passed: 0, failures: ['it was killed'] } : JSON.parse(output)));
  });
  return { child, report };
}

/** Every process of a fleet at the same moment. */
async function run(store: readonly [kind: string, url: string], url: string): Promise<readonly Report[]> {
  const beginMs = String(Date.now() + 2500);
  const started = Array.from({ length: processes }, () => start(...store, url, String(requestsEach), beginMs));
  return Promise.all(started.map(({ report }) => report));
}

function assertAllPassed(reports: readonly Report[]): void {
  assert.equal(
    reports.flatMap(({ failures }) => failures),
    [],
  );
  assert.is(
    reports.reduce((sum, { passed }) => sum + passed, 0),
    processes * requestsEach,
  );
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
      for (const key of ['fleet/shop-1', 'fleet/shop-1%lease']) await store.delete(key);
      await client.end();
    },
  ]);
}

for (const [kind, storeUrl, clear] of stores) {
  fleet(`on ${kind}: eight processes at cold start share one credential, and one more when it is gone`, async () => {
    await clear();
    const provider = await openProvider();
    try {
      assertAllPassed(await run([kind, storeUrl], provider.url));
      assert.is(provider.issued(), 1);
      assert.is(provider.served(), processes * requestsEach);
      provider.forget(); // what the fleet has stored is refused from now on
      assertAllPassed(await run([kind, storeUrl], provider.url));
      assert.is(provider.issued(), 2);
    } finally {
      await provider.close();
    }
  });

  fleet(`on ${kind}: when the one who issues is killed, another takes over`, async () => {
    await clear();
    const provider = await openProvider(true);
    try {
      const leaseMs = '1500';
      const first = start(kind, storeUrl, provider.url, '10', '0', leaseMs);
      await provider.firstAsked;
      const others = [1, 2, 3].map(() => start(kind, storeUrl, provider.url, '20', '0', leaseMs));
      first.child.kill('SIGKILL');
      assert.equal((await first.report).failures, ['it was killed']);
      const reports = await Promise.all(others.map(({ report }) => report));
      assert.equal(
        reports,
        [1, 2, 3].map(() => ({ passed: 20, failures: [] })),
      );
      assert.is(provider.issued(), 2, 'the one that was lost, and exactly one more');
    } finally {
      await provider.close();
    }
  });
}

fleet.run();
