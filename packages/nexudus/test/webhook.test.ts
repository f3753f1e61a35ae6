import { encodeUtf8 } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type VerifyDeliveryResult, verifyDelivery } from '../src/webhook.ts';
import { deliveryVectors, webhookSecret } from './vectors.ts';

const [w1, w2Ascii, w2Raw, w3] = deliveryVectors;
if (w1 === undefined || w2Ascii === undefined || w2Raw === undefined || w3 === undefined) throw new Error('vectors');

function verify(
  body: string | Uint8Array,
  signature: string | undefined,
  secret: string | readonly string[] = webhookSecret,
): VerifyDeliveryResult {
  const headers = new Headers(signature === undefined ? {} : { 'X-Nexudus-Hook-Signature': signature });
  return verifyDelivery({ body: typeof body === 'string' ? encodeUtf8(body) : body, headers }, { secret });
}

function reasonOf(result: VerifyDeliveryResult): string {
  return result.ok ? 'ok' : result.reason;
}

const delivery = suite('nexudus · verifyDelivery');

for (const { name, body, signature, secret, matched } of deliveryVectors) {
  delivery(`accepts ${name}, in capitals and small letters`, () => {
    for (const text of [signature, signature.toLowerCase(), ` ${signature} `]) {
      const result = verify(body, text, secret);
      assert.ok(result.ok);
      assert.is(result.matched, matched);
      assert.is(result.secretIndex, 0);
      assert.is(result.record['Id'], 1_416_023_860);
    }
  });

  delivery(`refuses ${name} under another secret`, () => {
    assert.is(reasonOf(verify(body, signature, `${secret}x`)), 'signature-mismatch');
  });
}

delivery('refuses W3 for W1 and the other way round', () => {
  assert.is(reasonOf(verify(w1.body, w3.signature)), 'signature-mismatch');
  assert.is(reasonOf(verify(w3.body, w1.signature)), 'signature-mismatch');
});

delivery('refuses a body that was parsed and written again', () => {
  assert.is(reasonOf(verify(JSON.stringify(JSON.parse(w1.body), null, 1), w1.signature)), 'signature-mismatch');
});

delivery('drops a byte-order mark before it reads the text', () => {
  const body = encodeUtf8(`\u{FEFF}${w2Ascii.body}`);
  const result = verify(body, w2Ascii.signature);
  assert.ok(result.ok);
  assert.is(result.record['FullName'], 'José Ñandú 😀');
});

delivery('takes a body at an offset of a larger buffer', () => {
  const bytes = encodeUtf8(`xx${w1.body}xx`);
  assert.is(reasonOf(verify(bytes.subarray(2, bytes.length - 2), w1.signature)), 'ok');
});

const mistakes: readonly (readonly [what: string, delivery: object, message: RegExp])[] = [
  ['text for a body', { body: w1.body }, /^body must be a Uint8Array/],
  ['an ArrayBuffer', { body: new ArrayBuffer(2) }, /^body must be a Uint8Array/],
  ['no body', { body: undefined }, /^body must be a Uint8Array/],
  ['no headers', { headers: undefined }, /^headers must be a Headers/],
];
for (const [what, changes, message] of mistakes) {
  delivery(`names the argument for ${what}`, () => {
    const headers = new Headers({ 'x-nexudus-hook-signature': w1.signature });
    const given = { body: encodeUtf8(w1.body), headers, ...changes };
    assert.throws(
      () => verifyDelivery(given as never, { secret: webhookSecret }),
      (error: unknown) => error instanceof TypeError && message.test(error.message),
    );
  });
}

delivery('takes the bytes of a Buffer', () => {
  const headers = new Headers({ 'x-nexudus-hook-signature': w1.signature });
  assert.is(reasonOf(verifyDelivery({ body: Buffer.from(w1.body), headers }, { secret: webhookSecret })), 'ok');
});

delivery("reads the fields of Node's request as it does Headers", () => {
  const name = 'x-nexudus-hook-signature';
  const other = w1.signature.replace(/^./, (sign) => (sign === '0' ? '1' : '0'));
  const rows: readonly [headers: Record<string, string | string[] | undefined>, expected: string][] = [
    [{ host: 'lockers.example', [name]: w1.signature }, 'ok'],
    [{ 'X-Nexudus-Hook-Signature': [w1.signature] }, 'ok'],
    [{ [name]: ` ${w1.signature} ` }, 'ok'],
    [{ [name]: other }, 'signature-mismatch'],
    [{ [name]: [w1.signature, w1.signature] }, 'signature-malformed'],
    [{ [name]: w1.signature, 'X-Nexudus-Hook-Signature': w1.signature }, 'signature-malformed'],
    [{ [name]: undefined }, 'header-missing'],
    [{}, 'header-missing'],
  ];
  for (const [headers, expected] of rows) {
    const result = verifyDelivery({ body: encodeUtf8(w1.body), headers }, { secret: webhookSecret });
    assert.is(reasonOf(result), expected, JSON.stringify(Object.keys(headers)));
  }
});

