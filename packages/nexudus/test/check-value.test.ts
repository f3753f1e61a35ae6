import { digest, encodeHex, md5, Secret } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCheckValue } from '../src/install/check-value.ts';
import { installVectors, v1 } from './vectors.ts';

const find = suite('nexudus · findCheckValue');

for (const { name, a, t, d, h, secret, order, isOrdinal } of installVectors) {
  find(`matches ${name} in order ${order}`, () => {
    assert.equal(findCheckValue({ a, t, d }, h, [new Secret(secret)]), { order, isOrdinal, secretIndex: 0 });
  });
}

find('prefers the ordinal order under an older secret to another order under the newest', () => {
  const { a, t, d, h } = v1;
  assert.equal(findCheckValue({ a, t, d }, h, [new Secret('newest'), new Secret(v1.secret)]), {
    order: 'dta',
    isOrdinal: true,
    secretIndex: 1,
  });
});

find('matches equal values', () => {
  const { a, d } = v1;
  const h = encodeHex(digest(md5, `${d}|${a}|${a}secret`));
  assert.equal(findCheckValue({ a, t: a, d }, h, [new Secret('secret')]), {
    order: 'dat',
    isOrdinal: true,
    secretIndex: 0,
  });
});

find('refuses a separator before the secret, names in the text and other values', () => {
  const { a, t, d, secret } = v1;
  for (const text of [
    `${d}|${t}|${a}|${secret}`,
    `a=${a}|d=${d}|t=${t}${secret}`,
    `${a}${d}${t}${secret}`,
    `${secret}${d}|${t}|${a}`,
  ]) {
    assert.is(findCheckValue({ a, t, d }, encodeHex(digest(md5, text)), [new Secret(secret)]), undefined);
  }
});

find.run();

const properties = suite('nexudus · findCheckValue · properties');

const hexDigits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const decimal = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 18, maxLength: 18 });
const triple = fc.record({
  a: hexDigits,
  t: hexDigits,
  d: decimal,
  secret: fc.string({ unit: 'grapheme', minLength: 1 }),
});

properties('accepts all six orders of a genuine triple', async () => {
  await property(
    fc.property(
      triple,
      fc.shuffledSubarray(['a', 't', 'd'] as const, { minLength: 3 }),
      ({ secret, ...values }, order) => {
        const text = order.map((role) => values[role]).join('|');
        const match = findCheckValue(values, encodeHex(digest(md5, text + secret)), [new Secret(secret)]);
        assert.ok(match);
        assert.is([...match.order].map((role) => values[role as 'a']).join('|'), text);
      },
    ),
  );
});

properties('refuses any change of one character of any value, of the check value or of the secret', async () => {
  const where = fc.constantFrom('a', 't', 'd', 'h', 'secret');
  await property(
    fc.property(triple, where, fc.nat(), fc.integer({ min: 1, max: 15 }), ({ secret, ...values }, part, at, by) => {
      const text = [values.t, values.a, values.d].sort().join('|');
      const h = encodeHex(digest(md5, text + secret));
      const all: Record<string, string> = { ...values, h, secret };
      const characters = [...(all[part] ?? '')];
      const index = at % characters.length;
      const before = characters[index] ?? '';
      characters[index] = part === 'secret' ? (before === 'x' ? 'y' : 'x') : shift(before, by, part === 'd' ? 10 : 16);
      all[part] = characters.join('');
      if (characters[index] === before) return;
      const { a = '', t = '', d = '', h: checked = '', secret: used = '' } = all;
      assert.is(findCheckValue({ a, t, d }, checked, [new Secret(used)]), undefined);
    }),
  );
});

function shift(digit: string, by: number, radix: number): string {
  return ((Number.parseInt(digit, 16) + by) % radix).toString(16);
}

properties.run();
