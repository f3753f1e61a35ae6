import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nestsDeeper } from '../../src/server/json-depth.ts';

const depth = suite('json-depth · nestsDeeper');
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const jsons: readonly [what: string, json: string, levels: number, expected: boolean][] = [
  ['nothing', '', 1, false],
  ['no brackets', '"text"', 1, false],
  ['as many levels as are allowed', nested(3), 3, false],
  ['one level more', nested(4), 3, true],
  ['one level more, of objects', '{"a":{"b":{}}}', 2, true],
  ['one level more, of both', '{"a":[{}]}', 2, true],
  ['a deep level that never closes', '[[[', 2, true],
  ['many brackets side by side', '[{},{},{},[],[]]', 2, false],
  ['a deep level behind many shallow ones', `[{},{},{},[[]]]`, 2, true],
  ['brackets in a text', '[[],[],"[[[[{{{{"]', 2, false],
  ['brackets in a text behind an escaped quote', String.raw`[[],[],"\"[[[["]`, 2, false],
  ['brackets behind a text that ends in an escaped backslash', String.raw`[[],"\\",[[]]]`, 2, true],
  ['brackets in the name of a member', '[[],{"[[[[":1}]', 2, false],
  ['brackets in a text between signs of several bytes', '[[],[],"é[[€[[🍕"]', 2, false],
  ['brackets behind a text of such signs', '[[],"é€🍕",[[]]]', 2, true],
  ['brackets that close and never opened', `]]]]${nested(3)}`, 2, false],
];
for (const [what, json, levels, expected] of jsons) {
  depth(`${what}: ${expected ? 'deeper' : 'not deeper'} than ${levels}`, () => {
    assert.is(nestsDeeper(bytes(json), levels), expected);
  });
}

depth.run();

const properties = suite('json-depth · properties');

/** Levels of a value, by walking it. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

properties('agrees with a walk over the parsed value', async () => {
  const texts = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'é', '🍕', 'a') });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6, withCrossShrink: true }, texts, fc.integer(), tie('list'), tie('record')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    record: fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
  }));
  await property(
    fc.property(value, fc.integer({ min: 1, max: 6 }), (given, levels) => {
      assert.is(nestsDeeper(bytes(JSON.stringify(given)), levels), levelsOf(given) > levels);
    }),
  );
});

properties.run();
