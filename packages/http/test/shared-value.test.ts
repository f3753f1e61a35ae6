import { manualClock, property, withVirtualTimers } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import type { SharedValue } from '../src/shared-value.ts';
import type { Store } from '../src/store-contract.ts';
import { readShelf } from '../src/stored-credential.ts';
import { fragileStore } from './fragile-store.ts';
import { gatedStore, runAll, runUntil, settled } from './gated-store.ts';
import {
  always,
  leaseMs,
  mine,
  never,
  patienceMs,
  type SharingProcess,
  type Stamped,
  shared,
  slowly,
} from './stamped-value.ts';

const turns = suite('shared-value · turns');

turns('each turn has the next number, in the lease and in what it writes', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  for (let number = 1; number < 4; number += 1) {
    const process = shared(store, clock);
    const { turn } = mine(await process.takeTurn(never));
    assert.is(turn.lease.fence, number);
    assert.equal(await store.get('key%lease'), { ...turn.lease });
    assert.is(readShelf(await store.get('key'))?.claim, turn.lease.owner);
    assert.is(await process.publish({ name: `v${number}` }, turn), 'stored');
    assert.equal(await store.get('key'), { fence: number, value: { name: `v${number}` } });
    assert.is(await store.get('key%lease'), undefined);
  }
});

turns('numbers go on after a turn that came to nothing', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const process = shared(store, clock);
  await process.giveUp(mine(await process.takeTurn(never)).turn);
  assert.equal(await store.get('key'), { fence: 1 });
  assert.is(mine(await shared(store, clock).takeTurn(never)).turn.lease.fence, 2);
});

turns('one at a time, and the next when the lease has ended', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock), shared(store, clock)];
  mine(await one.takeTurn(never));
  clock.advance(leaseMs - 1);
  assert.is((await two.takeTurn(never)).state, 'taken');
  clock.advance(1);
  assert.is(mine(await two.takeTurn(never)).turn.lease.fence, 2);
});

turns('a value that is good enough is given out instead', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  await shared(store, clock).replace({ name: 'there' });
  assert.equal(await shared(store, clock).takeTurn(always), { state: 'found', value: { name: 'there' } });
  assert.is(await store.get('key%lease'), undefined);
});

turns('a lease that was released is not released again for whoever has it now', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [late, next] = [shared(store, clock), shared(store, clock)];
  const { turn } = mine(await late.takeTurn(never));
  clock.advance(leaseMs);
  const { turn: newer } = mine(await next.takeTurn(never));
  await late.giveUp(turn);
  assert.equal(await store.get('key%lease'), { ...newer.lease });
});

turns('whoever was refused keeps others from asking for a while, and tells them why', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock), shared(store, clock)];
  const { turn } = mine(await one.takeTurn(never));
  await one.giveUp(turn, { refused: { code: 'credential.refused', ttlMs: 1000 } });
  clock.advance(999);
  assert.equal(await two.takeTurn(never), { state: 'refused', verdict: { code: 'credential.refused' } });
  clock.advance(1);
  mine(await two.takeTurn(never));
});

for (const [name, act] of [
  ['another value', (process: SharingProcess) => process.replace({ name: 'mine' })],
  ['none', (process: SharingProcess) => process.clear()],
] as const) {
  turns(`a refusal is over when ${name} is put in place`, async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const [one, two] = [shared(store, clock), shared(store, clock)];
    await one.giveUp(mine(await one.takeTurn(never)).turn, { refused: { code: 'credential.refused', ttlMs: 1000 } });
    await act(two);
    mine(await one.takeTurn(never));
  });
}

turns('a turn whose begin the store carried out but did not confirm is begun anew by the same process', async () => {
  for (const renewal of ['repeatable', 'rotating'] as const) {
    for (const lostKey of ['key', 'key%lease']) {
      const clock = manualClock();
      const inner = memoryStore({ clock });
      let lose = true;
      const store: Store = {
        ...inner,
        async compareAndSet(key, expected, next, options) {
          const done = await inner.compareAndSet(key, expected, next, options);
          if (!lose || key !== lostKey) return done;
          lose = false;
          throw new Error('the connection went');
        },
      };
      const process = shared(store, clock, renewal);
      assert.is((await process.takeTurn(never)).state, 'alone');
      assert.is(process.failures.length, 1);
      mine(await process.takeTurn(never));
    }
  }
});

