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
  for (let n = 0; n < 5; n += 1) {
    login.note(proof, new RangeError('refused'));
    clock.advance(60_000);
  }
  const other = { user: { login: 'anna', password: 'other' } };
  login.assertUntried(other);
  login.note(other, new RangeError('refused'));
  clock.advance(1000);
  login.assertUntried(other);
});

refused('begin with a second again after one that was accepted', () => {
  const clock = manualClock();
  const login = createRefusedLogin(clock);
  const other = { user: { login: 'anna', password: 'other' } };
  for (let n = 0; n < 5; n += 1) {
    login.note(proof, new RangeError('refused'));
    login.note(other, new RangeError('refused'));
    clock.advance(60_000);
  }
  login.end();
  login.assertUntried(proof);
  login.note(proof, new RangeError('refused'));
  login.note(other, new RangeError('refused'));
  for (const one of [proof, other]) assert.throws(() => login.assertUntried(one), /refused/);
  clock.advance(1000);
  for (const one of [proof, other]) login.assertUntried(one);
});

refused('are not waited for by a clock that was set back', () => {
  const clock = manualClock();
  const login = createRefusedLogin(clock);
  const [other, third] = ['other', 'third'].map((password) => ({ user: { login: 'anna', password } }));
  assert.ok(other !== undefined && third !== undefined);
  for (const one of [proof, other]) login.note(one, new RangeError('refused'));
  for (const one of [other, third]) assert.throws(() => login.assertUntried(one), /refused/);
  clock.set(clock() - 3_600_000);
  for (const one of [other, third]) login.assertUntried(one);
  login.note(third, new RangeError('refused'));
  assert.throws(() => login.assertUntried(third), /refused/);
  login.assertUntried(other); // the first that is refused since
  login.note(other, new RangeError('refused'));
  for (const one of [other, proof]) assert.throws(() => login.assertUntried(one), /refused/);
});

refused('slow a source down that gives another each time', async () => {
  const { quickblox, clock, calls } = createRig();
  let reads = 0;
  const read = () => {
    reads += 1;
    return { kind: 'facebook', token: `of another time ${reads}` } as const;
  };
  const session = quickblox.session({ subject: 'otto', read });
  const asked: number[] = [];
  for (let second = 0; second < 32; second += 1) {
    for (let n = 0; n < 10; n += 1) {
      const error = await rejects(session.token(), CredentialError, 'credential.refused');
      assert.is((error.cause as XError).code, 'quickblox.provider-refused');
    }
    asked.push(calls().length);
    clock.advance(1000);
  }
  assert.equal(asked.slice(0, 16), [2, 4, 4, 6, 6, 6, 6, 8, 8, 8, 8, 8, 8, 8, 8, 10]);
  assert.is(asked.at(-1), 14, 'twice in eight seconds at most');
});

refused('let a source’s next login through after one that was accepted', async () => {
  const { quickblox, emulator } = createRig();
  let token = 'stale';
  const session = quickblox.session({ subject: 'otto', read: () => ({ kind: 'facebook', token }) });
  await rejects(session.token(), CredentialError, 'credential.refused');
  token = 'facebook-token';
  await session.token();
  emulator.endSessions();
  token = 'also stale';
  await rejects(session.info(), CredentialError, 'credential.refused');
  token = 'facebook-token';
  assert.is((await session.info()).userId, 8);
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
