import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inRange, wholeInRange } from '../src/number-options.ts';

const numbers = suite('number-options');

for (const check of [inRange, wholeInRange]) {
  numbers(`${check.name} gives back what lies between the bounds, these included`, () => {
    for (const value of [1, 2, 3]) assert.is(check('n', value, 1, 3), value);
  });

  numbers(`${check.name} names what lies beyond them, and what is no number`, () => {
    for (const value of [0, 4, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => check('n', value, 1, 3),
        (error: unknown) =>
          error instanceof RangeError && new RegExp(`^n must be .*from 1 to 3, got ${value}$`).test(error.message),
      );
    }
  });
}

numbers('fractions are for the one and not for the other', () => {
  assert.is(inRange('n', 1.5, 1, 3), 1.5);
  assert.throws(() => wholeInRange('n', 1.5, 1, 3), /^n must be a whole number from 1 to 3, got 1\.5$/);
  assert.is(inRange('n', Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
});

numbers.run();
