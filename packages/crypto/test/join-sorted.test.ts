import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { joinSorted } from '../src/join-sorted.ts';

const join = suite('join-sorted · joinSorted');

for (const [parts, separator, expected] of [
  [[], '&', ''],
  [['a'], '&', 'a'],
  [['b', 'A', 'a', 'B', '_'], ' ', 'A B _ a b'],
  [['user[password]', 'user[login]', 'nonce'], '&', 'nonce&user[login]&user[password]'],
  [['a=1', 'a', 'a=10', 'a=1'], '&', 'a&a=1&a=1&a=10'],
  [['10', '9', '1'], ',', '1,10,9'],
  [['é', 'z', 'e'], ',', 'e,z,é'],
  // By code unit, not by code point: the pair of U+1F600 begins with D83D, before U+FF5E.
  [['\uff5e', '\u{1f600}'], '', '\u{1f600}\uff5e'],
] as const) {
  join(`joins ${JSON.stringify(parts)} to ${JSON.stringify(expected)}`, () => {
    assert.is(joinSorted(parts, separator), expected);
  });
}

join('takes any iterable and leaves an array in its order', () => {
  const parts = ['b', 'a'];
  assert.is(joinSorted(new Set(parts), ''), 'ab');
  assert.is(joinSorted(parts, ''), 'ab');
  assert.equal(parts, ['b', 'a']);
});

join('refuses a part that is not text', () => {
  assert.throws(
    () => joinSorted(['a', 1 as never], ''),
    (error: unknown) => error instanceof TypeError && /parts/.test(error.message),
  );
});

join.run();

const properties = suite('join-sorted · properties');

properties('the order of the parts does not matter', async () => {
  const shuffled = fc
    .array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 8 })
    .chain((parts) => fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })));
  await property(
    fc.property(shuffled, ([parts, others]) => assert.is(joinSorted(parts, '&'), joinSorted(others, '&'))),
  );
});

properties('neighbours are in the order of their code units', async () => {
  await property(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'B', '_', 'é', '\u{1f600}', '\uff5e'), minLength: 1 })),
      (parts) => {
        const sorted = joinSorted(parts, '\u0000').split('\u0000');
        for (const [index, part] of sorted.entries()) assert.ok(index === 0 || String(sorted[index - 1]) <= part);
      },
    ),
  );
});

properties.run();
