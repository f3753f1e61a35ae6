import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRedirect, type RedirectResult } from '../src/redirect.ts';

const base = 'https://myapp.com/oauth_callback';
const code = 'ffae0047c4d6b9e02f95e76a3f6a32';

const parse = suite('hubrise · parseRedirect');

const rows: [query: string, expected: RedirectResult][] = [
  [`?code=${code}`, { ok: true, code, state: undefined }],
  [`?code=${code}&state=x+y%2Bz`, { ok: true, code, state: 'x y+z' }],
  [`?tenant=7&state=s&code=${code}&unknown=1&unknown=2`, { ok: true, code, state: 's' }],
  [`?code=${code}#fragment?code=other`, { ok: true, code, state: undefined }],
  [
    '?error=access_denied',
    { ok: false, reason: 'denied', error: 'access_denied', description: undefined, state: undefined },
  ],
  ['?error=expired&state=s', { ok: false, reason: 'expired', error: 'expired', description: undefined, state: 's' }],
  [
    '?error=server_error&error_description=Try+later',
    { ok: false, reason: 'provider-error', error: 'server_error', description: 'Try later', state: undefined },
  ],
  ['?error=', { ok: false, reason: 'provider-error', error: '', description: undefined, state: undefined }],
  [
    '?error=toString',
    { ok: false, reason: 'provider-error', error: 'toString', description: undefined, state: undefined },
  ],
  [
    '?error=ACCESS_DENIED',
    { ok: false, reason: 'provider-error', error: 'ACCESS_DENIED', description: undefined, state: undefined },
  ],
  ['', { ok: false, reason: 'code-missing' }],
  ['?state=s', { ok: false, reason: 'code-missing' }],
  ['?code=', { ok: false, reason: 'code-missing' }],
  ['?code=+', { ok: false, reason: 'code-missing' }],
  ['?Code=1', { ok: false, reason: 'code-missing' }],
  [`#code=${code}`, { ok: false, reason: 'code-missing' }],
  ['?code=a%20b', { ok: false, reason: 'code-malformed' }],
  ['?code=%E2%82%AC', { ok: false, reason: 'code-malformed' }],
  ['?code=%00', { ok: false, reason: 'code-malformed' }],
  ['?code=%FF', { ok: false, reason: 'parameter-malformed' }],
  ['?code=%zz', { ok: false, reason: 'parameter-malformed' }],
  [`?code=${code}&state=%C3`, { ok: false, reason: 'parameter-malformed' }],
  ['?error=access_denied&error_description=%E9', { ok: false, reason: 'parameter-malformed' }],
  [`?code=${'a'.repeat(513)}`, { ok: false, reason: 'code-malformed' }],
  [`?code=${code}&code=${code}`, { ok: false, reason: 'parameter-repeated' }],
  [`?code=${code}&state=a&state=b`, { ok: false, reason: 'parameter-repeated' }],
  ['?error=expired&error=access_denied', { ok: false, reason: 'parameter-repeated' }],
  ['?error=expired&error_description=a&error_description=b', { ok: false, reason: 'parameter-repeated' }],
  [`?code=${code}&error=access_denied`, { ok: false, reason: 'code-and-error' }],
  ['?code=&error=access_denied', { ok: false, reason: 'code-and-error' }],
  [`?state=${'s'.repeat(16_384)}`, { ok: false, reason: 'redirect-too-long' }],
];
for (const [query, expected] of rows) {
  const shown = query.length > 80 ? `${query.slice(0, 40)}… (${query.length})` : query;
  parse(`reads ${JSON.stringify(shown)} as ${expected.ok ? 'a code' : expected.reason}`, () => {
    assert.equal(parseRedirect(base + query), expected);
    assert.equal(parseRedirect(new URL(base + query)), expected);
    assert.equal(parseRedirect(new Request(base + query)), expected);
    assert.equal(parseRedirect(`/oauth_callback${query}`), expected);
  });
}

for (const method of ['HEAD', 'POST', 'OPTIONS']) {
  parse(`refuses a ${method} request, which no browser sends here`, () => {
    const request = new Request(`${base}?code=${code}`, { method });
    assert.equal(parseRedirect(request), { ok: false, reason: 'method-not-allowed' });
  });
}
parse.run();

const properties = suite('hubrise · parseRedirect · properties');

properties('never throws for any text', async () => {
  await property(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true })), (text) => {
      assert.type(parseRedirect(text).ok, 'boolean');
      assert.type(parseRedirect(`?${text}`).ok, 'boolean');
    }),
  );
});

properties('gives back any error and state as they were', async () => {
  const text = fc.string({ unit: 'grapheme' });
  await property(
    fc.property(text, text, (error, state) => {
      const result = parseRedirect(`?${new URLSearchParams({ error, state })}`);
      assert.ok(!result.ok && 'error' in result);
      assert.is(result.error, error);
      assert.is(result.state, state);
    }),
  );
});
properties.run();
