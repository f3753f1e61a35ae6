import { createHmac } from 'node:crypto';
import { Secret } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatSessionBody, normalizeParameters, verifySessionSignature } from '../../src/signature/index.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };

const verify = suite('quickblox · verifySessionSignature');

for (const { name, secret, parameters, sha1, sha256 } of vectors) {
  for (const [hash, signature, other] of [
    ['sha1', sha1, sha256],
    ['sha256', sha256, sha1],
  ] as const) {
    verify(`accepts ${name} by ${hash} as parameters, form and JSON, and no other hash`, () => {
      const given = { ...(parameters as unknown as Record<string, string>), signature };
      const options = { secret, hash };
      assert.equal(verifySessionSignature(given, options), { ok: true });
      assert.equal(verifySessionSignature(String(new URLSearchParams(given)), options), { ok: true });
      assert.equal(verifySessionSignature(JSON.stringify(given), options), { ok: true });
      const { body } = formatSessionBody(given, { ...options, encoding: 'json' });
      assert.equal(verifySessionSignature(body, options), { ok: true });
      const refused = { ok: false, reason: 'signature-malformed' };
      assert.equal(verifySessionSignature({ ...given, signature: other }, options), refused);
    });
  }
}

const signature = createHmac('sha1', 's').update('a=1').digest('hex');
for (const [what, sent, reason] of [
  ['no body', '', 'signature-missing'],
  ['no signature', 'a=1', 'signature-missing'],
  ['an empty signature', 'a=1&signature=', 'signature-missing'],
  ['capitals', `a=1&signature=${signature.toUpperCase()}`, 'signature-malformed'],
  ['a digit too few', `a=1&signature=${signature.slice(1)}`, 'signature-malformed'],
  ['another value', `a=2&signature=${signature}`, 'signature-mismatch'],
  ['another parameter', `a=1&b=&signature=${signature}`, 'signature-mismatch'],
  ['two signatures', `a=1&signature=${signature}&signature=${signature}`, 'parameter-repeated'],
  ['broken JSON', '{', 'body-unreadable'],
  ['a long body', `a=${'1'.repeat(70_000)}`, 'body-too-large'],
] as const) {
  verify(`refuses ${what} with ${reason}`, () => {
    assert.equal(verifySessionSignature(sent, { secret: 's' }), { ok: false, reason });
  });
}

/** JSON that reads as the same numbers, and is not the same text. */
for (const [what, body, signed, isRight] of [
  ['a fraction of nothing', '{"timestamp":1572434294.0}', 'timestamp=1572434294', false],
  ['the same fraction in both', '{"timestamp":1572434294.0}', 'timestamp=1572434294.0', true],
  ['an exponent', '{"nonce":1e3}', 'nonce=1000', false],
  ['a zero with a sign', '{"nonce":-0}', 'nonce=0', false],
  ['a number that no float holds', '{"nonce":9007199254740993}', 'nonce=9007199254740993', true],
  ['that number rounded', '{"nonce":9007199254740993}', 'nonce=9007199254740992', false],
  ['numbers in a group', '{"user":{"id":70000000000000001}}', 'user[id]=70000000000000001', true],
] as const) {
  verify(`${isRight ? 'accepts' : 'refuses'} numbers of JSON as they are written: ${what}`, () => {
    const given = createHmac('sha1', 's').update(signed).digest('hex');
    const sent = body.replace(/\}$/, `,"signature":"${given}"}`);
    const expected = isRight ? { ok: true } : { ok: false, reason: 'signature-mismatch' };
    assert.equal(verifySessionSignature(sent, { secret: 's' }), expected);
  });
}

for (const [what, members] of [
  ['a parameter twice', '"a":1,"a":1'],
  ['a parameter twice, once written otherwise', '"a":1,"\\u0061":1'],
  ['a parameter twice, once as null', '"a":1,"a":null'],
  ['a group twice', '"user":{"login":"a"},"a":1,"user":{"password":"b"}'],
  ['a member of a group twice', '"user":{"login":"a","login":"a"}'],
  ['a member of a group twice, once as null', '"user":{"login":null,"login":"a"}'],
  ['a group and a value of one name', '"user":{"login":"a"},"user":"b"'],
] as const) {
  verify(`refuses JSON with ${what}`, () => {
    const refused = { ok: false, reason: 'parameter-repeated' };
    assert.equal(verifySessionSignature(`{${members},"signature":"${signature}"}`, { secret: 's' }), refused);
  });
}

verify('takes parameters whose absent member is given flat', () => {
  const given = createHmac('sha1', 's').update('user[login]=a').digest('hex');
  const parameters = { user: { login: undefined }, 'user[login]': 'a', signature: given };
  assert.equal(verifySessionSignature(parameters, { secret: 's' }), { ok: true });
});

verify('refuses every signature that differs in one digit', () => {
  for (let index = 0; index < signature.length; index += 1) {
    const digit = signature[index] === '0' ? '1' : '0';
    const changed = signature.slice(0, index) + digit + signature.slice(index + 1);
    const result = verifySessionSignature({ a: 1, signature: changed }, { secret: 's' });
    assert.equal(result, { ok: false, reason: 'signature-mismatch' });
  }
});

verify('signs secrets among the parameters as the text that they hide', () => {
  const parameters = { keys: { token: new Secret('t') }, proof: new Secret('p') };
  const given = createHmac('sha1', 's').update('keys[token]=t&proof=p').digest('hex');
  assert.is(normalizeParameters(parameters), 'keys[token]=t&proof=p');
  assert.equal(verifySessionSignature({ ...parameters, signature: given }, { secret: 's' }), { ok: true });
});

for (const [what, member] of [
  ['a date', new Date(0)],
  ['a map', new Map([['x', 1]])],
  ['a list', ['x']],
  ['a truth value', true],
] as const) {
  verify(`does not leave out ${what}, whose signature nobody can make`, () => {
    const given = createHmac('sha1', 's').update('a=1').digest('hex');
    const refused = { ok: false, reason: 'body-unreadable' };
    assert.equal(verifySessionSignature({ a: 1, b: member, signature: given } as never, { secret: 's' }), refused);
    if (!(member instanceof Map || member instanceof Date)) {
      const text = JSON.stringify({ a: 1, b: member, signature: given });
      assert.equal(verifySessionSignature(text, { secret: 's' }), refused);
    }
  });
}

verify('needs a secret and a known hash', () => {
  assert.throws(() => verifySessionSignature('a=1', { secret: '' }), /secret must be text/);
  assert.throws(() => verifySessionSignature('a=1', { secret: 's', hash: 'md5' as never }), /hash must be/);
});

verify.run();

const properties = suite('quickblox · verifySessionSignature · properties');

properties('never throws and never accepts what was not signed', () =>
  property(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.webQueryParameters(), fc.anything()), (sent) => {
      assert.is(verifySessionSignature(sent as string, { secret: 's' }).ok, false);
    }),
  ),
);

properties.run();
