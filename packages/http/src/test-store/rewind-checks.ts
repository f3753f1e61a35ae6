import { expectSame } from './expect.ts';
import type { Check, CheckContext } from './store-under-test.ts';

type Move = (ms: number) => Promise<void>;
type RewoundContext = Omit<CheckContext, 'advance' | 'rewind'> & { readonly advance: Move; readonly rewind: Move };

/**
 * What a store promises when the clock that values expire by is set back.
 *
 * Whether a value that had ended is there again is left open; what nobody may see is one that was deleted or replaced.
 */
export const rewindChecks = (): readonly Check[] => [
  rewound('loses nothing when its clock is set back', async ({ store, peer, rewind, tickMs }) => {
    await store.set('lives', 'value', { ttlMs: 5 * tickMs });
    await store.set('stays', 'value');
    await rewind(10 * tickMs);
    expectSame(await peer.get('lives'), 'value', 'get of a value with an end');
    expectSame(await peer.get('stays'), 'value', 'get of a value without an end');
    expectSame(await peer.compareAndSet('lives', 'value', 'next'), true, 'the swap of a value with an end');
    expectSame(await store.compareAndSet('stays', 'value', undefined), true, 'the removal of a value without an end');
  }),
  rewound('counts new lives by the time that was set', async ({ store, peer, advance, rewind, tickMs }) => {
    await store.set('long', 'value', { ttlMs: 10 * tickMs });
    await rewind(10 * tickMs);
    await store.set('set', 'value', { ttlMs: 3 * tickMs });
    expectSame(await store.compareAndSet('added', undefined, 'value', { ttlMs: 3 * tickMs }), true, 'the addition');
    await advance(2 * tickMs);
    expectSame(await peer.get('set'), 'value', 'get after 2 of 3 ticks');
    await advance(2 * tickMs);
    expectSame(await peer.get('set'), undefined, 'get after 4 of 3 ticks');
    expectSame(await peer.get('added'), undefined, 'get of what was added, after 4 of 3 ticks');
    expectSame(await peer.compareAndSet('added', undefined, 'anew'), true, 'the addition in its place');
  }),
  rewound('brings back nothing that was deleted or replaced', async ({ store, peer, advance, rewind, tickMs }) => {
    for (const key of ['deleted', 'removed', 'late', 'set', 'swapped']) {
      await store.set(key, 'old', { ttlMs: 3 * tickMs });
    }
    await store.delete('deleted');
    expectSame(await store.compareAndSet('removed', 'old', undefined), true, 'the removal');
    await advance(4 * tickMs);
    await peer.delete('late');
    await peer.set('set', 'new');
    expectSame(await peer.compareAndSet('swapped', undefined, 'new'), true, 'the addition in place of what ended');
    await rewind(10 * tickMs);
    for (const key of ['deleted', 'removed']) expectSame(await store.get(key), undefined, `get of what was ${key}`);
    expectSame(await store.get('late'), undefined, 'get of what was deleted after its end');
    for (const key of ['set', 'swapped']) expectSame(await store.get(key), 'new', `get of what was ${key}`);
    expectSame(await store.compareAndSet('swapped', 'old', 'late'), false, 'the swap of what was replaced');
  }),
  rewound('reads and compares what had ended alike', async ({ store, peer, advance, rewind, tickMs }) => {
    for (const key of ['read', 'unread']) await store.set(key, 'value', { ttlMs: 3 * tickMs });
    await advance(5 * tickMs);
    expectSame(await store.get('read'), undefined, 'get of what ended');
    await rewind(4 * tickMs);
    for (const key of ['read', 'unread']) {
      const seen = await store.get(key);
      const other = seen === undefined ? 'value' : undefined;
      expectSame(await peer.compareAndSet(key, other, 'wrong'), false, `the swap of ${key}, expecting the contrary`);
      expectSame(await peer.compareAndSet(key, seen, 'taken'), true, `the swap of ${key}, as it was read`);
      expectSame(await store.get(key), 'taken', `get of ${key} after the swap`);
    }
  }),
];

function rewound(name: string, check: (context: RewoundContext) => Promise<void>): Check {
  const unmoved: Move = async () => {};
  return {
    name,
    needs: 'rewind',
    // `needs` sees to it that there is such a clock
    check: (context) => check({ ...context, advance: context.advance ?? unmoved, rewind: context.rewind ?? unmoved }),
  };
}
