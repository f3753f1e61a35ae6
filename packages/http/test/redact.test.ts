import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redactCause, redactUrl } from '../src/redact.ts';

const url = suite('redact · redactUrl');

const rows: readonly [given: string, expected: string][] = [
  ['https://api.example.com/v1/orders?token=abc#frag', 'https://api.example.com/v1/orders'],
  ['https://user:secret@api.example.com/', 'https://api.example.com/'],
  ['https://api.example.com/users/7/tokens/0123456789abcdef01234567', 'https://api.example.com/users/7/tokens/…'],
  ['https://api.example.com/a-long-name-without-any-digits', 'https://api.example.com/a-long-name-without-any-digits'],
  ['not a url?secret=1', '(unreadable URL)'],
];
for (const [given, expected] of rows) url(`shows ${expected}`, () => assert.is(redactUrl(given), expected));

url('never shows a query', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.uuid(), (base, secret) => {
      assert.not.match(redactUrl(`${base.split('?')[0]}?token=${secret}`), secret);
    }),
  );
});

url.run();

const cause = suite('redact · redactCause');

cause('keeps the platform’s code and drops the text', () => {
  const inner = Object.assign(new Error('connect ECONNREFUSED https://x.example?token=abc'), { code: 'ECONNREFUSED' });
  const redacted = redactCause(new TypeError('fetch failed', { cause: inner }));
  assert.is(redacted?.message, 'ECONNREFUSED');
  assert.not.match(`${redacted?.stack}${String(redacted)}`, 'abc');
});

cause('shows the class of an error without code', () => {
  assert.is(redactCause(new RangeError('secret'))?.message, 'RangeError');
  assert.is(redactCause('secret text')?.message, 'Error');
});

cause('does not trust a name or code that carries text', () => {
  const odd = Object.assign(new Error('x'), { name: 'a secret', code: 'abc?token' });
  assert.is(redactCause(odd)?.message, 'Error');
});

cause('leaves alone what was redacted before', () => {
  for (const inner of [Object.assign(new TypeError('x'), { code: 'ECONNRESET' }), new RangeError('x')]) {
    const once = redactCause(inner) as Error & { code?: string };
    const twice = redactCause(once) as Error & { code?: string };
    assert.equal([twice.name, twice.message, twice.code], [once.name, once.message, once.code]);
  }
});

cause('has nothing for nothing', () => assert.is(redactCause(undefined), undefined));

cause.run();
