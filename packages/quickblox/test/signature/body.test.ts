import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatSessionBody, signSession } from '../../src/signature/index.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };

const format = suite('quickblox · formatSessionBody');

for (const { name, secret, parameters, sha1, sha256 } of vectors) {
  format(`writes ${name} with its values and either signature, as form and as JSON`, () => {
    const given = parameters as unknown as Record<string, string>;
    for (const [hash, signature] of [
      ['sha1', sha1],
      ['sha256', sha256],
    ] as const) {
      const form = formatSessionBody(given, { secret, hash });
      assert.is(form.contentType, 'application/x-www-form-urlencoded');
      assert.equal(Object.fromEntries(new URLSearchParams(form.body)), { ...given, signature });
      const json = formatSessionBody(given, { secret, hash, encoding: 'json' });
      assert.is(json.contentType, 'application/json');
      assert.equal(flat(JSON.parse(json.body)), { ...given, signature });
    }
  });
}

format('replaces a signature that is given, and leaves out what is absent', () => {
  const { body } = formatSessionBody({ a: 1, b: undefined, signature: 'x' }, { secret: 's' });
  assert.is(body, `a=1&signature=${signSession({ a: 1 }, { secret: 's' }).signature}`);
});

format('nests in JSON only what can be nested', () => {
  const { body } = formatSessionBody(
    { user: 'plain', 'user[login]': 'a', 'x[y][z]': 'b', '[c]': 'd', 'keys[token]': 't', 'keys[secret]': 's' },
    { secret: 's', encoding: 'json' },
  );
  const { signature: _, ...sent } = JSON.parse(body);
  assert.equal(sent, {
    user: 'plain',
    'user[login]': 'a',
    'x[y][z]': 'b',
    '[c]': 'd',
    keys: { token: 't', secret: 's' },
  });
});

format('refuses an encoding that QuickBlox does not take', () => {
  const options = { secret: 's', encoding: 'xml' as never };
  assert.throws(() => formatSessionBody({ a: 1 }, options), /^encoding must be 'form' or 'json'$/);
});

format.run();

const properties = suite('quickblox · formatSessionBody · properties');
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'user[__proto__]', '__proto__[a]'),
  fc.stringMatching(/^[a-z_]{1,8}(\[[a-z_]{1,8}\])?$/),
);
const pairs = fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'grapheme' })), { selector: ([key]) => key });

properties('sends the very values that were signed, in either encoding', () =>
  property(
    fc.property(pairs, (list) => {
      const parameters = Object.fromEntries(list.filter(([key]) => key !== 'signature'));
      const signed = { ...signatureOf(parameters), ...parameters };
      const form = new URLSearchParams(formatSessionBody(parameters, { secret: 's' }).body);
      const json = formatSessionBody(parameters, { secret: 's', encoding: 'json' });
      assert.equal(sorted([...form]), sorted(Object.entries(signed)));
      assert.equal(sorted(Object.entries(flat(JSON.parse(json.body)))), sorted(Object.entries(signed)));
    }),
  ),
);

properties.run();

function signatureOf(parameters: Record<string, string>): { signature: string } {
  return { signature: signSession(parameters, { secret: 's' }).signature };
}

function flat(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([outer, inner]) =>
      typeof inner === 'string'
        ? [[outer, inner]]
        : Object.entries(inner as object).map(([k, v]) => [`${outer}[${k}]`, v]),
    ),
  );
}

function sorted(list: [string, string][]): [string, string][] {
  return list.sort(([a], [b]) => (a < b ? -1 : 1));
}
