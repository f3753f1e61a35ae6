import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalBytes } from '../src/equal-bytes.ts';

const equal = suite('equal-bytes · equalBytes');

for (const [name, a, b, expected] of [
  ['two empty arrays', [], [], true],
  ['equal bytes', [1, 2, 255], [1, 2, 255], true],
  ['a difference at the start', [0, 2], [1, 2], false],
  ['a difference at the end', [1, 2], [1, 3], false],
  ['one shorter', [1], [1, 0], false],
  ['one longer', [1, 0], [1], false],
] as const) {
  equal(`says ${expected} for ${name}`, () => {
    assert.is(equalBytes(Uint8Array.from(a), Uint8Array.from(b)), expected);
  });
}

equal('agrees with the platform for any bytes', async () => {
  const bytes = fc.uint8Array({ maxLength: 4 });
  await property(
    fc.property(bytes, bytes, (a, b) => {
      assert.is(equalBytes(a, b), Buffer.compare(a, b) === 0);
    }),
  );
});

equal.run();
