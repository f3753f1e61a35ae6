import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantTimeEqual } from '../src/constant-time-equal.ts';
import { Secret } from '../src/secret.ts';
import { encodeUtf8 } from '../src/utf8.ts';

const compare = suite('constant-time-equal · constantTimeEqual');

for (const [a, b, expected] of [
  ['', '', true],
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', 'aa', false],
  ['aa', 'a', false],
  ['', 'a', false],
  ['a\0', 'a', false],
  ['\0', '', false],
  ['é', Uint8Array.of(0xc3, 0xa9), true],
  ['e\u0301', 'é', false],
  [Uint8Array.of(), '', true],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2), true],
  [Uint8Array.of(1, 2), Uint8Array.of(2, 1), false],
  [Uint8Array.of(1, 2), Buffer.of(1, 2), true],
  ['\ufffd', '\ud800', false],
  ['\ud800', '\ud800', false],
  ['\ud800', Uint8Array.of(0xef, 0xbf, 0xbd), false],
  [Uint8Array.of(0xef, 0xbf, 0xbd), '\udc00', false],
] as const) {
  compare(`says ${expected} for ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => {
    assert.is(constantTimeEqual(a, b), expected);
    assert.is(constantTimeEqual(b, a), expected);
  });
}

for (const [other, expected] of [
  ['marker', true],
  [new Secret('marker'), true],
  [Buffer.from('marker'), true],
  ['markerx', false],
  ['', false],
  ['\ud800', false],
  ['[redacted]', false],
  [new Secret('other'), false],
] as const) {
  compare(`compares the text of a secret: ${expected} for ${inspect(other)}`, () => {
    assert.is(constantTimeEqual(new Secret('marker'), other), expected);
    assert.is(constantTimeEqual(other, new Secret('marker')), expected);
  });
}

compare('compares views that start at an offset, and no more of them than they show', () => {
  const memory = Uint8Array.of(9, 1, 2, 9, 1, 2, 7);
  assert.ok(constantTimeEqual(memory.subarray(1, 3), memory.subarray(4, 6)));
  assert.ok(constantTimeEqual(memory.subarray(4, 6), Uint8Array.of(1, 2)));
  assert.not(constantTimeEqual(memory.subarray(1, 4), memory.subarray(4, 7)));
});

compare('notices a difference in any single bit', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  for (let bit = 0; bit < 512; bit += 1) {
    const other = bytes.slice();
    other[bit >> 3] = Number(other[bit >> 3]) ^ (1 << (bit & 7));
    assert.not(constantTimeEqual(bytes, other));
  }
});

for (const value of [undefined, null, 0, [1], new Uint16Array(1)]) {
  compare(`names the side that is ${Object.prototype.toString.call(value)}`, () => {
    const names = (argument: string) => (error: unknown) =>
      error instanceof TypeError && error.message.startsWith(`${argument} must be`);
    assert.throws(() => constantTimeEqual(value as never, 'b'), names('a'));
    assert.throws(() => constantTimeEqual('a', value as never), names('b'));
  });
}

compare.run();

const properties = suite('constant-time-equal · properties');

properties('agrees with a plain comparison of well-formed texts', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 3 });
  await property(
    fc.property(text, text, (a, b) => {
      assert.is(constantTimeEqual(a, b), a === b);
      assert.ok(constantTimeEqual(a, encodeUtf8(a)));
    }),
    { runs: 1000 },
  );
});

properties('never throws for any two texts', async () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc.string({ unit });
  await property(
    fc.property(text, text, (a, b) => assert.type(constantTimeEqual(a, b), 'boolean')),
    { runs: 2000 },
  );
});

properties.run();
