import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import type { JsonValue, RandomSource } from '@x/crypto';
import { type ManualClock, manualClock, property, rejects, scriptedFetch } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import { CredentialError, RequestError, ResponseError } from '../src/errors.ts';
import type { CredentialEvent } from '../src/events.ts';
import { memoryStore } from '../src/memory-store.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential, RenewableCredentialOptions } from '../src/renewable-credential-options.ts';
import type { Store } from '../src/store-contract.ts';
import { readShelf } from '../src/stored-credential.ts';
import { fragileStore } from './fragile-store.ts';
import { gatedStore, runAll, runUntil, settled } from './gated-store.ts';

interface Session {
  readonly token: string;
  readonly expiresAtMs?: number;
}

/** Something that settles when the test says so. */
interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}
function gate(): Gate {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** What lies under the credential's key. */
async function stored(store: Store): Promise<Partial<Session> | undefined> {
  return readShelf<Session>(await store.get('sample/1'))?.value;
}

/** Puts a value there as another process would. */
function storeForOthers(store: Store, value: JsonValue, fence = 1000): Promise<void> {
  return store.set('sample/1', { fence, value });
}

interface Bench {
  readonly credential: RenewableCredential<Session>;
  readonly clock: ManualClock;
  /** What `issue` was told, in order. */
  readonly issued: (Session | undefined)[];
  readonly events: CredentialEvent[];
  readonly types: () => string[];
}

let processes = 0;

/** No jitter, and names of its own for each process. */
function steady(): RandomSource {
  processes += 1;
  const name = processes;
  return (length) => new Uint8Array(length).fill(length === 16 ? name : 0);
}

/** A credential whose values are `t1`, `t2`, …, valid for an hour. */
function bench(overrides: Partial<RenewableCredentialOptions<Session>> = {}): Bench {
  const clock = (overrides.clock ?? manualClock()) as ManualClock;
  const issued: (Session | undefined)[] = [];
  const events: CredentialEvent[] = [];
  const credential = renewableCredential<Session>({
    provider: 'sample',
    key: 'sample/1',
    issue: async ({ previous }) => {
      issued.push(previous);
      return { token: `t${issued.length}`, expiresAtMs: clock() + 3_600_000 };
    },
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
    isRejected: ({ status }) => status === 401,
    random: steady(),
    onEvent: (event) => events.push(event),
    clock,
    ...overrides,
  });
  return { credential, clock, issued, events, types: () => events.map(({ type }) => type.replace('credential-', '')) };
}

const sentAs = ({ token }: Session): { 'x-token': string } => ({ 'x-token': token });

const issuing = suite('renewable-credential · issuing');

issuing('issues when first asked, and not before', async () => {
  const { credential, issued, types } = bench();
  assert.is(credential.peek(), undefined);
  assert.equal(issued, []);
  assert.is((await credential.get()).token, 't1');
  assert.is(credential.peek()?.token, 't1');
  assert.equal(await credential.headers({}), { 'x-token': 't1' });
  assert.equal(issued, [undefined]);
  assert.equal(types(), ['issued', 'reused']);
});

issuing('tells when what is being issued has come or failed, and issues nothing for that', async () => {
  const { credential, issued } = bench();
  await credential.settled();
  assert.equal(issued, []);
  const coming = credential.get();
  await credential.settled();
  assert.is(credential.peek()?.token, 't1');
  await coming;
  const failing = bench({ issue: async () => Promise.reject(new Error('no')) }).credential;
  const refused = rejects(failing.get(), CredentialError, 'credential.renewal-failed');
  await failing.settled();
  await refused;
});

issuing('a hundred callers wait for one', async () => {
  const { credential, issued } = bench();
  const values = await Promise.all(Array.from({ length: 100 }, () => credential.get()));
  assert.is(issued.length, 1);
  assert.is(new Set(values).size, 1);
});

issuing('a hundred callers hear of one failure, and the next one tries again', async () => {
  let attempts = 0;
  const { credential, types } = bench({
    issue: async () => {
      attempts += 1;
      throw new TypeError('fetch failed');
    },
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => credential.get()));
  assert.is(attempts, 1);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.is(attempts, 2);
  assert.equal(types(), ['failed', 'failed']);
});

issuing('a value without expiry is issued once', async () => {
  const { credential, clock, issued } = bench({
    issue: async () => {
      issued.push(undefined);
      return { token: 'for ever' };
    },
  });
  await credential.get();
  clock.advance(10 * 365 * 86_400_000);
  await credential.get();
  assert.is(issued.length, 1);
});

issuing('an expired value is never given out, and told to its successor’s issue', async () => {
  const { credential, clock, issued, types } = bench();
  await credential.get();
  clock.advance(3_600_000);
  assert.is((await credential.get()).token, 't2');
  assert.is(issued[1]?.token, 't1');
  assert.equal(types(), ['issued', 'renewed']);
});

issuing('one that does not answer is given up, also when it ignores its signal', async () => {
  let seen: AbortSignal | undefined;
  const { credential } = bench({
    issueTimeoutMs: 20,
    issue: ({ signal }) => {
      seen = signal;
      return new Promise(() => {});
    },
  });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.is((error.cause as RequestError).code, 'http.timeout');
  assert.ok(seen?.aborted);
});

issuing('a caller who aborts stops waiting; the others get the value', async () => {
  const hold = gate();
  const { credential, issued } = bench({
    issue: async () => {
      issued.push(undefined);
      await hold.passed;
      return { token: 'late' };
    },
  });
  const controller = new AbortController();
  const leaving = credential.get({ signal: controller.signal });
  const staying = credential.get({ signal: new AbortController().signal });
  const plain = credential.get();
  controller.abort(new Error('any reason'));
  await rejects(leaving, RequestError, 'http.aborted');
  hold.open();
  assert.equal([(await staying).token, (await plain).token], ['late', 'late']);
  assert.is(issued.length, 1);
});

issuing('a caller who got the value leaves nothing on its signal', async () => {
  const { signal } = new AbortController();
  await bench().credential.get({ signal });
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

issuing('a caller who has aborted already starts nothing', async () => {
  const { credential, issued } = bench();
  await rejects(credential.get({ signal: AbortSignal.abort() }), RequestError, 'http.aborted');
  await settled();
  assert.equal(issued, []);
});

issuing('when all callers abort, the value is there for the next one', async () => {
  const hold = gate();
  const { credential, issued } = bench({
    issue: async () => {
      issued.push(undefined);
      await hold.passed;
      return { token: 'late' };
    },
  });
  const controller = new AbortController();
  const leaving = credential.get({ signal: controller.signal });
  controller.abort();
  await rejects(leaving, RequestError, 'http.aborted');
  hold.open();
  await settled();
  assert.is((await credential.get()).token, 'late');
  assert.is(issued.length, 1);
});

const ranges: readonly [name: string, overrides: Partial<RenewableCredentialOptions<Session>>][] = [
  ['marginMs', { marginMs: -1 }],
  ['marginMs', { marginMs: Number.NaN }],
  ['issueTimeoutMs', { issueTimeoutMs: 0 }],
  ['issueTimeoutMs', { issueTimeoutMs: 600_001 }],
  ['storeTimeoutMs', { storeTimeoutMs: 0 }],
  ['storeTimeoutMs', { storeTimeoutMs: 60_001 }],
];
for (const [name, overrides] of ranges) {
  issuing(`refuses ${inspect(overrides)} at construction`, () => {
    assert.throws(
      () => bench(overrides),
      (error: unknown) => error instanceof RangeError && error.message.startsWith(name),
    );
  });
}

issuing.run();

const failing = suite('renewable-credential · failures');

const response = (status: number): ResponseError =>
  new ResponseError({ provider: 'sample', code: 'sample.code', status, message: 'no' });
const revoked = new CredentialError({ provider: 'sample', code: 'credential.revoked', message: 'revoked' });

const causes: readonly [name: string, thrown: unknown, code: string][] = [
  ['a refusal', response(401), 'credential.refused'],
  ['a bad request', response(400), 'credential.refused'],
  ['a request timeout', response(408), 'credential.renewal-failed'],
  ['a rate limit', response(429), 'credential.renewal-failed'],
  ['a server error', response(503), 'credential.renewal-failed'],
  [
    'a network failure',
    new RequestError({ provider: 'sample', code: 'http.network', message: 'no' }),
    'credential.renewal-failed',
  ],
  ['a mistake in the code', new RangeError('hush'), 'credential.renewal-failed'],
  ['text', 'hush', 'credential.renewal-failed'],
  ['a verdict of its own', revoked, 'credential.revoked'],
];
for (const [name, thrown, code] of causes) {
  failing(`${name} is ${code}`, async () => {
    const { credential, events } = bench({
      issue: async () => {
        throw thrown;
      },
    });
    const error = await rejects(credential.get(), CredentialError, code);
    assert.equal(events, [{ type: 'credential-failed', provider: 'sample', key: 'sample/1', code }]);
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
    if (thrown instanceof ResponseError) assert.is(error.cause, thrown);
  });
}

failing('an error of another installed copy of this package counts the same', async () => {
  const foreign = Object.assign(new Error('no'), { name: 'ResponseError', code: 'sample.code', status: 401 });
  Object.defineProperty(foreign, Symbol.for('@x/http.XError'), { value: true });
  const { credential } = bench({
    issue: async () => {
      throw foreign;
    },
  });
  await rejects(credential.get(), CredentialError, 'credential.refused');
});

for (const wrong of [Number.NaN, Number.NEGATIVE_INFINITY, null as never]) {
  failing(`an expiry of ${wrong} is a mistake, wherever the value comes from`, async () => {
    const store = memoryStore();
    const value = { token: 'mine', expiresAtMs: wrong };
    const { credential, types } = bench({ store, issue: async () => value, observe: () => value });
    const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
    assert.match(String((error.cause as Error).name), 'TypeError');
    assert.equal(types(), ['failed']);
    assert.is(await stored(store), undefined);

    await rejects(credential.replace(value), TypeError, /expiresAtMs/);
    assert.is(credential.peek(), undefined);

    const good = { token: 'mine', expiresAtMs: 1e15 };
    await credential.replace(good);
    assert.throws(() => credential.observe?.(told(1), sentAs(good)), /expiresAtMs/);
    assert.is(credential.peek(), good);

    await credential.clear();
    await storeForOthers(store, { token: 'theirs', expiresAtMs: null });
    await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  });
}

failing('an expiry of Infinity is none', async () => {
  const store = memoryStore();
  const { credential, clock, issued } = bench({ store, expiresAtMs: () => Number.POSITIVE_INFINITY });
  await credential.get();
  clock.advance(1e12);
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

failing('a renewal that ended with the request that began it is begun anew by a later one', async () => {
  const store = memoryStore();
  await store.set('sample/1%lease', 'of another process');
  const { credential, clock, issued } = bench({
    store,
    issueTimeoutMs: 20,
    storeTimeoutMs: 1000,
    sleep: () => new Promise(() => {}),
  });
  const waiting = credential.get();
  await settled();
  await store.delete('sample/1%lease');
  clock.advance(6040);
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
  waiting.catch(() => {});
});

failing('an error of the platform’s for a renewal of another request is not the caller’s', async () => {
  const store = memoryStore();
  await store.set('sample/1%lease', 'of another process');
  let sleeps = 0;
  const made = bench({
    store,
    async sleep() {
      sleeps += 1;
      if (sleeps === 1) throw new Error('this promise was created by a request that has since ended');
      await store.delete('sample/1%lease');
    },
  });
  const tokens = await Promise.all([made.credential.get(), made.credential.get()]);
  assert.equal(
    tokens.map(({ token }) => token),
    ['t1', 't1'],
  );
  assert.is(made.issued.length, 1);
});

failing('one that comes again is told as a failure to renew', async () => {
  const store = memoryStore();
  await store.set('sample/1%lease', 'of another process');
  const { credential } = bench({ store, sleep: () => Promise.reject(new Error('hush: not here')) });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.not.match(inspect(error, { depth: null }), 'hush');
});

failing.run();

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

const superseding = suite('renewable-credential · clear and replace');

/** A credential whose issues wait for the gates, in order. */
function gated(overrides: Partial<RenewableCredentialOptions<Session>> = {}): Bench & { readonly gates: Gate[] } {
  const gates: Gate[] = [];
  const made: Bench = bench({
    issue: async ({ previous }) => {
      made.issued.push(previous);
      const token = `t${made.issued.length}`;
      const own = gate();
      gates.push(own);
      await own.passed;
      return { token, expiresAtMs: made.clock() + 3_600_000 };
    },
    ...overrides,
  });
  return { ...made, gates };
}

superseding('clear forgets, here and in the store', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  await credential.get();
  await credential.clear();
  assert.is(credential.peek(), undefined);
  assert.equal(await store.get('sample/1'), { fence: 2, cleared: true }, 'but the number, and that');
  assert.is((await credential.get()).token, 't2');
  assert.equal(issued, [undefined, undefined], 'what was forgotten is told to nobody');
});

for (const sharing of ['without', 'with'] as const) {
  superseding(`clear ${sharing} a store also forgets what is being issued`, async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const { credential, gates, issued } = gated({ clock, ...(sharing === 'with' ? { store } : {}) });
    const waiting = credential.get();
    await settled();
    await credential.clear();
    const after = credential.get();
    await settled();
    assert.is(issued.length, 2, 'who asks after it does not get what was asked for before');
    gates[0]?.open();
    assert.is((await waiting).token, 't1', 'who asked before it does');
    assert.is(credential.peek(), undefined);
    assert.is(await stored(store), undefined);
    gates[1]?.open();
    assert.is((await after).token, 't2');
    assert.is(credential.peek()?.token, 't2');
    assert.is((await stored(store))?.token, sharing === 'with' ? 't2' : undefined);
    assert.is(await store.get('sample/1%lease'), undefined);
  });
}

superseding('clear ends a renewal that runs ahead of expiry', async () => {
  const { credential, clock, gates, issued } = gated();
  const first = credential.get();
  await settled();
  gates[0]?.open();
  await first;
  clock.advance(3_600_000 - 60_000);
  await credential.get();
  await settled();
  assert.is(issued.length, 2);
  await credential.clear();
  gates[1]?.open();
  await settled();
  assert.is(credential.peek(), undefined);
});

superseding('clear while the store is being written leaves no value there', async () => {
  const inner = memoryStore();
  const hold = gate();
  const store: Store = {
    ...inner,
    compareAndSet: async (...call) => {
      if (readShelf(call[2])?.value !== undefined) await hold.passed;
      return inner.compareAndSet(...call);
    },
  };
  const { credential } = bench({ store });
  const waiting = credential.get();
  await settled();
  const cleared = credential.clear();
  hold.open();
  await Promise.all([waiting, cleared]);
  assert.equal(await inner.get('sample/1'), { fence: 2, cleared: true });
});

superseding('replace puts a value in place, here and in the store', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  await credential.get();
  await credential.replace({ token: 'mine' });
  assert.is((await credential.get()).token, 'mine');
  assert.equal(await stored(store), { token: 'mine' });
  assert.is(issued.length, 1);
});

superseding('what is being issued does not displace a replacement, and its callers get that', async () => {
  const store = memoryStore();
  const { credential, gates } = gated({ store });
  const waiting = credential.get();
  await settled();
  await credential.replace({ token: 'mine' });
  gates[0]?.open();
  assert.is((await waiting).token, 'mine');
  assert.is(credential.peek()?.token, 'mine');
  assert.equal(await stored(store), { token: 'mine' });
});

superseding('nor does one that fails', async () => {
  const hold = gate();
  const { credential } = bench({
    issue: async () => {
      await hold.passed;
      throw response(401);
    },
  });
  const waiting = credential.get();
  await settled();
  await credential.replace({ token: 'mine' });
  hold.open();
  assert.is((await waiting).token, 'mine');
});

superseding('one that fails after clear fails for those who asked before it only', async () => {
  const hold = gate();
  let attempts = 0;
  const { credential } = bench({
    issue: async () => {
      attempts += 1;
      if (attempts > 1) return { token: 'new' };
      await hold.passed;
      throw response(401);
    },
  });
  const waiting = credential.get();
  await settled();
  await credential.clear();
  assert.is((await credential.get()).token, 'new');
  hold.open();
  assert.is((await waiting).token, 'new');
});

superseding('replacing while the store is being asked gives the replacement', async () => {
  const hold = gate();
  const inner = memoryStore();
  const store: Store = {
    ...inner,
    get: async (key) => {
      await hold.passed;
      return inner.get(key);
    },
  };
  const { credential, issued } = bench({ store });
  const waiting = credential.get();
  await settled();
  const replaced = credential.replace({ token: 'mine' });
  hold.open();
  await replaced;
  assert.is((await waiting).token, 'mine');
  assert.equal(issued, []);
});

superseding('replacing while the lease is being taken gives the replacement, and the lease back', async () => {
  const inner = memoryStore();
  let replaced: Promise<void> | undefined;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      const done = await inner.compareAndSet(key, expected, next, options);
      if (expected === undefined) replaced ??= credential.replace({ token: 'mine' });
      return done;
    },
  };
  const { credential, issued } = bench({ store });
  assert.is((await credential.get()).token, 'mine');
  await replaced;
  assert.equal(issued, []);
  assert.is(await inner.get('sample/1%lease'), undefined);
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  superseding(
    `${renewal}: what was cleared while the store was away is not used again, and goes when it is back`,
    async () => {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { credential, clock, issued, types } = bench({ store, renewal, whenStoreFails: 'issue' });
      await credential.get();
      store.broken = true;
      await credential.clear();
      assert.ok(types().includes('store-failed'));
      assert.is((await stored(inner))?.token, 't1');
      store.broken = false;
      assert.is(await credential.find(), undefined);
      assert.is((await credential.get()).token, 't2');
      assert.equal(issued, [undefined, undefined]);
      assert.is((await stored(inner))?.token, 't2');
      clock.advance(3_600_000);
      assert.is((await credential.get()).token, 't3');
    },
  );

  superseding(
    `${renewal}: one that is issued before the store is back takes the place of what was cleared`,
    async () => {
      const inner = memoryStore();
      const store = fragileStore(inner);
      const { credential, clock, issued } = bench({ store, renewal, whenStoreFails: 'issue' });
      await credential.get();
      store.broken = true;
      await credential.clear();
      assert.is((await credential.get()).token, 't2');
      store.broken = false;
      clock.advance(2000);
      assert.is((await credential.get()).token, 't2');
      await settled();
      assert.is((await stored(inner))?.token, 't2');
      assert.equal(issued, [undefined, undefined]);
    },
  );

  superseding(`${renewal}: what was put in place while the store was away is stored before it is renewed`, async () => {
    const inner = memoryStore();
    const store = fragileStore(inner);
    const { credential, clock, issued } = bench({ store, renewal });
    await credential.get();
    const mine = { token: 'mine', expiresAtMs: clock() + 1000 };
    store.broken = true;
    await credential.replace(mine);
    assert.is((await credential.get()).token, 'mine');
    store.broken = false;
    clock.advance(1000);
    assert.is((await credential.get()).token, 't2');
    assert.equal(issued, [undefined, mine]);
    assert.is((await stored(inner))?.token, 't2');
  });
}

superseding('a removal that lands late does not remove what was put in place since', async () => {
  const inner = memoryStore();
  const store = gatedStore(inner);
  await storeForOthers(inner, { token: 'old' });
  const { credential } = bench({ store: store.of(0), storeTimeoutMs: 20 });
  const cleared = credential.clear();
  await settled();
  await runUntil(store, 0, 1);
  await cleared;
  const late = store.held.splice(0);
  const replaced = credential.replace({ token: 'mine' });
  await settled();
  await runAll(store, 0);
  await replaced;
  for (const call of late) await call.run();
  await settled();
  await runAll(store, 0);
  assert.equal(await stored(inner), { token: 'mine' });
});

superseding('clear while an earlier clear is under way leaves nobody behind who issues for it', async () => {
  const store = gatedStore(memoryStore());
  let running = 0;
  let most = 0;
  const { credential } = bench({
    store: store.of(0),
    storeTimeoutMs: 20,
    async issue() {
      running += 1;
      most = Math.max(most, running);
      await settled();
      await settled();
      running -= 1;
      return { token: 'new' };
    },
  });
  const clears = [credential.clear()];
  const gets = [credential.get()];
  await settled();
  clears.push(credential.clear());
  gets.push(credential.get());
  await Promise.all([...clears, ...gets]);
  assert.is(most, 1);
});

superseding('clear waits its turn: who asks while it is under way does not get what is being cleared', async () => {
  const inner = memoryStore();
  const store = fragileStore(inner);
  const { credential } = bench({ store });
  await credential.get();
  store.broken = true;
  const cleared = credential.clear();
  const next = credential.get();
  await Promise.resolve();
  store.broken = false;
  assert.is((await next).token, 't2');
  await cleared;
  assert.is((await stored(inner))?.token, 't2');
});

superseding.run();

const refusals = suite('renewable-credential · refusals');

refusals('a refused value is given up and told to the next issue', async () => {
  const { credential, issued, types } = bench();
  const first = await credential.get();
  assert.is(await credential.discard?.(sentAs(first)), true);
  assert.is(credential.peek(), undefined);
  assert.is((await credential.get()).token, 't2');
  assert.is(issued[1]?.token, 't1');
  assert.equal(types(), ['issued', 'renewed']);
});

refusals('a late refusal of an older value leaves its successor alone', async () => {
  const { credential, issued } = bench();
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.get();
  assert.is(await credential.discard?.(sentAs(first)), true);
  assert.is(credential.peek()?.token, 't2');
  assert.is(issued.length, 2);
});

refusals('a hundred refusals at once lead to one renewal', async () => {
  const { credential, issued } = bench();
  const first = await credential.get();
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      await credential.discard?.(sentAs(first));
      return credential.headers({});
    }),
  );
  assert.is(issued.length, 2);
});

