import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { md5, sha256 } from '../src/algorithms.ts';
import { digest } from '../src/digest.ts';
import { encodeHex } from '../src/hex.ts';
import { encodeUtf8 } from '../src/utf8.ts';
import { platform, software } from './implementations.ts';

const hash = suite('digest · digest');

hash('takes text for its UTF-8 bytes', () => {
  assert.is(encodeHex(digest(md5, '€ 10')), encodeHex(digest(md5, encodeUtf8('€ 10'))));
});

hash('takes a Buffer for its bytes', () => {
  assert.is(encodeHex(digest(sha256, Buffer.from('abc'))), encodeHex(digest(sha256, 'abc')));
});

hash('reads no more of a view than it shows', () => {
  const memory = encodeUtf8('xxabcxx');
  for (const algorithm of [platform.md5, software.md5]) {
    assert.is(encodeHex(digest(algorithm, memory.subarray(2, 5))), '900150983cd24fb0d6963f7d28e17f72');
  }
});

hash('leaves its input alone and answers with memory of its own', () => {
  for (const algorithm of [platform.sha256, software.sha256]) {
    const data = encodeUtf8('abc');
    const first = digest(algorithm, data);
    first.fill(0);
    assert.is(encodeHex(data), '616263');
    assert.is.not(encodeHex(digest(algorithm, data)), encodeHex(first));
    assert.is(first.buffer.byteLength, 32);
    assert.is(Object.getPrototypeOf(first), Uint8Array.prototype);
  }
});

for (const algorithm of ['md5', undefined, null, {}, () => 0]) {
  hash(`refuses the algorithm ${typeof algorithm} ${String(algorithm)}`, () => {
    assert.throws(
      () => digest(algorithm as never, ''),
      (error: unknown) => error instanceof TypeError && /^algorithm must be a digest/.test(error.message),
    );
  });
}

for (const data of [undefined, null, 1, {}, [], new ArrayBuffer(1), new DataView(new ArrayBuffer(1))]) {
  hash(`refuses ${Object.prototype.toString.call(data)} as data`, () => {
    assert.throws(
      () => digest(md5, data as never),
      (error: unknown) => error instanceof TypeError && /^data must be/.test(error.message),
    );
  });
}

hash('refuses text with a lone surrogate', () => {
  assert.throws(
    () => digest(md5, 'ab\udc00'),
    (error: unknown) => error instanceof RangeError && /index 2/.test(error.message),
  );
});

hash.run();
