import { type ManualClock, manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLiveness } from '../src/server/liveness.ts';
import type { StoreOutcome } from '../src/shared-value.ts';
import { createUnstored, type Unstored } from '../src/unstored-value.ts';

interface Scene {
  readonly clock: ManualClock;
  readonly unstored: Unstored;
  /** What was tried, in order. */
  readonly tried: string[];
  /** Makes a try that ends when the test says so. */
  put(name: string): () => Promise<StoreOutcome>;
  /** Lets the try that is under way beat no more, as when its request has ended. */
  die(): void;
  /** Ends the try that began last, or the one with this number from the end. */
  end(outcome: StoreOutcome, which?: number): void;
}

function scene(): Scene {
  const clock = manualClock();
  const tried: string[] = [];
  const ends: ((outcome: StoreOutcome) => void)[] = [];
  let life = 0;
  const liveness = createLiveness({
    silenceMs: 16,
    setTimer: (ring, ms) => {
      const own = life;
      return setTimeout(() => own === life && ring(), ms);
    },
  });
  return {
    clock,
    tried,
    die() {
      life += 1;
    },
    unstored: createUnstored(clock, 100, liveness),
    put: (name) => () => {
      tried.push(name);
      return new Promise((resolve) => {
        ends.push(resolve);
      });
    },
    end: (outcome, which = -1) => ends.at(which)?.(outcome),
  };
}

const values = suite('unstored-value');

values('is nothing at first, and then stores nothing', async () => {
  const { unstored } = scene();
  assert.equal([unstored.isThere(), unstored.overrules(), unstored.isDue()], [false, false, false]);
  await unstored.store();
});

for (const outcome of ['stored', 'fenced'] as const) {
  values(`is due after a pause, and done when ${outcome}`, async () => {
    const { clock, unstored, tried, put, end } = scene();
    const keeping = unstored.keep(put('value'), 'value');
    end('failed');
    await keeping;
    clock.advance(99);
    assert.equal([unstored.isThere(), unstored.overrules(), unstored.isDue()], [true, false, false]);
    clock.advance(1);
    assert.is(unstored.isDue(), true);
    const storing = unstored.store();
    assert.equal([unstored.isThere(), unstored.isDue()], [true, false], 'it is under way');
    end(outcome);
    await storing;
    assert.equal(tried, ['value', 'value']);
    assert.is(unstored.isThere(), false);
  });

  values(`what overrules is tried at once, and done when ${outcome}`, async () => {
    const { unstored, tried, put, end } = scene();
    const storing = unstored.overrule(put('word'));
    assert.equal(tried, ['word']);
    assert.equal([unstored.isThere(), unstored.overrules(), unstored.isDue()], [true, true, false]);
    end(outcome);
    await storing;
    assert.equal([unstored.isThere(), unstored.overrules()], [false, false]);
  });
}

for (const how of ['keep', 'overrule'] as const) {
  values(`${how}: is tried again after another pause when it failed`, async () => {
    const { clock, unstored, tried, put, end } = scene();
    const first = unstored[how](put('value'), 'value');
    end('failed');
    await first;
    for (const outcome of ['failed', 'stored'] as const) {
      clock.advance(99);
      assert.is(unstored.isDue(), false);
      clock.advance(1);
      assert.is(unstored.isDue(), true);
      const storing = unstored.store();
      end(outcome);
      await storing;
    }
    assert.is(tried.length, 3);
    assert.is(unstored.isThere(), false);
  });
}

values('something else is stored instead of a value, unless the store has heard of that', async () => {
  for (const how of ['keep', 'overrule'] as const) {
    for (const outcome of ['failed', 'stored'] as const) {
      const { unstored, tried, put, end } = scene();
      const first = unstored[how](put('value'), 'value');
      assert.is(await unstored.overruleInstead('another', put('unused')), false);
      const instead = unstored.overruleInstead('value', put('none'));
      assert.equal(tried, ['value'], 'not while it is being tried');
      end(outcome);
      await first;
      while (outcome === 'failed' && tried.length < 2) await new Promise((resolve) => setImmediate(resolve));
      end('stored');
      assert.is(await instead, outcome === 'failed');
      assert.equal(tried, outcome === 'failed' ? ['value', 'none'] : ['value']);
      assert.is(unstored.isThere(), false);
    }
  }
});

values('who comes while it is being tried waits for that try', async () => {
  const { unstored, tried, put, end } = scene();
  const first = unstored.overrule(put('word'));
  let waited = false;
  const second = unstored.store().then(() => {
    waited = true;
  });
  await Promise.resolve();
  assert.is(waited, false);
  end('stored');
  await Promise.all([first, second]);
  assert.equal(tried, ['word']);
});

for (const how of ['keep', 'overrule'] as const) {
  values(`${how}: a try that ended with its request is waited for no longer, and made again`, async () => {
    const { clock, unstored, tried, put, die, end } = scene();
    const waiting = [unstored[how](put('value'), 'value')];
    die();
    clock.advance(100);
    assert.is(unstored.isDue(), true, 'also beside a request that has its value');
    waiting.push(unstored.store());
    while (tried.length < 2) await new Promise((resolve) => setImmediate(resolve));
    end('stored');
    await Promise.all(waiting);
    assert.is(unstored.isThere(), false);
    assert.equal(tried, ['value', 'value']);
  });
}

values('a try that ended with its request is not made again for what another one has displaced', async () => {
  const { unstored, tried, put, die, end } = scene();
  const first = unstored.keep(put('old'), 'old');
  die();
  const second = unstored.overrule(put('new'));
  end('stored');
  await Promise.all([first, second]);
  assert.equal([tried, unstored.isThere()], [['old', 'new'], false]);
});

values('when the next try dies as well, it is still there, for whoever comes', async () => {
  const { unstored, tried, put, die, end } = scene();
  const first = unstored.keep(put('value'), 'value');
  die();
  while (tried.length < 2) await new Promise((resolve) => setImmediate(resolve));
  die();
  await first;
  assert.is(unstored.isThere(), true);
  const third = unstored.store();
  end('stored');
  await third;
  assert.is(unstored.isThere(), false);
});

values('a clock that is set back does not lengthen the pause', () => {
  const { clock, unstored, put, end } = scene();
  unstored.keep(put('value'), 'value');
  clock.advance(-3_600_000);
  assert.is(unstored.isDue(), false);
  clock.advance(100);
  assert.is(unstored.isDue(), true);
  end('stored');
});

values(
  'what is dropped or displaced while it is being stored does not come back, nor take the next along',
  async () => {
    for (const outcome of ['failed', 'stored'] as const) {
      const { unstored, put, end } = scene();
      unstored.keep(put('old'), 'old');
      const storing = unstored.store();
      unstored.drop();
      assert.is(unstored.isThere(), false);
      end(outcome);
      await storing;
      assert.is(unstored.isThere(), false);

      unstored.keep(put('old'), 'old');
      const again = unstored.store();
      const next = unstored.keep(put('new'), 'new');
      end(outcome, -2);
      await again;
      assert.is(unstored.isThere(), true);
      end('stored');
      await next;
    }
  },
);

values.run();