turns('a value whose write the store carried out but did not confirm counts as stored the next time', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let lose = false;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      const done = await inner.compareAndSet(key, expected, next, options);
      if (lose && key === 'key') throw new Error('the connection went');
      return done;
    },
  };
  const process = shared(store, clock, 'rotating');
  const { turn } = mine(await process.takeTurn(never));
  lose = true;
  assert.is(await process.publish({ name: 'new' }, turn), 'failed');
  lose = false;
  assert.is(await process.publish({ name: 'new' }, turn), 'stored');
});

turns('one that the store grants when nobody waits for it any more is given back unclaimed', () =>
  withVirtualTimers(async ({ advance }) => {
    const { inner, store, slow: process } = slowly('repeatable');
    const asked = process.takeTurn(never);
    await settled();
    await runUntil(store, 1, 1);
    await advance(patienceMs);
    assert.is((await asked).state, 'alone');
    assert.is(process.failures.length, 1);
    await runAll(store, 1);
    assert.is(await inner.get('key%lease'), undefined);
    assert.is(await inner.get('key'), undefined);
  }),
);

turns('one whose end the store did not hear of is begun anew by its process at once', async () => {
  for (const renewal of ['repeatable', 'rotating'] as const) {
    const clock = manualClock();
    const store = fragileStore(memoryStore({ clock }));
    const process = shared(store, clock, renewal);
    const { turn } = mine(await process.takeTurn(never));
    store.broken = true;
    await process.giveUp(turn);
    store.broken = false;
    assert.is((await shared(store, clock, renewal).takeTurn(never)).state, 'taken');
    mine(await process.takeTurn(never));
  }
});

turns('but not when what it was for may be spent', async () => {
  const clock = manualClock();
  const store = fragileStore(memoryStore({ clock }));
  const process = shared(store, clock, 'rotating');
  const { turn } = mine(await process.takeTurn(never));
  store.broken = true;
  await process.giveUp(turn, { inDoubt: true });
  store.broken = false;
  assert.is((await process.takeTurn(never)).state, 'taken');
  clock.advance(leaseMs);
  assert.is((await process.takeTurn(never)).state, 'in-doubt');
});

turns.run();

const spending = suite('shared-value · rotating');

spending('what somebody began to spend is nobody’s to spend, and the mark stays', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [dead, next] = [shared(store, clock, 'rotating'), shared(store, clock, 'rotating')];
  await dead.replace({ name: 'old' });
  mine(await dead.takeTurn(never));
  const before = await store.get('key');
  clock.advance(leaseMs);
  for (let n = 0; n < 3; n += 1) assert.is((await next.takeTurn(never)).state, 'in-doubt');
  clock.advance(1e12);
  assert.is((await next.takeTurn(never)).state, 'in-doubt');
  assert.equal(await store.get('key'), before);
  assert.is(await store.get('key%lease'), undefined);
});

spending('a leader that was believed dead can still tell what came of it', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [late, next] = [shared(store, clock, 'rotating'), shared(store, clock, 'rotating')];
  const { turn } = mine(await late.takeTurn(never));
  clock.advance(leaseMs);
  assert.is((await next.takeTurn(never)).state, 'in-doubt');
  assert.is(await late.publish({ name: 'new' }, turn), 'stored');
  assert.equal(await next.takeTurn(always), { state: 'found', value: { name: 'new' } });
});

spending('a leader that ends its turn while another one looks is not taken for dead', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const leader = shared(inner, clock, 'rotating');
  const { turn } = mine(await leader.takeTurn(never));
  let looks = 0;
  const next = shared(
    {
      ...inner,
      async get(key) {
        const seen = await inner.get(key);
        looks += 1;
        if (looks === 1) await leader.publish({ name: 'new' }, turn);
        return seen;
      },
    },
    clock,
    'rotating',
  );
  assert.is((await next.takeTurn(always)).state, 'taken');
  assert.equal(await next.takeTurn(always), { state: 'found', value: { name: 'new' } });
});