refusals('a refused value is not taken from the store again', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  const first = await credential.get();
  // another process keeps it alive there
  await storeForOthers(store, { ...first, expiresAtMs: (first.expiresAtMs ?? 0) + 1000 });
  await credential.discard?.(sentAs(first));
  assert.is((await credential.get()).token, 't2');
  assert.is(issued.length, 2);
  assert.is((await stored(store))?.token, 't2', 'and it is displaced there');
});

refusals('a refusal during a renewal is followed by that renewal’s value', async () => {
  const { credential, clock, gates } = gated();
  const first = credential.get();
  await settled();
  gates[0]?.open();
  await first;
  clock.advance(3_600_000 - 60_000);
  const old = await credential.get();
  await settled();
  await credential.discard?.(sentAs(old));
  const next = credential.get();
  gates[1]?.open();
  assert.is((await next).token, 't2');
  assert.is(gates.length, 2);
});

refusals('a value that is refused while it is renewed has its successor, and others get that', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const { credential, gates } = gated({ store, clock });
  const waiting = credential.get();
  await settled();
  gates[0]?.open();
  const first = await waiting;
  clock.advance(3_540_000);
  await credential.get();
  await settled();
  await credential.discard?.(sentAs(first));
  gates[1]?.open();
  assert.is((await credential.get()).token, 't2');
  const other = bench({ store, clock });
  assert.is((await other.credential.get()).token, 't2');
  assert.equal(other.issued, []);
});

