import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import type { Store } from '../../src/store-contract.ts';
import { fragileStore } from '../fragile-store.ts';
import { gatedStore, runAll, runUntil, settled } from '../gated-store.ts';
import { bench, gated, stored, storeForOthers } from './bench.ts';

const theirs = { token: 'theirs' };
const renewals = ['repeatable', 'rotating'] as const;

/** A store, and what is written there from now on. */
function watch(store: Store): { readonly watched: Store; readonly written: string[] } {
  const written: string[] = [];
  const watched: Store = {
    ...store,
    async compareAndSet(key, expected, next, options) {
      written.push(JSON.stringify(next));
      return store.compareAndSet(key, expected, next, options);
    },
  };
  return { watched, written };
}

const forgetting = suite('renewable-credential · forget');

for (const renewal of renewals) {
  forgetting(`${renewal}: takes a value from the store that this process has never seen there`, async () => {
    const store = memoryStore();
    await storeForOthers(store, theirs);
    const { credential, issued } = bench({ store, renewal });
    await credential.forget({ token: 'theirs' });
    assert.is(await stored(store), undefined);
    await credential.get();
    assert.equal(issued, [undefined], 'and nothing is got with it');
  });

  forgetting(`${renewal}: leaves another value there, seen or not`, async () => {
    for (const isSeen of [false, true]) {
      const store = memoryStore();
      await storeForOthers(store, theirs);
      const { credential } = bench({ store, renewal });
      if (isSeen) await credential.find();
      await credential.forget({ token: 'another' });
      assert.equal(await store.get('sample/1'), { fence: 1000, value: theirs });
    }
  });

  forgetting(`${renewal}: takes a value from there that another process has put there since`, async () => {
    const store = memoryStore();
    const { credential } = bench({ store, renewal });
    await credential.get();
    await bench({ store, renewal }).credential.replace(theirs);
    await credential.forget(theirs);
    assert.is(await stored(store), undefined);
  });

  forgetting(`${renewal}: takes a value from there whose expiry another process has slid`, async () => {
    const store = memoryStore();
    await storeForOthers(store, { token: 'theirs', expiresAtMs: 9e15 });
    const { credential } = bench({ store, renewal });
    await credential.find();
    await storeForOthers(store, { token: 'theirs', expiresAtMs: 9e15 + 1 });
    await credential.forget(theirs);
    assert.is(await stored(store), undefined);
  });

  forgetting(`${renewal}: leaves a value that comes in its place between the look and the write`, async () => {
    const inner = memoryStore();
    await storeForOthers(inner, theirs);
    const store = gatedStore(inner);
    const { credential } = bench({ store: store.of(0), renewal });
    const forgotten = credential.forget(theirs);
    await settled();
    await runUntil(store, 0, 1);
    await storeForOthers(inner, { token: 'newer' }, 1001);
    await runAll(store, 0);
    await forgotten;
    assert.equal(await stored(inner), { token: 'newer' });
  });

  forgetting(`${renewal}: leaves a turn that is under way its end`, async () => {
    const store = memoryStore();
    const { credential, clock, gates } = gated({ store, renewal });
    const first = credential.get();
    await settled();
    gates[0]?.open();
    const value = await first;
    clock.advance(3_600_000);
    const renewed = credential.get();
    await settled();
    await bench({ store, renewal }).credential.forget(value);
    gates[1]?.open();
    assert.is((await renewed).token, 't2');
    assert.is((await stored(store))?.token, 't2');
  });

  forgetting(`${renewal}: what was put in place while the store was away does not come there any more`, async () => {
    for (const isSeen of [false, true]) {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { written, watched } = watch(store);
      const { credential, clock, issued } = bench({ store: watched, renewal });
      if (isSeen) await credential.get();
      store.broken = true;
      const ended = { token: 'ended' };
      await credential.replace(ended);
      await credential.forget(ended);
      written.length = 0;
      store.broken = false;
      clock.advance(2000);
      assert.is((await credential.get()).token, isSeen ? 't2' : 't1');
      await settled();
      assert.not.match(written.join(), /ended/);
      assert.equal(issued, isSeen ? [undefined, undefined] : [undefined], 'nor what it was to take the place of');
      assert.is((await stored(inner))?.token, isSeen ? 't2' : 't1');
    }
  });

  forgetting(`${renewal}: what comes there meanwhile from another process stays`, async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential, clock } = bench({ store, renewal });
    store.broken = true;
    const ended = { token: 'ended' };
    await credential.replace(ended);
    await credential.forget(ended);
    await storeForOthers(inner, theirs);
    store.broken = false;
    clock.advance(2000);
    assert.equal(await credential.get(), theirs);
    assert.equal(await inner.get('sample/1'), { fence: 1000, value: theirs });
  });

  forgetting(`${renewal}: what is on its way into the store goes when it is there`, async () => {
    for (const done of [0, 1, 2]) {
      const inner = memoryStore();
      const store = gatedStore(inner);
      const { credential } = bench({ store: store.of(0), renewal });
      const ended = { token: 'ended' };
      const replaced = credential.replace(ended);
      await settled();
      await runUntil(store, 0, done);
      const forgotten = credential.forget(ended);
      await settled();
      await runAll(store, 0);
      await Promise.all([replaced, forgotten]);
      assert.is(await stored(inner), undefined, `after ${done} calls`);
    }
  });
}