spending('with a proof that nothing was spent the mark goes', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const [one, two] = [shared(store, clock, 'rotating'), shared(store, clock, 'rotating')];
  await one.replace({ name: 'old' });
  await one.giveUp(mine(await one.takeTurn(never)).turn);
  assert.equal(mine(await two.takeTurn(never)).stored, { name: 'old' });
});

spending('a claim that lands when nobody waits for it any more is taken back', () =>
  withVirtualTimers(async ({ advance }) => {
    const { clock, inner, store, slow } = slowly('rotating');
    await shared(inner, clock, 'rotating').replace({ name: 'old' });
    const outcome = slow.takeTurn(never);
    await settled();
    await runUntil(store, 1, 2);
    await advance(patienceMs);
    assert.is((await outcome).state, 'alone');
    await runUntil(store, 1, 1);
    assert.type(readShelf(await inner.get('key'))?.claim, 'string', 'it has landed');
    await runAll(store, 1);
    assert.equal(await inner.get('key'), { fence: 2, value: { name: 'old' } });
    assert.is(await inner.get('key%lease'), undefined);
    assert.equal(mine(await shared(inner, clock, 'rotating').takeTurn(never)).stored, { name: 'old' });
  }),
);

spending('unless the same process has begun anew meanwhile', () =>
  withVirtualTimers(async ({ advance }) => {
    const { inner, store, slow } = slowly('rotating');
    const outcome = slow.takeTurn(never);
    await settled();
    await runUntil(store, 1, 2);
    await advance(patienceMs);
    assert.is((await outcome).state, 'alone');
    const [late] = store.held;
    const again = slow.takeTurn(never);
    await settled();
    await late?.run(); // the claim lands
    await settled();
    const undo = store.held[1]; // after the look of the second turn
    assert.is(undo?.operation, 'compareAndSet');
    for (let n = 0; n < 10; n += 1) {
      await store.held.find((call) => call !== undo)?.run();
      await settled();
    }
    const { turn } = mine(await again);
    await undo?.run();
    await runAll(store, 1);
    assert.is(readShelf(await inner.get('key'))?.claim, turn.lease.owner);
    assert.equal(await inner.get('key%lease'), { ...turn.lease });
  }),
);

spending('nor does a claim that landed without an answer put the value in doubt', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let lose = true;
  const store: Store = {
    ...inner,
    async compareAndSet(key, expected, next, options) {
      const done = await inner.compareAndSet(key, expected, next, options);
      if (!lose || key !== 'key') return done;
      lose = false;
      throw new Error('the connection went');
    },
  };
  const process = shared(store, clock, 'rotating');
  assert.is((await process.takeTurn(never)).state, 'alone');
  assert.is(process.failures.length, 1);
  mine(await shared(inner, clock, 'rotating').takeTurn(never));
});

spending.run();

const late = suite('shared-value · late leaders');

/** Runs one whole turn, as far as it gets. */
async function wholeTurn(process: SharedValue<Stamped>, name: string): Promise<string> {
  const result = await process.takeTurn(never);
  return result.state === 'mine' ? process.publish({ name }, result.turn) : result.state;
}

// get, lease, claim, then the write and the release
for (const stop of [0, 1, 2, 3, 4]) {
  late(`one that stops before its call ${stop + 1}, for longer than its lease lasts, displaces nobody`, async () => {
    const clock = manualClock();
    const inner = memoryStore({ clock });
    const store = gatedStore(inner);
    const leader = wholeTurn(shared(store.of(1), clock), 'late');
    await settled();
    await runUntil(store, 1, stop);
    clock.advance(leaseMs);
    const successor = wholeTurn(shared(store.of(2), clock), 'newer');
    await settled();
    await runAll(store, 2);
    assert.is(await successor, 'stored');
    const before = await inner.get('key');
    assert.equal(readShelf<Stamped>(before)?.value, { name: 'newer' });
    await runAll(store, 1);
    const outcome = await leader;
    if (stop === 0) assert.is(outcome, 'stored', 'it has only just begun, and is the newer one');
    else assert.equal(await inner.get('key'), before);
    if (stop === 1 || stop === 2) assert.is(outcome, 'taken');
    if (stop === 3) assert.is(outcome, 'fenced');
    if (stop === 4) assert.is(outcome, 'stored', 'before the newer one');
    assert.is(await inner.get('key%lease'), undefined);
  });
}