refusals('the same value put in place again on purpose counts', async () => {
  const store = memoryStore();
  const { credential } = bench({ store });
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.replace(first);
  assert.is((await credential.get()).token, 't1');
  const { credential: other, issued } = bench({ store });
  assert.is((await other.get()).token, 't1');
  assert.equal(issued, []);
});

refusals('and is taken over from the store again when another process has prolonged it', async () => {
  const store = memoryStore();
  const { credential, clock, issued } = bench({ store });
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.replace(first);
  clock.advance(3_600_000);
  await storeForOthers(store, { token: 't1', expiresAtMs: clock() + 1000 });
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

refusals('what was refused and then forgotten is told to nobody', async () => {
  const { credential, issued } = bench();
  await credential.discard?.(sentAs(await credential.get()));
  await credential.clear();
  await credential.get();
  assert.equal(issued, [undefined, undefined]);
});

refusals('a value that is refused while it is taken over from the store is not taken over', async () => {
  const clock = manualClock();
  const store = memoryStore();
  let refuse = (): void => {};
  const { credential, issued } = bench({
    store,
    clock,
    expiresAtMs(value) {
      if (value.expiresAtMs === 1e15) {
        queueMicrotask(refuse);
        refuse = () => {};
      }
      return value.expiresAtMs;
    },
  });
  const first = await credential.get();
  await storeForOthers(store, { token: 't1', expiresAtMs: 1e15 });
  clock.advance(3_600_000 - 60_000);
  refuse = () => void credential.discard?.(sentAs(first));
  await credential.get();
  await settled();
  assert.not(credential.peek()?.token === 't1');
  assert.is((await credential.get()).token, 't2');
  assert.is(issued.length, 2);
});

refusals('a credential that does not say when it is refused has no such verdict', () => {
  const { credential } = bench({ isRejected: undefined });
  assert.not('isRejected' in credential);
});

refusals('a POST is replayed once with the renewed value', async () => {
  const { credential, issued } = bench();
  const fetch = scriptedFetch([
    new Response(null, { status: 401 }),
    async (request) => new Response(await request.text()),
  ]);
  const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com', credential, fetch });
  assert.is(await client.post('orders', { body: 'an order' }).text(), 'an order');
  assert.equal(
    fetch.requests.map(({ headers }) => headers.get('x-token')),
    ['t1', 't2'],
  );
  assert.is(issued.length, 2);
});

refusals('when renewing fails, that is what the caller hears of', async () => {
  for (const [status, code] of [
    [401, 'credential.refused'],
    [503, 'credential.renewal-failed'],
  ] as const) {
    const { credential, issued } = bench({
      issue: async () => {
        issued.push(undefined);
        if (issued.length === 1) return { token: 't1' };
        throw response(status);
      },
    });
    const fetch = scriptedFetch([new Response(null, { status: 401 })]);
    const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com', credential, fetch });
    await rejects(client.get('a').json(), CredentialError, code);
  }
});

refusals.run();

const sliding = suite('renewable-credential · observe');

const slide: RenewableCredentialOptions<Session>['observe'] = (value, { headers }) => {
  const until = headers.get('x-until');
  return until === null ? undefined : { ...value, expiresAtMs: Number(until) };
};
const told = (untilMs: number): { status: number; headers: Headers } => ({
  status: 200,
  headers: new Headers({ 'x-until': String(untilMs) }),
});

sliding('an answer slides the expiry', async () => {
  const { credential, clock, issued } = bench({ observe: slide });
  const value = await credential.get();
  clock.advance(3_500_000);
  credential.observe?.(told(clock() + 3_600_000), sentAs(value));
  clock.advance(3_500_000);
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

sliding('an answer to an older value changes nothing', async () => {
  const { credential } = bench({ observe: slide });
  await credential.get();
  const before = credential.peek();
  credential.observe?.(told(1), { 'x-token': 'older' });
  credential.observe?.({ status: 200, headers: new Headers() }, sentAs({ token: 't1' }));
  assert.is(credential.peek(), before);
});

sliding('the store hears of it when it is worth a write, and only then', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let writes = 0;
  const store: Store = {
    ...inner,
    set: (...call) => {
      writes += 1;
      return inner.set(...call);
    },
    compareAndSet: (key, ...rest) => {
      if (key === 'sample/1') writes += 1;
      return inner.compareAndSet(key, ...rest);
    },
  };
  const { credential } = bench({ store, clock, observe: slide });
  const value = await credential.get();
  const untilMs = value.expiresAtMs ?? 0;
  assert.is(writes, 2, 'the beginning of the turn, and its end');
  for (let n = 1; n < 60; n += 1) credential.observe?.(told(untilMs + n * 1000), sentAs(value));
  await settled();
  assert.is(writes, 2);
  for (let n = 60; n < 70; n += 1) credential.observe?.(told(untilMs + n * 1000), sentAs(value));
  await settled();
  assert.is(writes, 3);
  assert.is((await stored(inner))?.expiresAtMs, untilMs + 60_000);
  credential.observe?.(told(untilMs + 120_000), sentAs(value));
  await settled();
  assert.is((await stored(inner))?.expiresAtMs, untilMs + 120_000, 'and of the next one');
});

sliding('a slid value does not displace what another process has put into the store', async () => {
  const store = memoryStore();
  const { credential } = bench({ store, observe: slide });
  const value = await credential.get();
  await storeForOthers(store, { token: 'newer' });
  credential.observe?.(told((value.expiresAtMs ?? 0) + 1_000_000), sentAs(value));
  await settled();
  assert.equal(await stored(store), { token: 'newer' });
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  for (const [who, index] of [
    ['the process that renews it', 0],
    ['another one', 1],
  ] as const) {
    sliding(`${renewal}: a value that ${who} slides while it is renewed has its successor all the same`, async () => {
      const clock = manualClock();
      const store = memoryStore({ clock });
      const gates: Gate[] = [];
      const previous: (string | undefined)[] = [];
      const member = (): RenewableCredential<Session> =>
        bench({
          store,
          clock,
          renewal,
          observe: slide,
          async issue(context) {
            previous.push(context.previous?.token);
            const token = `t${previous.length}`;
            const own = gate();
            gates.push(own);
            if (previous.length === 2) await own.passed;
            return { token, expiresAtMs: clock() + 3_600_000 };
          },
        }).credential;
      const [one, two] = [member(), member()];
      const first = await one.get();
      await two.get();
      clock.advance(3_540_000);
      await one.get();
      await settled();
      await two.find();
      await two.get();
      await settled();
      [one, two][index]?.observe?.(told(clock() + 3_600_000), sentAs(first));
      await settled();
      assert.equal(await stored(store), { token: 't1', expiresAtMs: clock() + 3_600_000 }, 'others hear of it at once');
      gates[1]?.open();
      await settled();
      assert.is(one.peek()?.token, 't2');
      assert.is((await stored(store))?.token, 't2');
      clock.advance(3_600_000);
      assert.is((await one.get()).token, 't3');
      assert.equal(previous, [undefined, 't1', 't2']);
    });
  }
}

sliding('without an own opinion nothing changes', async () => {
  const { credential } = bench();
  const value = await credential.get();
  credential.observe?.(told(1), sentAs(value));
  assert.is(credential.peek(), value);
});

sliding.run();

const sharing = suite('renewable-credential · store');

sharing('a second process takes over what the first has issued', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const one = bench({ store, clock });
  const two = bench({ store, clock });
  await one.credential.get();
  assert.is((await two.credential.get()).token, 't1');
  assert.equal(two.issued, []);
  assert.equal(two.types(), ['reused']);
});

sharing('what has expired, there or for the store, is not taken over', async () => {
  const clock = manualClock();
  const store = memoryStore();
  await storeForOthers(store, { token: 'old', expiresAtMs: clock() });
  const { credential, issued } = bench({ store, clock });
  assert.is((await credential.get()).token, 't1');
  assert.equal(issued, [undefined]);
});

sharing('processes that begin together issue one value', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const fleet = Array.from({ length: 5 }, () => gated({ store, clock }));
  const waiting = fleet.map(({ credential }) => credential.get());
  await settled();
  const gates = fleet.flatMap((member) => member.gates);
  assert.is(gates.length, 1, 'one holds the lease, the others wait');
  gates[0]?.open();
  const tokens = (await Promise.all(waiting)).map(({ token }) => token);
  assert.equal(new Set(tokens), new Set(['t1']));
  assert.is(fleet.flatMap(({ issued }) => issued).length, 1);
  assert.is(await store.get('sample/1%lease'), undefined, 'the lease was given back');
});

sharing('the one that finds a renewed value after a refusal does not renew again', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const one = bench({ store, clock });
  const two = bench({ store, clock });
  const value = await one.credential.get();
  await two.credential.get();
  clock.advance(1000);
  for (const { credential } of [one, two]) {
    await credential.discard?.(sentAs(value));
    await credential.get();
  }
  assert.is(one.issued.length, 2);
  assert.is(two.issued.length, 0);
});

sharing('a lease whose owner died is waited for as long as a turn may last, and no longer', async () => {
  const store = memoryStore();
  await store.set('sample/1%lease', 'of the dead');
  let waitedMs = 0;
  const sleep = async (ms: number): Promise<void> => {
    waitedMs += ms;
  };
  const { credential } = bench({ store, issueTimeoutMs: 4000, storeTimeoutMs: 2000, sleep });
  assert.is((await credential.get()).token, 't1');
  assert.ok(waitedMs >= 10_000 && waitedMs < 10_500, `${waitedMs} ms`);
  assert.is(await store.get('sample/1%lease'), 'of the dead', 'a lease of others is not given back');
});

sharing('a lease ends by itself, after the longest that a turn may take', async () => {
  const inner = memoryStore();
  const lives: (number | undefined)[] = [];
  const store: Store = {
    ...inner,
    compareAndSet: (key, expected, next, options) => {
      if (next !== undefined && key === 'sample/1%lease') lives.push(options?.ttlMs);
      return inner.compareAndSet(key, expected, next, options);
    },
  };
  await bench({ store, issueTimeoutMs: 7000 }).credential.get();
  assert.equal(lives, [13_000]);
});

sharing('whoever waits looks again ever more seldom, at random times, up to twice a second', async () => {
  for (const [byte, expected] of [
    [0, [12.5, 25, 50, 100, 200, 250, 250]],
    [255, [25, 50, 100, 200, 400, 500, 500]],
  ] as const) {
    const store = memoryStore();
    await store.set('sample/1%lease', 'of another process');
    const pauses: number[] = [];
    const { credential } = bench({
      store,
      random: (length) => new Uint8Array(length).fill(byte),
      async sleep(ms) {
        pauses.push(Math.round(ms * 2) / 2);
        if (pauses.length === 7) await store.delete('sample/1%lease');
      },
    });
    assert.is((await credential.get()).token, 't1');
    assert.equal(pauses, expected);
  }
});

sharing('what the app does not know for a value is displaced', async () => {
  const store = memoryStore();
  await storeForOthers(store, { token: 'of another version' });
  const { credential } = bench({ store, isValue: (value) => (value as Session).expiresAtMs !== undefined });
  assert.is(await credential.find(), undefined);
  assert.is((await credential.get()).token, 't1');
  assert.is((await stored(store))?.token, 't1');
});

sharing('nor is what gives fields of which one is no text', async () => {
  const store = memoryStore();
  await storeForOthers(store, { token: 'of another version' });
  const toHeaders = ({ token, expiresAtMs }: Session) => ({ 'x-token': token, 'x-until': expiresAtMs as never });
  const { credential } = bench({
    store,
    toHeaders,
    issue: async () => ({ token: 't1', expiresAtMs: '7' as never }),
    expiresAtMs: () => undefined,
  });
  assert.is(await credential.find(), undefined);
  assert.is((await credential.get()).token, 't1');
});

sharing('what one process was refused with is there for no other', async () => {
  const store = memoryStore();
  const [one, two] = [bench({ store }), bench({ store })];
  const value = await one.credential.get();
  await one.credential.discard?.(sentAs(value));
  assert.is(await two.credential.find(), undefined);
});

sharing('finds the newest of the fleet before its own, and its own when the store has none', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [bench({ store, clock }), bench({ store, clock })];
  await one.credential.get();
  await two.credential.replace({ token: 'newer', expiresAtMs: clock() + 7_200_000 });
  assert.is((await one.credential.find())?.token, 'newer');
  assert.is(one.credential.peek()?.token, 't1');
  await store.delete('sample/1');
  assert.is((await one.credential.find())?.token, 't1');
});

