import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { manualClock, rejects } from '@x/testing';
import { Keyv } from 'keyv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type KeyvLike, keyvStore } from '../src/keyv/index.ts';
import { sealedStore } from '../src/sealed-store.ts';
import { runBattery } from './store-battery.ts';

/** A database with an adapter for Keyv: asynchronous, with a clock of its own, and a connection that can go. */
function createDatabase() {
  const rows = new Map<string, { readonly text: unknown; readonly endsAtMs: number }>();
  const clock = manualClock();
  let connected = true;
  const reach = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (!connected) throw Object.assign(new Error('marked-secret-value was not sent'), { code: 'ECONNRESET' });
  };
  const adapter = Object.assign(new EventEmitter(), {
    opts: {},
    async get(key: string): Promise<unknown> {
      await reach();
      const row = rows.get(key);
      return row === undefined || row.endsAtMs <= clock() ? undefined : row.text;
    },
    async set(key: string, text: unknown, ttlMs = Number.POSITIVE_INFINITY): Promise<boolean> {
      await reach();
      rows.set(key, { text, endsAtMs: clock() + ttlMs });
      return true;
    },
    async delete(key: string): Promise<boolean> {
      await reach();
      return rows.delete(key);
    },
    async clear(): Promise<void> {
      rows.clear();
    },
  });
  return {
    adapter,
    rows,
    advance: clock.advance,
    rewind: (ms: number) => clock.advance(-ms),
    disconnect: () => {
      connected = false;
    },
    reconnect: () => {
      connected = true;
    },
  };
}

runBattery('keyv · in memory', () => keyvStore(new Keyv()), { without: ['advance', 'rewind', 'peer', 'connection'] });

runBattery(
  'keyv · an adapter',
  () => {
    const { adapter, ...database } = createDatabase();
    return { store: keyvStore(new Keyv({ store: adapter, checkExpired: false })), ...database };
  },
  { without: ['peer'] },
);

runBattery(
  'keyv · sealed',
  () => {
    const keys = [{ id: 'a', key: new Uint8Array(32).fill(7) }];
    return sealedStore(keyvStore(new Keyv({ namespace: 'sealed' })), { keys });
  },
  { without: ['advance', 'rewind', 'peer', 'connection'], maxValueBytes: 100_000, rounds: 100 },
);

const store = suite('keyv');

store('keeps canonical JSON as text under the digest of the key', async () => {
  const rows = new Map<string, unknown>();
  const keyv = new Keyv({ store: rows, serialization: false });
  await keyvStore(keyv).set('hubrise/7', { b: 1, a: 2 });
  const [key = ''] = rows.keys();
  assert.match(key, /^(\w+:)?[0-9a-f]{64}$/);
  assert.is(await keyv.get(key.replace(/^\w+:/, '')), '{"a":2,"b":1}');
});

store('ignores the default time to live of the instance', async () => {
  const { adapter, rows, advance } = createDatabase();
  const keyv = keyvStore(new Keyv({ store: adapter, ttl: 1_000 }));
  await keyv.set('stays', 1);
  await keyv.compareAndSet('added', undefined, 1);
  await keyv.set('ends', 1, { ttlMs: 500.5 });
  assert.equal(
    [...rows.values()].map(({ endsAtMs }) => endsAtMs === Number.POSITIVE_INFINITY),
    [true, true, false],
  );
  advance(2_000);
  assert.is(await keyv.get('stays'), 1);
});

store('rejects where Keyv says absent because its database failed', async () => {
  const { adapter, disconnect, reconnect } = createDatabase();
  const instance = new Keyv({ store: adapter });
  const keyv = keyvStore(instance);
  await keyv.set('key', 1);
  disconnect();
  const calls: readonly [operation: string, call: () => Promise<unknown>][] = [
    ['get', () => keyv.get('key')],
    ['set', () => keyv.set('key', 'marked-secret')],
    ['delete', () => keyv.delete('key')],
    ['compareAndSet', () => keyv.compareAndSet('key', undefined, 'marked-secret')],
    ['compareAndSet', () => keyv.compareAndSet('key', 1, undefined)],
  ];
  for (const [operation, call] of calls) {
    const error = await rejects(call(), Error, 'ECONNRESET');
    assert.is(error.message, `keyv ${operation} failed: ECONNRESET`);
    assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
  }
  reconnect();
  assert.is(await keyv.get('key'), 1);
});

