import { createHash } from 'node:crypto';
import type { JsonValue } from '@x/crypto';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accessTokenDigest,
  accessTokenKey,
  removeAccessToken,
  saveAccessToken,
  storeVerifier,
} from '../../src/index.ts';
import { presented } from './presented.ts';

const verify = suite('hypelabs · storeVerifier');

function setUp() {
  const clock = manualClock();
  const store = memoryStore({ clock });
  return { clock, store, verifier: storeVerifier({ store, clock }) };
}

verify('knows a token by its SHA-256 and tells whose it is', async () => {
  const { clock, store, verifier } = setUp();
  await saveAccessToken(store, 'token-1', {
    subject: 'user-7',
    userIdentifier: 7,
    scope: 'mesh',
    expiresAtMs: clock() + 60_000,
    clock,
  });
  assert.equal(await verifier(presented('token-1')), {
    active: true,
    subject: 'user-7',
    userIdentifier: 7,
    claims: { scope: 'mesh' },
  });
  assert.equal(await verifier(presented('token-2')), { active: false, reason: 'token-unknown' });
  assert.equal(await verifier(presented('Token-1')), { active: false, reason: 'token-unknown' });
});

verify('keeps the token itself out of the store', async () => {
  const { clock } = setUp();
  const written: string[] = [];
  const set: Store['set'] = async (key, value) => void written.push(key, JSON.stringify(value));
  await saveAccessToken({ set }, 'marker-token', { subject: 's', expiresAtMs: clock() + 1, clock });
  assert.not.match(written.join(), /marker-token/);
  assert.match(written.join(), createHash('sha256').update('marker-token').digest('hex'));
  assert.ok(accessTokenKey('marker-token').endsWith(accessTokenDigest('marker-token')));
});

for (const [clockToleranceMs, afterMs, reason] of [
  [undefined, 60_000 + 29_999, undefined],
  [undefined, 60_000 + 30_000, 'token-expired'],
  [0, 59_999, undefined],
  [0, 60_000, 'token-expired'],
  [undefined, 60_000 + 300_000, 'token-unknown'],
] as const) {
  verify(`answers ${reason ?? 'active'} ${afterMs} ms later with a tolerance of ${clockToleranceMs} ms`, async () => {
    const { clock, store } = setUp();
    const expiresAtMs = clock() + 60_000;
    await saveAccessToken(store, 'token-1', { subject: 's', expiresAtMs, clock });
    clock.advance(afterMs);
    const result = await storeVerifier({ store, clock, clockToleranceMs })(presented('token-1'));
    assert.is(result.active ? undefined : result.reason, reason);
  });
}

verify('takes no token for good by a clock that is none', async () => {
  const { clock, store } = setUp();
  await saveAccessToken(store, 'token-1', { subject: 's', expiresAtMs: clock() + 60_000, clock });
  for (const time of [Number.NaN, undefined]) {
    const result = await storeVerifier({ store, clock: () => time as number })(presented('token-1'));
    assert.equal(result, { active: false, reason: 'token-expired' });
  }
});

verify('no longer knows a token that was removed', async () => {
  const { clock, store, verifier } = setUp();
  await saveAccessToken(store, 'token-1', { subject: 's', expiresAtMs: clock() + 60_000, clock });
  await removeAccessToken(store, 'token-1');
  assert.equal(await verifier(presented('token-1')), { active: false, reason: 'token-unknown' });
});

verify("does not take another token's record from a store that compares keys loosely", async () => {
  const { clock } = setUp();
  const record = { digest: accessTokenDigest('token-1'), subject: 's', expiresAtMs: clock() + 60_000 };
  const verifier = storeVerifier({ store: { get: async () => record }, clock });
  assert.is((await verifier(presented('token-1'))).active, true);
  assert.equal(await verifier(presented('token-2')), { active: false, reason: 'token-unknown' });
});

const broken: readonly JsonValue[] = [
  true,
  'text',
  [],
  {},
  { digest: 'x', subject: 's' },
  { digest: 'x', subject: 's', expiresAtMs: 'soon' },
  { digest: 'x', subject: 's', expiresAtMs: 1, userIdentifier: '7' },
];
for (const record of broken) {
  verify(`throws for the record ${JSON.stringify(record)}`, async () => {
    const verifier = storeVerifier({ store: { get: async () => record } });
    await rejects((async () => verifier(presented('x')))(), Error, 'store.record-malformed');
  });
}

verify('passes on what the store throws', async () => {
  const verifier = storeVerifier({ store: { get: () => Promise.reject(new Error('no connection')) } });
  await rejects((async () => verifier(presented('x')))(), Error, /no connection/);
});

verify('takes null, as databases say it, for unknown', async () => {
  const verifier = storeVerifier({ store: { get: async () => null } });
  assert.equal(await verifier(presented('x')), { active: false, reason: 'token-unknown' });
});

verify('refuses a grant that can never be good', async () => {
  const { clock, store } = setUp();
  const grant = { subject: 's', expiresAtMs: clock() + 1, clock };
  await rejects(saveAccessToken(store, 't', { ...grant, expiresAtMs: clock() }), RangeError, /expiresAtMs/);
  await rejects(saveAccessToken(store, 't', { ...grant, expiresAtMs: Number.NaN }), RangeError, /expiresAtMs/);
  await rejects(saveAccessToken(store, 't', { ...grant, userIdentifier: -1 }), RangeError, /userIdentifier/);
});

const useless: readonly [token: unknown, grant: object, type: typeof TypeError | typeof RangeError, message: RegExp][] =
  [
    ['', {}, TypeError, /^accessToken must/],
    ['Bearer token-1', {}, TypeError, /^accessToken must/],
    [7, {}, TypeError, /^accessToken must/],
    ['token-\u20ac', {}, TypeError, /^accessToken must/],
    ['t'.repeat(8193), {}, TypeError, /^accessToken must/],
    ['token-1', { subject: undefined }, TypeError, /^subject must be text/],
    ['token-1', { scope: ['mesh'] }, TypeError, /^scope must be text/],
    ['token-1', { expiresAtMs: Number.POSITIVE_INFINITY }, RangeError, /^expiresAtMs must/],
  ];
for (const [index, [token, changes, type, message]] of useless.entries()) {
  verify(`does not store what every use of would end in 401 or 503 (${index}): ${message.source}`, async () => {
    const { clock } = setUp();
    const grant = { subject: 's', expiresAtMs: clock() + 1000, clock, ...changes };
    const set: Store['set'] = async () => assert.unreachable('nothing is to be written');
    await rejects(saveAccessToken({ set }, token as string, grant as never), type, message);
  });
}

for (const [options, message] of [
  [undefined, /options/],
  [{}, /store is missing/],
  [{ store: {} }, /store must have a method get/],
  [{ store: memoryStore(), clockToleranceMs: -1 }, /clockToleranceMs/],
  [{ store: memoryStore(), clock: 7 }, /clock must be a function/],
] as const) {
  verify(`refuses options: ${message.source}`, () => {
    assert.throws(() => storeVerifier(options as never), message);
  });
}

verify('answers whatever the token is', () => {
  const { verifier } = setUp();
  return property(
    fc.asyncProperty(fc.stringMatching(/^[\x20-\x7e]+$/), async (token) => {
      assert.equal(await verifier(presented(token)), { active: false, reason: 'token-unknown' });
    }),
  );
});

verify.run();
