import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flattenParameters } from '../src/parameters.ts';

const flatten = suite('quickblox · flattenParameters');

flatten('writes groups with brackets and keeps the order of giving', () => {
  const flat = flattenParameters({ z: 1, user: { login: 'anna', password: 'p' }, 'keys[token]': 't', a: -7 });
  assert.equal(flat, [
    ['z', '1'],
    ['user[login]', 'anna'],
    ['user[password]', 'p'],
    ['keys[token]', 't'],
    ['a', '-7'],
  ]);
});

flatten('leaves absent members out and never writes the text undefined', () => {
  assert.equal(flattenParameters({ a: undefined, b: null, keys: { token: 't', secret: undefined, more: null } }), [
    ['keys[token]', 't'],
  ]);
});

flatten('keeps names that objects have of their own', () => {
  const parameters = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
  assert.equal(flattenParameters(parameters), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

const refused: readonly [
  what: string,
  parameters: unknown,
  type: typeof TypeError | typeof RangeError,
  text: RegExp,
][] = [
  ['a fraction', { timestamp: 1.5 }, RangeError, /timestamp must be a safe integer/],
  ['an exponent', { nonce: 1e21 }, RangeError, /nonce must be a safe integer/],
  ['NaN', { nonce: Number.NaN }, RangeError, /nonce/],
  ['a number in a group', { user: { login: 0.1 } }, RangeError, /user\[login\]/],
  ['a flag', { a: true }, TypeError, /parameter a must be text or a whole number/],
  ['a list', { a: ['x'] }, TypeError, /parameter a must be text, a whole number or a group/],
  ['two levels', { user: { name: { first: 'x' } } }, TypeError, /user\[name\]/],
  ['a name given twice', { user: { login: 'a' }, 'user[login]': 'b' }, TypeError, /user\[login\] is given twice/],
  ['a name given twice, the flat one first', { 'a[b]': 1, a: { b: 2 } }, TypeError, /a\[b\] is given twice/],
  ['two groups that make one name', { a: { 'b[c': 1 }, 'a[b': { c: 2 } }, TypeError, /a\[b\[c\] is given twice/],
];
for (const [what, parameters, type, text] of refused) {
  flatten(`refuses ${what} by name`, () => {
    assert.throws(
      () => flattenParameters(parameters as never),
      (error: Error) => error instanceof type && text.test(error.message),
    );
  });
}

flatten.run();
