import { inspect } from 'node:util';
import { createSealer, generateKey, type JsonObject, type JsonValue, randomToken, Secret } from '@x/crypto';
import { leaveOut, manualClock, property, rejects, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalJson } from '../src/canonical-json.ts';
import { memoryStore } from '../src/memory-store.ts';
import { redisStore } from '../src/redis/index.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import { type SealedStoreOptions, sealedStore, type UnreadableValue } from '../src/sealed-store.ts';
import { openValue } from '../src/sealed-value.ts';
import type { Store } from '../src/store-contract.ts';
import { openRedis, type RedisServer } from './redis-server.ts';
import { runBattery } from './store-battery.ts';
import { startProxy } from './tcp-proxy.ts';

const older = { id: 'older', key: generateKey(seededRandom(1)) };
const newer = { id: 'newer', key: generateKey(seededRandom(2)) };

/** A backing store that lists what it holds. */
function openBacking(
  clock?: () => number,
): Store & { readonly rows: Map<string, JsonValue>; readonly writes: string[] } {
  const inner = memoryStore({ clock });
  const rows = new Map<string, JsonValue>();
  const writes: string[] = [];
  const note = (key: string, value: JsonValue | undefined, ttlMs: number | undefined): void => {
    writes.push(`${ttlMs}`);
    if (value === undefined) rows.delete(key);
    else rows.set(key, value);
  };
  return {
    rows,
    writes,
    get: inner.get,
    async set(key, value, options) {
      await inner.set(key, value, options);
      note(key, value, options?.ttlMs);
    },
    async delete(key) {
      await inner.delete(key);
      rows.delete(key);
    },
    async compareAndSet(key, expected, next, options) {
      const swapped = await inner.compareAndSet(key, expected, next, options);
      if (swapped) note(key, next, options?.ttlMs);
      return swapped;
    },
  };
}

/** The one row that a test has written. */
function onlyRow(backing: { readonly rows: Map<string, JsonValue> }): [key: string, value: JsonValue] {
  const [row, ...others] = backing.rows;
  if (row === undefined || others.length > 0) throw new Error(`${backing.rows.size} rows instead of one`);
  return row;
}

runBattery(
  'sealed-store',
  () => {
    const clock = manualClock();
    const backing = memoryStore({ clock });
    return {
      store: sealedStore(backing, { keys: [newer, older], clock }),
      // the same fleet in the middle of a rotation, so that both seal with different keys
      peer: sealedStore(backing, { keys: [older, newer], clock }),
      advance: clock.advance,
      rewind: (ms) => clock.advance(-ms),
    };
  },
  { without: ['connection'] },
);

const redis = await openRedis();
if (redis === undefined) leaveOut('sealed values in a Redis server', 'neither REDIS_URL nor redis-server is there');
else await runBatteryInRedis(redis);

/** A real server behind the seals, and a connection that can be cut. */
async function runBatteryInRedis({ url, port }: RedisServer): Promise<void> {
  const proxy = await startProxy(port);
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const patience = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 5,
    connectTimeout: 60_000,
  };
  const options = { ...patience, lazyConnect: true };
  const [own, other] = [new Redis(through.href, options), new Redis(url, options)];
  for (const client of [own, other]) client.on('error', () => {}); // lost connections are part of it
  await Promise.all([own.connect(), other.connect()]);
  runBattery(
    'sealed-store · redis',
    () => {
      const prefix = `x-test:${randomToken(9)}:`;
      return {
        store: sealedStore(redisStore({ client: own, prefix }), { keys: [newer, older] }),
        peer: sealedStore(redisStore({ client: other, prefix }), { keys: [older, newer] }),
        disconnect: () => proxy.cut(),
        async reconnect() {
          await proxy.restore();
          if (own.status !== 'ready') await new Promise((resolve) => own.once('ready', resolve));
        },
        async close() {
          const keys = await other.keys(`${prefix}*`);
          if (keys.length > 0) await other.del(...keys);
        },
      };
    },
    // the server's clock is not a test's to move; values that end are the other battery's
    { without: ['advance', 'rewind'], rounds: 200 },
  );
  const closing = suite('sealed-store · redis · end');
  closing('lets go of its connections', () => {
    own.disconnect();
    other.disconnect();
    proxy.close();
  });
  closing.run();
}

const sealing = suite('sealed-store');

