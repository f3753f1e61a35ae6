import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readClock, systemClock } from '../src/clock.ts';

const read = suite('clock · systemClock, readClock');

read('the system clock tells the time of the platform', () => {
  const before = Date.now();
  const told = systemClock();
  assert.ok(before <= told && told <= Date.now());
});

read('a clock is read in whole milliseconds', () => {
  assert.is(
    readClock(() => 1234.9),
    1234,
  );
  assert.is(
    readClock(() => 0),
    0,
  );
  assert.is(
    readClock(() => Date.UTC(9999, 11, 31, 23, 59, 59, 999)),
    253_402_300_799_999,
  );
});

for (const told of [Number.NaN, Number.POSITIVE_INFINITY, -1, 253_402_300_800_000, undefined, 'noon']) {
  read(`a clock that tells ${String(told)} is refused`, () => {
    assert.throws(
      () => readClock(() => told as never),
      (error: unknown) => error instanceof RangeError && /^clock must/.test(error.message),
    );
  });
}

read.run();
