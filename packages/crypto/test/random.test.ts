import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64Url } from '../src/base64.ts';
import { randomToken, systemRandom, takeRandom } from '../src/random.ts';

const source = suite('random · systemRandom');

for (const length of [0, 1, 32, 65_536, 65_537, 200_000]) {
  source(`gives ${length} bytes`, () => assert.is(systemRandom(length).length, length));
}

source('fills every chunk', () => {
  const bytes = systemRandom(3 * 65_536 + 100);
  for (let offset = 0; offset < bytes.length; offset += 65_536) {
    const chunk = bytes.subarray(offset, offset + 65_536);
    assert.ok(chunk.subarray(-64).some((byte) => byte !== 0));
    assert.ok(chunk.subarray(0, 64).some((byte) => byte !== 0));
  }
});

source('does not repeat itself', () => {
  assert.is(new Set(Array.from({ length: 200 }, () => systemRandom(16).join())).size, 200);
});

source.run();

const token = suite('random · randomToken');

token('carries 32 bytes unless told otherwise', () => {
  assert.is(decodeBase64Url(randomToken()).length, 32);
  assert.match(randomToken(), /^[\w-]{43}$/);
});

for (const bytes of [1, 16, 33, 65_536]) {
  token(`carries ${bytes} bytes`, () => assert.is(decodeBase64Url(randomToken(bytes)).length, bytes));
}

token('draws from the source that it is given', () => {
  assert.is(randomToken(16, seededRandom(7)), randomToken(16, seededRandom(7)));
  assert.is.not(randomToken(16, seededRandom(7)), randomToken(16, seededRandom(8)));
  assert.is(
    randomToken(3, () => Uint8Array.of(0, 0, 1)),
    'AAAB',
  );
});

for (const bytes of [0, -1, 1.5, Number.NaN, 65_537, '32', null]) {
  token(`refuses ${String(bytes)} bytes`, () => {
    assert.throws(
      () => randomToken(bytes as never),
      (error: unknown) => error instanceof RangeError && /^bytes must/.test(error.message),
    );
  });
}

token.run();

const take = suite('random · takeRandom');

for (const answer of [new Uint8Array(15), new Uint8Array(17), new Array(16).fill(0), undefined]) {
  take(
    `refuses ${answer?.length} elements of ${Object.prototype.toString.call(answer)} when 16 bytes are asked for`,
    () => {
      assert.throws(
        () => takeRandom(() => answer as never, 16),
        (error: unknown) => error instanceof TypeError && /^random must return 16 bytes/.test(error.message),
      );
    },
  );
}

take.run();
