import { type ManualClock, manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import { CredentialError, ResponseError } from '../src/errors.ts';
import { memoryStore } from '../src/memory-store.ts';
import { createRefusalBackoff } from '../src/refusal-backoff.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential } from '../src/renewable-credential-options.ts';
import type { Store } from '../src/store-contract.ts';

const standing = suite('refusal-backoff');
const refusal = (): CredentialError =>
  new CredentialError({ provider: 'sample', code: 'credential.refused', message: 'no' });

standing('none stands at first', () => {
  const none = createRefusalBackoff<CredentialError>(1000, manualClock());
  assert.is(none.standing(), undefined);
  assert.is(none.waitMs(), 0);
});

standing('a refusal stands for its time, the next one for twice as long, up to a minute', () => {
  const clock = manualClock();
  const held = createRefusalBackoff<CredentialError>(1000, clock);
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    const last = refusal();
    held.holdBack(last);
    assert.is(held.waitMs(), waitMs);
    clock.advance(waitMs - 1);
    assert.is(held.standing(), last);
    clock.advance(1);
    assert.is(held.standing(), undefined);
  }
  held.end();
  held.holdBack(refusal());
  assert.is(held.waitMs(), 1000);
  held.end();
  assert.equal([held.standing(), held.waitMs()], [undefined, 0]);
});

standing('one that begins above a minute stays there', () => {
  const held = createRefusalBackoff<CredentialError>(90_000, manualClock());
  for (let round = 0; round < 2; round += 1) {
    held.holdBack(refusal());
    assert.is(held.waitMs(), 90_000);
  }
});

standing('a clock that is set back does not lengthen it', () => {
  const clock = manualClock();
  const held = createRefusalBackoff<CredentialError>(1000, clock);
  held.holdBack(refusal());
  clock.advance(-3_600_000);
  assert.is.not(held.standing(), undefined);
  clock.advance(999);
  assert.is.not(held.standing(), undefined);
  clock.advance(1);
  assert.is(held.standing(), undefined);
});

standing.run();

const backoff = suite('renewable-credential · refusalBackoffMs');

interface Scene {
  readonly clock: ManualClock;
  readonly credential: RenewableCredential<string>;
  /** How often the provider was asked. */
  readonly asked: () => number;
  /** What the provider does from now on. */
  answer(status: number | 'grant'): void;
}