sealing('hides key and value from the backing store', async () => {
  const backing = openBacking();
  const store = sealedStore(backing, { keys: [newer] });
  await store.set('hub/user-7', { token: 'marked-secret' });
  const [key, value] = onlyRow(backing);
  assert.match(key, /^sealed\/[0-9a-f]{64}$/);
  assert.type(value, 'string');
  assert.match(String(value), /^v4\.local\./);
  for (const plain of ['user-7', 'token', 'marked-secret']) {
    assert.not.ok(inspect(backing.rows, { depth: 9 }).includes(plain), plain);
  }
  await store.delete('hub/user-7');
  assert.is(backing.rows.size, 0);
});

sealing('seals equal values differently', async () => {
  const backing = openBacking();
  const store = sealedStore(backing, { keys: [newer] });
  await store.set('a', 'same');
  await store.set('b', 'same');
  assert.is(new Set([...backing.rows.values()]).size, 2);
});

sealing('accepts a sealer as it is, or among the options', async () => {
  const backing = memoryStore();
  const sealer = createSealer({ keys: [newer], context: ['test'] });
  await sealedStore(backing, sealer).set('key', 1);
  assert.is(await sealedStore(backing, { sealer }).get('key'), 1);
  assert.is(await sealedStore(backing, { keys: [newer], context: ['test'] }).get('key'), 1);
  assert.is(await sealedStore(backing, { keys: [newer] }).get('key'), undefined, 'another context');
});

const secret = 'a name secret of sixteen bytes';
const equalSecrets = [secret, new Secret(secret), new TextEncoder().encode(secret)];
sealing('names values by HMAC where there is a secret for that, in whichever form', async () => {
  const backing = openBacking();
  const [first, ...others] = equalSecrets.map((nameSecret) => sealedStore(backing, { keys: [newer], nameSecret }));
  await first?.set('key', 1);
  for (const other of others) assert.is(await other.get('key'), 1);
  const [name] = onlyRow(backing);
  assert.match(name, /^sealed\/[0-9a-f]{64}$/);
  await sealedStore(backing, { keys: [newer] }).set('key', 2);
  assert.is(backing.rows.size, 2, 'another name without the secret');
});

const badOptions: readonly [what: string, options: unknown, message: RegExp][] = [
  ['neither keys nor sealer', {}, /keys or sealer/],
  [
    'both keys and sealer',
    { keys: [newer], sealer: createSealer({ keys: [newer], context: ['a'] }) },
    /keys or sealer/,
  ],
  ['no keys', { keys: [] }, /keys/],
  ['a short key', { keys: [{ id: 'a', key: 'marked' }] }, /keys\[0\]\.key/],
  ['an empty context', { keys: [newer], context: [] }, /context/],
  ['a short name secret', { keys: [newer], nameSecret: 'marked-secret' }, /nameSecret must have 16 bytes/],
  ['short name bytes', { keys: [newer], nameSecret: new Uint8Array(15) }, /nameSecret must have 16 bytes/],
  ['a sealer that does not open', { sealer: { seal: () => '', open: () => ({ ok: false }) } }, /sealer must open/],
];
for (const [what, options, message] of badOptions) {
  sealing(`refuses ${what} at construction`, () => {
    assert.throws(
      () => sealedStore(memoryStore(), options as SealedStoreOptions),
      (error: unknown) => error instanceof TypeError && message.test(error.message) && !/marked/.test(error.message),
    );
  });
}

sealing('refuses what is not JSON, and a time to live of zero', async () => {
  const backing = openBacking();
  const store = sealedStore(backing, { keys: [newer] });
  await rejects(store.set('key', undefined as never), TypeError, /JSON/);
  await rejects(store.set('key', 1, { ttlMs: 0 }), RangeError, /ttlMs/);
  await rejects(store.compareAndSet('key', undefined, 1, { ttlMs: -1 }), RangeError, /ttlMs/);
  assert.is(backing.rows.size, 0);
});

sealing('gives up when the backing store never swaps', async () => {
  const backing: Store = { ...memoryStore(), compareAndSet: async () => false };
  const store = sealedStore(backing, { keys: [newer] });
  await rejects(store.compareAndSet('key', undefined, 1), Error, /refused 1000 swaps/);
});

sealing('lets the processes of a fleet share a credential that the backing store cannot read', async () => {
  const backing = openBacking();
  let issued = 0;
  const [first, second] = [older, newer].map((key) =>
    renewableCredential<{ readonly token: string }>({
      provider: 'sample',
      key: 'sample/shop',
      issue: async () => ({ token: `marked-secret-${++issued}` }),
      toHeaders: ({ token }) => ({ 'x-token': token }),
      expiresAtMs: () => undefined,
      store: sealedStore(backing, { keys: key === older ? [older, newer] : [newer, older] }),
    }),
  );
  assert.equal(await first?.get(), { token: 'marked-secret-1' });
  assert.equal(await second?.get(), { token: 'marked-secret-1' });
  assert.not.match(inspect(backing.rows, { depth: 9 }), /marked|sample|shop|lease/);
});

