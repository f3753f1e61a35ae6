import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maxUserIdentifier, readUserIdentifier } from '../src/user-identifier.ts';

const read = suite('hypelabs · readUserIdentifier');

for (const absent of [undefined, null, '']) {
  read(`takes ${JSON.stringify(absent)} as not set`, () => {
    assert.equal(readUserIdentifier(absent), { ok: true, value: undefined });
  });
}

read('takes zero of either sign as zero', () => {
  for (const zero of [0, -0, '0', JSON.parse('-0')]) {
    const result = readUserIdentifier(zero);
    assert.ok(result.ok && Object.is(result.value, 0));
  }
});

read('takes an exponent in JSON, which means the same integer', () => {
  assert.equal(readUserIdentifier(JSON.parse('1e9')), { ok: true, value: 1_000_000_000 });
});

read('takes every integer in range, as number and as text', () =>
  property(
    fc.property(fc.integer({ min: 0, max: maxUserIdentifier }), (value) => {
      assert.equal(readUserIdentifier(value), { ok: true, value });
      assert.equal(readUserIdentifier(String(value)), { ok: true, value });
    }),
  ),
);

read('refuses whatever is not the one spelling of an integer in range', () =>
  property(
    fc.property(fc.anything(), (value) => {
      const isSpelling = typeof value === 'string' && String(Number(value)) === value;
      const number = isSpelling ? Number(value) : value;
      const isFine = Number.isInteger(number) && Number(number) >= 0 && Number(number) <= maxUserIdentifier;
      const isAbsent = value === undefined || value === null || value === '';
      assert.is(readUserIdentifier(value).ok, isFine || isAbsent);
    }),
  ),
);

read.run();
