import { expectSame } from './expect.ts';
import type { Check, CheckContext } from './store-under-test.ts';

type ClockedContext = Omit<CheckContext, 'advance'> & { readonly advance: (ms: number) => Promise<void> };

/** What a store promises about time; each check moves the clock by twenty ticks at most. */
export const expiryChecks = (): readonly Check[] => [
  clocked('forgets at the end of its time and not long before', async ({ store, peer, advance, tickMs }) => {
    await store.set('key', 'value', { ttlMs: 10 * tickMs });
    await store.set('stays', 'value');
    await advance(9 * tickMs);
    expectSame(await peer.get('key'), 'value', 'get after 9 of 10 ticks');
    await advance(2 * tickMs);
    expectSame(await peer.get('key'), undefined, 'get after 11 of 10 ticks');
    expectSame(await peer.get('stays'), 'value', 'get of a value without an end');
  }),
  clocked('counts an expired value as absent when comparing', async ({ store, peer, advance, tickMs }) => {
    await store.set('key', 'old', { ttlMs: 5 * tickMs });
    await advance(6 * tickMs);
    expectSame(await peer.compareAndSet('key', 'old', 'new'), false, 'expecting the expired value');
    expectSame(await peer.compareAndSet('key', undefined, undefined), true, 'expecting absence, writing nothing');
    expectSame(await store.compareAndSet('key', undefined, 'new'), true, 'expecting absence');
    await advance(6 * tickMs);
    expectSame(await peer.get('key'), 'new', 'get of what took its place, which has no end');
  }),
  clocked('forgets what lives for a moment, and keeps what outlives everybody', async ({ store, advance, tickMs }) => {
    for (const ttlMs of [0.001, 1]) {
      await store.set(`set ${ttlMs}`, 'value', { ttlMs });
      await store.compareAndSet(`added ${ttlMs}`, undefined, 'value', { ttlMs });
    }
    const long = [2 ** 31, 2 ** 32 * 1000, Number.MAX_SAFE_INTEGER];
    for (const ttlMs of long) await store.set(`long ${ttlMs}`, 'value', { ttlMs: Math.max(ttlMs, 3 * tickMs) });
    await advance(tickMs);
    for (const ttlMs of [0.001, 1]) {
      expectSame(await store.get(`set ${ttlMs}`), undefined, `get of what was set for ${ttlMs} ms`);
      expectSame(await store.get(`added ${ttlMs}`), undefined, `get of what was added for ${ttlMs} ms`);
    }
    for (const ttlMs of long) expectSame(await store.get(`long ${ttlMs}`), 'value', `get of what has ${ttlMs} ms`);
  }),
  clocked('gives a value that is written as it was the new time, or none', async ({ store, advance, tickMs }) => {
    for (const key of ['set', 'swapped', 'endless', 'shorter']) await store.set(key, 1, { ttlMs: 3 * tickMs });
    await store.set('set', 1, { ttlMs: 9 * tickMs });
    expectSame(await store.compareAndSet('swapped', 1, 1, { ttlMs: 9 * tickMs }), true, 'the swap to a longer life');
    expectSame(await store.compareAndSet('endless', 1, 1), true, 'the swap to one without an end');
    expectSame(await store.compareAndSet('shorter', 1, 1, { ttlMs: tickMs }), true, 'the swap to a shorter life');
    await advance(2 * tickMs);
    expectSame(await store.get('shorter'), undefined, 'get of the one that lives shorter now');
    await advance(4 * tickMs);
    for (const key of ['set', 'swapped', 'endless']) expectSame(await store.get(key), 1, `get of ${key}`);
  }),
  clocked('gives a value that is set again the new time, or none', async ({ store, advance, tickMs }) => {
    await store.set('longer', 1, { ttlMs: 3 * tickMs });
    await store.set('longer', 2, { ttlMs: 9 * tickMs });
    await store.set('shorter', 1, { ttlMs: 9 * tickMs });
    await store.set('shorter', 2, { ttlMs: 3 * tickMs });
    await store.set('endless', 1, { ttlMs: 3 * tickMs });
    await store.set('endless', 2);
    await advance(6 * tickMs);
    expectSame(await store.get('longer'), 2, 'get of the one that lives longer now');
    expectSame(await store.get('shorter'), undefined, 'get of the one that lives shorter now');
    expectSame(await store.get('endless'), 2, 'get of the one that stays now');
  }),
  clocked('gives a swapped value the new time, or none', async ({ store, advance, tickMs }) => {
    for (const key of ['longer', 'endless', 'refused']) await store.set(key, 1, { ttlMs: 3 * tickMs });
    await store.set('ending', 1);
    expectSame(await store.compareAndSet('longer', 1, 2, { ttlMs: 9 * tickMs }), true, 'the swap to a longer life');
    expectSame(await store.compareAndSet('endless', 1, 2), true, 'the swap to one without an end');
    expectSame(await store.compareAndSet('refused', 2, 3, { ttlMs: 9 * tickMs }), false, 'a refused swap');
    expectSame(await store.compareAndSet('ending', 1, 2, { ttlMs: 3 * tickMs }), true, 'the swap to one with an end');
    expectSame(await store.compareAndSet('added', undefined, 1, { ttlMs: 3 * tickMs }), true, 'the addition');
    await advance(6 * tickMs);
    expectSame(await store.get('longer'), 2, 'get of the one that lives longer now');
    expectSame(await store.get('endless'), 2, 'get of the one that stays now');
    expectSame(await store.get('refused'), undefined, 'get of the one that was not swapped');
    expectSame(await store.get('ending'), undefined, 'get of the one that has an end now');
    expectSame(await store.get('added'), undefined, 'get of the one that was added with an end');
  }),
  clocked('lets exactly one take over what expired', async ({ store, peer, advance, tickMs }) => {
    for (let turn = 0; turn < 3; turn += 1) {
      const contenders = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? store : peer).compareAndSet('lease', undefined, `${turn}/${index}`, { ttlMs: 2 * tickMs }),
      );
      const winners = (await Promise.all(contenders)).filter(Boolean).length;
      expectSame(winners, 1, `winners of turn ${turn}`);
      await advance(3 * tickMs);
    }
  }),
];

function clocked(name: string, check: (context: ClockedContext) => Promise<void>): Check {
  return {
    name,
    needs: 'advance',
    // `needs` sees to it that there is a clock
    check: (context) => check({ ...context, advance: context.advance ?? (async () => {}) }),
  };
}