sharing('forgets a value that was found in the store and never held, and no other one', async () => {
  const store = memoryStore();
  const [one, two] = [bench({ store }), bench({ store })];
  const own = await one.credential.get();
  await two.credential.replace({ token: 'newer', expiresAtMs: undefined as never });
  await one.credential.find();
  await one.credential.forget({ ...own, token: 'unknown' });
  assert.is(one.credential.peek()?.token, own.token);
  await one.credential.forget(own);
  assert.is(one.credential.peek(), undefined);
  assert.is((await stored(store))?.token, 'newer');
  await one.credential.forget({ ...own, token: 'newer' });
  assert.is(await stored(store), undefined);
});

sharing('forgets one value after the other, however little time is between, and takes none of them again', async () => {
  const store = memoryStore();
  const { credential } = bench({ store });
  for (const token of ['t1', 't2', 't3']) {
    const value = await credential.get();
    assert.is(value.token, token);
    await credential.forget(value);
    await storeForOthers(store, { ...value });
    assert.is(await credential.find(), undefined);
  }
});

sharing('finds what another process has issued, without issuing', async () => {
  const store = memoryStore();
  const [one, two] = [bench({ store }), bench({ store })];
  assert.is(await two.credential.find(), undefined);
  await one.credential.get();
  assert.is((await two.credential.find())?.token, 't1');
  assert.is(two.credential.peek(), undefined);
  assert.equal(two.issued, []);
});

