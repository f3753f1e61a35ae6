import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRetryBudget } from '../src/retry-budget.ts';

const budget = suite('retry-budget · createRetryBudget');

budget('has its reserve at the start, and no more', () => {
  const { allows, spend } = createRetryBudget({ ratio: 0.1, reserve: 2 });
  for (const expected of [true, true, false]) {
    assert.is(allows(), expected);
    spend();
  }
});

budget('ten requests earn one repetition', () => {
  const empty = createRetryBudget({ ratio: 0.1, reserve: 1 });
  empty.spend();
  for (let request = 1; request <= 10; request += 1) {
    assert.is(empty.allows(), false, `after ${request - 1} requests`);
    empty.earn();
  }
  assert.ok(empty.allows());
});

budget('saves no more than the reserve', () => {
  const saving = createRetryBudget({ ratio: 1, reserve: 3 });
  for (let request = 0; request < 100; request += 1) saving.earn();
  let repetitions = 0;
  while (saving.allows()) {
    saving.spend();
    repetitions += 1;
  }
  assert.is(repetitions, 3);
});

budget('never lets more through than reserve and share together', async () => {
  await property(
    fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (wishes) => {
      const { allows, earn, spend } = createRetryBudget({ ratio: 0.1, reserve: 10 });
      let repetitions = 0;
      for (const wish of wishes) {
        earn();
        if (!wish || !allows()) continue;
        spend();
        repetitions += 1;
      }
      assert.ok(repetitions <= 10 + wishes.length * 0.1 + 1e-6);
    }),
  );
});

budget.run();
