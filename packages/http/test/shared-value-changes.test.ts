import { manualClock, withVirtualTimers } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import type { Found } from '../src/shared-value.ts';
import type { Store } from '../src/store-contract.ts';
import { asJson, readShelf, type Shelf } from '../src/stored-credential.ts';
import { fragileStore } from './fragile-store.ts';
import { runAll, runUntil, settled } from './gated-store.ts';
import { always, mine, never, patienceMs, type Stamped, shared, slowly } from './stamped-value.ts';

const reading = suite('shared-value · reading and changing');

reading('gives what is there, if it is of use', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const process = shared(store, clock);
  assert.is(await process.read(), undefined);
  await shared(store, clock).replace({ name: 'there' });
  assert.equal(await process.read(), { name: 'there' });
  await shared(store, clock).replace({ name: 7 as never });
  assert.is(await process.read(), undefined);
  assert.is(process.failures.length, 0);
});

reading('takes a value whose look fails for one of no use, and tells', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  await store.set('key', { fence: 1, value: null });
  const process = shared(store, clock);
  assert.is(await process.read(), undefined);
  assert.is(process.failures.length, 1);
  mine(await process.takeTurn(always));
});

reading('a store that fails holds nothing', async () => {
  const clock = manualClock();
  const store = fragileStore(memoryStore({ clock }));
  store.broken = true;
  const process = shared(store, clock);
  assert.is(await process.read(), undefined);
  assert.is(process.failures.length, 1);
});

reading('without a store everything ends at once, and nothing has failed', async () => {
  const process = shared(undefined, manualClock());
  assert.is(await process.read(), undefined);
  assert.equal(await process.takeTurn(never), { state: 'alone' });
  assert.is(await process.publish({ name: 'new' }, undefined), 'stored');
  await process.replace({ name: 'new' });
  await process.change('new', undefined);
  await process.clear();
  assert.is(process.storedUntilMs(), undefined);
  assert.is(process.failures.length, 0);
});

reading('the next state of a value takes its place, under the same number', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const process = shared(store, clock, 'repeatable', { markOf: ({ name }) => name.slice(0, 1) });
  await process.replace({ name: 'a1' });
  await process.change('a', { name: 'a2' });
  assert.equal(await store.get('key'), { fence: 1, value: { name: 'a2' } });
  await process.change('b', { name: 'b' });
  assert.equal(await store.get('key'), { fence: 1, value: { name: 'a2' } });
  await process.change('a', undefined);
  assert.equal(await store.get('key'), { fence: 1 });
  await process.change('a', { name: 'a3' });
  assert.equal(await store.get('key'), { fence: 1 }, 'there is no value whose state it could be');
  assert.is(process.failures.length, 0);
});

reading('but not of a value that this process has not seen, or that another one has displaced', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock), shared(store, clock)];
  await one.replace({ name: 'a' });
  await two.change('a', { name: 'a' });
  assert.is(two.failures.length, 0);
  await two.replace({ name: 'b' });
  await one.change('a', undefined);
  assert.equal(await store.get('key'), { fence: 2, value: { name: 'b' } });
  assert.is(one.failures.length, 0);
});

reading('knows until when what it saw is stored', async () => {
  const clock = manualClock();
  const process = shared(memoryStore({ clock }), clock, 'repeatable', {
    expiresAtMs: ({ name }) => (name === 'lasting' ? undefined : clock() + 5000),
  });
  assert.is(process.storedUntilMs(), undefined);
  await process.replace({ name: 'ending' });
  assert.is(process.storedUntilMs(), clock() + 5000);
  await process.replace({ name: 'lasting' });
  assert.is(process.storedUntilMs(), Number.POSITIVE_INFINITY);
  await process.change('lasting', undefined);
  assert.is(process.storedUntilMs(), undefined);
  await process.replace({ name: 'ending' });
  await process.clear();
  assert.is(process.storedUntilMs(), undefined);
});

reading('removing ends the turn of this process, and nobody else’s', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock), shared(store, clock)];
  mine(await one.takeTurn(never));
  await two.clear();
  assert.is(two.failures.length, 0);
  assert.is.not(await store.get('key%lease'), undefined);
  await one.clear();
  assert.is(await store.get('key%lease'), undefined);
  assert.equal(await store.get('key'), { fence: 3, cleared: true });
});

