import { CredentialError, type XError } from '@x/http';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRefusedLogin } from '../src/refused-login.ts';
import { anna, application, count, createRig } from './harness.ts';

const refused = suite('quickblox · logins that were refused');
const proof = { user: { login: 'anna', password: 'p' } };

refused('are told the refusal for a second, doubled up to a minute', () => {
  const clock = manualClock();
  const login = createRefusedLogin(clock);
  const refusal = new RangeError('refused');
  login.assertUntried(proof);
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    login.note(proof, refusal);
    clock.advance(waitMs - 1);
    assert.throws(
      () => login.assertUntried({ 'user[login]': 'anna', 'user[password]': 'p' }),
      (error: unknown) => error === refusal,
    );
    clock.advance(1);
    login.assertUntried(proof);
  }
});

refused('keep no other login from being tried, whose own wait begins small', () => {
  const clock = manualClock();
  const login = createRefusedLogin(clock);
  for (let n = 0; n < 5; n += 1) login.note(proof, new RangeError('refused'));
  const other = { user: { login: 'anna', password: 'other' } };
  login.assertUntried(other);
  login.note(other, new RangeError('refused'));
  clock.advance(1000);
  login.assertUntried(other);
});

refused('are not sent again from a source until it gives another', async () => {
  const { quickblox, clock, calls } = createRig();
  let token = 'stale';
  let reads = 0;
  const read = () => {
    reads += 1;
    return { kind: 'facebook', token } as const;
  };
  const session = quickblox.session({ subject: 'otto', read });
  for (let n = 0; n < 5; n += 1) {
    for (let again = 0; again < 3; again += 1) {
      const error = await rejects(session.token(), CredentialError, 'credential.refused');
      assert.is((error.cause as XError).code, 'quickblox.provider-refused');
    }
    clock.advance(60_000);
  }
  assert.equal([count(calls(), 'POST /session.json 422'), reads], [5, 15]);
  await rejects(session.token(), CredentialError, 'credential.refused');
  token = 'facebook-token';
  assert.is((await session.info()).userId, 8, 'at once');
});

refused('do not wait longer for every request that meanwhile is told the refusal', async () => {
  const { quickblox, emulator, clock, calls } = createRig();
  emulator.putUser(application.id, { id: 7, login: 'anna', password: 'another' });
  const session = quickblox.session({ subject: 'anna', read: () => anna });
  for (let n = 0; n < 5; n += 1) {
    await rejects(session.token(), CredentialError, 'credential.refused');
    clock.advance(n === 0 ? 0 : 250);
  }
  assert.is(calls().length, 1);
  emulator.putUser(application.id, { id: 7, login: 'anna', password: anna.password });
  assert.is((await session.info()).userId, 7, 'a second after the refusal');
});

refused('are not remembered when it may pass', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session({ subject: 'otto', read: () => ({ kind: 'facebook', token: 'facebook-token' }) });
  for (const status of [429, 503]) {
    emulator.faults.add({ kind: 'status', status });
    await rejects(session.token(), CredentialError, 'credential.renewal-failed');
  }
  assert.is((await session.info()).userId, 8);
  assert.is(count(calls(), 'POST /session.json 201'), 1);
});

refused.run();
