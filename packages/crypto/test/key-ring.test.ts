import { inspect } from 'node:util';
import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64Url, encodeBase64Url } from '../src/base64.ts';
import { decodeHex, encodeHex } from '../src/hex.ts';
import { generateKey, readKeyRing } from '../src/key-ring.ts';
import { Secret } from '../src/secret.ts';

const generate = suite('key-ring · generateKey');

generate('makes 32 bytes as base64url', () => {
  assert.is(decodeBase64Url(generateKey()).length, 32);
  assert.is.not(generateKey(), generateKey());
});

generate('draws from the source that it is given', () => {
  assert.is(generateKey(seededRandom(3)), encodeBase64Url(seededRandom(3)(32)));
  assert.throws(
    () => generateKey(() => new Uint8Array(31)),
    (error: unknown) => error instanceof TypeError && /^random must/.test(error.message),
  );
});

generate.run();

const read = suite('key-ring · readKeyRing');
const bytes = seededRandom(5)(32);
const text = encodeBase64Url(bytes);
// The v4.public key of the official PASETO v4 vector 4-F-1, with which a v4.local token was made.
const publicKey = decodeHex('1eb9dbbbbc047c03fd70604e0071f0987e16b28b757225c11f00415d0e20b1a2');

for (const [form, key] of [
  ['bytes', bytes],
  ['a Buffer', Buffer.from(bytes)],
  ['base64url', text],
  ['PASERK', `k4.local.${text}`],
  ['a secret of base64url', new Secret(text)],
  ['a secret of PASERK', new Secret(`k4.local.${text}`)],
] as const) {
  read(`takes a key as ${form}`, () => {
    const [first, ...others] = readKeyRing([{ id: 'a', key }]);
    assert.is(encodeHex(first.bytes), encodeHex(bytes));
    assert.is(others.length, 0);
  });
}

read('keeps the order of the keys', () => {
  const ring = readKeyRing(['c', 'a', 'b'].map((id) => ({ id, key: generateKey() })));
  assert.equal(
    ring.map(({ id }) => id),
    ['c', 'a', 'b'],
  );
});

read('copies the bytes, so that wiping or reusing them does no harm', () => {
  const key = bytes.slice();
  const [first] = readKeyRing([{ id: 'a', key }]);
  key.fill(0);
  assert.is(encodeHex(first.bytes), encodeHex(bytes));
});

read('takes the same key under two ids, as renaming one needs it', () => {
  assert.is(
    readKeyRing([
      { id: 'new', key: text },
      { id: 'old', key: text },
    ]).length,
    2,
  );
});

for (const id of ['a', 'A-z_0.9', 'k4.lid.bqltbNc4JLUAmc9Xtpok-fBuI0dQN5_m3CD9W_nbh559', 'x'.repeat(64)]) {
  read(`accepts the id ${id}`, () => assert.is(readKeyRing([{ id, key: text }])[0].id, id));
}

for (const id of ['', 'x'.repeat(65), 'a b', 'a"b', 'é', 'a\n', 'a/b', undefined, 7]) {
  read(`refuses the id ${inspect(id)}`, () => {
    assert.throws(
      () =>
        readKeyRing([
          { id: 'fine', key: text },
          { id: id as never, key: text },
        ]),
      (error: unknown) => error instanceof TypeError && /^keys\[1\]\.id must be 1 to 64/.test(error.message),
    );
  });
}

for (const [name, key, complaint] of [
  ['31 bytes', new Uint8Array(31).fill(1), /^keys\[0\]\.key must be 32 bytes/],
  ['33 bytes', new Uint8Array(33).fill(1), /^keys\[0\]\.key must be 32 bytes/],
  ['no bytes', new Uint8Array(0), /^keys\[0\]\.key must be 32 bytes/],
  ['zero bytes only', new Uint8Array(32), /^keys\[0\]\.key must not be all zero/],
  ['zero bytes as text', 'A'.repeat(43), /^keys\[0\]\.key must not be all zero/],
  ['a passphrase', 'correct horse battery staple', /^keys\[0\]\.key must be 32 bytes/],
  ['padded base64', `${text}=`, /^keys\[0\]\.key must be 32 bytes/],
  ['a truncated text', text.slice(0, -1), /^keys\[0\]\.key must be 32 bytes/],
  ['hex', encodeHex(bytes), /^keys\[0\]\.key must be 32 bytes/],
  ['a key of another purpose', `k4.public.${text}`, /^keys\[0\]\.key must be 32 bytes/],
  ['the public key of vector 4-F-1', `k4.public.${encodeBase64Url(publicKey)}`, /^keys\[0\]\.key must be 32 bytes/],
  ['a key of another version', `k3.local.${text}`, /^keys\[0\]\.key must be 32 bytes/],
  ['a secret of a passphrase', new Secret('correct horse'), /^keys\[0\]\.key must be 32 bytes/],
  ['other elements', new Uint16Array(32).fill(1), /^keys\[0\]\.key must be 32 bytes/],
  ['nothing', undefined, /^keys\[0\]\.key is missing$/],
] as const) {
  read(`refuses ${name} as a key, without showing it`, () => {
    assert.throws(
      () => readKeyRing([{ id: 'a', key: key as never }]),
      (error: unknown) =>
        error instanceof TypeError &&
        complaint.test(error.message) &&
        !/correct|horse/.test(inspect(error)) &&
        !inspect(error).includes(text.slice(0, 20)),
    );
  });
}

read('refuses a repeated id', () => {
  assert.throws(
    () => readKeyRing(['a', 'b', 'a'].map((id) => ({ id, key: generateKey() }))),
    (error: unknown) => error instanceof TypeError && /^keys\[2\]\.id repeats/.test(error.message),
  );
});

for (const keys of [[], undefined, null, {}, 'keys']) {
  read(`refuses ${JSON.stringify(keys)} as keys`, () => {
    assert.throws(
      () => readKeyRing(keys as never),
      (error: unknown) => error instanceof TypeError && /^keys must hold at least one/.test(error.message),
    );
  });
}

read.run();
