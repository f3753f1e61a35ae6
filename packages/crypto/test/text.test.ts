import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertText, findLoneSurrogate, isText } from '../src/text.ts';

const find = suite('text · findLoneSurrogate');

for (const [text, index] of [
  ['', -1],
  ['plain', -1],
  ['\ud83d\ude00', -1],
  ['\ud83d', 0],
  ['\ud83d\ude00\ude00', 2],
] as const) {
  find(`finds ${index} in ${JSON.stringify(text)}`, () => assert.is(findLoneSurrogate(text), index));
}

find.run();

const recognise = suite('text · isText, assertText');

for (const [value, expected] of [
  ['a', true],
  ['', false],
  ['\ud83d', false],
  [1, false],
  [undefined, false],
  [['a'], false],
] as const) {
  recognise(`isText says ${expected} for ${JSON.stringify(value)}`, () => assert.is(isText(value), expected));
}

recognise('assertText names the argument', () => {
  assertText('', 'it');
  assert.throws(
    () => assertText(1, 'it'),
    (error: unknown) => error instanceof TypeError && error.message === 'it must be text',
  );
});

recognise.run();
