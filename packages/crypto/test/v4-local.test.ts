import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeHex, encodeHex } from '../src/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';
import { lockV4Local, splitV4Local, unlockV4Local } from '../src/v4-local.ts';

const key = seededRandom(1)(32);
const nonce = seededRandom(2)(32);
const footer = encodeUtf8('footer');
const assertion = encodeUtf8('assertion');
const token = lockV4Local(key, encodeUtf8('message'), { nonce, footer, assertion });

const split = suite('v4-local · splitV4Local');

split('takes a token apart', () => {
  const parts = splitV4Local(token);
  assert.is(parts && encodeHex(parts.nonce), encodeHex(nonce));
  assert.is(parts?.ciphertext.length, 'message'.length);
  assert.is(parts?.tag.length, 32);
  assert.is(parts && decodeUtf8(parts.footer), 'footer');
});

split('gives each part memory of its own', () => {
  const parts = splitV4Local(token);
  assert.is(parts?.ciphertext.buffer.byteLength, 'message'.length);
});

split('finds no token in another text', () => {
  for (const text of ['', 'v4.local', 'v4.local.', 'v4.local..', 'v3.local.AA', `${token}..`]) {
    assert.is(splitV4Local(text), undefined);
  }
});

split.run();

const unlock = suite('v4-local · lockV4Local, unlockV4Local');

unlock('writes the same token for the same nonce, so that vectors can be checked', () => {
  assert.is(lockV4Local(key, encodeUtf8('message'), { nonce, footer, assertion }), token);
});

unlock('derives the cipher from the nonce: the same message never looks the same twice', () => {
  const other = lockV4Local(key, encodeUtf8('message'), { nonce: seededRandom(3)(32), footer, assertion });
  assert.is.not(
    encodeHex(splitV4Local(other)?.ciphertext ?? footer),
    encodeHex(splitV4Local(token)?.ciphertext ?? footer),
  );
});

unlock('opens only what the tag covers', () => {
  const parts = splitV4Local(token);
  assert.ok(parts);
  assert.is(decodeUtf8(unlockV4Local(key, parts, assertion) ?? footer), 'message');
  for (const altered of [
    { ...parts, nonce: decodeHex('00'.repeat(32)) },
    { ...parts, ciphertext: encodeUtf8('MESSAGE') },
    { ...parts, footer: encodeUtf8('Footer') },
    { ...parts, tag: new Uint8Array(32) },
    { ...parts, tag: parts.tag.subarray(0, 31) },
    { ...parts, tag: new Uint8Array() },
  ]) {
    assert.is(unlockV4Local(key, altered, assertion), undefined);
  }
  assert.is(unlockV4Local(key, parts, encodeUtf8('Assertion')), undefined);
  assert.is(unlockV4Local(nonce, parts, assertion), undefined);
});

unlock.run();
