import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatMembers, isRenderedDifferently, parseMembers } from '../../src/signature/json-members.ts';

const parse = suite('quickblox · parseMembers');

parse('keeps the order, the names and the digits of what is written', () => {
  assert.equal(parseMembers(' {"b" : 1.0, "2":"\\u0061\\"{", "1":{"x":null ,"x":7}, "__proto__":{}, "b":-0}\n'), [
    ['b', { text: '1.0', source: '1.0' }],
    ['2', { text: 'a"{', source: '"\\u0061\\"{"' }],
    [
      '1',
      [
        ['x', { text: undefined, source: 'null' }],
        ['x', { text: '7', source: '7' }],
      ],
    ],
    ['__proto__', []],
    ['b', { text: '-0', source: '-0' }],
  ]);
  assert.equal(parseMembers('{}'), []);
});

for (const text of ['', '{', '{"a":1,}', "{'a':1}", '{"a":01}', '{"a":1}}', '{"a" 1}', '{"a":"\n"}']) {
  parse(`refuses ${JSON.stringify(text)}, which is no JSON`, () => {
    assert.throws(
      () => parseMembers(text),
      (error: Error) => error instanceof SyntaxError,
    );
  });
}
for (const text of [
  '[]',
  '1',
  '"{"',
  'null',
  '{"a":[]}',
  '{"a":{"b":{}}}',
  '{"a":{"b":[1]}}',
  '{"a":true}',
  '{"a":{"b":false}}',
]) {
  parse(`refuses ${text}, which has another shape`, () => {
    assert.throws(
      () => parseMembers(text),
      (error: Error) => error instanceof TypeError,
    );
  });
}

parse.run();

const format = suite('quickblox · formatMembers');

format('writes members as JSON, and none that it has nothing for', () => {
  assert.is(
    formatMembers([
      ['a"', '1.0'],
      ['b', undefined],
      ['c', '{"d":"e"}'],
    ]),
    '{"a\\"":1.0,"c":{"d":"e"}}',
  );
  assert.is(formatMembers([]), '{}');
});

format.run();

const rendered = suite('quickblox · isRenderedDifferently');

rendered('tells numbers that have several ways of writing from those that have one, and from other values', () => {
  for (const source of ['1.0', '-1.5', '1e3', '1E+3', '12.5e-1', '-0', '0.0']) assert.ok(isRenderedDifferently(source));
  for (const source of ['0', '1', '-1', '-10', '9007199254740993', '"1.0"', 'true', 'false', 'null', undefined]) {
    assert.not.ok(isRenderedDifferently(source), source);
  }
});

rendered.run();

const properties = suite('quickblox · parseMembers · properties');
const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger());
const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '1', 'user'));
const object = fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar)));

properties('agree with the platform where it keeps everything, whatever the spaces', () =>
  property(
    fc.property(object, fc.constantFrom(0, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const read = parseMembers(text).map(([key, member]) => {
        if ('text' in member) return [key, member.source] as const;
        return [key, formatMembers(member.map(([inner, { source }]) => [inner, source]))] as const;
      });
      assert.equal(JSON.parse(formatMembers(read)), JSON.parse(text));
    }),
  ),
);

properties.run();