sharing('a lease is free again after a failure', async () => {
  const store = memoryStore();
  const { credential } = bench({
    store,
    issue: async () => {
      throw response(503);
    },
  });
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.is(await store.get('sample/1%lease'), undefined);
});

for (const [name, newer, expected] of [
  ['does not displace a value that another has stored meanwhile, and takes it over', { token: 'newer' }, 'newer'],
  ['nor one that has expired since, but has something to give all the same', { token: 'older', expiresAtMs: 1 }, 't1'],
] as const) {
  sharing(`who issued so slowly that the lease ran out ${name}`, async () => {
    const store = memoryStore();
    const { credential, gates } = gated({ store });
    const waiting = credential.get();
    await settled();
    await store.set('sample/1%lease', 'of another process');
    await storeForOthers(store, newer);
    gates[0]?.open();
    assert.is((await waiting).token, expected);
    assert.is((await stored(store))?.token, newer.token);
    assert.is(await store.get('sample/1%lease'), 'of another process');
  });
}

sharing('who issued so slowly that another one is at it does not fall back to what it has replaced', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const { credential, gates } = gated({ store, clock });
  const waiting = credential.get();
  await settled();
  gates[0]?.open();
  const first = await waiting;
  clock.advance(3_540_000);
  await credential.get();
  await settled();
  await store.set('sample/1', { fence: 3, value: { ...first }, claim: 'another.1' });
  gates[1]?.open();
  await settled();
  assert.is(credential.peek()?.token, 't2');
});