sealing('passes a failure of the backing store through', async () => {
  const failure = new Error('out of reach');
  const backing: Store = { ...memoryStore(), get: () => Promise.reject(failure) };
  const store = sealedStore(backing, { keys: [newer] });
  await rejects(store.get('key'), Error, /out of reach/);
  await rejects(store.compareAndSet('key', undefined, 1), Error, /out of reach/);
});

sealing.run();

const unreadable = suite('sealed-store · what does not open');

/** What somebody else may have sealed with the same keys for the same name. */
const foreignClaims: readonly JsonObject[] = [
  {},
  { text: 1 },
  { text: 'no JSON' },
  { text: '1', index: '0' },
  { text: '1', index: 1 },
  { text: '1', count: '1' },
  { text: '1', count: 2 },
  { text: '1', set: 0 },
  { text: '1', expiresAtMs: 'never' },
];

type Attack = (own: JsonValue, other: JsonValue, name: string) => JsonValue;

/** What someone may do to a row who can write to the backing store. */
const attacks: readonly [what: string, reason: string, attack: Attack][] = [
  ['the value of another key', 'moved', (_, other) => other],
  ['a plain value', 'malformed', () => ({ token: 'planted' })],
  ['a plain text', 'malformed', () => 'planted'],
  ['null', 'malformed', () => null],
  ['an object that cannot become text', 'malformed', () => ({ toString: 1, valueOf: 1 })],
  ['an empty list', 'malformed', () => []],
  ['a list in a list', 'malformed', (own) => [[own]]],
  ['an altered token', 'forged', (own) => String(own).replace(/.{20}\./, (end) => `${'A'.repeat(20)}${end.slice(20)}`)],
  ['a token of a key that nobody has', 'unknown-key', () => sealedBy([{ id: 'gone', key: generateKey() }])],
  ['a token of another key of that id', 'forged', () => sealedBy([{ id: newer.id, key: generateKey() }])],
  ['the same token twice', 'malformed', (own) => [own, own]],
  ...foreignClaims.map((claims): [string, string, Attack] => [
    `a token of the same sealer that says ${JSON.stringify(claims)}`,
    'malformed',
    (_, __, name) => sealedBy([newer], name, claims),
  ]),
];

function sealedBy(keys: SealedStoreOptions['keys'] & object, subject = 'sealed/', claims: JsonObject = {}): JsonValue {
  return createSealer({ keys, context: ['@x/http', 'sealed-store'] }).seal(subject, claims);
}

for (const [what, reason, attack] of attacks) {
  unreadable(`counts ${what} as absent and tells why`, async () => {
    const backing = openBacking();
    const told: UnreadableValue[] = [];
    const store = sealedStore(backing, { keys: [newer, older], onUnreadable: (notice) => void told.push(notice) });
    await store.set('other', 'theirs');
    const [otherName, otherRow] = onlyRow(backing);
    await backing.delete(otherName);
    await store.set('key', 'mine');
    const [name, row] = onlyRow(backing);
    const planted = attack(row, otherRow, name);

    await backing.set(name, planted);
    assert.is(await store.get('key'), undefined);
    assert.equal(told, [{ storedKey: name, reason }]);
    assert.is(await store.compareAndSet('key', 'mine', 'no'), false, 'it is not the old value either');
    assert.is(await store.compareAndSet('key', 'theirs', 'no'), false, 'nor another one');
    assert.equal(await backing.get(name), planted, 'reading and refusing leave it for an investigation');
    if (reason === 'unknown-key') {
      for (const next of ['new', undefined]) {
        await rejects(store.compareAndSet('key', undefined, next), Error, 'UNKNOWN_KEY');
      }
      assert.equal(await backing.get(name), planted, 'whoever has its key may rely on it');
      await store.delete('key');
    }
    assert.is(await store.compareAndSet('key', undefined, 'new'), true, 'but it can be replaced');
    assert.is(await store.get('key'), 'new');
  });
}

unreadable('is an error where the notification throws or rejects', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 'marked-secret');
  const refuse = (): never => {
    throw new Error('refused');
  };
  for (const onUnreadable of [refuse, async () => refuse()]) {
    const store = sealedStore(backing, { keys: [newer], onUnreadable });
    await rejects(store.get('key'), Error, /^refused$/);
    await rejects(store.compareAndSet('key', undefined, 'new'), Error, /^refused$/);
  }
});

