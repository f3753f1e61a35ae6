import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { randomToken } from '@x/crypto';
import { leaveOut, property, rejects } from '@x/testing';
import fc from 'fast-check';
import { type Cluster, Redis } from 'ioredis';
import { createClient, type createClientPool, type createCluster, type createSentinel } from 'redis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type NodeRedisClient, type RedisClient, redisStore } from '../src/redis/index.ts';
import { sealedStore } from '../src/sealed-store.ts';
import type { StoreUnderTest } from '../src/test-store.ts';
import { openRedis, type RedisServer } from './redis-server.ts';
import { runBattery } from './store-battery.ts';
import { startProxy } from './tcp-proxy.ts';

/** A client of either library, with what the tests do to it. */
interface TestClient {
  readonly client: RedisClient;
  /** Sends any command. */
  send(...command: string[]): Promise<unknown>;
  /** Resolves when the client can be used, also after a lost connection. */
  ready(): Promise<void>;
  close(): void;
}

/** Milliseconds: nothing but a real hang takes longer. */
const connectTimeout = 60_000;

const libraries: readonly [name: string, connect: (url: string) => Promise<TestClient>][] = [
  [
    'redis',
    async (url) => {
      const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 5, connectTimeout } });
      client.on('error', () => {}); // lost connections are part of the tests
      await client.connect();
      return {
        client,
        send: (...command) => client.sendCommand(command),
        ready: () => untilReady(client.isReady, (listener) => client.once('ready', listener)),
        close: () => client.destroy(),
      };
    },
  ],
  [
    'ioredis',
    async (url) => {
      const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => 5, connectTimeout };
      const client = new Redis(url, { ...options, lazyConnect: true });
      client.on('error', () => {});
      await client.connect();
      return {
        client,
        send: (command = '', ...parameters) => client.call(command, ...parameters),
        ready: () => untilReady(client.status === 'ready', (listener) => client.once('ready', listener)),
        close: () => client.disconnect(),
      };
    },
  ],
];

function untilReady(isReady: boolean, once: (listener: () => void) => unknown): Promise<void> {
  return isReady ? Promise.resolve() : new Promise((resolve) => void once(() => resolve()));
}

