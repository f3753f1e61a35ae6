import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { md5, sha1, sha256, sha384, sha512 } from '../src/algorithms.ts';
import { type Digest, type DigestName, digest } from '../src/digest.ts';
import { encodeHex } from '../src/hex.ts';
import { digestNames, platform, software } from './implementations.ts';

const chosen: Readonly<Record<DigestName, Digest>> = { md5, sha1, sha256, sha384, sha512 };

const letters = 'abcdefghijklmnopqrstuvwxyz';
const twoBlocksOf64 = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';
const twoBlocksOf128 =
  'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu';
const million = 'a'.repeat(1_000_000);
const tenTimes = '0123456701234567012345670123456701234567012345670123456701234567'.repeat(10);

const vectors: readonly { source: string; name: DigestName; message: string; expected: string }[] = [
  { source: 'RFC 1321 A.5, 1', name: 'md5', message: '', expected: 'd41d8cd98f00b204e9800998ecf8427e' },
  { source: 'RFC 1321 A.5, 2', name: 'md5', message: 'a', expected: '0cc175b9c0f1b6a831c399e269772661' },
  { source: 'RFC 1321 A.5, 3', name: 'md5', message: 'abc', expected: '900150983cd24fb0d6963f7d28e17f72' },
  { source: 'RFC 1321 A.5, 4', name: 'md5', message: 'message digest', expected: 'f96b697d7cb7938d525a2f31aaf161d0' },
  { source: 'RFC 1321 A.5, 5', name: 'md5', message: letters, expected: 'c3fcd3d76192e4007dfb496cca67e13b' },
  {
    source: 'RFC 1321 A.5, 6',
    name: 'md5',
    message: `${letters.toUpperCase()}${letters}0123456789`,
    expected: 'd174ab98d277d9f5a5611c2c9f419d9f',
  },
  {
    source: 'RFC 1321 A.5, 7',
    name: 'md5',
    message: '1234567890'.repeat(8),
    expected: '57edf4a22be3c955ac49da2e2107b67a',
  },
  { source: 'RFC 3174 §7.3, 1', name: 'sha1', message: 'abc', expected: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
  {
    source: 'RFC 3174 §7.3, 2',
    name: 'sha1',
    message: twoBlocksOf64,
    expected: '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
  },
  { source: 'RFC 3174 §7.3, 3', name: 'sha1', message: million, expected: '34aa973cd4c4daa4f61eeb2bdbad27316534016f' },
  { source: 'RFC 3174 §7.3, 4', name: 'sha1', message: tenTimes, expected: 'dea356a2cddd90c7a7ecedc5ebb563934f460452' },
  {
    source: 'RFC 6234 §8.5, SHA-256 1',
    name: 'sha256',
    message: 'abc',
    expected: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  {
    source: 'RFC 6234 §8.5, SHA-256 2',
    name: 'sha256',
    message: twoBlocksOf64,
    expected: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  },
  {
    source: 'RFC 6234 §8.5, SHA-256 3',
    name: 'sha256',
    message: million,
    expected: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  },
  {
    source: 'RFC 6234 §8.5, SHA-256 4',
    name: 'sha256',
    message: tenTimes,
    expected: '594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5',
  },
  {
    source: 'RFC 6234 §8.5, SHA-384 1',
    name: 'sha384',
    message: 'abc',
    expected: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  },
  {
    source: 'RFC 6234 §8.5, SHA-384 2',
    name: 'sha384',
    message: twoBlocksOf128,
    expected: '09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039',
  },
  {
    source: 'RFC 6234 §8.5, SHA-384 3',
    name: 'sha384',
    message: million,
    expected: '9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985',
  },
  {
    source: 'RFC 6234 §8.5, SHA-384 4',
    name: 'sha384',
    message: tenTimes,
    expected: '2fc64a4f500ddb6828f6a3430b8dd72a368eb7f3a8322a70bc84275b9c0b3ab00d27a5cc3c2d224aa6b61a0d79fb4596',
  },
  {
    source: 'RFC 6234 §8.5, SHA-512 1',
    name: 'sha512',
    message: 'abc',
    expected:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  },
  {
    source: 'RFC 6234 §8.5, SHA-512 2',
    name: 'sha512',
    message: twoBlocksOf128,
    expected:
      '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909',
  },
  {
    source: 'RFC 6234 §8.5, SHA-512 3',
    name: 'sha512',
    message: million,
    expected:
      'e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b',
  },
  {
    source: 'RFC 6234 §8.5, SHA-512 4',
    name: 'sha512',
    message: tenTimes,
    expected:
      '89d05ba632c699c31231ded4ffc127d5a894dad412c0e024db872d1abd2ba8141a0f85072a9be1e2aa04cf33c765cb510813a39cd5a84c4acaa64d3f3fb7bae9',
  },
];

const known = suite('algorithms · vectors');

for (const { source, name, message, expected } of vectors) {
  known(`agree with ${source}`, () => {
    for (const algorithm of [chosen[name], platform[name], software[name]]) {
      assert.is(encodeHex(digest(algorithm, message)), expected);
    }
  });
}

known('carry their name and sizes', () => {
  const sizes = digestNames.map((name) => [chosen[name].name, chosen[name].outputBytes, chosen[name].blockBytes]);
  assert.equal(sizes, [
    ['md5', 16, 64],
    ['sha1', 20, 64],
    ['sha256', 32, 64],
    ['sha384', 48, 128],
    ['sha512', 64, 128],
  ]);
});

known('cannot be altered', () => {
  for (const name of digestNames) assert.ok(Object.isFrozen(chosen[name]) && Object.isFrozen(software[name]));
});

known.run();

const properties = suite('algorithms · properties');
const message = fc.uint8Array({ minLength: 0, maxLength: 4096, size: 'max' });

for (const name of digestNames) {
  const { blockBytes, outputBytes } = software[name];
  const key = fc.oneof(
    fc.uint8Array({ minLength: 0, maxLength: blockBytes - 1, size: 'max' }),
    fc.uint8Array({ minLength: blockBytes, maxLength: blockBytes, size: 'max' }),
    fc.uint8Array({ minLength: blockBytes + 1, maxLength: 4 * blockBytes, size: 'max' }),
  );

  properties(`${name}: platform and JavaScript hash alike`, async () => {
    await property(
      fc.property(message, (data) => {
        const hash = platform[name].hash(data);
        assert.is(hash.length, outputBytes);
        assert.is(encodeHex(hash), encodeHex(software[name].hash(data)));
      }),
    );
  });

  properties(`${name}: platform and JavaScript authenticate alike`, async () => {
    await property(
      fc.property(key, message, (secret, data) => {
        const tag = platform[name].authenticate(secret, data);
        assert.is(tag.length, outputBytes);
        assert.is(encodeHex(tag), encodeHex(software[name].authenticate(secret, data)));
        assert.is(platform[name].authenticateHex(secret, data), encodeHex(tag));
        assert.is(software[name].authenticateHex(secret, data), encodeHex(tag));
      }),
    );
  });

  properties(`${name}: both agree at every length around a block`, () => {
    for (const length of [0, 1, blockBytes - 17, blockBytes - 9, blockBytes - 1, blockBytes, blockBytes + 1]) {
      const data = new Uint8Array(length).fill(0xa5);
      assert.is(encodeHex(platform[name].hash(data)), encodeHex(software[name].hash(data)));
      assert.is(encodeHex(platform[name].authenticate(data, data)), encodeHex(software[name].authenticate(data, data)));
    }
  });
}

properties.run();
