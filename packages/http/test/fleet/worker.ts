// One process of the fleet: says that it is ready, begins when it is told so, asks its provider for things, many at once,
// and reports how it went. Its only argument is its task, as JSON.
import { createInterface } from 'node:readline';
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { createClient } from '../../src/client.ts';
import { postgresStore } from '../../src/postgres/index.ts';
import { redisStore } from '../../src/redis/index.ts';
import { renewableCredential } from '../../src/renewable-credential.ts';
import type { Store } from '../../src/store-contract.ts';
import type { Task } from './fleet.ts';

const task = JSON.parse(process.argv[2] ?? '') as Task;
const { baseUrl, renewal, timeoutMs, issueTimeoutMs } = task;
let nowMs = task.atMs;
let isOver = task.atMs === undefined;
const underWay = new Set<Promise<void>>();
const begun = new Promise<void>((resolve) => {
  createInterface(process.stdin)
    .on('line', async (line) => {
      const [word, atMs] = line.split(' ');
      if (word === 'begin') resolve();
      if (word === 'end') isOver = true;
      if (word !== 'time') return;
      nowMs = Number(atMs);
      await Promise.all(underWay);
      process.stdout.write(`${line}\n`);
    })
    .on('close', () => process.exit(1)); // with the process that has started this one
});
let isWaiting = false;
let storeFailures = 0;

const credential = renewableCredential<{ token: string; refresh: string; expiresAtMs: number }>({
  provider: 'fleet',
  key: task.key,
  issue: ({ signal, previous }) => {
    const json = { refresh: previous?.refresh ?? 'first' };
    return createClient({ provider: 'fleet', baseUrl, timeoutMs: issueTimeoutMs })
      .post('token', { signal, json })
      .json();
  },
  renewal,
  toHeaders: ({ token }) => ({ 'x-token': token }),
  expiresAtMs: (value) => value.expiresAtMs,
  isRejected: ({ status }) => status === 401,
  marginMs: task.marginMs ?? 0,
  issueTimeoutMs,
  storeTimeoutMs: task.storeTimeoutMs,
  clock: () => nowMs ?? Date.now(),
  onEvent({ type }) {
    if (type === 'credential-store-failed') storeFailures += 1;
  },
  store: await openStore(),
  sleep: (ms) => {
    if (!isWaiting) process.stdout.write('waiting\n'); // for the process whose turn it is
    isWaiting = true;
    return new Promise((resolve) => setTimeout(resolve, ms));
  },
});
// so many connections at once that a busy machine may not take them all at the first try
const retry = { limit: 3, budgetRatio: 1, budgetReserve: 1000 };
const client = createClient({ provider: 'fleet', baseUrl, credential, retry, timeoutMs });

let passed = 0;
const failures: string[] = [];
async function ask(): Promise<void> {
  try {
    await client.get('item').json();
    passed += 1;
  } catch (failure) {
    failures.push(String(failure));
  }
}

process.stdout.write('ready\n');
await begun;
await Promise.all(
  Array.from({ length: task.requests }, async () => {
    do {
      const one = ask();
      underWay.add(one);
      await one;
      underWay.delete(one);
    } while (!isOver);
  }),
);
process.stdout.write(
  `${JSON.stringify({ passed, storeFailures, failures: [...new Set(failures)].slice(0, 3) })}\n`,
  () => {
    process.exit(0);
  },
);

async function openStore(): Promise<Store> {
  if (task.store === 'redis') {
    const redis = createRedis({ url: task.storeUrl, disableOfflineQueue: true, socket: { connectTimeout: 60_000 } });
    await redis.connect();
    return redisStore({ client: redis });
  }
  const pool = new pg.Pool({ connectionString: task.storeUrl, max: 2 });
  return postgresStore({ query: (text, values) => pool.query(text, [...(values ?? [])]) });
}