reading('replacing gives up when twenty others in a row were faster', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let tries = 0;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      tries += 1;
      return tries % 20 === 0 && tries > 20 ? inner.compareAndSet(key, expected, next, options) : false;
    },
  };
  const process = shared(store, clock);
  await process.replace({ name: 'mine' });
  assert.is(tries, 20);
  assert.is(process.failures.length, 1);
  await process.replace({ name: 'mine' });
  assert.is(tries, 40);
  assert.is(process.failures.length, 1, 'the last one counts');
  assert.equal(await process.read(), { name: 'mine' });
});

reading.run();

const during = suite('shared-value · changes during a turn');

const spelled = { markOf: ({ name }: Stamped) => name.slice(0, 1) };

for (const renewal of ['repeatable', 'rotating'] as const) {
  for (const [who, index] of [
    ['its own process', 0],
    ['another one', 1],
  ] as const) {
    for (const [what, next] of [
      ['slides', { name: 'a2' }],
      ['goes', undefined],
    ] as const) {
      during(`${renewal}: the value ${what} by ${who}, and the turn ends with the new one all the same`, async () => {
        const clock = manualClock();
        const store = memoryStore({ clock });
        const fleet = [shared(store, clock, renewal, spelled), shared(store, clock, renewal, spelled)] as const;
        await fleet[0].replace({ name: 'a1' });
        const { turn } = mine(await fleet[0].takeTurn(never));
        await fleet[1].read();
        await fleet[index].change('a', next);
        const { claim, value } = readShelf<Stamped>(await store.get('key')) ?? { fence: 0 };
        assert.equal([claim, value], [turn.lease.owner, next]);
        assert.is(await fleet[0].publish({ name: 'b1' }, turn), 'stored');
        assert.equal(await store.get('key'), { fence: 2, value: { name: 'b1' } });
        assert.is(await store.get('key%lease'), undefined);
      });
    }
  }

  during(`${renewal}: a turn that comes to nothing leaves the value as it has become`, async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const process = shared(store, clock, renewal, spelled);
    await process.replace({ name: 'a1' });
    const { turn } = mine(await process.takeTurn(never));
    await process.change('a', { name: 'a2' });
    await process.giveUp(turn);
    assert.equal(await store.get('key'), { fence: 2, value: { name: 'a2' } });
  });
}

during('a value changes also after a turn has begun or ended that this process did not see', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock, 'repeatable', spelled), shared(store, clock, 'repeatable', spelled)];
  await one.replace({ name: 'a1' });
  const { turn } = mine(await two.takeTurn(never));
  await one.change('a', { name: 'a2' });
  assert.equal(readShelf<Stamped>(await store.get('key'))?.value, { name: 'a2' });
  await two.giveUp(turn);
  await one.change('a', undefined);
  assert.equal(await store.get('key'), { fence: 2 });
});

during('a state that another process has changed first stays as that has left it', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock, 'repeatable', spelled), shared(store, clock, 'repeatable', spelled)];
  await one.replace({ name: 'a1' });
  await two.read();
  await two.change('a', { name: 'a3' });
  await one.change('a', { name: 'a2' });
  assert.equal(await store.get('key'), { fence: 1, value: { name: 'a3' } });
  await one.change('a', { name: 'a4' });
  assert.equal(await store.get('key'), { fence: 1, value: { name: 'a4' } }, 'it has looked since');
});

during('a turn ends with an error, and its value unstored, when twenty others in a row were faster', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let isLate = false;
  let tries = 0;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      if (!isLate) return inner.compareAndSet(key, expected, next, options);
      tries += 1;
      return false;
    },
  };
  const process = shared(store, clock);
  const { turn } = mine(await process.takeTurn(never));
  isLate = true;
  assert.is(await process.publish({ name: 'new' }, turn), 'failed');
  assert.is(tries, 20);
});

during.run();

const overruling = suite('shared-value · overrule');

/** Spares from the second try on what is not the known value. */
function lateUnless(known: string) {
  return ({ isLate, mark }: Found<Stamped>): boolean => isLate && mark() !== known;
}

