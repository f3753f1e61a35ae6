import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { joinChunks } from '../src/join-chunks.ts';

const join = suite('join-chunks · joinChunks');

join('joins in order, views and empty pieces included, into memory of its own', () => {
  const first = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = joinChunks([first, new Uint8Array(0), Uint8Array.of(3)]);
  first.fill(7);
  assert.equal([...joined], [1, 2, 3]);
  assert.is(joined.buffer.byteLength, 3);
});

join('gives one piece memory of its own as well', () => {
  const piece = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = joinChunks([piece]);
  piece.fill(7);
  assert.equal([...joined], [1, 2]);
  assert.is(joined.buffer.byteLength, 2);
});

join('joins nothing to nothing', () => assert.is(joinChunks([]).length, 0));

join.run();