function scene(
  refusalBackoffMs?: number,
  store?: Store,
  clock: ManualClock = manualClock(),
  whenRefused?: 'wait' | 'ask',
): Scene {
  let asked = 0;
  let answer: number | 'grant' = 401;
  const credential = renewableCredential<string>({
    provider: 'sample',
    key: 'sample/1',
    clock,
    refusalBackoffMs,
    whenRefused,
    store,
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

for (const code of ['credential.revoked', 'credential.expired'] as const) {
  backoff(`${code}, which issuing says itself, is as final`, async () => {
    let asked = 0;
    const credential = renewableCredential<string>({
      provider: 'sample',
      key: 'sample/1',
      clock: manualClock(),
      async issue() {
        asked += 1;
        throw new CredentialError({ provider: 'sample', code, message: 'no' });
      },
      toHeaders: (token) => ({ 'x-token': token }),
      expiresAtMs: () => undefined,
    });
    for (let n = 0; n < 3; n += 1) await rejects(credential.get(), CredentialError, code);
    assert.is(asked, 1);
  });
}

backoff('credential.superseded, which is no word of the provider’s, is held against nobody', async () => {
  const store = memoryStore({ clock: manualClock() });
  let asked = 0;
  const credential = renewableCredential<string>({
    provider: 'sample',
    key: 'sample/1',
    clock: manualClock(),
    store,
    async issue() {
      asked += 1;
      throw new CredentialError({ provider: 'sample', code: 'credential.superseded', message: 'no' });
    },
    toHeaders: (token) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
  });
  for (let n = 0; n < 3; n += 1) await rejects(credential.get(), CredentialError, 'credential.superseded');
  assert.is(asked, 3);
  assert.is(await store.get('sample/1%lease'), undefined);
});

backoff('a whole fleet hears of one refusal', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [scene(1000, store, clock), scene(1000, store, clock)];
  const { cause } = await refused(one.credential);
  const told = (await refused(two.credential)).cause as ResponseError;
  assert.equal([told.code, told.status, told.provider], ['sample.wrong-password', 401, 'sample']);
  assert.equal(told.toJSON(), { ...(cause as ResponseError).toJSON(), message: told.message }, 'and nothing else');
  clock.advance(999);
  await refused(scene(1000, store, clock).credential);
  assert.equal([one.asked(), two.asked()], [1, 0]);
  clock.advance(1);
  two.answer('grant');
  assert.is(await two.credential.get(), 'token 1');
});

backoff('ahead of expiry nobody asks earlier than after expiry', async () => {
  const clock = manualClock();
  let asked = 0;
  const credential = renewableCredential<string>({
    provider: 'sample',
    key: 'sample/1',
    clock,
    refusalBackoffMs: 60_000,
    random: (length) => new Uint8Array(length),
    async issue() {
      asked += 1;
      if (asked === 1) return 'token';
      throw new ResponseError({ provider: 'sample', code: 'sample.no', status: 401, message: 'no' });
    },
    toHeaders: (token) => ({ 'x-token': token }),
    expiresAtMs: () => 1_767_225_600_000 + 3_600_000,
  });
  clock.set(1_767_225_600_000);
  await credential.get();
  clock.advance(3_600_000 - 60_000);
  for (let n = 0; n < 59; n += 1) {
    assert.is(await credential.get(), 'token');
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
  }
  assert.is(asked, 2);
});

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

backoff('one that may have something else to show is asked again, here and in the fleet', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const proofs = ['old', 'old', 'new'];
  const processOf = () =>
    renewableCredential<string>({
      provider: 'sample',
      key: 'sample/1',
      clock,
      store,
      whenRefused: 'ask',
      async issue() {
        const proof = proofs.shift();
        if (proof === 'new') return 'token';
        throw new ResponseError({ provider: 'sample', code: 'sample.wrong-password', status: 401, message: 'no' });
      },
      toHeaders: (token) => ({ 'x-token': token }),
      expiresAtMs: () => undefined,
    });
  await refused(processOf());
  const one = processOf();
  await refused(one);
  assert.is(await one.get(), 'token');
  assert.throws(() => scene(undefined, undefined, clock, 'never' as never), /whenRefused must be wait or ask/);
});

backoff('refuses a wait out of range', () => {
  assert.throws(() => scene(-1), /refusalBackoffMs/);
  assert.throws(() => scene(Number.NaN), /refusalBackoffMs/);
});

backoff.run();

const distrusting = suite('renewable-credential · what is issued is refused');

interface Refusing {
  readonly clock: ManualClock;
  readonly credential: RenewableCredential<string>;
  readonly client: ReturnType<typeof createClient>;
  /** What was sent to the API, and what its next answers are: 401 when there is none. */
  readonly sent: (string | null)[];
  readonly answers: number[];
  readonly issued: () => number;
}

function refusing(refusalBackoffMs?: number): Refusing {
  const clock = manualClock();
  const sent: (string | null)[] = [];
  const answers: number[] = [];
  let issued = 0;
  const credential = renewableCredential<string>({
    provider: 'sample',
    key: 'sample/1',
    clock,
    refusalBackoffMs,
    async issue() {
      issued += 1;
      return `t${issued}`;
    },
    toHeaders: (token) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
    isRejected: ({ status }) => status === 401,
  });
  const client = createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com',
    credential,
    retry: { limit: 0 },
    fetch: async (input) => {
      sent.push((input as Request).headers.get('x-token'));
      return new Response('{}', { status: answers.shift() ?? 401 });
    },
  });
  return { clock, credential, client, sent, answers, issued: () => issued };
}

const unauthorized = (client: Refusing['client']): Promise<unknown> =>
  rejects(client.get('a').json(), ResponseError, 'http.unauthorized');

distrusting('twenty calls in a row issue once more, and no more', async () => {
  const { client, sent, issued } = refusing();
  for (let n = 0; n < 20; n += 1) await unauthorized(client);
  assert.is(issued(), 2);
  assert.equal(sent, ['t1', ...Array.from({ length: 20 }, () => 't2')]);
});

distrusting('it is issued again after a wait that doubles', async () => {
  const { clock, client, issued } = refusing();
  await unauthorized(client);
  for (const waitMs of [1000, 2000, 4000]) {
    const before = issued();
    clock.advance(waitMs - 1);
    await unauthorized(client);
    assert.is(issued(), before, `${waitMs} ms are not over`);
    clock.advance(1);
    await unauthorized(client);
    assert.is(issued(), before + 1, `${waitMs} ms are over`);
  }
});

distrusting('one that was accepted is replaced at once when it is refused', async () => {
  const { client, sent, answers } = refusing();
  for (let n = 1; n < 5; n += 1) {
    answers.push(401, 200);
    await client.get('a').json();
  }
  assert.equal(sent, ['t1', 't2', 't2', 't3', 't3', 't4', 't4', 't5']);
});

distrusting('an answer that says nothing of it is no acceptance', async () => {
  for (const status of [302, 403, 500]) {
    const { client, answers, issued } = refusing();
    answers.push(401, status, 401);
    await client.get('a', { redirect: 'manual' }).catch(() => {});
    await unauthorized(client);
    assert.is(issued(), 2, String(status));
  }
});

for (const [name, supersede] of [
  ['clear', (credential: RenewableCredential<string>) => credential.clear()],
  ['replace', (credential: RenewableCredential<string>) => credential.replace('another')],
] as const) {
  distrusting(`${name} begins anew`, async () => {
    const { client, credential, issued } = refusing();
    await unauthorized(client);
    await supersede(credential);
    const before = issued();
    await unauthorized(client);
    assert.ok(issued() > before);
  });
}

distrusting('without a wait every refusal issues', async () => {
  const { client, issued } = refusing(0);
  for (let n = 0; n < 5; n += 1) await unauthorized(client);
  assert.is(issued(), 6);
});

distrusting.run();