sharing('a value that lost its place in the store does not take it back by sliding', async () => {
  const store = memoryStore();
  const { credential, gates, clock } = gated({ store, observe: slide });
  const waiting = credential.get();
  await settled();
  await store.set('sample/1%lease', 'of another process');
  const newer = { token: 'newer', expiresAtMs: clock() + 3_600_000 };
  await storeForOthers(store, newer);
  gates[0]?.open();
  await waiting;
  credential.observe?.(told(clock() + 7_200_000), sentAs({ token: 't1' }));
  await settled();
  assert.equal(await stored(store), newer);
});

sharing('rubbish under the key is displaced', async () => {
  const values: JsonValue[] = [null, 'text', 7, [], { token: { not: 'text' } }];
  const shelves = [...values, { fence: 'x' }, { fence: 1, claim: 7 }, ...values.map((value) => ({ fence: 7, value }))];
  for (const rubbish of shelves) {
    const store = memoryStore();
    await store.set('sample/1', rubbish);
    const { credential } = bench({
      store,
      // as a provider's own would: fails over a value of another shape
      toHeaders: ({ token }) => ({ 'x-token': token.slice() }),
      expiresAtMs: (value) => value.expiresAtMs,
    });
    assert.is((await credential.get()).token, 't1');
    assert.is((await stored(store))?.token, 't1');
  }
});

