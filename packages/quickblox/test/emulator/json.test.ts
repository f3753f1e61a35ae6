import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJson, readJsonTexts } from '../../src/emulator/json.ts';

const read = suite('quickblox · emulator · readJson');

for (const text of [
  '',
  '{',
  '{"a":01}',
  '"\\ud800"',
  '{"a":["\\udfff"]}',
  '{"\\ud800":1}',
  '['.repeat(65) + ']'.repeat(65),
]) {
  read(`reads nothing from ${text.slice(0, 20)}`, () => assert.is(readJson(text), undefined));
}

read('reads what is nested, in any script', () => {
  const text = `${'['.repeat(63)}{"ё":"😀"}${']'.repeat(63)}`;
  assert.is(JSON.stringify(readJson(text)), text);
});

read.run();

const texts = suite('quickblox · emulator · readJsonTexts');

for (const [text, value] of [
  ['7', '7'],
  ['-0', '-0'],
  ['[7.0,1e3,1E+3,-2.5e-3]', ['7.0', '1e3', '1E+3', '-2.5e-3']],
  ['{"1":12345678901234567890}', { '1': '12345678901234567890' }],
  ['{"a\\"1":"2 \\\\", "b":3}', { 'a"1': '2 \\', b: '3' }],
  ['[true,null,"x"]', [true, null, 'x']],
] as const) {
  texts(`keeps the numbers of ${text} as they are written`, () => assert.equal(readJsonTexts(text), value));
}

texts('reads nothing from what is no JSON', () => {
  for (const text of ['01', '1.', '{"a":1e}', '-', '{1:2}']) assert.is(readJsonTexts(text), undefined);
});

texts('reads nothing where an object names a member twice', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":null,"b":[],"\\u0061":2}',
    '{"a":{"b":1,"b" :2}}',
    '[{"c":{},"d":0,"c":1}]',
  ])
    assert.is(readJsonTexts(text), undefined, text);
  for (const text of ['{"a":{"a":"a"},"b":["a",{"a":"x"},{"a":"{"}],"c":"\\"c\\":"}', '{"a":"b","b":"a"}'])
    assert.equal(readJsonTexts(text), JSON.parse(text), text);
});

texts.run();

const properties = suite('quickblox · emulator · readJsonTexts · properties');

properties('gives what JSON.parse gives, numbers apart', () =>
  property(
    fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
      const told = JSON.stringify(readJsonTexts(text), (_, one) => (typeof one === 'string' ? 'text' : one));
      const parsed = JSON.stringify(JSON.parse(text), (_, one) => (/string|number/.test(typeof one) ? 'text' : one));
      assert.is(told, parsed);
    }),
  ),
);

properties.run();
