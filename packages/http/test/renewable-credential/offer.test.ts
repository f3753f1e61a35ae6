import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../../src/memory-store.ts';
import { fragileStore } from '../fragile-store.ts';
import { gatedStore, runAll, runUntil, settled } from '../gated-store.ts';
import { bench, gated, sentAs, stored, storeForOthers } from './bench.ts';

const mine = { token: 'mine' };
const theirs = { token: 'theirs' };

const offering = suite('renewable-credential · offer');

for (const sharing of ['without', 'with'] as const) {
  offering(`${sharing} a store puts a value in place where there is none`, async () => {
    const store = memoryStore();
    const { credential, issued } = bench(sharing === 'with' ? { store } : {});
    assert.is(await credential.offer(mine), mine);
    assert.equal([await credential.get(), credential.isStored()], [mine, sharing === 'with']);
    assert.equal(await stored(store), sharing === 'with' ? mine : undefined);
    assert.equal(issued, []);
  });
}

offering('gives way to another usable value, which the store keeps as it is', async () => {
  const store = memoryStore();
  await storeForOthers(store, theirs);
  const { credential } = bench({ store });
  assert.equal(await credential.offer(mine), theirs);
  assert.equal([await credential.get(), credential.isStored()], [theirs, true]);
  assert.equal(await store.get('sample/1'), { fence: 1000, value: theirs });
});

for (const [what, value] of [
  ['one that has ended', { token: 'theirs', expiresAtMs: 1 }],
  ['another state of the same', { token: 'mine', expiresAtMs: 9e15 }],
  ['one of another shape', { name: 'theirs' }],
  ['one whose look fails', null],
] as const) {
  offering(`takes the place of ${what}`, async () => {
    const store = memoryStore();
    await storeForOthers(store, value);
    const { credential } = bench({ store });
    await credential.offer(mine);
    assert.equal(await store.get('sample/1'), { fence: 1001, value: mine });
  });
}

for (const how of ['discard', 'forget'] as const) {
  offering(`takes the place of one that this process has given up by ${how}`, async () => {
    const store = memoryStore();
    await storeForOthers(store, theirs);
    const { credential } = bench({ store });
    const there = await credential.offer(mine);
    if (how === 'discard') await credential.discard?.(sentAs(there));
    else await credential.forget(there);
    assert.is(await credential.offer(mine), mine);
    assert.equal(await stored(store), mine);
  });
}

offering('takes the place of what another process is issuing, which gets it', async () => {
  const store = memoryStore();
  const { credential, gates } = gated({ store });
  const waiting = credential.get();
  await settled();
  const other = bench({ store }).credential;
  assert.is(await other.offer(mine), mine);
  gates[0]?.open();
  assert.equal(await waiting, mine);
  assert.equal(await stored(store), mine);
});

