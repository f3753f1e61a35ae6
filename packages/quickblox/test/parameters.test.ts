import { runInNewContext } from 'node:vm';
import { Secret } from '@x/crypto';
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

flatten('gives the text of secrets, alone and in a group', () => {
  assert.equal(flattenParameters({ proof: new Secret('p'), keys: { token: new Secret('t'), region: 'eu' } }), [
    ['proof', 'p'],
    ['keys[token]', 't'],
    ['keys[region]', 'eu'],
  ]);
});

flatten('takes plain objects without a prototype and from another realm', () => {
  const group = Object.assign(Object.create(null), { login: 'anna' });
  assert.equal(flattenParameters(Object.assign(Object.create(null), { user: group })), [['user[login]', 'anna']]);
  assert.equal(flattenParameters(runInNewContext('({ user: { login: "anna" } })')), [['user[login]', 'anna']]);
});

for (const [what, parameters] of [
  ['nothing', undefined],
  ['null', null],
  ['a list', ['x']],
  ['text', 'a=1'],
  ['a query', new URLSearchParams('a=1')],
  ['a map', new Map([['a', 1]])],
  ['a secret', new Secret('x')],
] as const) {
  flatten(`refuses ${what} in the place of parameters`, () => {
    assert.throws(() => flattenParameters(parameters as never), /^parameters must be a plain object$|TypeError/);
  });
}

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
  ['a flag', { a: true }, TypeError, /parameter a must be text, a Secret or a whole number/],
  ['a list', { a: ['x'] }, TypeError, /parameter a must be .*; groups are plain objects, one level deep/],
  ['a date', { a: new Date(0) }, TypeError, /parameter a must be/],
  ['a map', { a: new Map([['x', 1]]) }, TypeError, /parameter a must be/],
  ['header fields', { a: new Headers({ x: '1' }) }, TypeError, /parameter a must be/],
  ['a function', { a: () => 'x' }, TypeError, /parameter a must be/],
  ['a bigint', { nonce: 7n }, TypeError, /parameter nonce must be/],
  ['a date in a group', { user: { login: new Date(0) } }, TypeError, /user\[login\] must be/],
  [
    'an object that only looks like a secret',
    {
      a: new (class {
        reveal = () => 'x';
      })(),
    },
    TypeError,
    /parameter a must be/,
  ],
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
