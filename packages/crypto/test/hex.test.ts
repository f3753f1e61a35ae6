import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeHex, encodeHex } from '../src/hex.ts';
import { encodeUtf8 } from '../src/utf8.ts';

// RFC 4648 §10 writes these in upper case; the canonical form of this package is lower case.
const vectors = [
  ['', ''],
  ['f', '66'],
  ['fo', '666f'],
  ['foo', '666f6f'],
  ['foob', '666f6f62'],
  ['fooba', '666f6f6261'],
  ['foobar', '666f6f626172'],
] as const;

const encode = suite('hex · encodeHex');

for (const [text, hex] of vectors) {
  encode(`agrees with RFC 4648 §10, BASE16("${text}")`, () => {
    assert.is(encodeHex(encodeUtf8(text)), hex);
  });
}

encode('reads no more of a view than it shows', () => {
  assert.is(encodeHex(Uint8Array.of(1, 0xab, 0xcd, 4).subarray(1, 3)), 'abcd');
});

for (const value of ['abc', undefined, [1, 2], new Uint16Array(1)]) {
  encode(`refuses ${Object.prototype.toString.call(value)}`, () => {
    assert.throws(
      () => encodeHex(value as never),
      (error: unknown) => error instanceof TypeError && /^bytes must be/.test(error.message),
    );
  });
}

encode.run();

const decode = suite('hex · decodeHex');

for (const [text, hex] of vectors) {
  decode(`agrees with RFC 4648 §10, BASE16("${text}")`, () => {
    assert.equal([...decodeHex(hex)], [...encodeUtf8(text)]);
  });
}

for (const [name, text, complaint] of [
  ['an odd length', 'abc', /even length, got 3/],
  ['upper case', 'abCd', /position 2/],
  ['a letter beyond f', 'abcg', /position 3/],
  ['a character before 0', '/0', /position 0/],
  ['a character after 9', '0:', /position 1/],
  ['a character before a', '`a', /position 0/],
  ['white space', 'ab cd ', /position 2/],
  ['a prefix', '0xab', /position 1/],
  ['a full-width digit', 'a\uff11', /position 1/],
  ['a zero character', '\u00000', /position 0/],
  ['half of a surrogate pair', '\ud83d\ude00', /position 0/],
] as const) {
  decode(`refuses ${name}`, () => {
    assert.throws(
      () => decodeHex(text),
      (error: unknown) => error instanceof RangeError && complaint.test(error.message),
    );
  });
}

decode('does not repeat what it refuses', () => {
  assert.throws(
    () => decodeHex('73656372657t'),
    (error: Error) => !error.message.includes('7365'),
  );
});

for (const value of [undefined, null, 12, ['ab'], Uint8Array.of(97, 98)]) {
  decode(`refuses ${Object.prototype.toString.call(value)}`, () => {
    assert.throws(
      () => decodeHex(value as never),
      (error: unknown) => error instanceof TypeError && /^hex must be text/.test(error.message),
    );
  });
}

decode.run();

const properties = suite('hex · properties');

properties('decoding undoes encoding, and the platform agrees', async () => {
  await property(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const hex = encodeHex(bytes);
      assert.is(hex, Buffer.from(bytes).toString('hex'));
      assert.equal([...decodeHex(hex)], [...bytes]);
    }),
  );
});

properties('no two texts decode alike: what decodes at all encodes to itself', async () => {
  const nearly = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABFg '), maxLength: 8 });
  await property(
    fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), (text) => {
      try {
        assert.is(encodeHex(decodeHex(text)), text);
      } catch (error) {
        assert.instance(error, RangeError);
      }
    }),
    { runs: 2000 },
  );
});

properties.run();
