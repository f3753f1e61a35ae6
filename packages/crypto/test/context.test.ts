import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertContext, encodeContext } from '../src/context.ts';
import { decodeUtf8 } from '../src/utf8.ts';

const check = suite('context · assertContext');

check('accepts one part and several', () => {
  assertContext(['shop']);
  assertContext(['shop', 'user-token', 'é']);
});

for (const context of [undefined, null, 'shop', [], [''], ['shop', ''], ['shop', 1], ['\ud800'], [undefined]]) {
  check(`refuses ${JSON.stringify(context)}`, () => {
    assert.throws(
      () => assertContext(context as never),
      (error: unknown) => error instanceof TypeError && /^context must/.test(error.message),
    );
  });
}

check.run();

const encode = suite('context · encodeContext');

encode('writes JSON text', () => assert.is(decodeUtf8(encodeContext(['a', 'b"c'])), '["a","b\\"c"]'));

encode('writes no two lists alike', async () => {
  const context = fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\', ' '), maxLength: 4 }));
  await property(
    fc.property(context, context, (a, b) => {
      assert.is(decodeUtf8(encodeContext(a)) === decodeUtf8(encodeContext(b)), fc.stringify(a) === fc.stringify(b));
    }),
    { runs: 1000 },
  );
});

encode.run();