for (const [what, next] of [
  ['a value', { name: 'mine' }],
  ['none', undefined],
] as const) {
  overruling(
    `${what}: an answer that is lost is not taken for a failure when others have gone on from there`,
    async () => {
      for (const lands of [true, false]) {
        const clock = manualClock();
        const inner = memoryStore({ clock });
        let isLost = true;
        const store: Store = {
          ...inner,
          async compareAndSet(key, expected, written, options) {
            if (!isLost) return inner.compareAndSet(key, expected, written, options);
            if (lands) await inner.compareAndSet(key, expected, written, options);
            isLost = false;
            throw new Error('the connection went');
          },
        };
        await shared(inner, clock).replace({ name: 'old' });
        const put = shared(store, clock).overrule(next, lateUnless('old'));
        assert.is(await put(), 'failed');
        const other = shared(inner, clock);
        if (lands) await other.publish({ name: 'newer' }, mine(await other.takeTurn(never)).turn);
        assert.is(await put(), lands ? 'fenced' : 'stored');
        assert.equal(await other.read(), lands ? { name: 'newer' } : next);
      }
    },
  );

  overruling(`${what}: what is late does not land on top of what came since`, () =>
    withVirtualTimers(async ({ advance }) => {
      for (const stop of [0, 1]) {
        const { clock, inner, store, slow } = slowly('repeatable');
        const first = slow.overrule(next)();
        await settled();
        await runUntil(store, 1, stop);
        await advance(patienceMs);
        assert.is(await first, 'failed');
        await shared(inner, clock).replace({ name: 'newer' });
        await runAll(store, 1);
        assert.equal(await shared(inner, clock).read(), { name: 'newer' }, `after ${stop} calls`);
      }
    }),
  );
}

overruling('a value whose write was lost comes in place of one that has slid since', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const store = fragileStore(inner);
  const [one, two] = [shared(inner, clock, 'repeatable', spelled), shared({ ...inner, compareAndSet }, clock)];
  function compareAndSet(...call: Parameters<Store['compareAndSet']>): Promise<boolean> {
    return store.compareAndSet(...call);
  }
  await one.replace({ name: 'a1' });
  const put = two.overrule({ name: 'mine' });
  store.broken = true;
  assert.is(await put(), 'failed');
  store.broken = false;
  await one.change('a', { name: 'a2' });
  assert.is(await put(), 'stored');
  assert.equal(await one.read(), { name: 'mine' });
});

overruling('nor when the late write lands between the look and the write of the next try', () =>
  withVirtualTimers(async ({ advance }) => {
    const { clock, inner, store, slow } = slowly('repeatable');
    const put = slow.overrule({ name: 'mine' });
    const first = put();
    await settled();
    await runUntil(store, 1, 1);
    await advance(patienceMs);
    assert.is(await first, 'failed');
    const second = put();
    await settled();
    const late = store.held.shift();
    await runUntil(store, 1, 1);
    await late?.run();
    const other = shared(inner, clock);
    await other.publish({ name: 'newer' }, mine(await other.takeTurn(never)).turn);
    await runAll(store, 1);
    assert.is(await second, 'fenced');
    assert.equal(await other.read(), { name: 'newer' });
  }),
);

overruling('a later try clears the known value only, and whatever is there when none is known', async () => {
  for (const [mark, there, outcome] of [
    ['old', 'old', 'stored'],
    ['old', 'newer', 'fenced'],
    [undefined, 'newer', 'stored'],
  ] as const) {
    const clock = manualClock();
    const store = fragileStore(memoryStore({ clock }));
    const process = shared(store, clock);
    const put = process.overrule(undefined, mark === undefined ? undefined : lateUnless(mark));
    store.broken = true;
    assert.is(await put(), 'failed');
    store.broken = false;
    await shared(store, clock).replace({ name: there });
    assert.is(await put(), outcome);
    assert.equal(await shared(store, clock).read(), outcome === 'stored' ? undefined : { name: there });
  }
});

overruling('the first one clears whatever is there, also what nobody of us has written', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  for (const there of [{ fence: 4, value: { name: 'another' } }, { fence: 4, value: null }, 'rubbish']) {
    await store.set('key', there);
    const process = shared(store, clock);
    assert.is(await process.overrule(undefined, lateUnless('known'))(), 'stored');
    assert.is(await process.read(), undefined);
    assert.is(process.failures.length, 0);
  }
});

overruling('a turn keeps that something was cleared until it ends with a value', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock), shared(store, clock)];
  await one.replace({ name: 'old' });
  await one.clear();
  const { turn } = mine(await two.takeTurn(never));
  assert.is(turn.claimed.cleared, true);
  await two.giveUp(turn);
  assert.equal(await store.get('key'), { fence: 3, cleared: true });
  await two.publish({ name: 'new' }, mine(await two.takeTurn(never)).turn);
  assert.equal(await store.get('key'), { fence: 4, value: { name: 'new' } });
});

