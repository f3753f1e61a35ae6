import { manualClock, withVirtualTimers } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../../src/memory-store.ts';
import type { Store } from '../../src/store-contract.ts';
import { readShelf } from '../../src/stored-credential.ts';
import { fragileStore } from '../fragile-store.ts';
import { gatedStore, runAll, runUntil, settled } from '../gated-store.ts';
import { bench, gate, gated, response, stored, storeForOthers } from './bench.ts';

const superseding = suite('renewable-credential · clear and replace');

superseding('clear forgets, here and in the store', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  await credential.get();
  await credential.clear();
  assert.is(credential.peek(), undefined);
  assert.equal(await store.get('sample/1'), { fence: 2, cleared: true }, 'but the number, and that');
  assert.is((await credential.get()).token, 't2');
  assert.equal(issued, [undefined, undefined], 'what was forgotten is told to nobody');
});

for (const sharing of ['without', 'with'] as const) {
  superseding(`clear ${sharing} a store also forgets what is being issued`, async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const { credential, gates, issued } = gated({ clock, ...(sharing === 'with' ? { store } : {}) });
    const waiting = credential.get();
    await settled();
    await credential.clear();
    const after = credential.get();
    await settled();
    assert.is(issued.length, 2, 'who asks after it does not get what was asked for before');
    gates[0]?.open();
    assert.is((await waiting).token, 't1', 'who asked before it does');
    assert.is(credential.peek(), undefined);
    assert.is(await stored(store), undefined);
    gates[1]?.open();
    assert.is((await after).token, 't2');
    assert.is(credential.peek()?.token, 't2');
    assert.is((await stored(store))?.token, sharing === 'with' ? 't2' : undefined);
    assert.is(await store.get('sample/1%lease'), undefined);
  });
}

superseding('clear ends a renewal that runs ahead of expiry', async () => {
  const { credential, clock, gates, issued } = gated();
  const first = credential.get();
  await settled();
  gates[0]?.open();
  await first;
  clock.advance(3_600_000 - 60_000);
  await credential.get();
  await settled();
  assert.is(issued.length, 2);
  await credential.clear();
  gates[1]?.open();
  await settled();
  assert.is(credential.peek(), undefined);
});

superseding('clear while the store is being written leaves no value there', async () => {
  const inner = memoryStore();
  const hold = gate();
  const store: Store = {
    ...inner,
    compareAndSet: async (...call) => {
      if (readShelf(call[2])?.value !== undefined) await hold.passed;
      return inner.compareAndSet(...call);
    },
  };
  const { credential } = bench({ store });
  const waiting = credential.get();
  await settled();
  const cleared = credential.clear();
  hold.open();
  await Promise.all([waiting, cleared]);
  assert.equal(await inner.get('sample/1'), { fence: 2, cleared: true });
});

superseding('replace puts a value in place, here and in the store', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  await credential.get();
  await credential.replace({ token: 'mine' });
  assert.is((await credential.get()).token, 'mine');
  assert.equal(await stored(store), { token: 'mine' });
  assert.is(issued.length, 1);
});

superseding('what is being issued does not displace a replacement, and its callers get that', async () => {
  const store = memoryStore();
  const { credential, gates } = gated({ store });
  const waiting = credential.get();
  await settled();
  await credential.replace({ token: 'mine' });
  gates[0]?.open();
  assert.is((await waiting).token, 'mine');
  assert.is(credential.peek()?.token, 'mine');
  assert.equal(await stored(store), { token: 'mine' });
});

superseding('nor does one that fails', async () => {
  const hold = gate();
  const { credential } = bench({
    issue: async () => {
      await hold.passed;
      throw response(401);
    },
  });
  const waiting = credential.get();
  await settled();
  await credential.replace({ token: 'mine' });
  hold.open();
  assert.is((await waiting).token, 'mine');
});

superseding('one that fails after clear fails for those who asked before it only', async () => {
  const hold = gate();
  let attempts = 0;
  const { credential } = bench({
    issue: async () => {
      attempts += 1;
      if (attempts > 1) return { token: 'new' };
      await hold.passed;
      throw response(401);
    },
  });
  const waiting = credential.get();
  await settled();
  await credential.clear();
  assert.is((await credential.get()).token, 'new');
  hold.open();
  assert.is((await waiting).token, 'new');
});

superseding('replacing while the store is being asked gives the replacement', async () => {
  const hold = gate();
  const inner = memoryStore();
  const store: Store = {
    ...inner,
    get: async (key) => {
      await hold.passed;
      return inner.get(key);
    },
  };
  const { credential, issued } = bench({ store });
  const waiting = credential.get();
  await settled();
  const replaced = credential.replace({ token: 'mine' });
  hold.open();
  await replaced;
  assert.is((await waiting).token, 'mine');
  assert.equal(issued, []);
});