late('nor one that stops between the lease and its claim while its successor is at work', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const store = gatedStore(inner);
  const leader = wholeTurn(shared(store.of(1), clock), 'late');
  await settled();
  await runUntil(store, 1, 2);
  clock.advance(leaseMs);
  const successor = wholeTurn(shared(store.of(2), clock), 'newer');
  await settled();
  await runUntil(store, 2, 3);
  await runAll(store, 1);
  assert.is(await leader, 'taken');
  await runAll(store, 2);
  assert.is(await successor, 'stored');
});

late.run();

const properties = suite('shared-value · properties');

/** What a test does next: one of the waiting calls is carried out, or time passes. */
const schedule = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.nat({ max: 20 }).map((pick) => ({ pick, ms: 0 })) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * leaseMs }).map((ms) => ({ pick: 0, ms })) },
  ),
  { minLength: 40, maxLength: 160 },
);

for (const renewal of ['repeatable', 'rotating'] as const) {
  properties(`whatever the interleaving, no older value displaces a newer one (${renewal})`, async () => {
    let stored = 0;
    let fenced = 0;
    await property(
      fc.asyncProperty(schedule, fc.integer({ min: 2, max: 3 }), async (steps, processes) => {
        const clock = manualClock();
        const inner = memoryStore({ clock });
        const history: { fence: number; value: string | undefined; claim: string | undefined }[] = [];
        const watched: Store = {
          ...inner,
          async compareAndSet(key, expected, next, options) {
            const done = await inner.compareAndSet(key, expected, next, options);
            const shelf = readShelf<Stamped>(next);
            if (done && key === 'key' && shelf !== undefined) {
              history.push({ fence: shelf.fence, value: shelf.value?.name, claim: shelf.claim });
            }
            return done;
          },
        };
        const store = gatedStore(watched);
        let running = processes;
        const work = Array.from({ length: processes }, async (_, process) => {
          const own = shared(store.of(process), clock, renewal);
          for (let round = 0; round < 3; round += 1) {
            const result = await own.takeTurn(never);
            if (result.state !== 'mine') continue;
            const outcome = await own.publish({ name: `turn ${result.turn.lease.fence}` }, result.turn);
            if (outcome === 'stored') stored += 1;
            if (outcome === 'fenced') fenced += 1;
          }
          running -= 1;
        });
        for (const { pick, ms } of steps) {
          await settled();
          clock.advance(ms);
          const call = ms === 0 ? store.held[pick % Math.max(1, store.held.length)] : undefined;
          await call?.run();
        }
        while (running > 0) {
          await settled();
          await store.held[0]?.run();
        }
        await Promise.all(work);
        assert.is(store.held.length, 0);
        let before = 0;
        const claimed = new Map<number, string>();
        let valueFence = 0;
        let value: string | undefined;
        for (const entry of history) {
          assert.ok(entry.fence >= before, `number ${entry.fence} after ${before}`);
          before = entry.fence;
          if (entry.claim !== undefined) {
            const owner = claimed.get(entry.fence) ?? entry.claim;
            assert.is(owner, entry.claim, `number ${entry.fence} belongs to two`);
            claimed.set(entry.fence, owner);
          }
          if (entry.value === value) continue;
          assert.is(entry.value, `turn ${entry.fence}`, 'written under the number of its own turn');
          assert.ok(entry.fence > valueFence);
          valueFence = entry.fence;
          value = entry.value;
        }
      }),
    );
    assert.ok(stored > 0, 'no turn came to an end');
    if (renewal === 'repeatable') assert.ok(fenced > 0, 'no leader was ever late');
  });
}

properties.run();