offering('made by two at once ends in one value for both, in whatever order their store is asked', async () => {
  for (let order = 0; order < 16; order += 1) {
    const inner = memoryStore();
    const store = gatedStore(inner);
    const [one, two] = [0, 1].map((process) => bench({ store: store.of(process) }).credential);
    const offers = Promise.all([one?.offer(mine), two?.offer(theirs)]);
    await settled();
    for (let left = order; left > 0; left >>= 1) await runUntil(store, left & 1, 1).then(settled, () => {});
    for (let n = 0; n < 4; n += 1) for (const process of [0, 1]) await runAll(store, process);
    const [first, second] = await offers;
    assert.equal(first, second, `order ${order}`);
    assert.equal(await stored(inner), first);
    assert.equal([one?.peek(), two?.peek(), one?.isStored(), two?.isStored()], [first, first, true, true]);
  }
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  offering(`${renewal}: is heard later by a store that is away, unless that has another one by then`, async () => {
    for (const there of [undefined, theirs]) {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { credential, clock, types, issued } = bench({ store, renewal });
      store.broken = true;
      assert.is(await credential.offer(mine), mine);
      assert.ok(types().includes('store-failed'));
      assert.is(credential.isStored(), false);
      if (there !== undefined) await storeForOthers(inner, there);
      store.broken = false;
      clock.advance(2000);
      assert.is(await credential.get(), mine);
      await settled();
      assert.equal(await stored(inner), there ?? mine);
      assert.equal(issued, []);
    }
  });

  offering(`${renewal}: does not give way to what was cleared and lies there yet`, async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential } = bench({ store, renewal });
    await credential.get();
    store.broken = true;
    await credential.clear();
    store.broken = false;
    assert.is(await credential.offer(mine), mine);
    assert.equal(await stored(inner), mine);
  });

  offering(`${renewal}: does not give way to what this process was about to renew`, async () => {
    const store = memoryStore();
    const { credential, clock, gates } = gated({ store, renewal });
    const first = credential.get();
    await settled();
    gates[0]?.open();
    await first;
    clock.advance(3_600_000 - 60_000);
    await credential.get(); // begins to renew it
    await settled();
    assert.is(gates.length, 2);
    const offered = await credential.offer(mine);
    gates[1]?.open();
    await settled();
    assert.is(offered, mine);
    assert.equal([credential.peek(), await stored(store)], [mine, mine]);
    assert.is(await store.get('sample/1%lease'), undefined);
  });
}

/** Offers a value where a store holds another one, and its calls until they are let. */
async function offerToHeldStore() {
  const inner = memoryStore();
  await storeForOthers(inner, theirs);
  const store = gatedStore(inner);
  const { credential } = bench({ store: store.of(0) });
  const offered = credential.offer(mine);
  await settled();
  return { inner, store, credential, offered };
}

offering('that waits for the store does not displace what is put in place meanwhile', async () => {
  const { inner, store, credential, offered } = await offerToHeldStore();
  const replaced = credential.replace({ token: 'last' });
  await settled();
  await runAll(store, 0);
  await replaced;
  assert.is((await offered).token, 'last');
  assert.is(credential.peek()?.token, 'last');
  assert.is((await stored(inner))?.token, 'last');
});

offering('that gives way does not displace what is put in place before its caller hears of that', async () => {
  for (let ticks = 0; ticks < 40; ticks += 1) {
    const { inner, store, credential, offered } = await offerToHeldStore();
    store.held[0]?.run();
    for (let n = 0; n < ticks; n += 1) await Promise.resolve();
    const replaced = credential.replace({ token: 'last' });
    await settled();
    await runAll(store, 0);
    await Promise.all([offered, replaced]);
    assert.is(credential.peek()?.token, 'last', `${ticks} ticks later`);
    assert.is((await stored(inner))?.token, 'last');
  }
});

offering('refuses a value without a time at once', async () => {
  const { credential } = bench({ expiresAtMs: () => Number.NaN });
  await credential.offer(mine).then(
    () => assert.unreachable(),
    (error: unknown) => assert.instance(error, TypeError),
  );
  assert.is(credential.peek(), undefined);
});

offering.run();

const storing = suite('renewable-credential · isStored');

storing('is true of what was issued, found or put there, until something else is seen there', async () => {
  const store = memoryStore();
  const [one, two] = [bench({ store }).credential, bench({ store }).credential];
  assert.is(one.isStored(), false);
  await one.get();
  await two.get();
  assert.equal([one.isStored(), two.isStored()], [true, true]);
  await two.replace(theirs);
  assert.equal([one.isStored(), two.isStored()], [true, true], 'as far as it has seen');
  await one.find();
  assert.equal([one.isStored(), two.isStored()], [false, true]);
});

storing('is false without a store, and of what the store did not take', async () => {
  const alone = bench().credential;
  await alone.get();
  assert.is(alone.isStored(), false);
  const store = fragileStore(memoryStore());
  store.broken = true;
  const { credential } = bench({ store });
  await credential.get();
  assert.is(credential.isStored(), false);
});

storing.run();
