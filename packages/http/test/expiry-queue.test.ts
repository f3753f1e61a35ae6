import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createExpiryQueue } from '../src/expiry-queue.ts';

const queue = suite('expiry-queue · createExpiryQueue');

queue('gives what has ended, the soonest first, and keeps the rest', () => {
  const ending = createExpiryQueue([{ expiresAtMs: 30 }, { expiresAtMs: 10 }]);
  ending.add({ expiresAtMs: 20 });
  ending.add({ expiresAtMs: 5 });
  assert.is(ending.takeEnded(4), undefined);
  assert.equal(
    [1, 2, 3, 4].map(() => ending.takeEnded(20)?.expiresAtMs),
    [5, 10, 20, undefined],
  );
  assert.is(ending.size, 1);
});

queue('is empty when nothing was added', () => {
  const ending = createExpiryQueue();
  assert.is(ending.takeEnded(Number.MAX_VALUE), undefined);
  assert.is(ending.size, 0);
});

queue.run();

const properties = suite('expiry-queue · properties');

properties('gives in the order of their ends whatever was added and taken between', () =>
  property(
    fc.property(
      fc.array(fc.nat(30)),
      fc.array(fc.tuple(fc.constantFrom('add', 'take'), fc.nat(30)), { maxLength: 60 }),
      (given, steps) => {
        const ending = createExpiryQueue(given.map((expiresAtMs) => ({ expiresAtMs })));
        const model = [...given];
        for (const [step, ms] of steps) {
          if (step === 'add') {
            ending.add({ expiresAtMs: ms });
            model.push(ms);
            continue;
          }
          model.sort((a, b) => a - b);
          const [soonest = Number.POSITIVE_INFINITY] = model;
          assert.is(ending.takeEnded(ms)?.expiresAtMs, soonest <= ms ? model.shift() : undefined);
        }
        assert.is(ending.size, model.length);
      },
    ),
    { runs: 500 },
  ),
);

properties.run();
