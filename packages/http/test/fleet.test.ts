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

interface Provider {
  readonly url: string;
  readonly issued: () => number;
  readonly served: () => number;
  /** Whether somebody has sent a refresh token twice. */
  readonly isStolen: () => boolean;
  /** Resolves when a token is asked for that will never come: whoever asks is about to be killed. */
  readonly silent: () => Promise<void>;
  /** Accepts no token any more that was issued so far, at once or after so many more requests. */
  readonly forget: (afterServed?: number) => void;
  readonly close: () => Promise<void>;
}

/**
 * A provider that counts the tokens it issues, accepts only the newest, replaces the refresh token with each, and
 * answers slowly enough to collide.
 */
async function openProvider(): Promise<Provider> {
  let issued = 0;
  let served = 0;
  let acceptedUntil = Number.POSITIVE_INFINITY;
  let isStolen = false;
  let refresh = 'first';
  let tell: (() => void) | undefined;
  const server = await loopback((request, response) => {
    if (request.method === 'POST') {
      if ((JSON.parse(request.body) as { refresh: string }).refresh !== refresh) isStolen = true;
      issued += 1;
      refresh = `r${issued}`;
      acceptedUntil = Number.POSITIVE_INFINITY;
      const grant = { token: `t${issued}`, refresh, expiresAtMs: Date.now() + 3_600_000 };
      const isSilent = tell !== undefined;
      tell?.();
      tell = undefined;
      if (!isSilent) setTimeout(() => sendJson(response, grant), 50);
      return;
    }
    const accepted = served < acceptedUntil && request.headers['x-token'] === `t${issued}`;
    if (accepted) served += 1;
    sendJson(response, {}, accepted ? 200 : 401);
  });
  return {
    url: server.url,
    issued: () => issued,
    served: () => served,
    isStolen: () => isStolen,
    silent: () =>
      new Promise((resolve) => {
        tell = resolve;
      }),
    forget: (afterServed = 0) => {
      acceptedUntil = served + afterServed;
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
async function run(
  store: readonly [kind: string, url: string],
  url: string,
  renewal = 'repeatable',
): Promise<readonly Report[]> {
  const beginMs = String(Date.now() + 2500);
  const parameters = [...store, url, String(requestsEach), beginMs, '30000', renewal];
  const started = Array.from({ length: processes }, () => start(...parameters));
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
  fleet(
    `on ${kind}: eight processes at cold start share one credential, and one more whenever it is gone`,
    async () => {
      await clear();
      const provider = await openProvider();
      try {
        assertAllPassed(await run([kind, storeUrl], provider.url));
        assert.is(provider.issued(), 1);
        assert.is(provider.served(), processes * requestsEach);
        provider.forget(); // what the fleet has stored is refused from now on
        assertAllPassed(await run([kind, storeUrl], provider.url));
        assert.is(provider.issued(), 2);
        provider.forget(processes * 100); // in the middle of the next run
        assertAllPassed(await run([kind, storeUrl], provider.url, 'rotating'));
        assert.is(provider.issued(), 3);
        assert.is(provider.served(), 3 * processes * requestsEach);
      } finally {
        await provider.close();
      }
    },
  );

  fleet(`on ${kind}: when the one who issues is killed, another takes over`, async () => {
    await clear();
    const provider = await openProvider();
    try {
      const others = await killInTheMiddle(provider, [kind, storeUrl], 'repeatable');
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

  fleet(`on ${kind}: when it may have spent a refresh token, nobody sends that again, and all say why`, async () => {
    await clear();
    const provider = await openProvider();
    try {
      const others = await killInTheMiddle(provider, [kind, storeUrl], 'rotating');
      for (const { passed, failures } of await Promise.all(others.map(({ report }) => report))) {
        assert.is(passed, 0);
        for (const failure of failures) assert.match(failure, /^CredentialError: .*answer was lost/);
      }
      assert.is(provider.issued(), 1);
      assert.is(provider.isStolen(), false);
    } finally {
      await provider.close();
    }
  });
}

/** Kills a process while it asks for a token, with three more waiting for it. */
async function killInTheMiddle(
  provider: Provider,
  store: readonly [kind: string, url: string],
  renewal: string,
): Promise<readonly { readonly report: Promise<Report> }[]> {
  const issueTimeoutMs = '1500';
  const asked = provider.silent();
  const first = start(...store, provider.url, '10', '0', issueTimeoutMs, renewal);
  await asked;
  const others = [1, 2, 3].map(() => start(...store, provider.url, '20', '0', issueTimeoutMs, renewal));
  first.child.kill('SIGKILL');
  assert.equal((await first.report).failures, ['it was killed']);
  return others;
}

fleet.run();
