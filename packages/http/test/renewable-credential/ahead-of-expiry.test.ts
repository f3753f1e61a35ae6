import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { settled } from '../gated-store.ts';
import { bench, gate, response } from './bench.ts';

const ahead = suite('renewable-credential · ahead of expiry');

ahead('the renewal runs beside the requests, which go on with the valid value', async () => {
  const hold = gate();
  const { credential, clock, issued, types } = bench({
    issue: async ({ previous }) => {
      issued.push(previous);
      if (issued.length > 1) await hold.passed;
      return { token: `t${issued.length}`, expiresAtMs: clock() + 3_600_000 };
    },
  });
  await credential.get();
  clock.advance(3_600_000 - 60_001);
  await credential.get();
  assert.is(issued.length, 1, 'not before the margin');
  clock.advance(1);
  for (let n = 0; n < 10; n += 1) assert.is((await credential.get()).token, 't1');
  await settled();
  assert.is(issued.length, 2, 'one renewal');
  hold.open();
  await settled();
  assert.is((await credential.get()).token, 't2');
  assert.is(issued.length, 2);
  assert.is(types().filter((type) => type === 'renewed').length, 1);
});

ahead('the platform is told what to wait for when the request has ended', async () => {
  const told: Promise<unknown>[] = [];
  const { credential, clock } = bench({ store: memoryStore(), waitUntil: (work) => told.push(work) });
  await credential.get();
  clock.advance(3_600_000 - 60_000);
  told.length = 0;
  assert.is((await credential.get()).token, 't1');
  for (let seen = 0; seen < told.length; seen += 1) await told[seen];
  assert.is(credential.peek()?.token, 't2');
});

ahead('jitter lets renewals of a fleet begin at different times, by half the margin at most', async () => {
  for (const [byte, aheadMs] of [
    [0, 60_000],
    [255, 89_999],
  ] as const) {
    const { credential, clock, issued } = bench({ random: (length) => new Uint8Array(length).fill(byte) });
    await credential.get();
    clock.advance(3_600_000 - aheadMs - 1);
    await credential.get();
    await settled();
    assert.is(issued.length, 1);
    clock.advance(1);
    await credential.get();
    await settled();
    assert.is(issued.length, 2);
  }
});

ahead('a renewal that fails is told, tried again later, and costs nobody a request', async () => {
  const { credential, clock, issued, types } = bench({
    issue: async ({ previous }) => {
      issued.push(previous);
      if (issued.length === 1) return { token: 't1', expiresAtMs: clock() + 3_600_000 };
      throw response(503);
    },
  });
  await credential.get();
  clock.advance(3_600_000 - 60_000);
  for (let n = 0; n < 20; n += 1) {
    assert.is((await credential.get()).token, 't1');
    await settled();
  }
  assert.is(issued.length, 2, 'once, however many ask');
  clock.advance(15_000);
  await credential.get();
  await settled();
  assert.is(issued.length, 3);
  clock.advance(45_000);
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.equal(
    types().filter((type) => type !== 'reused'),
    ['issued', 'failed', 'failed', 'failed'],
  );
});

ahead('a value that lives shorter than the margin is renewed in the second half of its life', async () => {
  const { credential, clock, issued } = bench({
    issue: async ({ previous }) => {
      issued.push(previous);
      return { token: `t${issued.length}`, expiresAtMs: clock() + 20_000 };
    },
  });
  for (let n = 0; n < 10; n += 1) {
    await credential.get();
    await settled();
  }
  assert.is(issued.length, 1, 'not at once, and not for each caller');
  clock.advance(10_000);
  await credential.get();
  await settled();
  assert.is(issued.length, 2);
});

ahead('a short-lived value is renewed in time also when its predecessor was renewed a moment ago', async () => {
  const { credential, clock, issued } = bench({
    issue: async ({ previous }) => {
      issued.push(previous);
      return { token: `t${issued.length}`, expiresAtMs: clock() + (issued.length === 1 ? 3_600_000 : 20_000) };
    },
  });
  await credential.get();
  clock.advance(3_600_000 - 60_000);
  await credential.get();
  await settled();
  clock.advance(10_000);
  await credential.get();
  await settled();
  assert.is(issued.length, 3);
});

ahead('a value that comes expired is given to those who waited, once each', async () => {
  const { credential, clock, issued } = bench({
    issue: async ({ previous }) => {
      issued.push(previous);
      return { token: `t${issued.length}`, expiresAtMs: clock() - 1 };
    },
  });
  assert.is((await credential.get()).token, 't1');
  assert.is((await credential.get()).token, 't2');
});

ahead('without margin there is no renewal ahead', async () => {
  const { credential, clock, issued } = bench({ marginMs: 0 });
  await credential.get();
  clock.advance(3_599_999);
  await credential.get();
  await settled();
  assert.is(issued.length, 1);
});

ahead.run();
