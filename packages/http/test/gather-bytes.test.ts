import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gatherBytes } from '../src/gather-bytes.ts';

const gather = suite('gather-bytes · gatherBytes');

function gathered(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = gatherBytes();
  for (const piece of pieces) bytes.add(piece);
  return bytes.join();
}

gather('joins in order, views and empty pieces included, into memory of its own', () => {
  const first = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = gathered([first, new Uint8Array(0), Uint8Array.of(3)]);
  first.fill(7);
  assert.equal([...joined], [1, 2, 3]);
  assert.is(joined.buffer.byteLength, 3);
});

gather('gives one piece memory of its own as well', () => {
  const piece = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = gathered([piece]);
  piece.fill(7);
  assert.equal([...joined], [1, 2]);
  assert.is(joined.buffer.byteLength, 2);
});

gather('joins nothing to nothing', () => assert.is(gathered([]).length, 0));

gather('does not write beside the view that came first', () => {
  const memory = Uint8Array.of(1, 8, 8);
  assert.equal([...gathered([memory.subarray(0, 1), Uint8Array.of(2)])], [1, 2]);
  assert.equal([...memory], [1, 8, 8]);
});

gather('keeps no piece once the second has come, so that single bytes take no more than long pieces', () => {
  const bytes = gatherBytes();
  bytes.add(Uint8Array.of(0));
  const piece = new Uint8Array(1);
  for (let value = 1; value < 256; value += 1) {
    piece[0] = value;
    bytes.add(piece);
  }
  assert.is(bytes.byteLength, 256);
  assert.equal([...bytes.join()], [...Array(256).keys()]);
});

gather.run();

const properties = suite('gather-bytes · properties');

properties('any pieces come out one behind the other', () =>
  property(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }), (pieces) => {
      assert.equal(
        [...gathered(pieces)],
        pieces.flatMap((piece) => [...piece]),
      );
    }),
  ),
);

properties.run();
