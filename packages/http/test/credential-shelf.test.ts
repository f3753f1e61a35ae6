import { type ManualClock, manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CredentialShelf, createCredentialShelf } from '../src/credential-shelf.ts';
import { memoryStore } from '../src/memory-store.ts';
import type { Store } from '../src/store-contract.ts';
import type { Shelf } from '../src/stored-credential.ts';

interface Ending {
  readonly untilMs?: number;
}

interface Scene {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly record: CredentialShelf<Ending>;
}

function scene(renewal: 'repeatable' | 'rotating' = 'repeatable'): Scene {
  const clock = manualClock(1_000_000);
  const record = createCredentialShelf<Ending>({ key: 'key', renewal, expiresAtMs: ({ untilMs }) => untilMs, clock });
  return { clock, store: memoryStore({ clock }), record };
}

const shelf = suite('credential-shelf');

shelf('what is there is read as a whole', async () => {
  const { store, record } = scene();
  const there = { fence: 3, value: { untilMs: 7 }, claim: 'somebody' };
  await store.set('key', there);
  assert.equal(await record.look(store), { raw: there, shelf: there });
  assert.equal(record.seen(), there);
});

shelf('nothing and rubbish are an empty record with the number 0', async () => {
  const { store, record } = scene();
  assert.equal(await record.look(store), { raw: undefined, shelf: { fence: 0 } });
  await store.set('key', 'rubbish');
  assert.equal(await record.look(store), { raw: 'rubbish', shelf: { fence: 0 } });
  assert.is(record.seen(), undefined);
});

shelf('a record is replaced as it was read only, and that is what was seen last', async () => {
  const { store, record } = scene();
  assert.is(await record.swap(store, undefined, { fence: 1 }), true);
  assert.equal(record.seen(), { fence: 1 });
  assert.is(await record.swap(store, { fence: 7 }, { fence: 8 }), false);
  assert.equal(record.seen(), { fence: 1 });
  assert.is(await record.swap(store, { fence: 1 }, { fence: 2 }), true);
  assert.equal(await store.get('key'), { fence: 2 });
});

const day = 86_400_000;
const lifetimes: readonly [
  what: string,
  renewal: 'repeatable' | 'rotating',
  next: Shelf<Ending>,
  ms: number | undefined,
][] = [
  ['a number alone', 'repeatable', { fence: 1 }, day],
  ['a number alone', 'rotating', { fence: 1 }, day],
  ['that something was cleared', 'repeatable', { fence: 1, cleared: true }, day],
  ['that something was cleared', 'rotating', { fence: 1, cleared: true }, undefined],
  ['a claim', 'repeatable', { fence: 1, claim: 'me' }, day],
  ['a claim', 'rotating', { fence: 1, claim: 'me' }, undefined],
  ['a value without an end', 'repeatable', { fence: 1, value: {} }, undefined],
  ['a value until its end', 'repeatable', { fence: 1, value: { untilMs: 1_005_000 } }, 5000],
  ['a value that has ended', 'repeatable', { fence: 1, value: { untilMs: 1 } }, 1],
  ['a value that has ended', 'rotating', { fence: 1, value: { untilMs: 1 } }, undefined],
  ['a claimed value that ends soon', 'repeatable', { fence: 1, value: { untilMs: 1_005_000 }, claim: 'me' }, day],
  [
    'a claimed value that ends late',
    'repeatable',
    { fence: 1, value: { untilMs: 3 * day }, claim: 'me' },
    3 * day - 1e6,
  ],
];
for (const [what, renewal, next, ms] of lifetimes) {
  shelf(`${renewal}: ${what} stays ${ms === undefined ? 'for good' : `${ms} ms`}`, async () => {
    const { clock, store, record } = scene(renewal);
    await record.swap(store, undefined, next);
    clock.advance((ms ?? 1e12) - 1);
    assert.equal(await store.get('key'), next);
    clock.advance(1);
    assert.is((await store.get('key')) === undefined, ms !== undefined);
  });
}

shelf.run();