const brokenStores: readonly [name: string, broken: () => Promise<never>][] = [
  ['fails', () => Promise.reject(new Error('hush: connection lost'))],
  [
    'throws',
    () => {
      throw new Error('hush: not connected');
    },
  ],
];
for (const [name, broken] of brokenStores) {
  sharing(`a store that ${name} costs the sharing and no request`, async () => {
    const store: Store = { get: broken, set: broken, delete: broken, compareAndSet: broken };
    const { credential, events, issued, clock } = bench({ store, observe: slide });
    const value = await credential.get();
    assert.is(value.token, 't1');
    credential.observe?.(told(clock() + 7_200_000), sentAs(value));
    await credential.discard?.(sentAs(value));
    assert.is((await credential.get()).token, 't2');
    await credential.replace({ token: 'mine' });
    await credential.clear();
    assert.is(issued.length, 2);
    const told1 = events.filter(({ type }) => type === 'credential-store-failed');
    assert.ok(told1.length > 0);
    assert.not.match(JSON.stringify(events), 'hush');
  });
}

sharing('a store that hangs is waited for a while only', async () => {
  const hang = (): Promise<never> => new Promise(() => {});
  const inner = memoryStore();
  const { credential, types } = bench({ store: { ...inner, compareAndSet: hang }, storeTimeoutMs: 50 });
  const startedMs = performance.now();
  await credential.replace({ token: 'mine' });
  assert.ok(performance.now() - startedMs < 1500);
  assert.equal(types(), ['store-failed']);
  assert.is((await credential.get()).token, 'mine');
});