/** Shortens every life below a prefix, which is what the passing of time comes to. */
const advanceScript = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, math.max(0, left - tonumber(ARGV[2]))) end
end`;

async function removeAll({ send }: TestClient, prefix: string): Promise<void> {
  const keys = (await send('KEYS', `${prefix}*`)) as string[];
  if (keys.length > 0) await send('DEL', ...keys);
}

/** A prefix that no other test, and no one else on that server, uses. */
function freshPrefix(): string {
  return `x-test:${randomToken(9)}:`;
}

function proxied({ url }: RedisServer, port: number): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return through.href;
}

async function runAgainst(server: RedisServer): Promise<void> {
  for (const [library, connect] of libraries) {
    const proxy = await startProxy(server.port);
    const own = await connect(proxied(server, proxy.port));
    const other = await connect(server.url);

    const factory = (): StoreUnderTest => {
      const prefix = freshPrefix();
      return {
        store: redisStore({ client: own.client, prefix }),
        peer: redisStore({ client: other.client, prefix }),
        advance: async (ms) => void (await other.send('EVAL', advanceScript, '0', prefix, String(ms))),
        disconnect: () => proxy.cut(),
        reconnect: async () => {
          await proxy.restore();
          await own.ready();
        },
        close: () => removeAll(other, prefix),
      };
    };
    // a server's clock is not a test's to set back
    runBattery(`redis · ${library}`, factory, { without: ['rewind'] });

    const store = suite(`redis · ${library}`);

    store('keeps canonical JSON under the prefix, with a life in milliseconds', async () => {
      const prefix = freshPrefix();
      const redis = redisStore({ client: own.client, prefix });
      await redis.set('hubrise/7', { b: 1, a: 'é' }, { ttlMs: 86_399_999.5 });
      assert.is(await other.send('GET', `${prefix}hubrise/7`), '{"a":"é","b":1}');
      const left = Number(await other.send('PTTL', `${prefix}hubrise/7`));
      assert.ok(left > 80_000_000 && left <= 86_400_000, `${left}`);
      assert.is(await redis.compareAndSet('hubrise/7', { a: 'é', b: 1 }, 1), true);
      assert.is(Number(await other.send('PTTL', `${prefix}hubrise/7`)), -1);
      await removeAll(other, prefix);
    });

    store('puts x: before every key by default', async () => {
      const key = randomToken();
      await redisStore({ client: own.client }).set(key, 1);
      assert.is(await other.send('GET', `x:${key}`), '1');
      await other.send('DEL', `x:${key}`);
    });

    store('loads its script again when the server has forgotten it', async () => {
      const prefix = freshPrefix();
      const redis = redisStore({ client: own.client, prefix });
      await other.send('SCRIPT', 'FLUSH');
      assert.is(await redis.compareAndSet('key', undefined, 1), true);
      await other.send('SCRIPT', 'FLUSH');
      assert.is(await redis.compareAndSet('key', 2, 3), false);
      assert.is(await redis.compareAndSet('key', 1, 2), true);
      await removeAll(other, prefix);
    });

    store('rejects where a key holds something else, and tells nothing of what was sent', async () => {
      const prefix = freshPrefix();
      const redis = redisStore({ client: own.client, prefix });
      await other.send('LPUSH', `${prefix}list`, 'marked-secret');
      await other.send('SET', `${prefix}text`, 'marked-secret, not JSON');
      const failures: readonly [call: () => Promise<unknown>, message: RegExp, code: string][] = [
        [() => redis.get('list'), /^redis get failed: WRONGTYPE$/, 'WRONGTYPE'],
        [() => redis.compareAndSet('list', undefined, 'marked-secret'), /^redis compareAndSet failed: /, 'WRONGTYPE'],
        [() => redis.get('text'), /^redis get failed: NOT_JSON$/, 'NOT_JSON'],
      ];
      for (const [call, message, code] of failures) {
        const error = await rejects(call(), Error, message);
        assert.is((error as Error & { code?: unknown }).code, code);
        assert.not.match(inspect(error, { depth: 9, showHidden: true }), /marked/);
        assert.equal(Object.keys(error), ['code']);
      }
      assert.is(await redis.compareAndSet('text', undefined, 1), false, 'what is not JSON is there nonetheless');
      await redis.set('text', 1);
      assert.is(await redis.get('text'), 1);
      await removeAll(other, prefix);
    });

    store('rejects with the code of the server, also for commands that quote what was sent', async () => {
      const user = randomToken(9);
      await other.send('ACL', 'SETUSER', user, 'on', 'nopass', 'allkeys', '+get', '+client', '+hello', '+info');
      const limited = await connect(Object.assign(new URL(server.url), { username: user, password: 'any' }).href);
      const redis = redisStore({ client: limited.client, prefix: freshPrefix() });
      for (const call of [
        () => redis.set('key', 'marked-secret'),
        () => redis.compareAndSet('key', 1, 'marked-secret'),
      ]) {
        const error = await rejects(call(), Error, /^redis \w+ failed: NOPERM$/);
        assert.not.match(inspect(error, { depth: 9, showHidden: true }), /marked/);
      }
      assert.is(await redis.get('key'), undefined);
      limited.close();
      await other.send('ACL', 'DELUSER', user);
    });

    store('keeps sealed values, too', async () => {
      const prefix = freshPrefix();
      const keys = [{ id: 'a', key: new Uint8Array(32).fill(7) }];
      const sealed = sealedStore(redisStore({ client: own.client, prefix }), { keys });
      assert.is(await sealed.compareAndSet('hub/user', undefined, { token: 'marked-secret' }), true);
      assert.equal(await sealed.get('hub/user'), { token: 'marked-secret' });
      const [name = ''] = (await other.send('KEYS', `${prefix}*`)) as string[];
      assert.not.match(`${name} ${await other.send('GET', name)}`, /marked|hub|user/);
      await removeAll(other, prefix);
    });

    store('never denies a swap that was done and whose answer was lost', async () => {
      const prefix = freshPrefix();
      const lossy = await connect(proxied(server, proxy.port));
      const redis = redisStore({ client: lossy.client, prefix });
      await redis.get('key');
      proxy.loseAnswer();
      await rejects(redis.compareAndSet('key', undefined, 'mine'), Error, /^redis compareAndSet failed: /);
      assert.is(await redisStore({ client: other.client, prefix }).get('key'), 'mine');
      lossy.close();
      await removeAll(other, prefix);
    });

    store.run();
  }

  const resending = suite('redis · ioredis that sends again');

  resending('denies nothing that may have been done, and lets stand what is certain', async () => {
    const proxy = await startProxy(server.port);
    const options = { maxRetriesPerRequest: 3, retryStrategy: () => 5, lazyConnect: true, connectTimeout };
    const client = new Redis(proxied(server, proxy.port), options);
    client.on('error', () => {});
    await client.connect();
    const prefix = freshPrefix();
    const redis = redisStore({ client, prefix });
    assert.is(await redis.compareAndSet('key', undefined, 'first'), true);
    proxy.loseAnswer();
    await rejects(
      redis.compareAndSet('key', 'first', 'second'),
      Error,
      /^redis compareAndSet failed: CONNECTION_LOST$/,
    );
    assert.is(await redis.get('key'), 'second');
    proxy.loseAnswer();
    assert.is(await redis.compareAndSet('key', 'second', 'second'), true, 'done twice is done');
    assert.is(await redis.compareAndSet('key', 'first', 'third'), false, 'a loss of before concerns nobody');
    await client.del(`${prefix}key`);
    client.disconnect();
    proxy.close();
  });

  resending.run();
}

/** Compiled, not run: every kind of client is accepted as its library types it. */
export function acceptedClients(
  cluster: ReturnType<typeof createCluster>,
  pool: ReturnType<typeof createClientPool>,
  sentinel: ReturnType<typeof createSentinel>,
  ioCluster: Cluster,
): RedisClient[] {
  return [cluster, pool, sentinel, ioCluster];
}

const server = await openRedis();
if (server === undefined) leaveOut('stores in Redis', 'no redis-server on PATH and no REDIS_URL');
else await runAgainst(server);

const options = suite('redis · options');

/** A client that answers what it is told to. */
function answering(reply: unknown): NodeRedisClient {
  const answer = async (): Promise<unknown> => {
    if (reply instanceof Error) throw reply;
    return reply;
  };
  return { get: answer, set: answer, del: answer, eval: answer, evalSha: answer };
}

for (const client of [undefined, null, {}, 'redis://127.0.0.1', { get() {} }]) {
  options(`refuses ${inspect(client)} for a client`, () => {
    assert.throws(() => redisStore({ client: client as never }), /client must be a client of redis/);
  });
}

options('refuses a prefix that no server could tell from others', () => {
  for (const prefix of [7, '\ud800']) {
    assert.throws(
      () => redisStore({ client: answering(null), prefix: prefix as string }),
      /prefix must be well-formed/,
    );
  }
});

options('keeps readable keys as they are, and distinct keys under distinct names', async () => {
  const names: string[] = [];
  const client = { ...answering(null), get: async (name: string) => void names.push(name) };
  const redis = redisStore({ client, prefix: '' });
  const nameOf = async (key: string): Promise<string> => {
    await redis.get(key);
    return names.at(-1) ?? '';
  };
  for (const key of ['', 'hubrise/7', `~${' '.repeat(511)}`]) assert.is(await nameOf(key), key);
  const hashed = await nameOf('ключ');
  assert.match(hashed, /^sha256:[0-9a-f]{64}$/);
  assert.is.not(await nameOf(hashed), hashed, 'a key that spells the name of another');
  await property(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (a, b) => {
      assert.is((await nameOf(a)) === (await nameOf(b)), a === b);
      assert.match(await nameOf(a), /^[\x20-\x7e]{0,512}$/);
    }),
  );
});

options('understands clients that are set up to give bytes, text or big integers', async () => {
  const bytes = new TextEncoder().encode('{"a":1}');
  assert.equal(await redisStore({ client: answering(bytes) }).get('key'), { a: 1 });
  await rejects(redisStore({ client: answering(new Uint8Array([0xff])) }).get('key'), Error, 'NOT_JSON');
  await rejects(redisStore({ client: answering(7) }).get('key'), Error, 'NOT_JSON');
  for (const [reply, swapped] of [
    ['1', true],
    [1n, true],
    [1, true],
    [0, false],
    ['0', false],
    [null, false],
  ] as const) {
    assert.is(await redisStore({ client: answering(reply) }).compareAndSet('key', 1, 2), swapped);
  }
});

for (const event of ['close', '-node']) {
  options(`listens to ioredis for ${event} only while a swap is under way`, async () => {
    const events = new EventEmitter();
    const replies: ((reply: unknown) => void)[] = [];
    const evalsha = (): Promise<unknown> => new Promise((resolve) => void replies.push(resolve));
    const on = (name: string, listener: () => void): unknown => events.on(name, listener);
    const off = (name: string, listener: () => void): unknown => events.off(name, listener);
    const nothing = async (): Promise<unknown> => null;
    const client = { get: nothing, set: nothing, del: nothing, eval: nothing, evalsha, on, off };
    const redis = redisStore({ client });
    const swaps = [0, 1, 2, 3].map(() => redis.compareAndSet('key', 1, 2));
    assert.is(events.listenerCount(event), 1);
    replies[0]?.(0);
    assert.is(await swaps[0], false);
    events.emit(event);
    for (const [index, reply] of replies.entries()) reply(index % 2);
    const settled = await Promise.allSettled(swaps);
    assert.equal(
      settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)),
      [false, true, 'CONNECTION_LOST', true],
    );
    assert.is(events.listenerCount(event), 0);
    const later = redis.compareAndSet('key', 1, 2);
    replies[4]?.(0);
    assert.is(await later, false);
  });
}

const failures: readonly [failure: unknown, code: string][] = [
  [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new Error("ERR unknown command 'EVALSHA', with args beginning with: 'marked-secret'"), 'ERR'],
  [new Error('OOM command not allowed'), 'OOM'],
  [new TypeError('marked-secret'), 'TypeError'],
  [Object.assign(new Error('failed'), { code: 'marked-secret' }), 'Error'],
  [Object.assign(new Error('failed'), { name: 'marked-secret' }), 'Error'],
  [Object.assign(new Error('failed'), { command: { name: 'set', args: ['marked-secret'] } }), 'Error'],
];
for (const [failure, code] of failures) {
  options(`tells ${code} of ${inspect(failure).split('\n')[0]} and no more`, async () => {
    const error = await rejects(redisStore({ client: answering(failure) }).set('key', 'marked-secret'), Error, code);
    assert.is(error.message, `redis set failed: ${code}`);
    assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
  });
}

options.run();
