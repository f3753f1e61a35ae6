import { systemRandom } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createNonce } from '../src/nonce.ts';

const nonce = suite('quickblox · createNonce');

nonce('is below 2^31 and taken from the random source', () => {
  assert.is(
    createNonce(() => new Uint8Array([255, 255, 255, 255])),
    2 ** 31 - 1,
  );
  assert.is(
    createNonce(() => new Uint8Array([0, 0, 0, 0])),
    0,
  );
  assert.is(
    createNonce(() => new Uint8Array([1, 2, 3, 4])),
    0x01020304,
  );
});

nonce('does not repeat where a hundred sessions start in one second', () => {
  const made = Array.from({ length: 100 }, () => createNonce(systemRandom));
  assert.is(new Set(made).size, 100);
  assert.ok(made.every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 31));
});

nonce.run();
