import { inspect } from 'node:util';
import { scriptedFetch } from '@x/testing';
import type { Input, Options } from 'ky';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';

const mistake = suite('request-mistake');

const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com/', fetch: scriptedFetch([]) });

const rows: readonly [name: string, input: Input, options: Options, expected: RegExp][] = [
  ['a URL that is none', 'http://[hush', {}, /the input must be a URL/],
  ['user info', 'https://a:hush@api.example.com/', {}, /must not hold credentials/],
  ['a user without password', 'https://hush@api.example.com/', {}, /must not hold credentials/],
  ['a password without user', 'https://:hush@api.example.com/', {}, /must not hold credentials/],
  ['user info without scheme', '//a:hush@api.example.com/', {}, /must not hold credentials/],
  ['user info in a URL object', new URL('https://a:hush@api.example.com/'), {}, /must not hold credentials/],
  ['a header value', 'a', { headers: { 'x-token': 'hush\nhush' } }, /headers must hold names and values/],
  ['a header name', 'a', { headers: { 'hush hush': 'a' } }, /headers must hold names and values/],
  ['a list of header fields', 'a', { headers: [['x-token', 'hush\nhush']] }, /headers must hold names and values/],
  ['a base URL with user info', 'a', { baseUrl: 'https://a:hush@api.example.com/' }, /must not hold credentials/],
  ['a prefix with user info', 'a', { prefix: 'https://a:hush@api.example.com/' }, /must not hold credentials/],
  ['a base URL that is none', 'a', { baseUrl: ':hush' }, /the input must be a URL/],
  ['a referrer that is none', 'a', { referrer: 'https:// hush' }, /the input must be a URL/],
];
for (const [name, input, options, expected] of rows) {
  mistake(`${name} is refused in words that do not quote it`, () => {
    let error: unknown;
    try {
      client.get(input, options);
    } catch (thrown) {
      error = thrown;
    }
    assert.instance(error, TypeError);
    assert.match((error as Error).message, expected);
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
  });
}

const others: readonly [name: string, input: Input, options: Options, expected: RegExp][] = [
  ['a method', 'a', { method: 'G T' }, /method/],
  ['a method for a Request', new Request('https://api.example.com/a'), { method: 'G T' }, /method/],
  ['a header that is switched off', 'a', { headers: { 'x-a': undefined }, method: 'G T' }, /method/],
  ['header fields in their own class', 'a', { headers: new Headers(), method: 'G T' }, /method/],
];
for (const [name, input, options, expected] of others) {
  mistake(`what the platform says of ${name} is left as it is`, () => {
    assert.throws(() => client(input, options), expected);
  });
}

const hushed = { 'x-token': 'hush\nhush' };
const given = { provider: 'sample', baseUrl: 'https://api.example.com/', fetch: scriptedFetch([]) };
for (const [where, call] of [
  ['the client', () => createClient({ ...given, headers: hushed }).get('a')],
  ['extend', () => client.extend({ headers: hushed }).get('a')],
  ['create', () => client.create({ headers: hushed }).get('https://api.example.com/')],
  ['the user agent', () => createClient({ ...given, userAgent: 'hush\nhush' }).get('a')],
] as const) {
  mistake(`header fields of ${where} are refused in words that do not quote them`, () => {
    assert.throws(call, (error: unknown) => {
      assert.instance(error, TypeError);
      assert.match((error as Error).message, /headers must hold names and values/);
      return !inspect(error, { depth: null, showHidden: true }).includes('hush');
    });
  });
}

for (const [where, call] of [
  ['extend', () => client.extend({ baseUrl: 'https://a:hush@api.example.com/' })],
  ['extend, from a function', () => client.extend(() => ({ prefix: 'https://a:hush@api.example.com/' }))],
  ['create', () => client.create({ baseUrl: new URL('https://a:hush@api.example.com/') })],
] as const) {
  mistake(`user info in what ${where} is given is refused there, on every runtime`, () => {
    assert.throws(call, /^the input must not hold credentials$/);
  });
}

mistake('a relative input of an instance that has no base URL is not quoted', () => {
  assert.throws(
    () => client.create().get('a?token=hush'),
    (error: unknown) =>
      error instanceof TypeError && !inspect(error, { depth: null, showHidden: true }).includes('hush'),
  );
});

mistake('a call without options is told what is wrong too', () => {
  assert.throws(() => client('http://[hush'), /the input must be a URL/);
});

mistake('what a hook throws is left as it is', () => {
  const mine = new RangeError('mine');
  const extended = client.extend({
    hooks: {
      init: [
        () => {
          throw mine;
        },
      ],
    },
  });
  assert.throws(
    () => extended.get('http://[hush'),
    (error: unknown) => error === mine,
  );
});

for (const input of ['users/a@b.example', 'https://api.example.com/@hush?to=a@b.example', 'a?b=c@d', 'http://[@']) {
  mistake(`an @ that begins no user info is none: ${input}`, async () => {
    const sample = createClient({
      provider: 'sample',
      baseUrl: 'https://api.example.com/',
      fetch: async () => new Response(),
    });
    if (input.includes('[')) assert.throws(() => sample.get(input), /the input must be a URL/);
    else assert.is((await sample.get(input)).status, 200);
  });
}

mistake('user info in a Request is refused where the platform lets it through', () => {
  const request = Object.defineProperty(new Request('https://b.example/'), 'url', {
    value: 'https://a:hush@b.example/',
  });
  assert.throws(() => client(request), /must not hold credentials/);
});

mistake.run();
