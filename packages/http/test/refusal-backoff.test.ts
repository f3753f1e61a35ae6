import { type ManualClock, manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, ResponseError } from '../src/errors.ts';
import { type RenewableCredential, renewableCredential } from '../src/renewable-credential.ts';

const backoff = suite('renewable-credential · refusalBackoffMs');

interface Scene {
  readonly clock: ManualClock;
  readonly credential: RenewableCredential<string>;
  /** How often the provider was asked. */
  readonly asked: () => number;
  /** What the provider does from now on. */
  answer(status: number | 'grant'): void;
}

function scene(refusalBackoffMs?: number): Scene {
  const clock = manualClock();
  let asked = 0;
  let answer: number | 'grant' = 401;
  const credential = renewableCredential<string>({
    provider: 'sample',
    key: 'sample/1',
    clock,
    refusalBackoffMs,
    async issue() {
      asked += 1;
      if (answer === 'grant') return `token ${asked}`;
      throw new ResponseError({ provider: 'sample', code: 'sample.wrong-password', status: answer, message: 'no' });
    },
    toHeaders: (token) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
  });
  return {
    clock,
    credential,
    asked: () => asked,
    answer(next) {
      answer = next;
    },
  };
}

const refused = (credential: RenewableCredential<string>): Promise<CredentialError> =>
  rejects(credential.get(), CredentialError, 'credential.refused');

backoff('a refusal is not asked for again at once, and everybody hears of it', async () => {
  const { clock, credential, asked } = scene();
  const first = await refused(credential);
  clock.advance(999);
  assert.is((await refused(credential)).cause, first.cause);
  assert.is(asked(), 1);
  clock.advance(1);
  await refused(credential);
  assert.is(asked(), 2);
});

backoff('the wait doubles up to a minute', async () => {
  const { clock, credential, asked } = scene();
  await refused(credential);
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    const before = asked();
    clock.advance(waitMs - 1);
    await refused(credential);
    assert.is(asked(), before, `${waitMs} ms are not over`);
    clock.advance(1);
    await refused(credential);
    assert.is(asked(), before + 1, `${waitMs} ms are over`);
  }
});

backoff('a value that is issued ends it', async () => {
  const { clock, credential, asked, answer } = scene();
  await refused(credential);
  answer('grant');
  clock.advance(1000);
  assert.is(await credential.get(), 'token 2');
  await credential.discard?.({ 'x-token': 'token 2' });
  answer(401);
  await refused(credential);
  clock.advance(1000);
  await refused(credential);
  assert.is(asked(), 4, 'the wait begins small again');
});

for (const [name, supersede] of [
  ['clear', (credential: RenewableCredential<string>) => credential.clear()],
  ['replace', (credential: RenewableCredential<string>) => credential.replace('another')],
] as const) {
  backoff(`${name} ends it`, async () => {
    const { credential, answer } = scene();
    await refused(credential);
    answer('grant');
    await supersede(credential);
    assert.type(await credential.get(), 'string');
  });
}

backoff('a failure that may pass is tried again at once', async () => {
  const { credential, asked, answer } = scene();
  answer(503);
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  answer('grant');
  assert.is(await credential.get(), 'token 2');
  assert.is(asked(), 2);
});

backoff('none, when none is wanted', async () => {
  const { credential, asked } = scene(0);
  await refused(credential);
  await refused(credential);
  assert.is(asked(), 2);
});

backoff('refuses a wait out of range', () => {
  assert.throws(() => scene(-1), /refusalBackoffMs/);
  assert.throws(() => scene(Number.NaN), /refusalBackoffMs/);
});

backoff.run();