delivery('tries several secrets, newest first', () => {
  const result = verify(w1.body, w1.signature, ['newest', webhookSecret]);
  assert.ok(result.ok);
  assert.is(result.secretIndex, 1);
});

delivery('accepts a raw signature with a key in UTF-8', () => {
  // HMAC-SHA256, key clé-ключ as UTF-8, computed with Python's hmac
  assert.is(reasonOf(verify(w1.body, rawUtf8KeySignature, 'clé-ключ')), 'ok');
});

const rawUtf8KeySignature = '62A9254183F955428000A12BA8E6CBDA692517B568B5F150E0C4FEE4A4F0DE57';

const rows: readonly (readonly [what: string, signature: string | undefined, expected: string])[] = [
  ['no header', undefined, 'header-missing'],
  ['an empty header', '', 'header-missing'],
  ['63 digits', w1.signature.slice(1), 'signature-malformed'],
  ['65 digits', `${w1.signature}0`, 'signature-malformed'],
  ['a prefix', `sha256=${w1.signature}`, 'signature-malformed'],
  ['two signatures', `${w1.signature}, ${w1.signature}`, 'signature-malformed'],
  ['another letter', `${w1.signature.slice(1)}G`, 'signature-malformed'],
  ['zeros', '0'.repeat(64), 'signature-mismatch'],
];
for (const [what, signature, expected] of rows) {
  delivery(`refuses ${what}: ${expected}`, () => {
    assert.is(reasonOf(verify(w1.body, signature)), expected);
  });
}

delivery('refuses a signature with any digit flipped', () => {
  for (let index = 0; index < 64; index += 1) {
    const digit = ((Number.parseInt(w1.signature.charAt(index), 16) + 1) % 16).toString(16);
    const flipped = w1.signature.slice(0, index) + digit + w1.signature.slice(index + 1);
    assert.is(reasonOf(verify(w1.body, flipped)), 'signature-mismatch', `digit ${index}`);
  }
});

// signatures computed with Python's hmac
const contents: readonly (readonly [body: string, signature: string, expected: string])[] = [
  ['not json', '66306579448E193146957AA6E8305FD4E7FC1D769577C6F7D67613702F9B8C7E', 'body-not-json'],
  ['', '053AEC4E96595F4E24E0DE41BC6FFA7187C6CC13FB6F499D141BBF979951BDA7', 'body-not-json'],
  ['[]', '656286BE1D782391718B653473A2EAB4C1839B62744DC469181D8C0E2A3C8B66', 'event-invalid'],
  ['[{"Id":1},{"Id":2}]', 'C5C3D7EADD5EA0DA5D0D84E3260B5A98BD0B3B483DDC81C646D37256AC50D5EA', 'event-invalid'],
  ['["Id"]', '94BFE8A8D2153CCF64DC61C54CFBB2A8EEAAD1B428E8EDFEACEAA3110D8507FF', 'event-invalid'],
  ['null', '0098E78005E54331CF3366B10573C18DDDE087126CFEC6E7B806E1D31DBD4A3E', 'event-invalid'],
];
for (const [body, signature, expected] of contents) {
  delivery(`refuses the signed body ${JSON.stringify(body)}: ${expected}`, () => {
    assert.is(reasonOf(verify(body, signature)), expected);
  });
}

delivery('refuses signed bytes that are not UTF-8', () => {
  assert.is(
    reasonOf(
      verify(Uint8Array.of(0x5b, 0xff, 0x5d), 'CB5183A88F1B959632AC957FC74EFEAF15DD25D29F42123780D7A3F4293ADC36'),
    ),
    'body-not-json',
  );
});

delivery('wants a secret', () => {
  const namesSecret = (error: unknown): boolean => error instanceof TypeError && /secret/.test(error.message);
  assert.throws(() => verify(w1.body, w1.signature, ''), namesSecret);
  assert.throws(() => verify(w1.body, w1.signature, []), namesSecret);
});

delivery.run();

const properties = suite('nexudus · verifyDelivery · properties');

properties('never throws for any bytes and header, and lets nothing through', async () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 64, maxLength: 64 });
  await property(
    fc.property(fc.uint8Array(), fc.oneof(hex, fc.string()), (body, text) => {
      const signature = text.replaceAll(/[^\x20-\x7e]/g, '');
      assert.is(verify(body, signature).ok, false);
    }),
  );
});

properties.run();
