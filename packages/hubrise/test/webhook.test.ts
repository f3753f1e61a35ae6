import { createHmac } from 'node:crypto';
import { Secret } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CallbackDelivery, verifyCallback } from '../src/webhook.ts';

const header = 'X-HubRise-Hmac-SHA256';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const order = '{"id":"ks8f6","resource_type":"order"}';
const escaped = String.raw`{"customer":{"first_name":"Zo\u00e9","note":"5\u20ac off"}}`;
const event =
  '{"id":"ks8f6","resource_type":"order","event_type":"create","created_at":"2020-06-25T11:43:51+02:00","order_id":"5dpm9","location_id":"3r4s3-1","account_id":"3r4s3","new_state":{"id":"5dpm9","status":"new","total":"18.90 EUR"}}';
const key = 'test_client_secret';
const hexKey = '00112233445566778899aabbccddeeff001122334455';

// HubRise fact sheet §16; #1 is the expected value of HubRise's own test-suite
const vectors: [number: number, key: string, body: string, bytes: number, signature: string][] = [
  [
    1,
    'dummy_secret',
    '{"key":"val","app_instance_id":"hr_id1"}',
    40,
    'edb1136a4bd15e6637f2720b9804f21a4913ce41e5ba31b8ad62bad00fa53ce5',
  ],
  [2, key, order, 38, 'a169ada363b48e94aa902d406379aae4785b948af65574bfa54d1ba295d8d259'],
  [
    3,
    key,
    '{\n  "id": "ks8f6",\n  "resource_type": "order"\n}',
    47,
    '28ca12074a7dee8573008f61bbf77014d1c34866de0fed49afad2f747edb5258',
  ],
  [4, key, event, 227, '840cf50d8af4fa41d9fac580a13ceed12740f8ec1ad1916586fb7bb1af8fe06b'],
  [
    5,
    key,
    '{"customer":{"first_name":"Zoé","note":"5€ off"}}',
    52,
    '0cfbfd19928c2e0ebd3b7a90e50ba623c8d076deafa2436b1988b4e55537b723',
  ],
  [6, key, escaped, 59, 'f7227006b84ca8630b48e6c28021f885b3947d1b81ff09917c37d33a7779d6bb'],
  [7, key, '', 0, '87a972ffd4fee28f08e581edff9e6dc55474ff0695ee8a6adbd7681acccea413'],
  [8, hexKey, order, 38, 'fc4715ee18348c81c8bd7fee3d51ced7dc72e41de6efdf77bf4be7a926430b1d'],
];
const [, two, three] = vectors;
const signature2 = two?.[4] ?? '';
const signature3 = three?.[4] ?? '';

const verify = suite('hubrise · verifyCallback');

for (const [number, secret, text, length, signature] of vectors) {
  verify(`accepts vector ${number}`, () => {
    const body = encode(text);
    assert.is(body.length, length);
    const result = verifyCallback({ body, headers: new Headers({ [header]: signature }) }, { secrets: [secret] });
    assert.ok(result.ok);
    assert.is(result.body, body);
    assert.is(result.secretIndex, 0);
  });
}

verify('reads the header whatever its case, from Headers and from a Node object', () => {
  for (const name of [header, 'X-Hubrise-Hmac-Sha256', 'x-hubrise-hmac-sha256']) {
    const delivery = { body: encode(order), headers: { [name]: signature2, other: undefined } };
    assert.ok(verifyCallback(delivery, { secrets: [key] }).ok);
  }
  const node = { body: encode(order), headers: { [header]: [signature2] } };
  assert.ok(verifyCallback(node, { secrets: [key] }).ok);
});

verify('tries each secret and tells which one matched', () => {
  const delivery = { body: encode(order), headers: { [header]: signature2 } };
  const result = verifyCallback(delivery, { secrets: ['next_secret', new Secret(key), 'older'] });
  assert.ok(result.ok && result.secretIndex === 1);
});

verify('verifies a view into a larger buffer', () => {
  const buffer = encode(`xx${order}yy`);
  const delivery = { body: buffer.subarray(2, buffer.length - 2), headers: { [header]: signature2 } };
  assert.ok(verifyCallback(delivery, { secrets: [key] }).ok);
});

