import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBytes, concatBytes, isBytes } from '../src/bytes.ts';

const recognise = suite('bytes · isBytes, assertBytes');

for (const [name, value, expected] of [
  ['a Uint8Array', new Uint8Array(2), true],
  ['a Buffer', Buffer.alloc(2), true],
  ['a Uint8Array of another realm', runInNewContext('new Uint8Array(2)'), true],
  ['a view of other elements', new Uint16Array(2), false],
  ['a clamped view', new Uint8ClampedArray(2), false],
  ['a DataView', new DataView(new ArrayBuffer(2)), false],
  ['a bare buffer', new ArrayBuffer(2), false],
  ['a list of numbers', [1, 2], false],
  ['an impostor', { [Symbol.toStringTag]: 'Uint8Array', length: 2 }, false],
  ['text', 'ab', false],
  ['nothing', undefined, false],
] as const) {
  recognise(`${expected ? 'accepts' : 'refuses'} ${name}`, () => {
    assert.is(isBytes(value), expected);
    if (expected) assertBytes(value, 'it');
    else
      assert.throws(
        () => assertBytes(value, 'it'),
        (error: unknown) => error instanceof TypeError && /^it must/.test(error.message),
      );
  });
}

recognise.run();

const concat = suite('bytes · concatBytes');

concat('joins in order into memory of its own', () => {
  const first = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = concatBytes(first, new Uint8Array(), Uint8Array.of(3));
  first.fill(7);
  assert.equal([...joined], [1, 2, 3]);
});

concat('joins nothing to nothing', () => assert.is(concatBytes().length, 0));

concat.run();
