import type { JsonValue } from '@x/crypto';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { withDeadline } from '../../src/server/deadline.ts';
import type { Store } from '../../src/store-contract.ts';
import { settled } from '../gated-store.ts';
import {
  bench,
  gated,
  renewing,
  response,
  type Session,
  sentAs,
  slide,
  stored,
  storeForOthers,
  told,
} from './bench.ts';

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

for (const [what, followers, endsAfterMs] of [
  ['is waited for, and its value is used', 1, undefined],
  ['is waited for as long as a turn may last', 1, 20_000],
  ['is the last that is waited for, however many follow', 3, 20_000],
] as const) {
  sharing(`whoever follows an owner that died ${what}`, async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const fleet = () => gated({ store, clock, issueTimeoutMs: 4000, storeTimeoutMs: 2000 });
    const owners = [fleet()];
    owners[0]?.credential.get().catch(() => {}); // it has died
    await settled();
    let waitedMs = 0;
    const waiter = bench({
      store,
      clock,
      ...{ issueTimeoutMs: 4000, storeTimeoutMs: 2000 },
      async sleep(ms) {
        waitedMs += ms;
        clock.advance(ms);
        if ((await store.get('sample/1%lease')) === undefined && owners.length <= followers) {
          // it looks before the one who waits does
          const next = fleet();
          next.credential.get().catch(() => {});
          owners.push(next);
        } else if (endsAfterMs === undefined) owners[1]?.gates[0]?.open();
        await settled();
      },
    });
    const { token } = await waiter.credential.get();
    assert.is(token, 't1');
    assert.is(waiter.issued.length, endsAfterMs === undefined ? 0 : 1);
    const [leastMs, mostMs] = endsAfterMs === undefined ? [10_000, 11_000] : [endsAfterMs, endsAfterMs + 500];
    assert.ok(waitedMs >= leastMs && waitedMs < mostMs, `${waitedMs} ms`);
  });
}

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
  const { credential, gates, first } = await renewing({ store, clock });
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
  const replacing = await withDeadline(60_000, undefined, () => credential.replace({ token: 'mine' }));
  assert.ok(replacing.ok);
  assert.equal(types(), ['store-failed']);
  assert.is((await credential.get()).token, 'mine');
});

sharing.run();
