import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainSignature } from '../../src/signature/index.ts';
import { damaged } from './damaged.ts';

const secret = 'as_test';
const base = { application_id: '1', auth_key: 'ak', nonce: '2', timestamp: '1572434294' };
const masked = (given: { sent?: string | Record<string, string>; signed?: string }): string | undefined =>
  explainSignature({ ...given, secret }).normalized;

const mask = suite('quickblox · masked parameters');

/** Put together wrongly, so that a value that could be shown holds what must not be. */
for (const [what, given] of [
  [
    'a signed text without a group',
    { signed: 'application_id=1&auth_key=k&login=anna&nonce=7&password=HIDDEN&timestamp=1' },
  ],
  [
    'a signed text with an unknown name',
    { signed: 'application_id=1&auth_key=k&nonce=7&timestamp=1&user[pass]=HIDDEN' },
  ],
  ['a signed text with dots', { signed: 'application_id=1&auth_key=k&nonce=7&timestamp=1&user.password=HIDDEN' }],
  ['a signed text with commas', { signed: 'application_id=1,auth_key=k,nonce=7,timestamp=2,user[password]=HIDDEN' }],
  ['a signed text without separators', { signed: 'nonce=7timestamp=2user[login]=annauser[password]=HIDDEN' }],
  ['a form with semicolons', { sent: 'application_id=1;auth_key=HIDDEN;nonce=7;timestamp=2;user[password]=HIDDEN' }],
  ['a form with an encoded ampersand', { sent: 'user[login]=anna%26user[password]=HIDDEN' }],
  ['a login that takes in all that follows', { sent: 'user[login]=anna-password-HIDDEN' }],
  ['a name of its own in JSON', { sent: '{"hidden":"x","user":{"hidden":"y"}}' }],
] as const) {
  mask(`shows nothing of ${what} that could be a secret`, () => {
    assert.not.match(JSON.stringify(explainSignature({ ...given, secret })), /hidden/i);
  });
}

mask('shows numbers and known providers under their own names, and no other value', () => {
  const sent = {
    ...base,
    provider: 'facebook',
    scope: 'email',
    'user[login]': 'anna',
    'user[owner_id]': '7',
    'firebase_phone[project_id]': 'my-app',
    extra: 'x',
  };
  assert.is(
    masked({ sent }),
    'application_id=1&auth_key=[redacted]&(another)=[redacted]&firebase_phone[project_id]=[redacted]&nonce=2' +
      '&provider=facebook&scope=[redacted]&timestamp=1572434294&user[login]=[redacted]&user[owner_id]=[redacted]',
  );
});

for (const [name, shown, hidden] of [
  ['application_id', ['1', '999999999999'], ['', '1.5', '-1', '1 ', '1\n', '1;2', 'a1', '1a', '1'.repeat(13)]],
  ['nonce', ['0', '-2147483648', '9'.repeat(20)], ['', '-', '1-1', 'x7', '7x', '7&password=x', '9'.repeat(21)]],
  ['timestamp', ['0', '1572434294123'], ['', 'now', '1572434294.5', '-1', '1e9', '1,2', '1'.repeat(17)]],
  ['provider', ['facebook', 'twitter', 'twitter_digits', 'firebase_phone'], ['', 'acme', 'facebook7', 'my facebook']],
] as const) {
  mask(`shows a value of ${name} in the form that the guide has it, and in no other`, () => {
    for (const value of shown) assert.is(masked({ sent: { [name]: value } }), `${name}=${value}`);
    for (const value of hidden) assert.is(masked({ sent: { [name]: value } }), `${name}=[redacted]`);
  });
}

mask('shows names as the guide has them, without their group, or with dots, and no other', () => {
  const names = ['access_token', 'keys', 'keys.token', 'login', 'password', 'user', 'user.password', 'user[password]'];
  assert.is(
    masked({ sent: Object.fromEntries(names.map((name) => [name, 'x'])) }),
    names.map((name) => `${name}=[redacted]`).join('&'),
  );
  for (const name of [
    '',
    'Password',
    'password ',
    'user[pass]',
    'user.pass',
    '[password]',
    'user[password',
    'user[]',
  ]) {
    assert.is(masked({ sent: { [name]: 'x' } }), '(another)=[redacted]');
  }
});

mask('hides a number that is also a password, or the secret', () => {
  assert.is(
    masked({ sent: { ...base, 'user[password]': '2' } }),
    'application_id=1&auth_key=[redacted]&nonce=[redacted]&timestamp=1572434294&user[password]=[redacted]',
  );
  assert.is(explainSignature({ sent: { nonce: '77' }, secret: '77' }).normalized, 'nonce=[redacted]');
});

mask.run();

const properties = suite('quickblox · masked parameters · properties');

properties('show no password, token, key or name of a stranger, however the request was damaged', () =>
  property(
    fc.property(damaged, damaged, fc.nat(5), ({ text, parameters }, other, how) => {
      const given = [
        { sent: text },
        { sent: parameters },
        { signed: text },
        { sent: text, signed: other.text },
        { sent: parameters, signed: other.text, signature: text },
        { sent: other.parameters, signed: text, signature: 'a'.repeat(40) },
      ][how];
      const explanation = explainSignature({ ...given, secret });
      assert.not.match(inspect(explanation, { depth: 9 }) + JSON.stringify(explanation), /marker/i);
    }),
    { runs: Number(process.env['FAST_CHECK_RUNS'] ?? 500) },
  ),
);

properties.run();
