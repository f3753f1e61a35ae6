import { type ManualClock, manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, ResponseError } from '../src/errors.ts';
import { memoryStore } from '../src/memory-store.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential, RenewableCredentialOptions } from '../src/renewable-credential-options.ts';
import type { Store } from '../src/store-contract.ts';
import { fragileStore } from './fragile-store.ts';
import { settled } from './gated-store.ts';

interface Grant {
  readonly token: string;
  readonly untilMs?: number;
}

/** The provider was asked, and has not answered. */
interface Asked {
  readonly previous: Grant | undefined;
  give(grant: Grant): void;
  fail(error: unknown): void;
}

interface Scene {
  readonly credential: RenewableCredential<Grant>;
  readonly asked: Asked[];
  readonly types: string[];
}

const clock: ManualClock = manualClock();

function scene(overrides: Partial<RenewableCredentialOptions<Grant>> = {}): Scene {
  const asked: Asked[] = [];
  const types: string[] = [];
  const credential = renewableCredential<Grant>({
    provider: 'sample',
    key: 'key',
    issue: ({ previous }) => new Promise((give, fail) => asked.push({ previous, give, fail })),
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: ({ untilMs }) => untilMs,
    onEvent: ({ type }) => types.push(type),
    clock,
    ...overrides,
  });
  return { credential, asked, types };
}

const failure = (status: number): ResponseError =>
  new ResponseError({ provider: 'sample', code: 'http.rejected', status, message: 'no' });

/** Lets a store's operations come to their ends. */
async function calm(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await settled();
}

/** Asks for the value; that it may fail before somebody looks is no matter. */
function ask({ credential }: Scene): Promise<Grant> {
  const asking = credential.get();
  asking.catch(() => {});
  return asking;
}

/** Lets the provider be asked, and answers. */
async function answer({ asked }: Scene, number: number, give: (question: Asked) => void): Promise<void> {
  await calm();
  const question = asked[number];
  if (question === undefined) throw new Error(`the provider was asked ${asked.length} times only`);
  give(question);
  await calm();
}

const granted = (token: string, untilMs?: number) => (question: Asked) =>
  question.give(untilMs === undefined ? { token } : { token, untilMs });
const refused = (question: Asked): void => question.fail(failure(401));
const passing = (question: Asked): void => question.fail(failure(503));
const lost = (question: Asked): void => question.fail(new Error('reset'));

const issuer = suite('credential-issuer');

issuer('what was asked for before `clear` does not end the wait for what was asked for after it', async () => {
  const process = scene();
  const before = ask(process);
  await calm();
  await process.credential.clear();
  const after = [ask(process)];
  await answer(process, 0, granted('old'));
  after.push(ask(process));
  await answer(process, 1, granted('new'));
  assert.is((await before).token, 'old');
  assert.equal(await Promise.all(after), [{ token: 'new' }, { token: 'new' }]);
  assert.is(process.asked.length, 2);
});

issuer('a refusal that comes after `clear` is told, and holds nobody back', async () => {
  for (const store of [undefined, memoryStore({ clock })]) {
    const process = scene({ store });
    const before = ask(process);
    await calm();
    await process.credential.clear();
    process.asked[0]?.fail(failure(401));
    await rejects(before, CredentialError, 'credential.refused');
    assert.equal(process.types, ['credential-failed']);
    const after = ask(process);
    await answer(process, 1, granted('new'));
    assert.is((await after).token, 'new');
  }
});

issuer('a renewal whose answer is lost after `clear` leaves no doubt', async () => {
  const process = scene({ renewal: 'rotating' });
  const before = ask(process);
  await calm();
  await process.credential.clear();
  process.asked[0]?.fail(new Error('reset'));
  await rejects(before, CredentialError, 'credential.expired');
  const after = ask(process);
  await answer(process, 1, granted('new'));
  assert.is((await after).token, 'new');
});

issuer('the first issue of a rotating credential can be lost as well', async () => {
  const process = scene({ renewal: 'rotating' });
  const first = ask(process);
  await answer(process, 0, lost);
  const error = await rejects(first, CredentialError, 'credential.expired');
  assert.is(error.reason, 'answer-lost');
});

issuer('a replacement that comes while another process is waited for is given out', async () => {
  const store = memoryStore({ clock });
  const [leader, waiter] = [scene({ store }), scene({ store, sleep: calm })];
  ask(leader);
  await calm();
  const waiting = ask(waiter);
  await waiter.credential.replace({ token: 'mine' });
  assert.is((await waiting).token, 'mine');
  assert.not(waiter.types.includes('credential-store-failed'));
});

issuer('what is issued under a replacement gives its lease back', async () => {
  const store = memoryStore({ clock });
  const process = scene({ store });
  const waiting = ask(process);
  await calm();
  await process.credential.replace({ token: 'mine' });
  await answer(process, 0, granted('late'));
  assert.is((await waiting).token, 'mine');
  assert.is(await store.get('key%lease'), undefined);
});

issuer('a replacement that comes while the store is written is given out', async () => {
  const inner = memoryStore({ clock });
  let open = (): void => {};
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      if (JSON.stringify(next)?.includes('issued')) {
        await new Promise<void>((resolve) => {
          open = resolve;
        });
      }
      return inner.compareAndSet(key, expected, next, options);
    },
  };
  const process = scene({ store });
  const waiting = ask(process);
  await answer(process, 0, granted('issued'));
  const replacing = process.credential.replace({ token: 'mine' });
  open();
  await replacing;
  assert.is((await waiting).token, 'mine');
  assert.is((await scene({ store: inner }).credential.find())?.token, 'mine');
});

