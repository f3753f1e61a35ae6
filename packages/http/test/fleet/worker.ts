// One process of the fleet: asks its credential for headers, so many times at once, and reports how it went.
// Arguments: kind of store, its URL, the token endpoint, how many requests, when to begin (ms since 1970), how long an
// issue may take (ms), and what becomes of the previous token.
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { createClient } from '../../src/client.ts';
import { postgresStore } from '../../src/postgres/index.ts';
import { redisStore } from '../../src/redis/index.ts';
import { renewableCredential } from '../../src/renewable-credential.ts';
import type { Store } from '../../src/store-contract.ts';

const [kind = '', storeUrl = '', baseUrl = '', requests = '0', beginMs = '0', issueTimeoutMs = '30000', renewal] =
  process.argv.slice(2);

const store = await openStore();
const credential = renewableCredential<{ token: string; refresh: string; expiresAtMs: number }>({
  provider: 'fleet',
  key: 'fleet/shop-1',
  issue: ({ signal, previous }) => {
    const json = { refresh: previous?.refresh ?? 'first' };
    return createClient({ provider: 'fleet', baseUrl }).post('token', { signal, json }).json();
  },
  renewal: renewal === 'rotating' ? 'rotating' : 'repeatable',
  toHeaders: ({ token }) => ({ 'x-token': token }),
  expiresAtMs: (value) => value.expiresAtMs,
  isRejected: ({ status }) => status === 401,
  marginMs: 0,
  // a busy machine may take its time to answer eight processes with hundreds of requests each
  storeTimeoutMs: Number(requests) > 100 ? 20_000 : 2_000,
  issueTimeoutMs: Number(issueTimeoutMs),
  store,
});
// so many connections at once that a busy machine may not take them all at the first try
const retry = { limit: 3, budgetRatio: 1, budgetReserve: 1000 };
const client = createClient({ provider: 'fleet', baseUrl, credential, timeoutMs: 300_000, retry });

await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(beginMs) - Date.now())));
const outcomes = await Promise.allSettled(Array.from({ length: Number(requests) }, () => client.get('item').json()));
const failures = outcomes
  .filter(({ status }) => status === 'rejected')
  .map((outcome) => String((outcome as PromiseRejectedResult).reason));
const report = JSON.stringify({ passed: outcomes.length - failures.length, failures: failures.slice(0, 3) });
process.stdout.write(report, () => process.exit(0));

async function openStore(): Promise<Store> {
  if (kind === 'redis') {
    const redis = createRedis({ url: storeUrl, disableOfflineQueue: true });
    await redis.connect();
    return redisStore({ client: redis });
  }
  const pool = new pg.Pool({ connectionString: storeUrl, max: 2 });
  return postgresStore({ query: (text, values) => pool.query(text, [...(values ?? [])]) });
}