const refused: [name: string, headers: CallbackDelivery['headers'], reason: string][] = [
  ['the base64 form', { [header]: 'oWmto2O0jpSqkC1AY3mq5HhblIr2VXS/pU0bopXY0lk=' }, 'signature-malformed'],
  ['the signature of the same JSON with other white space', { [header]: signature3 }, 'signature-mismatch'],
  ['an empty header', { [header]: '' }, 'signature-malformed'],
  ['an empty header of Headers', new Headers({ [header]: '' }), 'signature-malformed'],
  ['no header', {}, 'header-missing'],
  ['no header of Headers', new Headers(), 'header-missing'],
  ['a header without a value', { [header]: undefined }, 'header-missing'],
  ['another header', { 'X-HubRise-Signature': signature2 }, 'header-missing'],
  ['upper case', { [header]: signature2.toUpperCase() }, 'signature-malformed'],
  ['a prefix', { [header]: `sha256=${signature2}` }, 'signature-malformed'],
  ['one digit less', { [header]: signature2.slice(1) }, 'signature-malformed'],
  ['one byte less', { [header]: signature2.slice(2) }, 'signature-malformed'],
  ['one digit more', { [header]: `${signature2}0` }, 'signature-malformed'],
  ['a digit that is none', { [header]: `g${signature2.slice(1)}` }, 'signature-malformed'],
  ['the header twice', { [header]: [signature2, signature2] }, 'header-repeated'],
  [
    'the header twice in Headers',
    new Headers([
      [header, signature2],
      [header, signature2],
    ]),
    'header-repeated',
  ],
  ['the header in two cases', { [header]: signature2, [header.toLowerCase()]: signature2 }, 'header-repeated'],
];
for (const [name, headers, reason] of refused) {
  verify(`refuses ${name}: ${reason}`, () => {
    assert.equal(verifyCallback({ body: encode(order), headers }, { secrets: [key] }), { ok: false, reason });
  });
}

verify('refuses a signature made with the hex-decoded key', () => {
  const headers = { [header]: 'c52762622ea56451aa65e25f4346494d3440c59f3579c60fc2868b1a79b79922' };
  const result = verifyCallback({ body: encode(order), headers }, { secrets: [hexKey] });
  assert.equal(result, { ok: false, reason: 'signature-mismatch' });
});

verify('refuses a body that was parsed and written again', () => {
  const headers = { [header]: vectors[5]?.[4] ?? '' };
  const body = encode(JSON.stringify(JSON.parse(escaped)));
  assert.is(verifyCallback({ body, headers }, { secrets: [key] }).ok, false);
});

verify('refuses every signature with one digit changed', () => {
  for (let index = 0; index < 64; index += 1) {
    const digit = signature2[index] === '0' ? '1' : '0';
    const headers = { [header]: signature2.slice(0, index) + digit + signature2.slice(index + 1) };
    assert.is(verifyCallback({ body: encode(order), headers }, { secrets: [key] }).ok, false, `digit ${index}`);
  }
});

for (const [name, secrets] of [
  ['no secrets', []],
  ['an empty secret', ['']],
  ['an empty secret behind a good one', [key, '']],
  ['an undefined secret', [undefined]],
  ['no list', undefined],
] as const) {
  verify(`fails closed with ${name}`, () => {
    const delivery = { body: encode(order), headers: { [header]: signature2 } };
    assert.throws(
      () => verifyCallback(delivery, { secrets: secrets as never }),
      (error: unknown) => error instanceof TypeError && /secret/.test(error.message) && !error.message.includes(key),
    );
  });
}
verify.run();

const properties = suite('hubrise · verifyCallback · properties');

properties('accepts what the platform signs, and no other body', async () => {
  await property(
    fc.property(fc.uint8Array(), fc.string({ minLength: 1 }), fc.nat(), (body, secret, at) => {
      const headers = { [header]: createHmac('sha256', secret).update(body).digest('hex') };
      assert.ok(verifyCallback({ body, headers }, { secrets: [secret] }).ok);
      if (body.length === 0) return;
      const altered = Uint8Array.from(body);
      altered[at % body.length] = (altered[at % body.length] ?? 0) ^ 1;
      assert.is(verifyCallback({ body: altered, headers }, { secrets: [secret] }).ok, false);
    }),
  );
});

properties('never throws for any body and header', async () => {
  await property(
    fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (body, value) => {
      assert.is(verifyCallback({ body, headers: { [header]: value } }, { secrets: [key] }).ok, false);
    }),
  );
});
properties.run();