overruling.run();

const alone = suite('shared-value · without a turn');

const there = { name: 'there' };
const useless = { name: 7 as never };
/** What is in the store when this process looks, if it does, and what another one has made of it since. */
const published: readonly [
  what: string,
  before: Shelf<Stamped> | 'unseen',
  since: Shelf<Stamped> | 'the same' | undefined,
  outcome: 'stored' | 'fenced',
][] = [
  ['nothing is there', 'unseen', undefined, 'stored'],
  ['a value is there that was never seen', 'unseen', { fence: 4, value: there }, 'fenced'],
  ['a value of no use is there', 'unseen', { fence: 4, value: useless }, 'stored'],
  ['somebody is at work', 'unseen', { fence: 4, claim: 'other.1' }, 'fenced'],
  ['somebody is at work on a value of no use', 'unseen', { fence: 4, value: useless, claim: 'other.1' }, 'fenced'],
  ['a number is there', 'unseen', { fence: 4 }, 'stored'],
  ['the value is there that this one replaces', { fence: 4, value: there }, 'the same', 'stored'],
  ['that is there and somebody is at work on it', { fence: 4, value: there, claim: 'other.1' }, 'the same', 'stored'],
  [
    'the value there has slid since',
    { fence: 4, value: { name: 'there', state: 1 } },
    { fence: 4, value: { name: 'there', state: 2 } },
    'stored',
  ],
  [
    'the value has gone while somebody is at work',
    { fence: 4, value: there, claim: 'o.1' },
    { fence: 4, claim: 'o.1' },
    'stored',
  ],
  ['another value has the same number', { fence: 4, value: there }, { fence: 4, value: { name: 'newer' } }, 'fenced'],
  ['a value has come under the same number', { fence: 4 }, { fence: 4, value: there }, 'fenced'],
  ['another value has come', { fence: 4, value: there }, { fence: 5, value: { name: 'newer' } }, 'fenced'],
  ['somebody has begun to work', { fence: 4 }, { fence: 5, claim: 'other.1' }, 'fenced'],
  ['the value has gone', { fence: 4, value: there }, { fence: 5 }, 'stored'],
  ['all has gone', { fence: 4, value: there }, undefined, 'stored'],
];
for (const [what, before, since, outcome] of published) {
  for (const renewal of ['repeatable', 'rotating'] as const) {
    alone(`${renewal}: a value is ${outcome} when ${what}`, async () => {
      const clock = manualClock();
      const store = memoryStore({ clock });
      const put = (shelf: Shelf<Stamped>) => store.set('key', asJson(shelf));
      const process = shared(store, clock, renewal);
      if (before !== 'unseen') {
        await put(before);
        await process.read();
      }
      if (since === undefined) await store.delete('key');
      else if (since !== 'the same') await put(since);
      const left = await store.get('key');
      assert.is(await process.publish({ name: 'new' }, undefined), outcome);
      const next = { fence: (readShelf(left)?.fence ?? 0) + 1, value: { name: 'new' } };
      assert.equal(await store.get('key'), outcome === 'stored' ? next : left);
      assert.is(process.failures.length, 0);
    });
  }
}

alone('one that another process is faster with is fenced', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const process = shared({ ...inner, compareAndSet: async () => false }, clock);
  assert.is(await process.publish({ name: 'new' }, undefined), 'fenced');
});

alone('one that nobody waits for any more is not written', () =>
  withVirtualTimers(async ({ advance }) => {
    const { inner, store, slow } = slowly('repeatable');
    const publishing = slow.publish({ name: 'new' }, undefined);
    await settled();
    await advance(patienceMs);
    assert.is(await publishing, 'failed');
    await runAll(store, 1);
    assert.is(await inner.get('key'), undefined);
  }),
);

alone('and a change of which nobody waits for the end is not begun anew', () =>
  withVirtualTimers(async ({ advance }) => {
    const { clock, inner, store, slow } = slowly('repeatable');
    const other = shared(inner, clock);
    await other.replace({ name: 'a' });
    const reading = slow.read();
    await settled();
    await runAll(store, 1);
    await reading;
    const changing = slow.change('a', undefined);
    await settled();
    await advance(patienceMs);
    await changing;
    await other.replace({ name: 'a' });
    await runAll(store, 1);
    assert.equal(await other.read(), { name: 'a' });
  }),
);

alone.run();
