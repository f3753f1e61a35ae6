import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from '../src/base64.ts';
import { encodeUtf8 } from '../src/utf8.ts';

const vectors = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const;

const variants = [
  { name: 'base64', encode: encodeBase64, decode: decodeBase64, pad: (text: string) => text },
  {
    name: 'base64url',
    encode: encodeBase64Url,
    decode: decodeBase64Url,
    pad: (text: string) => text.replaceAll('=', ''),
  },
] as const;

const encoding = suite('base64 · encodeBase64, encodeBase64Url');
const decoding = suite('base64 · decodeBase64, decodeBase64Url');

for (const { name, encode, decode, pad } of variants) {
  for (const [text, encoded] of vectors) {
    encoding(`${name} agrees with RFC 4648 §10, BASE64("${text}")`, () => {
      assert.is(encode(encodeUtf8(text)), pad(encoded));
    });
    decoding(`${name} agrees with RFC 4648 §10, BASE64("${text}")`, () => {
      assert.equal([...decode(pad(encoded))], [...encodeUtf8(text)]);
    });
  }

  encoding(`${name} reads no more of a view than it shows`, () => {
    assert.is(encode(encodeUtf8('xfoox').subarray(1, 4)), 'Zm9v');
  });

  for (const value of ['abc', undefined, [1, 2]]) {
    encoding(`${name} refuses ${Object.prototype.toString.call(value)}`, () => {
      assert.throws(
        () => encode(value as never),
        (error: unknown) => error instanceof TypeError && /^bytes must be/.test(error.message),
      );
    });
  }

  for (const value of [undefined, null, ['Zg=='], encodeUtf8('Zg==')]) {
    decoding(`${name} refuses ${Object.prototype.toString.call(value)}`, () => {
      assert.throws(
        () => decode(value as never),
        (error: unknown) => error instanceof TypeError && error.message === `${name} must be text`,
      );
    });
  }
}

encoding('write the last two letters of their own alphabet', () => {
  assert.is(encodeBase64(Uint8Array.of(0xfb, 0xff)), '+/8=');
  assert.is(encodeBase64Url(Uint8Array.of(0xfb, 0xff)), '-_8');
});

for (const [decode, text, why, complaint] of [
  [decodeBase64, 'Zg', 'no padding', /multiple of 4, got 2/],
  [decodeBase64, 'Zg=', 'half the padding', /multiple of 4, got 3/],
  [decodeBase64, 'Zg===', 'too much padding', /multiple of 4, got 5/],
  [decodeBase64, 'Zm9v====', 'a group of padding', /position 4/],
  [decodeBase64, '====', 'nothing but padding', /position 0/],
  [decodeBase64, 'Z===', 'a group with one letter', /position 1/],
  [decodeBase64, 'Zg==Zg==', 'padding in the middle', /position 2/],
  [decodeBase64, 'Zm9=Zm9v', 'padding in the middle', /position 3/],
  [decodeBase64, 'Zh==', 'trailing bits of two letters', /trailing bits at position 1/],
  [decodeBase64, 'Zm9=', 'trailing bits of three letters', /trailing bits at position 2/],
  [decodeBase64, 'Zm9\n', 'a line break', /position 3/],
  [decodeBase64, ' Zm9', 'white space', /position 0/],
  [decodeBase64, '-_8=', 'the other alphabet', /^base64 .*position 0/],
  [decodeBase64, 'Zm9é', 'a letter beyond ASCII', /position 3/],
  [decodeBase64, 'Zm9\uff21', 'a full-width letter', /position 3/],
  [decodeBase64Url, 'Zg==', 'padding', /position 2/],
  [decodeBase64Url, 'Zm8=', 'padding', /position 3/],
  [decodeBase64Url, '=', 'nothing but padding', /half a byte at position 0/],
  [decodeBase64Url, 'Zm9vY', 'half a byte', /half a byte at position 4/],
  [decodeBase64Url, 'Zh', 'trailing bits of two letters', /trailing bits at position 1/],
  [decodeBase64Url, 'Zm9', 'trailing bits of three letters', /trailing bits at position 2/],
  [decodeBase64Url, '+/8', 'the other alphabet', /^base64url .*position 0/],
  [decodeBase64Url, 'Zm 9', 'white space', /position 2/],
  [decodeBase64Url, 'Zm9v.Zg', 'a dot', /position 4/],
  [decodeBase64Url, 'Zm9v\u0000A', 'a zero character', /position 4/],
] as const) {
  decoding(`${decode.name} refuses ${why} in ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => decode(text),
      (error: unknown) => error instanceof RangeError && complaint.test(error.message) && !error.message.includes('Zm'),
    );
  });
}

encoding.run();
decoding.run();

const properties = suite('base64 · properties');

properties('decoding undoes encoding, and the platform agrees', async () => {
  await property(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      assert.is(encodeBase64(bytes), buffer.toString('base64'));
      assert.is(encodeBase64Url(bytes), buffer.toString('base64url'));
      assert.equal([...decodeBase64(encodeBase64(bytes))], [...bytes]);
      assert.equal([...decodeBase64Url(encodeBase64Url(bytes))], [...bytes]);
    }),
  );
});

for (const { name, encode, decode } of variants) {
  properties(`${name}: no two texts decode alike, what decodes at all encodes to itself`, async () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'AQgwZ9+/-_== '), maxLength: 9 });
    await property(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), (text) => {
        try {
          assert.is(encode(decode(text)), text);
        } catch (error) {
          assert.instance(error, RangeError);
        }
      }),
      { runs: 4000 },
    );
  });
}

properties.run();
