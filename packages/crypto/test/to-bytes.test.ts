import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeHex } from '../src/hex.ts';
import { hmac } from '../src/hmac.ts';
import { toBytes, toHashable } from '../src/to-bytes.ts';
import { software } from './implementations.ts';

const convert = suite('to-bytes · toBytes');

convert('takes text as UTF-8', () => assert.is(encodeHex(toBytes('é', 'it')), 'c3a9'));

convert('passes bytes through', () => {
  const bytes = Uint8Array.of(1);
  assert.is(toBytes(bytes, 'it'), bytes);
});

convert('wraps bytes of another realm, so that the libraries below take them', () => {
  const foreign: Uint8Array = runInNewContext('new Uint8Array([9, 107, 101, 121, 9]).subarray(1, 4)');
  const bytes = toBytes(foreign, 'it');
  assert.instance(bytes, Uint8Array);
  assert.is(bytes.buffer, foreign.buffer);
  assert.is(encodeHex(hmac(software.sha256, foreign, foreign)), encodeHex(hmac(software.sha256, 'key', 'key')));
});

for (const value of [undefined, null, 1, [1], new Uint16Array(1)]) {
  convert(`refuses ${Object.prototype.toString.call(value)}, naming the argument`, () => {
    assert.throws(
      () => toBytes(value as never, 'it'),
      (error: unknown) => error instanceof TypeError && /^it must be text or/.test(error.message),
    );
  });
}

convert.run();

const hashable = suite('to-bytes · toHashable');

hashable('lets well-formed text and bytes through as they are', () => {
  const bytes = Uint8Array.of(1);
  assert.is(toHashable('zoë 😀', 'it'), 'zoë 😀');
  assert.is(toHashable(bytes, 'it'), bytes);
});

hashable('refuses a lone surrogate', () => {
  assert.throws(
    () => toHashable('a\ud800', 'it'),
    (error: unknown) => error instanceof RangeError,
  );
});

hashable('names the argument that is neither', () => {
  assert.throws(
    () => toHashable(7 as never, 'it'),
    (error: unknown) => error instanceof TypeError && /^it /.test(error.message),
  );
});

hashable.run();