sharing.run();

const properties = suite('renewable-credential · properties');

/** What can happen to a credential, in any order. */
const steps = fc.array(
  fc.oneof(
    fc.constantFrom('get', 'discard', 'clear', 'replace', 'slide', 'settle').map((kind) => ({ kind, ms: 0 })),
    fc.integer({ min: 0, max: 4_000_000 }).map((ms) => ({ kind: 'advance', ms })),
  ),
  { maxLength: 40 },
);

properties('never two issues at a time, never an expired or forgotten value', async () => {
  await property(
    fc.asyncProperty(steps, fc.boolean(), async (list, withStore) => {
      const clock = manualClock();
      let running = 0;
      let most = 0;
      let version = 0;
      let era = 0;
      const credential = renewableCredential<{ token: string; expiresAtMs: number }>({
        provider: 'sample',
        key: 'sample/1',
        issue: async () => {
          running += 1;
          most = Math.max(most, running);
          version += 1;
          const token = `${era}.${version}`;
          await Promise.resolve();
          running -= 1;
          return { token, expiresAtMs: clock() + 3_600_000 };
        },
        toHeaders: ({ token }) => ({ 'x-token': token }),
        expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
        observe: (value) => ({ ...value, expiresAtMs: clock() + 3_600_000 }),
        clock,
        ...(withStore ? { store: memoryStore({ clock }) } : {}),
      });
      for (const { kind, ms } of list) {
        const held = credential.peek();
        if (kind === 'advance') clock.advance(ms);
        if (kind === 'settle') await settled();
        if (kind === 'discard' && held !== undefined) await credential.discard?.({ 'x-token': held.token });
        if (kind === 'slide' && held !== undefined)
          credential.observe?.({ status: 200, headers: new Headers() }, { 'x-token': held.token });
        if (kind === 'clear' || kind === 'replace') {
          await settled(); // what was asked for before the end of an era may still belong to it
          era += 1;
          if (kind === 'clear') await credential.clear();
          else await credential.replace({ token: `${era}.0`, expiresAtMs: clock() + 3_600_000 });
        }
        if (kind === 'get') {
          const value = await credential.get();
          assert.ok(value.expiresAtMs > clock(), 'given out although expired');
          assert.is(value.token.split('.')[0], String(era), 'given out although forgotten');
        }
      }
      assert.ok(most <= 1, `${most} at a time`);
    }),
  );
});

properties('a request costs one renewal and one replay at most, whatever the server answers', async () => {
  const statuses = fc.array(fc.constantFrom(200, 401, 403, 429, 503), { minLength: 1, maxLength: 12 });
  await property(
    fc.asyncProperty(statuses, fc.constantFrom('get', 'post'), async (list, method) => {
      const { credential, issued } = bench();
      const sent: (string | null)[] = [];
      const client = createClient({
        provider: 'sample',
        baseUrl: 'https://api.example.com',
        credential,
        retry: { baseDelayMs: 0, maxDelayMs: 0 },
        fetch: async (input) => {
          sent.push((input as Request).headers.get('x-token'));
          return new Response('{}', { status: list[sent.length - 1] ?? 200 });
        },
      });
      const outcome = await client(`a`, { method }).then(
        () => 'answered',
        (error: unknown) => error,
      );
      assert.ok(outcome === 'answered' || outcome instanceof ResponseError);
      assert.ok(issued.length <= 2, `${issued.length} issues`);
      assert.ok(sent.length <= (method === 'get' ? 4 : 2), `${sent.length} requests`);
    }),
  );
});

properties.run();

const leaks = suite('renewable-credential · leaks');

leaks('no value shows in errors and events', async () => {
  const marker = 'm4rk3r-of-a-secret';
  const { credential, events } = bench({
    issue: async () => {
      throw new Error(`could not issue ${marker}`);
    },
    store: {
      ...memoryStore(),
      compareAndSet: () => Promise.reject(new Error(marker)),
    },
  });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  await credential.replace({ token: marker });
  await credential.get();
  const shown = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error.stack)];
  assert.not.match(`${shown.join('\n')}${JSON.stringify(events)}${inspect(credential)}`, marker);
});

leaks.run();
