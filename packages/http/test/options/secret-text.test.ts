import { inspect } from 'node:util';
import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSecretText, isTrimmedSecret, isVisibleSecretText } from '../../src/options/secret-text.ts';

const texts = suite('options · isSecretText, isVisibleSecretText');

const rows: readonly [value: unknown, isText: boolean, isVisible: boolean][] = [
  ['secret', true, true],
  ['!~:#', true, true],
  [new Secret('secret'), true, true],
  ['two words', true, false],
  ['line\nbreak', true, false],
  ['line break\n', true, false],
  ['tab\t', true, false],
  ['pässword', true, false],
  ['\u{1f511}', true, false],
  ['\x7f', true, false],
  [new Secret('two words'), true, false],
  ['', false, false],
  ['lone \ud800', false, false],
  [undefined, false, false],
  [null, false, false],
  [7, false, false],
  [['secret'], false, false],
  [{ reveal: () => 'secret' }, false, false],
  [new String('secret'), false, false],
];
for (const [value, isText, isVisible] of rows) {
  const shown = value instanceof Secret ? 'a Secret' : inspect(value);
  texts(`${shown} is ${isText ? '' : 'no '}secret text${isVisible ? ' of visible ASCII' : ''}`, () => {
    assert.is(isSecretText(value), isText);
    assert.is(isVisibleSecretText(value), isVisible);
  });
}

texts('white space around a secret is told, inside it is not', () => {
  for (const text of [' secret', 'secret ', 'secret\n', '\r\nsecret', '\tsecret', ' ', 'secret\u00a0']) {
    assert.is(isTrimmedSecret(text), false, JSON.stringify(text));
    assert.is(isTrimmedSecret(new Secret(text)), false, JSON.stringify(text));
  }
  for (const text of ['secret', 'two words', 'line\nbreak']) assert.ok(isTrimmedSecret(text));
});

texts('a secret of another installed copy counts', () => {
  const foreign = { [Symbol.for('@x/crypto.Secret')]: true, reveal: () => 'secret' };
  assert.ok(isSecretText(foreign));
  assert.ok(isVisibleSecretText(foreign));
});

texts.run();
