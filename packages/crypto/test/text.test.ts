import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertText, assertWellFormed, isText } from '../src/text.ts';

const wellFormed = suite('text · assertWellFormed');

for (const text of ['', 'plain', 'zoë', '\ud83d\ude00']) {
  wellFormed(`takes ${JSON.stringify(text)}`, () => assertWellFormed(text));
}

for (const [text, index] of [
  ['\ud83d', 0],
  ['\ude00\ud83d', 0],
  ['a\ud83da', 1],
  ['\ud83d\ude00\ude00', 2],
] as const) {
  wellFormed(`names index ${index} of ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => assertWellFormed(text),
      (error: unknown) =>
        error instanceof RangeError && error.message === `text has a lone surrogate at index ${index}`,
    );
  });
}

wellFormed.run();

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