unreadable('can still be deleted and overwritten', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 1);
  const store = sealedStore(backing, { keys: [newer] });
  await store.delete('key');
  assert.is(backing.rows.size, 0);
  await sealedStore(backing, { keys: [older] }).set('key', 1);
  await store.set('key', 2);
  assert.is(await store.get('key'), 2);
});

unreadable.run();

const pieces = suite('sealed-store · values in several pieces');
const long = { text: `${'x'.repeat(9_000)}🔑"\\${'鍵'.repeat(4_000)}` };

/** Stores a long value under two keys, or twice under one, and gives the rows. */
async function sealTwice(): Promise<{ store: Store; backing: Store; name: string; first: string[]; second: string[] }> {
  const backing = openBacking();
  const store = sealedStore(backing, { keys: [newer] });
  await store.set('key', long);
  const [name, first] = onlyRow(backing);
  await store.set('key', long);
  const [, second] = onlyRow(backing);
  return { store, backing, name, first: first as string[], second: second as string[] };
}

pieces('come back whole', async () => {
  const { store, first } = await sealTwice();
  assert.ok(first.length > 2);
  for (const token of first) assert.ok(token.length <= 16_384);
  assert.equal(await store.get('key'), long);
});

const rearranged: readonly [what: string, arrange: (first: string[], second: string[]) => JsonValue][] = [
  ['with one left out', (first) => first.slice(1)],
  ['cut off', (first) => first.slice(0, -1)],
  ['with one repeated', (first) => [...first, ...first.slice(-1)]],
  ['in another order', (first) => [...first].reverse()],
  ['of two values', ([head = ''], [, ...tail]) => [head, ...tail]],
  ['reduced to the first', ([head = '']) => head],
  ['reduced to the first, in a list', ([head = '']) => [head]],
];
for (const [what, arrange] of rearranged) {
  pieces(`do not open ${what}`, async () => {
    const { store, backing, name, first, second } = await sealTwice();
    await backing.set(name, arrange(first, second));
    assert.is(await store.get('key'), undefined);
  });
}

pieces('come back whole wherever a surrogate pair is cut', async () => {
  const store = sealedStore(memoryStore(), { keys: [newer] });
  for (const shift of [0, 1, 2, 3]) {
    const value = 'x'.repeat(3_496 + shift) + '🔑'.repeat(4);
    await store.set('key', value);
    assert.is(await store.get('key'), value);
  }
});

pieces.run();

const rotation = suite('sealed-store · rotation');

rotation('seals a value again with the first key when it is read', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', { a: 1 });
  const store = sealedStore(backing, { keys: [newer, older] });
  assert.equal(await store.get('key'), { a: 1 });
  assert.equal(
    await sealedStore(backing, { keys: [newer] }).get('key'),
    { a: 1 },
    'the old key is not needed any more',
  );
  const writes = backing.writes.length;
  await store.get('key');
  assert.is(backing.writes.length, writes, 'and nothing is written when the key is the first');
});

rotation('seals all pieces of a long value again', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', long);
  assert.equal(await sealedStore(backing, { keys: [newer, older] }).get('key'), long);
  assert.equal(await sealedStore(backing, { keys: [newer] }).get('key'), long);
});

rotation('compares a value that an older key has sealed', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 'mine');
  const store = sealedStore(backing, { keys: [newer, older] });
  assert.is(await store.compareAndSet('key', undefined, 'no'), false);
  assert.is(await store.compareAndSet('key', 'mine', 'next'), true);
  assert.is(await sealedStore(backing, { keys: [newer] }).get('key'), 'next');
});

rotation('keeps what is left of the time to live', async () => {
  const clock = manualClock();
  const backing = openBacking(clock);
  await sealedStore(backing, { keys: [older], clock }).set('key', 1, { ttlMs: 100_000_000 });
  clock.advance(4_000_000);
  assert.is(await sealedStore(backing, { keys: [newer, older], clock }).get('key'), 1);
  assert.is(backing.writes.at(-1), '96000000');
  clock.advance(95_999_999);
  assert.is(await sealedStore(backing, { keys: [newer], clock }).get('key'), 1);
  clock.advance(1);
  assert.is(await sealedStore(backing, { keys: [newer], clock }).get('key'), undefined);
});

rotation('has one owner of a lease at every step, whichever machines have taken it', async () => {
  const backing = memoryStore();
  const [before, added, moved] = [[older], [older, newer], [newer, older]].map((keys) =>
    sealedStore(backing, { keys }),
  );
  for (const [holder, rival] of [
    [before, added],
    [added, before],
    [added, moved],
    [moved, added],
  ]) {
    assert.is(await holder?.compareAndSet('lease', undefined, 'holder'), true);
    assert.is(await rival?.compareAndSet('lease', undefined, 'rival'), false);
    await holder?.delete('lease');
  }
});

