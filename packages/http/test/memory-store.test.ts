import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { manualClock, property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import { storeKey } from '../src/store-key.ts';
import { runBattery } from './store-battery.ts';

const store = suite('memory-store');

store('gives back what was set, as a copy', async () => {
  const memory = memoryStore();
  const value = { list: [1] };
  await memory.set('key', value);
  value.list.push(2);
  const first = (await memory.get('key')) as { list: number[] };
  first.list.push(3);
  assert.equal(await memory.get('key'), { list: [1] });
});

store('knows nothing of other keys, also not of prototype names', async () => {
  const memory = memoryStore();
  for (const key of ['missing', '__proto__', 'constructor', '']) assert.is(await memory.get(key), undefined);
});

store('deletes', async () => {
  const memory = memoryStore();
  await memory.set('key', 1);
  await memory.delete('key');
  assert.is(await memory.get('key'), undefined);
});

store('forgets at the end of the ttl and not before', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock });
  await memory.set('key', 1, { ttlMs: 1000 });
  clock.advance(999);
  assert.is(await memory.get('key'), 1);
  clock.advance(1);
  assert.is(await memory.get('key'), undefined);
});

store('drops the least recently used when full', async () => {
  const memory = memoryStore({ maxEntries: 2 });
  await memory.set('a', 1);
  await memory.set('b', 2);
  await memory.get('a');
  await memory.set('c', 3);
  assert.equal([await memory.get('a'), await memory.get('b'), await memory.get('c')], [1, undefined, 3]);
});

store('drops what has expired before what has not', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock, maxEntries: 3 });
  await memory.set('live', 1);
  await memory.set('dead', 2, { ttlMs: 10 });
  await memory.set('renewed', 3, { ttlMs: 10 });
  await memory.set('renewed', 4, { ttlMs: 1000 });
  clock.advance(10);
  await memory.set('new', 5);
  assert.equal(await Promise.all(['live', 'dead', 'renewed', 'new'].map(memory.get)), [1, undefined, 4, 5]);
  await memory.set('newer', 6);
  assert.equal(await Promise.all(['live', 'renewed', 'new', 'newer'].map(memory.get)), [undefined, 4, 5, 6]);
});

store('an id that expires early frees a place for each that comes', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock, maxEntries: 100 });
  await memory.set('lease', 'mine');
  for (let index = 0; index < 2_000; index += 1) {
    assert.is(await memory.compareAndSet(`id ${index}`, undefined, 1, { ttlMs: 50 }), true);
    clock.advance(1);
  }
  assert.is(await memory.get('lease'), 'mine');
});

store('keeps nothing of a value that was replaced before its end', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const memory = memoryStore();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 200; index += 1) {
    await memory.set('key', `${index}`.padEnd(1_000_000, 'x'), { ttlMs: 86_400_000 });
  }
  collect();
  assert.ok(process.memoryUsage().heapUsed - before < 60_000_000, 'of 200 megabytes');
});

store('adds if absent, once', async () => {
  const memory = memoryStore();
  const results = await Promise.all([1, 2, 3].map((n) => memory.compareAndSet('key', undefined, n)));
  assert.equal(results, [true, false, false]);
  assert.is(await memory.get('key'), 1);
});

store('replaces and removes only what was expected', async () => {
  const memory = memoryStore();
  await memory.set('key', { a: 1, b: 2 });
  assert.is(await memory.compareAndSet('key', { a: 1 }, 'no'), false);
  assert.is(await memory.compareAndSet('key', { b: 2, a: 1 }, 'yes'), true, 'the order of members does not matter');
  assert.is(await memory.compareAndSet('key', 'no', undefined), false);
  assert.is(await memory.compareAndSet('key', 'yes', undefined), true);
  assert.is(await memory.get('key'), undefined);
});

store('counts an expired value as absent when comparing', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock });
  await memory.set('key', 'old', { ttlMs: 10 });
  clock.advance(10);
  assert.is(await memory.compareAndSet('key', 'old', 'new'), false);
  assert.is(await memory.compareAndSet('key', undefined, 'new'), true);
});

store('remembers what ends also after another has been replaced many times', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock, maxEntries: 3 });
  await memory.set('live', 1);
  await memory.set('dead', 2, { ttlMs: 10 });
  for (let index = 0; index < 100; index += 1) await memory.set('busy', index, { ttlMs: 1000 });
  clock.advance(10);
  await memory.set('new', 3);
  assert.equal(await Promise.all(['live', 'dead', 'busy', 'new'].map(memory.get)), [1, undefined, 99, 3]);
});

store('keeps one entry, and as many as ten million', async () => {
  const smallest = memoryStore({ maxEntries: 1 });
  await smallest.set('a', 1);
  await smallest.set('b', 2);
  assert.equal([await smallest.get('a'), await smallest.get('b')], [undefined, 2]);
  memoryStore({ maxEntries: 10_000_000 });
});

store('refuses a ttl or size out of range', async () => {
  for (const maxEntries of [0, 10_000_001, 1.5, Number.NaN])
    assert.throws(() => memoryStore({ maxEntries }), /maxEntries must be a whole number from 1 to 10000000/);
  await rejects(memoryStore().set('key', 1, { ttlMs: 0 }), RangeError, /ttlMs/);
});

store('a write that is refused leaves what was there', async () => {
  const memory = memoryStore();
  await memory.set('key', 'old');
  await rejects(memory.set('key', 'new', { ttlMs: -1 }), RangeError, /ttlMs/);
  await rejects(memory.compareAndSet('key', 'old', 'new', { ttlMs: Number.NaN }), RangeError, /ttlMs/);
  assert.is(await memory.get('key'), 'old');
});

store('refuses what is not JSON, and leaves what was there', async () => {
  const memory = memoryStore();
  await memory.set('key', 'old');
  for (const value of [undefined, () => 1, Symbol('a'), 1n] as never[]) {
    await rejects(memory.set('key', value), TypeError, /JSON|BigInt/);
  }
  await rejects(memory.compareAndSet('key', 'old', Symbol('a') as never), TypeError, /JSON/);
  assert.is(await memory.get('key'), 'old');
});

store('refuses a time to live before it compares', async () => {
  await rejects(memoryStore().compareAndSet('key', 'other', 1, { ttlMs: 0 }), RangeError, /ttlMs/);
});

store.run();

runBattery(
  'memory-store',
  () => {
    const clock = manualClock();
    return { store: memoryStore({ clock }), advance: clock.advance, rewind: (ms) => clock.advance(-ms) };
  },
  { without: ['peer', 'connection'] },
);

const keys = suite('store-key');

keys('joins parts readably', () => assert.is(storeKey('quickblox', '7', 'https://api'), 'quickblox/7/https:%2F%2Fapi'));

keys('gives distinct lists of parts distinct keys', () => {
  const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '/', '%', '2', 'F', '5') }), {
    minLength: 1,
    maxLength: 4,
  });
  return property(
    fc.property(parts, parts, (a, b) => {
      assert.is(storeKey(...a) === storeKey(...b), JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

keys('needs a part', () => assert.throws(() => storeKey(), /at least one/));

keys.run();
