import { type ManualClock, manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SharedValue, Turn } from '../src/shared-value.ts';
import { createUnstoredValue, type UnstoredValue } from '../src/unstored-value.ts';

type Outcome = 'stored' | 'fenced' | 'failed';

interface Scene {
  readonly clock: ManualClock;
  readonly unstored: UnstoredValue<string>;
  readonly published: (readonly [value: string, turn: Turn<string> | undefined])[];
  /** Ends the publication that is under way. */
  end(outcome: Outcome): void;
}

const turn: Turn<string> = { lease: { owner: 'me.1', fence: 1 }, claimed: { fence: 1, claim: 'me.1' } };

function scene(): Scene {
  const clock = manualClock();
  const published: (readonly [string, Turn<string> | undefined])[] = [];
  let end = (_: Outcome): void => {};
  const publish: SharedValue<string>['publish'] = (...what) => {
    published.push(what);
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  const unstored = createUnstoredValue({ publish } as SharedValue<string>, clock, 100);
  return { clock, unstored, published, end: (outcome) => end(outcome) };
}

const values = suite('unstored-value');

values('is nothing at first, and then stores nothing', async () => {
  const { unstored, published } = scene();
  assert.equal([unstored.isThere(), unstored.isDue()], [false, false]);
  await unstored.store();
  assert.equal(published, []);
});

for (const outcome of ['stored', 'fenced'] as const) {
  values(`is due after a pause, under its own turn, and done when ${outcome}`, async () => {
    const { clock, unstored, published, end } = scene();
    unstored.keep('value', turn);
    clock.advance(99);
    assert.equal([unstored.isThere(), unstored.isDue()], [true, false]);
    clock.advance(1);
    assert.is(unstored.isDue(), true);
    const storing = unstored.store();
    assert.equal([unstored.isThere(), unstored.isDue()], [true, false], 'it is under way');
    end(outcome);
    await storing;
    assert.equal(published, [['value', turn]]);
    assert.is(unstored.isThere(), false);
  });
}

values('is tried again after another pause when it failed', async () => {
  const { clock, unstored, published, end } = scene();
  unstored.keep('value', undefined);
  for (const outcome of ['failed', 'stored'] as const) {
    clock.advance(99);
    assert.is(unstored.isDue(), false);
    clock.advance(1);
    assert.is(unstored.isDue(), true);
    const storing = unstored.store();
    end(outcome);
    await storing;
  }
  assert.equal(published, [
    ['value', undefined],
    ['value', undefined],
  ]);
  assert.is(unstored.isThere(), false);
});

values(
  'what is dropped or displaced while it is being stored does not come back, nor take the next one along',
  async () => {
    for (const outcome of ['failed', 'stored'] as const) {
      const { unstored, end } = scene();
      unstored.keep('old', turn);
      const storing = unstored.store();
      unstored.drop();
      assert.is(unstored.isThere(), false);
      end(outcome);
      await storing;
      assert.is(unstored.isThere(), false);

      unstored.keep('old', turn);
      const again = unstored.store();
      unstored.keep('new', turn);
      end(outcome);
      await again;
      assert.is(unstored.isThere(), true);
    }
  },
);

values.run();