issuer('what is taken over from another process is held', async () => {
  const store = memoryStore({ clock });
  await scene({ store }).credential.replace({ token: 'there' });
  const process = scene({ store });
  assert.is((await process.credential.get()).token, 'there');
  assert.is(process.credential.peek()?.token, 'there');
  assert.equal(process.types, ['credential-reused']);
});

issuer('a failure that may pass keeps no other process from asking, also after a refusal', async () => {
  const store = memoryStore({ clock });
  const [one, two] = [scene({ store }), scene({ store })];
  for (const [number, give, code] of [
    [0, refused, 'credential.refused'],
    [1, passing, 'credential.renewal-failed'],
  ] as const) {
    const asking = ask(one);
    await answer(one, number, give);
    clock.advance(number === 0 ? 1000 : 0);
    await rejects(asking, CredentialError, code);
  }
  const other = ask(two);
  await answer(two, 0, granted('there'));
  assert.is((await other).token, 'there');
});

issuer('what one process was refused with, another hears of, and why', async () => {
  const store = memoryStore({ clock });
  const [one, two] = [scene({ store }), scene({ store })];
  const asking = ask(one);
  await answer(one, 0, refused);
  await rejects(asking, CredentialError, 'credential.refused');
  await rejects(two.credential.get(), CredentialError, /another process asked a moment ago, and the provider refused/);
});

issuer('a refusal that is to hold nobody back leaves nothing in the store', async () => {
  const store = memoryStore({ clock });
  const process = scene({ store, refusalBackoffMs: 0 });
  const asking = ask(process);
  await answer(process, 0, refused);
  await rejects(asking, CredentialError, 'credential.refused');
  assert.is(await store.get('key%lease'), undefined);
  assert.equal(process.types, ['credential-failed']);
});

issuer('without the store’s word a rotating credential is not renewed, and says why', async () => {
  const store = fragileStore(memoryStore({ clock }));
  store.broken = true;
  const { credential } = scene({ store, renewal: 'rotating' });
  await rejects(credential.get(), CredentialError, /the store does not tell whose turn it is to issue/);
});

issuer('a repeatable value that the store did not take is not stored later, a rotating one only once', async () => {
  for (const [renewal, writes] of [
    ['repeatable', 0],
    ['rotating', 1],
  ] as const) {
    const inner = memoryStore({ clock });
    const store = fragileStore(inner);
    const process = scene({ store, renewal });
    const asking = ask(process);
    await calm();
    store.broken = true;
    await answer(process, 0, granted('there'));
    await asking;
    store.broken = false;
    const before = await inner.get('key');
    for (let round = 0; round < 2; round += 1) {
      clock.advance(2000);
      await process.credential.get();
      await calm();
    }
    assert.is(JSON.stringify(before) === JSON.stringify(await inner.get('key')), writes === 0, renewal);
  }
});

issuer('what could not be stored does not displace what was put in place since', async () => {
  const inner = memoryStore({ clock });
  const store = fragileStore(inner);
  const process = scene({ store, renewal: 'rotating', whenStoreFails: 'issue' });
  store.broken = true;
  const asking = ask(process);
  await answer(process, 0, granted('unstored'));
  await asking;
  store.broken = false;
  await process.credential.replace({ token: 'mine' });
  clock.advance(2000);
  await process.credential.get();
  await calm();
  assert.is((await scene({ store: inner }).credential.find())?.token, 'mine');
});

issuer('a doubt over one value is none over another that came since', async () => {
  const inner = memoryStore({ clock });
  const store = fragileStore(inner);
  const process = scene({ store, renewal: 'rotating', whenStoreFails: 'issue' });
  await process.credential.replace({ token: 'first', untilMs: clock() + 1000 });
  clock.advance(1000);
  store.broken = true;
  const asking = ask(process);
  await answer(process, 0, lost);
  await rejects(asking, CredentialError, 'credential.expired');
  store.broken = false;
  await scene({ store: inner, renewal: 'rotating' }).credential.replace({ token: 'second', untilMs: clock() });
  clock.advance(60_000); // no refusal stands any more
  const again = ask(process);
  await answer(process, 1, granted('third'));
  assert.is((await again).token, 'third');
  assert.is(process.asked[1]?.previous?.token, 'second');
});

issuer('what lies in the store in another shape is nothing to renew from', async () => {
  for (const value of [7, { token: 7 }]) {
    const store = memoryStore({ clock });
    await store.set('key', { fence: 1, value });
    const process = scene({ store, renewal: 'rotating' });
    const asking = ask(process);
    await answer(process, 0, granted('new'));
    assert.is((await asking).token, 'new');
    assert.is(process.asked[0]?.previous, undefined);
  }
});

issuer('nor is what the app’s own look at it fails over', async () => {
  const store = memoryStore({ clock });
  await store.set('key', { fence: 1, value: { token: 'old' } });
  const isValue = (stored: unknown): boolean => (stored as { inner: { kind: string } }).inner.kind === 'grant';
  const process = scene({ store, renewal: 'rotating', isValue });
  const asking = ask(process);
  await answer(process, 0, granted('new'));
  assert.is((await asking).token, 'new');
  assert.is(process.asked[0]?.previous, undefined);
});

issuer.run();