forgetting(
  'a rotating value that the store has not heard of: its turn ends, and the next one begins anew',
  async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { written, watched } = watch(store);
    const { credential, clock, gates } = gated({ store: watched, renewal: 'rotating' });
    const waiting = credential.get();
    await settled();
    store.broken = true;
    gates[0]?.open();
    await credential.forget(await waiting);
    store.broken = false;
    written.length = 0;
    const next = credential.get();
    await settled();
    gates[1]?.open();
    assert.is((await next).token, 't2');
    assert.is((await stored(inner))?.token, 't2');
    const other = bench({ store: inner, clock, renewal: 'rotating' });
    assert.is((await other.credential.get()).token, 't2');
    assert.equal(other.issued, []);
    assert.not.match(written.join(), /t1/);
  },
);

forgetting('a value that was issued in place of what was cleared does not come into the store either', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { written, watched } = watch(store);
  const { credential, clock } = bench({ store: watched });
  await credential.get();
  store.broken = true;
  await credential.clear();
  await credential.forget(await credential.get());
  store.broken = false;
  written.length = 0;
  clock.advance(2000);
  assert.is((await credential.get()).token, 't3');
  assert.not.match(written.join(), /t[12]/);
  assert.is((await stored(inner))?.token, 't3');
});

forgetting.run();

const clearing = suite('renewable-credential · clear that the store hears late');

clearing('rotating: is refused where nothing is known of what it would clear, and spares what comes', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { credential, clock } = bench({ store, renewal: 'rotating' });
  store.broken = true;
  await rejects(credential.clear(), CredentialError, 'credential.renewal-failed');
  await storeForOthers(inner, theirs);
  store.broken = false;
  clock.advance(10_000);
  assert.equal(await credential.get(), theirs);
  assert.equal(await inner.get('sample/1'), { fence: 1000, value: theirs });
  await credential.clear();
  assert.is(await stored(inner), undefined);
  store.broken = true;
  await credential.replace({ token: 'known' });
  await credential.clear();
});

clearing('rotating: is refused in every course in which the store tells nothing of its value', async () => {
  for (const done of [0, 1]) {
    const inner = memoryStore();
    await storeForOthers(inner, theirs);
    const store = gatedStore(inner);
    const { credential } = bench({ store: store.of(0), renewal: 'rotating' });
    const cleared = rejects(credential.clear(), CredentialError, 'credential.renewal-failed');
    await settled();
    await runUntil(store, 0, done);
    await store.held[0]?.fail(false);
    await cleared;
    await storeForOthers(inner, { token: 'newer' }, 1001);
    const got = credential.get();
    await settled();
    await runAll(store, 0);
    assert.is((await got).token, 'newer', `after ${done} calls`);
    assert.is((await stored(inner))?.token, 'newer');
  }
});

clearing('rotating: leaves it to another process what that has begun since', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { credential, clock } = bench({ store, renewal: 'rotating' });
  await credential.get();
  store.broken = true;
  await credential.clear();
  await inner.delete('sample/1');
  const other = gated({ store: inner, clock, renewal: 'rotating' });
  const waiting = other.credential.get();
  await settled();
  store.broken = false;
  clock.advance(2000);
  const got = credential.get();
  await settled();
  other.gates[0]?.open();
  assert.is((await waiting).token, 't1');
  assert.is((await got).token, 't1');
  assert.is((await stored(inner))?.token, 't1');
  assert.is(other.issued.length, 1);
});

clearing('rotating: clears what this process has stored without an answer', async () => {
  const inner = memoryStore();
  const store = gatedStore(inner);
  const { credential, issued } = bench({ store: store.of(0), renewal: 'rotating' });
  const first = credential.get();
  await settled();
  await runUntil(store, 0, 3);
  await store.held[0]?.fail(true);
  await settled();
  assert.is((await stored(inner))?.token, 't1');
  assert.is((await first).token, 't1');
  const cleared = credential.clear();
  await settled();
  for (let n = 0; n < 9; n += 1) await store.held[0]?.fail(false).then(settled);
  await cleared;
  const next = credential.get();
  await settled();
  await runAll(store, 0);
  assert.is((await next).token, 't2');
  assert.equal(issued, [undefined, undefined]);
});

clearing('rotating: clears what this process has only seen', async () => {
  const inner = memoryStore();
  await storeForOthers(inner, theirs);
  const store = fragileStore(inner);
  const { credential, issued } = bench({ store, renewal: 'rotating' });
  await credential.find();
  store.broken = true;
  await credential.clear();
  store.broken = false;
  assert.is((await credential.get()).token, 't1');
  assert.equal(issued, [undefined]);
});

for (const [what, steps] of [
  ['clear, and clear again', ['clear', 'clear']],
  ['replace, then clear', ['replace', 'clear']],
  ['replace, then clear twice', ['replace', 'clear', 'clear']],
] as const) {
  clearing(`rotating: ${what}: what was there before does not come back`, async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential, issued } = bench({ store, renewal: 'rotating' });
    await credential.get();
    store.broken = true;
    for (const step of steps) await (step === 'clear' ? credential.clear() : credential.replace(theirs));
    store.broken = false;
    assert.is((await credential.get()).token, 't2');
    assert.equal(issued, [undefined, undefined]);
    assert.is((await stored(inner))?.token, 't2');
  });
}

clearing('repeatable: clears what others have got since as well, which they get again', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { credential, clock } = bench({ store });
  store.broken = true;
  await credential.clear();
  await storeForOthers(inner, theirs);
  store.broken = false;
  clock.advance(2000);
  assert.is((await credential.get()).token, 't1');
  assert.is((await stored(inner))?.token, 't1');
});

clearing.run();
