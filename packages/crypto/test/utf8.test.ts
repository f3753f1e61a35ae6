import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeHex, encodeHex } from '../src/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';

// RFC 3629 §7.
const vectors = [
  ['A\u2262\u0391.', '41e289a2ce912e'],
  ['\ud55c\uad6d\uc5b4', 'ed959ceab5adec96b4'],
  ['\u65e5\u672c\u8a9e', 'e697a5e69cace8aa9e'],
  ['\ufeff\u{233b4}', 'efbbbff0a38eb4'],
] as const;

const encode = suite('utf8 · encodeUtf8');
const decode = suite('utf8 · decodeUtf8');

for (const [text, hex] of vectors) {
  encode(`agrees with RFC 3629 §7, ${hex}`, () => assert.is(encodeHex(encodeUtf8(text)), hex));
  decode(`agrees with RFC 3629 §7, ${hex}`, () => assert.is(decodeUtf8(decodeHex(hex)), text));
}

for (const [name, text, index] of [
  ['a high half alone', '\ud83d', 0],
  ['a low half alone', 'a\ude00', 1],
  ['two halves the wrong way round', '\ude00\ud83d', 0],
  ['a high half after a pair', '\ud83d\ude00\ud83d', 2],
  ['a high half before text', 'abc\udbffd', 3],
] as const) {
  encode(`refuses ${name}`, () => {
    assert.throws(
      () => encodeUtf8(text),
      (error: unknown) => error instanceof RangeError && error.message.endsWith(`at index ${index}`),
    );
  });
}

for (const value of [undefined, null, 1, ['a'], Uint8Array.of(97)]) {
  encode(`refuses ${Object.prototype.toString.call(value)}`, () => {
    assert.throws(
      () => encodeUtf8(value as never),
      (error: unknown) => error instanceof TypeError && error.message === 'text must be text',
    );
  });
}

for (const [name, hex, position] of [
  ['a continuation alone', '80', 0],
  ['an overlong slash', '612fc0af', 2],
  ['an overlong zero', 'c080', 0],
  ['an overlong three-byte form', '61e0809f', 1],
  ['an encoded surrogate', '6162eda080', 2],
  ['a value beyond U+10FFFF', '61f4908080', 1],
  ['a byte that never occurs', 'ff', 0],
  ['a sequence cut short by a letter', '61c328', 1],
  ['a sequence cut short by the end', '6162e282', 2],
  ['the start of a replacement character', '61efbf', 1],
  ['an error after real replacement characters', 'efbfbdefbfbd61ff', 7],
  ['an error between real replacement characters', 'efbfbdffefbfbd', 3],
  ['an error after a byte order mark', 'efbbbfff', 3],
] as const) {
  decode(`refuses ${name}`, () => {
    assert.throws(
      () => decodeUtf8(decodeHex(hex)),
      (error: unknown) => error instanceof RangeError && error.message.endsWith(`at position ${position}`),
    );
  });
}

decode('keeps a byte order mark and a real replacement character', () => {
  assert.is(decodeUtf8(decodeHex('efbbbfefbfbd')), '\ufeff\ufffd');
});

decode('reads no more of a view than it shows', () => {
  assert.is(decodeUtf8(Uint8Array.of(0xff, 97, 98, 0xff).subarray(1, 3)), 'ab');
});

decode('refuses text', () => {
  assert.throws(
    () => decodeUtf8('abc' as never),
    (error: unknown) => error instanceof TypeError && /^bytes must be/.test(error.message),
  );
});

encode.run();
decode.run();

const properties = suite('utf8 · properties');

properties('decoding undoes encoding', async () => {
  await property(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.is(decodeUtf8(encodeUtf8(text)), text);
    }),
  );
});

properties(
  'any bytes decode to a text that encodes to them, or are refused where the platform refuses them',
  async () => {
    const nearly = fc.array(fc.constantFrom(0x61, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xef, 0xbd, 0xf0, 0xf4), {
      maxLength: 8,
    });
    const bytes = fc.oneof(
      nearly.map((list) => Uint8Array.from(list)),
      fc.uint8Array(),
    );
    await property(
      fc.property(bytes, (data) => {
        let text: string | undefined;
        try {
          text = decodeUtf8(data);
        } catch (error) {
          assert.instance(error, RangeError);
          const position = Number(/at position (\d+)$/.exec((error as Error).message)?.[1]);
          decodeUtf8(data.subarray(0, position));
          assert.throws(() => decodeUtf8(data.subarray(0, position + 4)), /UTF-8/);
        }
        assert.is(text !== undefined, isUtf8(data));
        if (text !== undefined) assert.equal([...encodeUtf8(text)], [...data]);
      }),
      { runs: 4000 },
    );
  },
);

function isUtf8(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf8').equals(bytes);
}

properties.run();