rotation('has one owner of a lease even when the new key comes first at once', async () => {
  const backing = memoryStore();
  const ahead = sealedStore(backing, { keys: [newer, older] });
  const behind = sealedStore(backing, { keys: [older] });
  assert.is(await ahead.compareAndSet('lease', undefined, 'ahead'), true);
  await rejects(behind.compareAndSet('lease', undefined, 'behind'), Error, 'UNKNOWN_KEY');
  assert.is(await behind.compareAndSet('lease', 'behind', undefined), false, 'nor is it this one that is there');
  assert.is(await ahead.get('lease'), 'ahead');
});

for (const skewMs of [20_000, 3_600_000, -3_600_000]) {
  rotation(
    `lets a lease live as long as its owner was told, read by a clock that is ${skewMs / 1000} s ahead`,
    async () => {
      const clock = manualClock();
      const backing = memoryStore({ clock });
      const owner = sealedStore(backing, { keys: [older, newer], clock });
      const reader = sealedStore(backing, { keys: [newer, older], clock: () => clock() + skewMs });
      await owner.compareAndSet('lease', undefined, 'owner', { ttlMs: 38_000 });
      assert.is(await reader.get('lease'), 'owner');
      clock.advance(37_999);
      assert.is(await reader.compareAndSet('lease', undefined, 'reader'), false);
      clock.advance(1);
      assert.is(await reader.compareAndSet('lease', undefined, 'reader'), true);
    },
  );
}

rotation('reads a value that a machine with another clock has stored', async () => {
  const clock = manualClock();
  const backing = memoryStore();
  await sealedStore(backing, { keys: [older], clock: () => clock() + 3_600_000 }).set('key', 1);
  assert.is(await sealedStore(backing, { keys: [older], clock }).get('key'), 1);
});

rotation('gives the value even when sealing it again fails', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 1);
  const failing: Store = { ...backing, compareAndSet: () => Promise.reject(new Error('read-only')) };
  assert.is(await sealedStore(failing, { keys: [newer, older] }).get('key'), 1);
});

rotation('does not put a value back that changed while it was sealed again', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 'old');
  const racing: Store = {
    ...backing,
    async compareAndSet(...parameters) {
      await sealedStore(backing, { keys: [newer] }).set('key', 'new');
      return backing.compareAndSet(...parameters);
    },
  };
  assert.is(await sealedStore(racing, { keys: [newer, older] }).get('key'), 'old');
  assert.is(await sealedStore(backing, { keys: [newer] }).get('key'), 'new');
});

rotation('swaps although the value is sealed again between reading and writing', async () => {
  const backing = openBacking();
  await sealedStore(backing, { keys: [older] }).set('key', 'mine');
  let raced = 0;
  const racing: Store = {
    ...backing,
    async compareAndSet(...parameters) {
      raced += 1;
      if (raced === 1) await sealedStore(backing, { keys: [newer, older] }).get('key');
      return backing.compareAndSet(...parameters);
    },
  };
  const store = sealedStore(racing, { keys: [newer, older] });
  assert.is(await store.compareAndSet('key', 'mine', 'next'), true);
  assert.is(raced, 2);
  assert.is(await store.get('key'), 'next');
});

rotation.run();

const properties = suite('sealed-store · properties');

properties('gives back any JSON under any key', () =>
  property(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), async (key, value) => {
      const store = sealedStore(memoryStore(), { keys: [newer] });
      await store.set(key, value as JsonValue);
      assert.is(canonicalJson((await store.get(key)) ?? null), canonicalJson(value as JsonValue));
    }),
    { runs: 100 },
  ),
);

properties('opens nothing that it has not sealed, and never throws', () => {
  const sealer = createSealer({ keys: [newer], context: ['test'] });
  const token = sealer.seal('name', { text: '1' });
  const tampered = fc
    .tuple(fc.nat(token.length - 1), fc.constantFrom(...'AbZ09-_.'))
    .map(([at, sign]) => token.slice(0, at) + sign + token.slice(at + 1))
    .filter((text) => text !== token);
  return property(
    fc.property(fc.oneof(tampered, fc.jsonValue(), fc.array(fc.constantFrom(token, '', null))), (stored) => {
      const opened = openValue(sealer, 'name', stored as JsonValue);
      assert.is(opened.ok, Array.isArray(stored) && stored.length === 1 && stored[0] === token);
    }),
  );
});

properties.run();
