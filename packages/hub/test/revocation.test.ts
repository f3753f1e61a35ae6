import { memoryStore, type Store, storeKey } from '@x/http/store';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { link, setUp } from './support.ts';

const revoke = suite('revocation · revoke');

revoke('takes back every token issued so far, and linking anew gives a good one', async () => {
  const parts = setUp();
  const { emulator, hub, clock } = parts;
  await link(parts);
  await link(parts, 'bob');
  clock.advance(1000);
  await hub.revoke('ann@example.com');
  assert.is((await emulator.notifications('ann')).status, 401);
  assert.is((await emulator.notifications('bob')).status, 200);
  assert.ok(parts.events.some((event) => event.type === 'request-refused' && event.reason === 'revoked'));

  await link(parts);
  assert.is((await emulator.notifications('ann')).status, 200, 'in the same millisecond');
  assert.ok((await emulator.attack('replay-after-revoke', 'ann')).held);
});

revoke('works for every machine that shares the store, and for every spelling of the user', async () => {
  const shared = { store: memoryStore(), usernameCanonical: (name: string) => name.toLowerCase() };
  const [one, other] = [setUp({ hub: shared }), setUp({ hub: shared })];
  await link(one);
  await other.hub.revoke('ANN@example.com');
  assert.is((await one.emulator.notifications('ann')).status, 401);
});

revoke('never moves backwards when a machine with a slow clock revokes later', async () => {
  const store = memoryStore();
  const [one, slow] = [setUp({ hub: { store } }), setUp({ hub: { store } })];
  one.clock.advance(10_000);
  await link(one);
  await one.hub.revoke('ann@example.com');
  await slow.hub.revoke('ann@example.com');
  assert.is((await one.emulator.notifications('ann')).status, 401);
});

revoke('takes back what was linked since the last time, however often in one millisecond', async () => {
  const parts = setUp();
  const { emulator, hub } = parts;
  for (let count = 0; count < 3; count += 1) {
    await link(parts);
    assert.is((await emulator.notifications('ann')).status, 200);
    await hub.revoke('ann@example.com');
    assert.is((await emulator.notifications('ann')).status, 401);
  }
});

revoke('gives a good token in the same millisecond by a clock that tells parts of it', async () => {
  let nowMs = 1_800_000_000_000.2;
  const parts = setUp({ hub: { clock: () => nowMs } });
  await parts.hub.revoke('ann@example.com');
  nowMs += 0.5;
  await link(parts);
  assert.is((await parts.emulator.notifications('ann')).status, 200);
});

revoke('lets a machine link anew whose clock is behind that of the one that revoked', async () => {
  const store = memoryStore();
  const [fast, slow] = [setUp({ hub: { store } }), setUp({ hub: { store } })];
  fast.clock.advance(30_000);
  await fast.hub.revoke('ann@example.com');
  await link(slow);
  assert.is((await slow.emulator.notifications('ann')).status, 200);
});

revoke('tries again when another machine revokes at the same moment, and gives up in the end', async () => {
  const inner = memoryStore();
  let losses = 2;
  const store: Store = {
    ...inner,
    compareAndSet: async (...call) => (losses-- > 0 ? false : inner.compareAndSet(...call)),
  };
  await setUp({ hub: { store } }).hub.revoke('ann');
  losses = 100;
  await rejects(setUp({ hub: { store } }).hub.revoke('ann'), Error, /could not be stored/);
});

for (const mark of ['1', { corrupt: true }, null, true]) {
  revoke(`holds when the store gives ${JSON.stringify(mark)} for it, until the user is revoked anew`, async () => {
    const store = memoryStore();
    const parts = setUp({ hub: { store } });
    await link(parts);
    await store.set(storeKey('@x/hub', 'acme', '', 'not-before', 'ann@example.com'), mark);
    assert.is((await parts.emulator.notifications('ann')).status, 401);
    const driver = await link(parts);
    assert.is(driver.page.status, 500, 'and no token is handed over that would be refused');

    await parts.hub.revoke('ann@example.com');
    await link(parts);
    assert.is((await parts.emulator.notifications('ann')).status, 200);
  });
}

revoke('rejects when the store does not answer', async () => {
  const store = { ...memoryStore(), get: () => new Promise<never>(() => {}) };
  await rejects(setUp({ hub: { store, timeoutMs: 20 } }).hub.revoke('ann'), Error, /took longer than 20 ms/);
});

revoke('holds for tokens without an end, whatever tokenTtlMs was when they were taken back', async () => {
  const clock = manualClock();
  const shared = { clock, store: memoryStore({ clock }) };
  const parts = setUp({ hub: shared });
  await link(parts);
  await setUp({ hub: { ...shared, tokenTtlMs: 60_000 } }).hub.revoke('ann@example.com');
  clock.advance(365 * 86_400_000);
  assert.is((await parts.emulator.notifications('ann')).status, 401);
});

revoke('holds in the memory of the process, however many users are revoked after', async () => {
  const parts = setUp();
  await link(parts);
  await parts.hub.revoke('ann@example.com');
  for (let count = 0; count < 10_000; count += 1) await parts.hub.revoke(`user${count}`);
  assert.is((await parts.emulator.notifications('ann')).status, 401);
});

revoke('adds to the rule of the app', async () => {
  const parts = setUp({ hub: { isRevoked: ({ claims }) => claims['plan'] === 'free' } });
  await link(parts);
  assert.is((await parts.emulator.notifications('ann')).status, 200);
  const free = setUp({ hub: { isRevoked: ({ claims }) => claims['plan'] === 'free' }, claims: { plan: 'free' } });
  await link(free);
  assert.is((await free.emulator.notifications('ann')).status, 401);
});

revoke('refuses a username that cannot be linked', async () => {
  await rejects(setUp().hub.revoke('..'), RangeError, /username/);
});

revoke.run();
