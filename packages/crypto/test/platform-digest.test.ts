import crypto from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeHex } from '../src/hex.ts';
import { findPlatformCrypto, type PlatformCrypto, platformDigest } from '../src/platform-digest.ts';
import { encodeUtf8 } from '../src/utf8.ts';
import { digestNames, software } from './implementations.ts';

const find = suite('platform-digest · findPlatformCrypto');

find('finds the module of this platform', () => {
  assert.is(findPlatformCrypto()?.createHash, crypto.createHash);
});

for (const [name, scope] of [
  ['no process', {}],
  ['a process without modules, as bundlers fake it', { process: {} }],
  ['a platform that has other modules only', { process: { getBuiltinModule: () => undefined } }],
  ['a module without hashes', { process: { getBuiltinModule: () => ({ randomBytes: () => 0 }) } }],
  ['a module without HMAC', { process: { getBuiltinModule: () => ({ createHash: () => 0 }) } }],
] as const) {
  find(`finds nothing with ${name}`, () => {
    assert.is(findPlatformCrypto(scope), undefined);
  });
}

find('asks for the module by its full name', () => {
  const asked: string[] = [];
  findPlatformCrypto({ process: { getBuiltinModule: (id: string) => void asked.push(id) } });
  assert.equal(asked, ['node:crypto']);
});

find.run();

const compute = suite('platform-digest · platformDigest');
const withoutHash: PlatformCrypto = { createHash: crypto.createHash, createHmac: crypto.createHmac };

for (const name of digestNames) {
  compute(`hashes alike with and without the one-call function: ${name}`, () => {
    const data = encodeUtf8('abc');
    const expected = encodeHex(software[name].hash(data));
    assert.is(encodeHex(platformDigest(withoutHash, software[name]).hash(data)), expected);
    assert.is(encodeHex(platformDigest(crypto, software[name]).hash(data)), expected);
  });
}

compute.run();
