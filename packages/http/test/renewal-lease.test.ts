import { type ManualClock, manualClock, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import { createRenewalLease, type RenewalLease } from '../src/renewal-lease.ts';
import type { Store } from '../src/store-contract.ts';
import type { StoredLease } from '../src/stored-credential.ts';

const leaseMs = 10_000;

interface Scene {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly one: RenewalLease;
  readonly two: RenewalLease;
}

function scene(): Scene {
  const clock = manualClock();
  const random = seededRandom(1);
  const process = (): RenewalLease => createRenewalLease({ key: 'key', leaseMs, random });
  return { clock, store: memoryStore({ clock }), one: process(), two: process() };
}

async function taken(lease: RenewalLease, store: Store, fence = 1): Promise<StoredLease> {
  const result = await lease.take(store, fence);
  if (result.state !== 'mine') throw new Error(`expected the lease, got ${result.state}`);
  return result.lease;
}

const leases = suite('renewal-lease');

leases('one at a time, under a key of its own, until it is ended', async () => {
  const { store, one, two } = scene();
  const lease = await taken(one, store, 7);
  assert.is(lease.fence, 7);
  assert.equal(await store.get('key%lease'), { ...lease });
  assert.is(await store.get('key'), undefined);
  assert.equal(await two.take(store, 7), { state: 'taken', by: lease.owner });
  await one.end(store, lease);
  assert.is(await store.get('key%lease'), undefined);
  await taken(two, store);
});

leases('it runs out by itself, and then is not ended for whoever has it now', async () => {
  const { clock, store, one, two } = scene();
  const late = await taken(one, store);
  clock.advance(leaseMs - 1);
  assert.equal(await two.take(store, 2), { state: 'taken', by: late.owner });
  clock.advance(1);
  const newer = await taken(two, store, 2);
  await one.end(store, late);
  assert.equal(await store.get('key%lease'), { ...newer });
});

leases('two processes have two names, and each turn of one has another', async () => {
  const { store, one, two } = scene();
  const owners: string[] = [];
  for (const process of [one, one, two]) {
    const lease = await taken(process, store);
    owners.push(lease.owner);
    await process.end(store, lease);
  }
  const [first = '', second = '', other = ''] = owners;
  assert.match(first, /^[\w-]{22}\.1$/);
  assert.is(second, first.replace(/\.1$/, '.2'));
  assert.match(other, /^[\w-]{22}\.1$/);
  assert.is.not(other, first);
});

leases('a verdict stays in its place for a while, and says why', async () => {
  const { clock, store, one, two } = scene();
  const why = { code: 'sample.gone', status: 410 };
  for (const verdict of [{ code: 'credential.revoked' }, { code: 'credential.revoked', why }] as const) {
    await one.end(store, await taken(one, store), { ...verdict, ttlMs: 500 });
    clock.advance(499);
    for (const process of [one, two]) assert.equal(await process.take(store, 1), { state: 'refused', verdict });
    clock.advance(1);
  }
  await taken(two, store);
});

leases('a verdict can be taken away, a lease that somebody holds cannot', async () => {
  const { store, one, two } = scene();
  const lease = await taken(one, store);
  await two.forgetRefusal(store);
  assert.equal(await store.get('key%lease'), { ...lease });
  await one.end(store, lease, { code: 'credential.refused', ttlMs: 500 });
  await two.forgetRefusal(store);
  assert.is(await store.get('key%lease'), undefined);
  await two.forgetRefusal(store);
});

leases('one that its process took and does not act upon is taken over by that process, and by no other', async () => {
  const { clock, store, one, two } = scene();
  const { owner } = await taken(one, store);
  assert.is(one.isAbandoned(owner), true);
  assert.is(two.isAbandoned(owner), false);
  assert.equal(await two.take(store, 2), { state: 'taken', by: owner });
  const again = await taken(one, store, 2);
  assert.is.not(again.owner, owner);
  assert.equal(await store.get('key%lease'), { ...again });
  clock.advance(leaseMs);
  await taken(two, store, 3);
});

leases('one that its process acts upon is not, until it is done with it', async () => {
  const { store, one } = scene();
  const lease = await taken(one, store);
  one.keep(lease);
  assert.is(one.isAbandoned(lease.owner), false);
  assert.equal(await one.take(store, 2), { state: 'taken', by: lease.owner });
  one.drop({ ...lease });
  assert.is(one.isAbandoned(lease.owner), false, 'another one was dropped');
  one.drop(lease);
  assert.is(one.isAbandoned(lease.owner), true);
  await taken(one, store, 2);
});

leases('gives back what it acted upon when it drops that', async () => {
  const { store, one } = scene();
  assert.is(one.dropKept(), undefined);
  const lease = await taken(one, store);
  one.keep(lease);
  assert.is(one.dropKept(), lease);
  assert.is(one.dropKept(), undefined);
});

leases('a name that only begins like its own is not its own', async () => {
  const { store, one } = scene();
  for (const owner of ['.1', 'undefined.1']) assert.is(one.isAbandoned(owner), false, 'it has no name yet');
  const { owner } = await taken(one, store);
  assert.is(one.isAbandoned(owner.replace('.', 'x.')), false);
});

leases('rubbish under its key is nobody’s to take over', async () => {
  const { store, one } = scene();
  await store.set('key%lease', { owner: 7 });
  assert.equal(await one.take(store, 1), { state: 'taken', by: undefined });
});

leases.run();
