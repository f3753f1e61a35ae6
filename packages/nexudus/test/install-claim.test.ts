import { memoryStore, type Store } from '@x/http/store';
import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type VerifiedInstall, verifyInstall } from '../src/install/index.ts';
import { claimInstall } from '../src/install-claim.ts';
import { issuedAtMs, v1, v1Url } from './vectors.ts';

const claims = suite('nexudus · claimInstall');

const verified = verifyInstall(v1Url, { applicationKey: v1.a, secret: v1.secret, clock: () => issuedAtMs });
if (!verified.ok) throw new Error('the vector must verify');
const install: VerifiedInstall = verified;
const leaseMs = 1_000;
/** No lease ends in it. */
const standing = (): Store => memoryStore({ clock: () => issuedAtMs });

claims('gives a link to one of those who ask', async () => {
  const store = standing();
  const states = await Promise.all([1, 2, 3].map(async () => (await claimInstall(store, install, leaseMs)).state));
  assert.equal(states.sort(), ['in-progress', 'in-progress', 'taken']);
});

claims('remembers a settled link for as long as it passes verification', async () => {
  const clock = manualClock(issuedAtMs);
  const store = memoryStore({ clock });
  await (await claimInstall(store, install, leaseMs)).settle();
  clock.advance(install.remainingMs);
  assert.is((await claimInstall(store, install, leaseMs)).state, 'done');
  clock.advance(60_000);
  assert.is((await claimInstall(store, install, leaseMs)).state, 'taken');
});

claims('gives a link back when it is released or its lease ends', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  await (await claimInstall(store, install, leaseMs)).release();
  assert.is((await claimInstall(store, install, leaseMs)).state, 'taken');
  clock.advance(leaseMs - 1);
  assert.is((await claimInstall(store, install, leaseMs)).state, 'in-progress');
  clock.advance(1);
  assert.is((await claimInstall(store, install, leaseMs)).state, 'taken');
});

claims('leaves a link to whoever took it after the lease', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const late = await claimInstall(store, install, leaseMs);
  clock.advance(leaseMs);
  const second = await claimInstall(store, install, leaseMs);
  assert.is(second.state, 'taken');
  await late.release();
  assert.is((await claimInstall(store, install, leaseMs)).state, 'in-progress');
  await late.settle();
  await second.release();
  assert.is((await claimInstall(store, install, leaseMs)).state, 'done');
});

claims('gives back nothing that is not its own', async () => {
  const store = standing();
  await claimInstall(store, install, leaseMs);
  const other = await claimInstall(store, install, leaseMs);
  await other.release();
  assert.is((await claimInstall(store, install, leaseMs)).state, 'in-progress');
});

claims('does not give back what is settled', async () => {
  const store = standing();
  const claim = await claimInstall(store, install, leaseMs);
  await claim.settle();
  await claim.release();
  assert.is((await claimInstall(store, install, leaseMs)).state, 'done');
});

claims('tells links apart by every value', async () => {
  const store = standing();
  await claimInstall(store, install, leaseMs);
  for (const change of [{ applicationKey: 'x' }, { installToken: 'x' }, { ticks: 'x' }, { checkValue: 'x' }]) {
    assert.is((await claimInstall(store, { ...install, ...change }, leaseMs)).state, 'taken');
  }
});

claims('keeps the token out of the key', async () => {
  const keys: string[] = [];
  const store = standing();
  await claimInstall({ ...store, compareAndSet: async (key) => keys.push(key) > 0 }, install, leaseMs);
  assert.match(keys[0] ?? '', /^nexudus\/install\/d420667525e0489d91068cbf732fe1dc\/[0-9a-f]{64}$/);
});

claims.run();
