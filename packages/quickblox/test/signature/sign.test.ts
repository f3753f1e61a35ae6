import { createHmac } from 'node:crypto';
import { Secret } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalizeParameters, signSession } from '../../src/signature/index.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };

const vector = (name: string) => {
  const found = vectors.find((one) => one.name === name);
  assert.ok(found, `vector ${name}`);
  return found as (typeof vectors)[number] & { parameters: Record<string, string> };
};
const platform = (hash: 'sha1' | 'sha256', secret: string, text: string): string =>
  createHmac(hash, secret).update(text, 'utf8').digest('hex');

const sign = suite('quickblox · signSession');

for (const { name, kind, source, secret, normalized, parameters, sha1, sha256 } of vectors) {
  sign(`agrees with ${name}, ${kind} (${source})`, () => {
    const given = parameters as unknown as Record<string, string>;
    assert.equal(signSession(given, { secret }), { normalized, signature: sha1 });
    assert.equal(signSession(given, { secret, hash: 'sha256' }), { normalized, signature: sha256 });
  });
}

sign('takes numbers, groups and a Secret for the same digest', () => {
  const parameters = {
    timestamp: 1572434594,
    user: { password: 'amigo30pass', login: 'amigo30' },
    nonce: 33431,
    auth_key: 'bbfeCwWtz8dqF4F',
    application_id: 716730,
  };
  const { signature } = signSession(parameters, { secret: new Secret('YYXAU8BEYBfv0Fn') });
  assert.is(signature, vector('V2').sha1);
});

sign('leaves the signature itself out', () => {
  const { parameters, secret, sha1 } = vector('V1');
  assert.is(signSession({ ...parameters, signature: 'anything' }, { secret }).signature, sha1);
});

/** Digests that a known mistake produces, from QuickBlox fact sheet §9, "Negative controls". */
const mistakes: readonly [mistake: string, name: string, digest: string, key: string, text: string][] = [
  [
    'the guide’s corrupted text',
    'V1',
    'c6ec141f06818487b11067a2bea67b1938fc9398',
    'YYXAU8BEYBfv0Fn',
    'application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=33432×tamp=1572434294',
  ],
  [
    'the guide’s text as printed, with backslashes',
    'V1',
    '6521e3798b9134f5efc7628241b70f0654606a99',
    'YYXAU8BEYBfv0Fn',
    'application\\_id=716730\\&auth\\_key=bbfeCwWtz8dqF4F\\&nonce=33432×tamp=1572434294',
  ],
  [
    'key and message swapped',
    'V1',
    '5d7338f4bd5adc5f144f4ead156bae02d6d1c8f6',
    'application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=33432&timestamp=1572434294',
    'YYXAU8BEYBfv0Fn',
  ],
  [
    'brackets percent-encoded',
    'V2',
    '0c2ef90a9c97c7e03fa16e7ceb8f6998b7d74f4f',
    'YYXAU8BEYBfv0Fn',
    'application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=33431&timestamp=1572434594&user%5Blogin%5D=amigo30&user%5Bpassword%5D=amigo30pass',
  ],
  [
    'provider left out',
    'V4',
    'b0a72036b12ea90930ca72023ce60921f50a334b',
    'dMFLtwFt4fX567U',
    vector('V4').normalized.replace('&provider=firebase_phone', ''),
  ],
];
for (const [mistake, name, digest, key, text] of mistakes) {
  sign(`does not make the mistake of ${name}: ${mistake}`, () => {
    const { parameters, secret } = vector(name);
    assert.is(platform('sha1', key, text), digest, 'the mistake is the one that is meant');
    for (const hash of ['sha1', 'sha256'] as const) {
      const { signature, normalized } = signSession(parameters, { secret, hash });
      assert.is.not(signature, platform(hash, key, text));
      assert.is.not(normalized, text);
    }
  });
}

sign('signs a decomposed letter differently from the composed one', () => {
  const { parameters, secret } = vector('E3');
  const decomposed = { ...parameters, 'user[login]': 'zoe\u0308' };
  assert.is.not(signSession(decomposed, { secret }).signature, signSession(parameters, { secret }).signature);
});

sign('refuses an empty secret, an unknown hash and a lone surrogate', () => {
  assert.throws(
    () => signSession({ a: 'b' }, { secret: '' }),
    (error: Error) => error instanceof TypeError && /secret/.test(error.message),
  );
  for (const hash of ['md5', 'SHA1', 'toString']) {
    assert.throws(
      () => signSession({ a: 'b' }, { secret: 's', hash: hash as never }),
      /hash must be 'sha1' or 'sha256'/,
    );
  }
  assert.throws(
    () => signSession({ a: '\ud800' }, { secret: 's' }),
    (error: unknown) => error instanceof RangeError,
  );
});

sign.run();

const order = suite('quickblox · normalizeParameters');

order('sorts names by code unit, with no regard to values or locale', () => {
  assert.is(normalizeParameters({ b: '1', A: '2', a: '3', B: '4', _: '5', 'a-b': '6' }), 'A=2&B=4&_=5&a=3&a-b=6&b=1');
});

order('has no separator at either end, and gives nothing for nothing', () => {
  assert.is(normalizeParameters({}), '');
  assert.is(normalizeParameters({ a: '' }), 'a=');
});

order('keeps every sign of a value as it is', () => {
  assert.is(normalizeParameters({ a: '1+2%20&c=<"\n é' }), 'a=1+2%20&c=<"\n é');
});

order.run();

const properties = suite('quickblox · signature · properties');
const name = fc.stringMatching(/^[a-z_]{1,12}(\[[a-z_]{1,8}\])?$/);
const text = fc.string({ unit: 'grapheme' });
const pairs = fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 8 });

properties('does not depend on the order of the parameters', () =>
  property(
    fc.property(
      pairs.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        assert.is(normalizeParameters(Object.fromEntries(list)), normalizeParameters(Object.fromEntries(shuffled)));
      },
    ),
  ),
);

properties('does not depend on groups being nested or flat', () =>
  property(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text), (group) => {
      const flat = Object.fromEntries(Object.entries(group).map(([key, value]) => [`user[${key}]`, value]));
      assert.is(normalizeParameters({ user: group, nonce: 1 }), normalizeParameters({ nonce: 1, ...flat }));
    }),
  ),
);

properties('agrees with the platform over the sorted pairs', () =>
  property(
    fc.property(
      pairs,
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom('sha1', 'sha256'),
      (list, key, hash) => {
        const expected = [...list]
          .filter(([one]) => one !== 'signature')
          .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          .map(([one, value]) => `${one}=${value}`)
          .join('&');
        const signed = signSession(Object.fromEntries(list), { secret: key, hash });
        assert.is(signed.signature, platform(hash, key, expected));
      },
    ),
  ),
);

properties.run();