superseding('replacing while the lease is being taken gives the replacement, and the lease back', async () => {
  const inner = memoryStore();
  let replaced: Promise<void> | undefined;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      const done = await inner.compareAndSet(key, expected, next, options);
      if (expected === undefined) replaced ??= credential.replace({ token: 'mine' });
      return done;
    },
  };
  const { credential, issued } = bench({ store });
  assert.is((await credential.get()).token, 'mine');
  await replaced;
  assert.equal(issued, []);
  assert.is(await inner.get('sample/1%lease'), undefined);
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  superseding(
    `${renewal}: what was cleared while the store was away is not used again, and goes when it is back`,
    async () => {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { credential, clock, issued, types } = bench({ store, renewal, whenStoreFails: 'issue' });
      await credential.get();
      store.broken = true;
      await credential.clear();
      assert.ok(types().includes('store-failed'));
      assert.is((await stored(inner))?.token, 't1');
      store.broken = false;
      assert.is(await credential.find(), undefined);
      assert.is((await credential.get()).token, 't2');
      assert.equal(issued, [undefined, undefined]);
      assert.is((await stored(inner))?.token, 't2');
      clock.advance(3_600_000);
      assert.is((await credential.get()).token, 't3');
    },
  );

  superseding(
    `${renewal}: one that is issued before the store is back takes the place of what was cleared`,
    async () => {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { credential, clock, issued } = bench({ store, renewal, whenStoreFails: 'issue' });
      await credential.get();
      store.broken = true;
      await credential.clear();
      assert.is((await credential.get()).token, 't2');
      store.broken = false;
      clock.advance(2000);
      assert.is((await credential.get()).token, 't2');
      await settled();
      assert.is((await stored(inner))?.token, 't2');
      assert.equal(issued, [undefined, undefined]);
    },
  );

  superseding(`${renewal}: what was put in place while the store was away is stored before it is renewed`, async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential, clock, issued } = bench({ store, renewal });
    await credential.get();
    const mine = { token: 'mine', expiresAtMs: clock() + 1000 };
    store.broken = true;
    await credential.replace(mine);
    assert.is((await credential.get()).token, 'mine');
    store.broken = false;
    clock.advance(1000);
    assert.is((await credential.get()).token, 't2');
    assert.equal(issued, [undefined, mine]);
    assert.is((await stored(inner))?.token, 't2');
  });
}

superseding(
  'clear that the store hears late leaves what others have got, also after the value was forgotten',
  async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential, clock } = bench({ store, renewal: 'rotating' });
    const value = await credential.get();
    store.broken = true;
    await credential.forget(value);
    await credential.clear();
    await bench({ store: inner, clock, renewal: 'rotating' }).credential.replace({ token: 'theirs' });
    store.broken = false;
    clock.advance(10_000);
    assert.is((await credential.get()).token, 'theirs');
    assert.is((await stored(inner))?.token, 'theirs');
  },
);

superseding('a removal that lands late does not remove what was put in place since', () =>
  withVirtualTimers(async ({ advance }) => {
    const inner = memoryStore();
    const store = gatedStore(inner);
    await storeForOthers(inner, { token: 'old' });
    const { credential } = bench({ store: store.of(0), storeTimeoutMs: 20 });
    const cleared = credential.clear();
    await settled();
    await runUntil(store, 0, 1);
    await advance(20);
    await cleared;
    const late = store.held.splice(0);
    const replaced = credential.replace({ token: 'mine' });
    await settled();
    await runAll(store, 0);
    await replaced;
    for (const call of late) await call.run();
    await settled();
    await runAll(store, 0);
    assert.equal(await stored(inner), { token: 'mine' });
  }),
);

superseding('clear while an earlier clear is under way leaves nobody behind who issues for it', async () => {
  const store = gatedStore(memoryStore());
  let running = 0;
  let most = 0;
  const { credential } = bench({
    store: store.of(0),
    storeTimeoutMs: 20,
    async issue() {
      running += 1;
      most = Math.max(most, running);
      await settled();
      await settled();
      running -= 1;
      return { token: 'new' };
    },
  });
  const clears = [credential.clear()];
  const gets = [credential.get()];
  await settled();
  clears.push(credential.clear());
  gets.push(credential.get());
  await Promise.all([...clears, ...gets]);
  assert.is(most, 1);
});

superseding('clear waits its turn: who asks while it is under way does not get what is being cleared', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { credential } = bench({ store });
  await credential.get();
  store.broken = true;
  const cleared = credential.clear();
  const next = credential.get();
  await Promise.resolve();
  store.broken = false;
  assert.is((await next).token, 't2');
  await cleared;
  assert.is((await stored(inner))?.token, 't2');
});

superseding.run();
