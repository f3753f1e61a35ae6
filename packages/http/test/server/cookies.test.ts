import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clearCookie, readCookie, setCookie } from '../../src/server/cookies.ts';

const set = suite('cookies · setCookie');
const plain = { name: '__Host-state', value: 'abc', maxAgeSeconds: 600 };

set('writes a cookie that scripts, plain HTTP and other hosts cannot touch', () => {
  assert.is(setCookie(plain), '__Host-state=abc; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax');
  assert.match(setCookie({ ...plain, sameSite: 'None' }), /; Secure; HttpOnly; SameSite=None$/);
});

set('clears by an age of zero', () => {
  assert.is(clearCookie('__Host-state'), '__Host-state=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax');
});

const wrong: readonly [name: string, options: object, expected: RegExp][] = [
  ['a name that is the prefix alone', { name: '__Host-' }, /token/],
  ['a name in another case', { name: '__host-state' }, /__Host-/],
  ['a place that brings another attribute', { sameSite: 'Lax; Domain=hush.example' }, /sameSite/],
  ['a place in another case', { sameSite: 'lax' }, /sameSite/],
  ['a name without the prefix', { name: 'state' }, /__Host-/],
  ['a name that is no token', { name: '__Host-a b' }, /token/],
  ['a name that ends the pair', { name: '__Host-a=b' }, /token/],
  ['a value that begins an attribute', { value: 'hush; Domain=evil.example' }, /value of cookie/],
  ['a value with a line break', { value: 'hush\r\nset-cookie: a=b' }, /value of cookie/],
  ['a value with a quote', { value: '"hush"' }, /value of cookie/],
  ['a value with a comma', { value: 'hush,' }, /value of cookie/],
  ['a value with a backslash', { value: 'hush\\' }, /value of cookie/],
  ['a value beyond ASCII', { value: 'hush…' }, /value of cookie/],
  ['a negative age', { maxAgeSeconds: -1 }, /maxAgeSeconds/],
  ['a broken age', { maxAgeSeconds: 1.5 }, /maxAgeSeconds/],
  ['an age above 400 days', { maxAgeSeconds: 34_560_001 }, /maxAgeSeconds/],
];
for (const [name, options, expected] of wrong) {
  set(`refuses ${name}, without quoting the value`, () => {
    assert.throws(
      () => setCookie({ ...plain, ...options }),
      (error: unknown) =>
        (error instanceof TypeError || error instanceof RangeError) &&
        expected.test(error.message) &&
        !error.message.includes('hush'),
    );
  });
}

set.run();

const read = suite('cookies · readCookie');
const withCookie = (cookie: string): Request => new Request('https://app.example/', { headers: { cookie } });

const rows: readonly [given: string, expected: string | undefined][] = [
  ['__Host-state=abc', 'abc'],
  ['a=1; __Host-state=abc; b=2', 'abc'],
  ['a=1;__Host-state=abc', 'abc'],
  ['__Host-state=a=b=', 'a=b='],
  ['__Host-state=', ''],
  ['__Host-state=abc; __Host-state=abc', undefined],
  ['__Host-state=abc; __Host-state=def', undefined],
  ['__host-state=abc', undefined],
  ['x__Host-state=abc', undefined],
  ['__Host-state', undefined],
  ['__Host-stateful=abc', undefined],
  ['a="; __Host-state=abc', 'abc'],
  ['a=1;\t __Host-state=abc \t; b=2', 'abc'],
  ['a=1; \u{a0}__Host-state=evil', undefined],
  ['a=1; __Host-state=abc\u{a0}; b=2', 'abc\u{a0}'],
  ['a=1; \v__Host-state=evil', undefined],
  ['', undefined],
];
for (const [given, expected] of rows) {
  read(`reads ${JSON.stringify(given)}`, () => assert.is(readCookie(withCookie(given), '__Host-state'), expected));
}

read('knows nothing without the field', () => {
  assert.is(readCookie(new Request('https://app.example/'), '__Host-state'), undefined);
});

read('never throws for any field', async () => {
  const field = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCodePoint(code)) });
  await property(fc.property(field, (given) => void readCookie(withCookie(given.replaceAll('\x7f', '')), 'a')));
});

read('gives back what was set', async () => {
  await property(
    fc.property(fc.stringMatching(/^[\w.~+/=-]{0,60}$/), (value) => {
      const [pair = ''] = setCookie({ ...plain, value }).split(';');
      assert.is(readCookie(withCookie(`first=1; ${pair}`), '__Host-state'), value);
    }),
  );
});

read.run();
