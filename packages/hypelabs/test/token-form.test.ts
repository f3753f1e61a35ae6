import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readToken } from '../src/token-form.ts';

const bearerOnly = { allowedTokenTypes: new Set(['bearer']), acceptCombinedToken: false };
const combined = { ...bearerOnly, acceptCombinedToken: true };
const others = { allowedTokenTypes: new Set(['bearer', 'token']), acceptCombinedToken: true };

const form = suite('hypelabs · readToken');

const rows: readonly [rules: typeof combined, type: string, token: string, expected: string][] = [
  [bearerOnly, 'Bearer', '123456789', 'bearer 123456789'],
  [bearerOnly, 'bEARER', 'aZ09-._~+/==', 'bearer aZ09-._~+/=='],
  [bearerOnly, 'Bearer', 'x'.repeat(8192), `bearer ${'x'.repeat(8192)}`],
  [bearerOnly, 'Bearer', 'x'.repeat(8193), 'token-too-long'],
  [bearerOnly, '', 'Bearer 123', 'token-type-missing'],
  [bearerOnly, '', '', 'token-type-missing'],
  [bearerOnly, 'Bearer', '', 'token-missing'],
  [bearerOnly, 'Bearer', 'Bearer 123', 'token-malformed'],
  [bearerOnly, 'Bearer\u0000', '123', 'token-type-refused'],
  [bearerOnly, 'b\u0435arer', '123', 'token-type-refused'],
  [combined, '', 'Bearer 123', 'bearer 123'],
  [combined, '', 'bearer 123', 'bearer 123'],
  [combined, '', 'Bearer  123', 'token-malformed'],
  [combined, '', 'Bearer Bearer 123', 'token-malformed'],
  [combined, '', 'Bearer ', 'token-missing'],
  [combined, '', 'Bearer', 'token-type-missing'],
  [combined, '', 'Basic 123', 'token-type-missing'],
  [combined, '', ' 123', 'token-type-missing'],
  [combined, '', '0123456789abcdef', 'token-type-missing'],
  [combined, 'Bearer', 'Bearer 123', 'token-malformed'],
  [combined, 'Basic', 'Bearer 123', 'token-type-refused'],
  [others, 'Token', 'any printable {text}', 'token any printable {text}'],
  [others, 'Token', 'tab\there', 'token-malformed'],
  [others, 'Token', 'token again', 'token-malformed'],
  [others, '', 'Token abc', 'token abc'],
  [others, 'to\u212Aen', 'abc', 'token-type-refused'],
];
for (const [rules, tokenType, accessToken, expected] of rows) {
  form(`makes ${expected.slice(0, 40)} of ${JSON.stringify([tokenType, accessToken.slice(0, 30)])}`, () => {
    const result = readToken({ tokenType, accessToken }, rules);
    assert.is(result.ok ? `${result.tokenType} ${result.accessToken}` : result.reason, expected);
  });
}

form('lets through nothing but the alphabet of RFC 6750, and nothing changed', () =>
  property(
    fc.property(fc.string({ unit: 'binary' }), (accessToken) => {
      const result = readToken({ tokenType: 'Bearer', accessToken }, bearerOnly);
      assert.is(result.ok, /^[A-Za-z0-9\-._~+/]+=*$/.test(accessToken) && !accessToken.includes('\n'));
      if (result.ok) assert.is(result.accessToken, accessToken);
    }),
  ),
);

form.run();