/** An instance that does as it is told. */
function instance(overrides: Partial<KeyvLike> = {}): KeyvLike {
  const rows = new Map<string, string>();
  return {
    get: async (key) => rows.get(key),
    set: async (key, value) => void rows.set(key, value),
    delete: async (key) => rows.delete(key),
    ...overrides,
  };
}

store('works with an instance without events, and with one that answers null or nothing', async () => {
  for (const get of [undefined, async () => null]) {
    const keyv = keyvStore(instance(get === undefined ? {} : { get }));
    assert.is(await keyv.get('key'), undefined);
    assert.is(await keyv.compareAndSet('key', undefined, 1), true);
  }
});

store('rejects where Keyv only says that it did not write', async () => {
  const keyv = keyvStore(instance({ set: async () => false }));
  await rejects(keyv.set('key', 1), Error, 'REFUSED');
  await rejects(keyv.compareAndSet('key', undefined, 1), Error, 'REFUSED');
});

store('rejects what another writer has put there, without showing it', async () => {
  for (const foreign of ['marked-secret', { value: 'marked-secret' }, 7]) {
    const keyv = keyvStore(instance({ get: async () => foreign }));
    for (const call of [() => keyv.get('key'), () => keyv.compareAndSet('key', 1, 2)]) {
      const error = await rejects(call(), Error, 'NOT_JSON');
      assert.not.match(inspect(error, { showHidden: true, depth: 9 }), /marked/);
    }
  }
});

store('lets calls for one key take turns, whatever became of the one before', async () => {
  let refusals = 1;
  const inner = instance();
  const keyv = keyvStore({
    ...inner,
    async set(...parameters) {
      await new Promise((resolve) => setImmediate(resolve));
      refusals -= 1;
      if (refusals >= 0) throw new Error('failed');
      return inner.set(...parameters);
    },
  });
  const first = keyv.compareAndSet('key', undefined, 1);
  const second = keyv.compareAndSet('key', undefined, 2);
  const third = keyv.compareAndSet('key', undefined, 3);
  await rejects(first, Error, 'Error');
  assert.equal(await Promise.all([second, third]), [true, false]);
  assert.is(await keyv.get('key'), 2);
});

store('does not hold up calls for another key', async () => {
  const inner = instance();
  const [slow] = await namesOf('slow');
  const keyv = keyvStore({
    ...inner,
    set: (key, ...rest) => (key === slow ? new Promise(() => {}) : inner.set(key, ...rest)),
  });
  keyv.set('slow', 1).catch(() => {});
  await keyv.set('quick', 1);
  assert.is(await keyv.get('quick'), 1);
});

for (const hung of ['get', 'set', 'delete'] as const) {
  store(`goes on with a key after a ${hung} that is never answered`, async () => {
    const inner = instance();
    let left = 0;
    const keyv = keyvStore(
      {
        ...inner,
        [hung](...given: [string, string, number]) {
          left -= 1;
          return left === 0 ? new Promise(() => {}) : inner[hung](...given);
        },
      },
      { timeoutMs: 20 },
    );
    await keyv.set('key', 1);
    left = 1;
    const first = keyv.compareAndSet('key', 1, hung === 'delete' ? undefined : 2);
    const second = keyv.set('key', 3);
    const error = await rejects(first, Error, 'TIMEOUT');
    assert.is(error.message, 'keyv compareAndSet failed: TIMEOUT');
    await second;
    assert.is(await keyv.get('key'), 3);
  });
}

store('refuses a time limit out of range', () => {
  for (const timeoutMs of [0, 600_001, Number.NaN]) {
    assert.throws(() => keyvStore(instance(), { timeoutMs }), /timeoutMs must be from 1 to 600000/);
  }
});

/** The names under which an instance sees a key. */
async function namesOf(key: string): Promise<string[]> {
  const names: string[] = [];
  await keyvStore(instance({ get: async (name) => void names.push(name) })).get(key);
  return names;
}

for (const keyv of [undefined, null, {}, 'redis://', { get() {}, set() {} }]) {
  store(`refuses ${inspect(keyv)} for an instance`, () => {
    assert.throws(() => keyvStore(keyv as never), /keyv must be a Keyv instance/);
  });
}

store.run();
