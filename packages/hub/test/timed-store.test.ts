import { memoryStore, type Store } from '@x/http/store';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { timedStore } from '../src/timed-store.ts';

const timed = suite('timed-store · timedStore');
const hang = () => new Promise<never>(() => {});

timed('passes operations and their results on', async () => {
  const inner = memoryStore({ clock: manualClock() });
  const store = timedStore(inner, 60_000);
  await store.set('a', 1, { ttlMs: 1000 });
  assert.is(await store.get('a'), 1);
  assert.is(await store.compareAndSet('a', 1, 2), true);
  assert.is(await store.compareAndSet('a', 1, 3), false);
  assert.is(await inner.get('a'), 2);
  await store.delete('a');
  assert.is(await inner.get('a'), undefined);
});

timed('rejects when an operation does not end', async () => {
  const store = timedStore({ get: hang, set: hang, delete: hang, compareAndSet: hang }, 5);
  for (const [operation, run] of [
    ['get', () => store.get('a')],
    ['set', () => store.set('a', 1)],
    ['delete', () => store.delete('a')],
    ['compareAndSet', () => store.compareAndSet('a', undefined, 1)],
  ] as const) {
    const error = await rejects(run(), Error, new RegExp(`^store ${operation} took longer than 5 ms$`));
    assert.is((error as { code?: unknown }).code, 'TIMEOUT');
  }
});

timed('passes on what an operation fails with, thrown or rejected', async () => {
  const fail = (): never => {
    throw new Error('down');
  };
  const inner: Store = { ...memoryStore(), get: fail, set: () => Promise.reject(new Error('down')) };
  const store = timedStore(inner, 60_000);
  await rejects(store.get('a'), Error, /^down$/);
  await rejects(store.set('a', 1), Error, /^down$/);
});

timed.run();
