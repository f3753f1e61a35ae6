import { leaveOut, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cultureSort } from '../src/emulator/culture-sort.ts';
import { installVectors, v1 } from './vectors.ts';

const sort = suite('nexudus · cultureSort');

const cultures = { V9a: 'ordinal', V9b: 'en', V10a: 'en', V10b: 'da', V11: 'en' } as const;
for (const [name, culture] of Object.entries(cultures)) {
  sort(`sorts ${name} as ${culture}`, () => {
    const vector = installVectors.find((candidate) => candidate.name.startsWith(name));
    assert.ok(vector);
    const values = { a: vector.a, t: vector.t, d: vector.d };
    const expected = [...vector.order].map((role) => values[role as 'a']);
    assert.equal(cultureSort(Object.values(values), culture), expected);
  });
}

sort('sorts small before capital letters that are otherwise equal', () => {
  assert.equal(cultureSort(['AB', 'aB', 'ab', 'Ab'], 'en'), ['ab', 'aB', 'Ab', 'AB']);
});

sort('leaves its argument alone', () => {
  const texts = ['b', 'a'];
  cultureSort(texts, 'en');
  assert.equal(texts, ['b', 'a']);
});

for (const culture of ['en', 'da'] as const) {
  sort(`agrees with the platform's collation in ${culture} for texts of one case`, async () => {
    if (Intl.Collator.supportedLocalesOf(culture).length === 0)
      return leaveOut(`collation in ${culture}`, 'no such locale');
    const { compare } = new Intl.Collator(culture);
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefa'), minLength: 32, maxLength: 32 });
    await property(
      fc.property(hex, hex, (left, right) => {
        for (const texts of [
          [left, right, v1.d],
          [left.toUpperCase(), right.toUpperCase(), v1.d],
        ]) {
          assert.equal(cultureSort(texts, culture), [...texts].sort(compare));
        }
      }),
    );
  });
}

sort.run();
