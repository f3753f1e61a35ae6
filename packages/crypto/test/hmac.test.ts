import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sha256 } from '../src/algorithms.ts';
import type { DigestName } from '../src/digest.ts';
import { encodeHex } from '../src/hex.ts';
import { hmac, hmacHex } from '../src/hmac.ts';
import { encodeUtf8 } from '../src/utf8.ts';
import { platform, software } from './implementations.ts';

const repeated = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte);
const counting = Uint8Array.from({ length: 25 }, (_, index) => index + 1);
const hashKeyFirst = 'Test Using Larger Than Block-Size Key - Hash Key First';
const oneBlockAndMore = 'Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data';
const largerThanBlock =
  'This is a test using a larger than block-size key and a larger than block-size data. ' +
  'The key needs to be hashed before being used by the HMAC algorithm.';

interface Vector {
  readonly source: string;
  readonly key: string | Uint8Array;
  readonly data: string | Uint8Array;
  /** Shorter than the algorithm's output where the RFC truncates. */
  readonly expected: Partial<Record<DigestName, string>>;
}

const vectors: readonly Vector[] = [
  {
    source: 'RFC 2202 §2, 1',
    key: repeated(0x0b, 16),
    data: 'Hi There',
    expected: { md5: '9294727a3638bb1c13f48ef8158bfc9d' },
  },
  {
    source: 'RFC 2202 §2 and §3, 2',
    key: 'Jefe',
    data: 'what do ya want for nothing?',
    expected: { md5: '750c783e6ab0b503eaa86e310a5db738', sha1: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79' },
  },
  {
    source: 'RFC 2202 §2, 3',
    key: repeated(0xaa, 16),
    data: repeated(0xdd, 50),
    expected: { md5: '56be34521d144c88dbb8c733f0e8b3f6' },
  },
  {
    source: 'RFC 2202 §2 and §3, 4',
    key: counting,
    data: repeated(0xcd, 50),
    expected: { md5: '697eaf0aca3a3aea3a75164746ffaa79', sha1: '4c9007f4026250c6bc8414f9bf50c86c2d7235da' },
  },
  {
    source: 'RFC 2202 §2, 5',
    key: repeated(0x0c, 16),
    data: 'Test With Truncation',
    expected: { md5: '56461ef2342edc00f9bab995690efd4c' },
  },
  {
    source: 'RFC 2202 §2 and §3, 6',
    key: repeated(0xaa, 80),
    data: hashKeyFirst,
    expected: { md5: '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd', sha1: 'aa4ae5e15272d00e95705637ce8a3b55ed402112' },
  },
  {
    source: 'RFC 2202 §2 and §3, 7',
    key: repeated(0xaa, 80),
    data: oneBlockAndMore,
    expected: { md5: '6f630fad67cda0ee1fb1f562db3aa53e', sha1: 'e8e99d0f45237d786d6bbaa7965c7808bbff1a91' },
  },
  {
    source: 'RFC 2202 §3, 1',
    key: repeated(0x0b, 20),
    data: 'Hi There',
    expected: { sha1: 'b617318655057264e28bc0b6fb378c8ef146be00' },
  },
  {
    source: 'RFC 2202 §3, 3',
    key: repeated(0xaa, 20),
    data: repeated(0xdd, 50),
    expected: { sha1: '125d7342b9ac11cd91a39af48aa17b4f63f175d3' },
  },
  {
    source: 'RFC 2202 §3, 5',
    key: repeated(0x0c, 20),
    data: 'Test With Truncation',
    expected: { sha1: '4c1a03424b55e07fe7f27be1d58bb9324a9a5a04' },
  },
  {
    source: 'RFC 4231 §4.2',
    key: repeated(0x0b, 20),
    data: 'Hi There',
    expected: {
      sha256: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      sha384: 'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
      sha512:
        '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    },
  },
  {
    source: 'RFC 4231 §4.3',
    key: 'Jefe',
    data: 'what do ya want for nothing?',
    expected: {
      sha256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      sha384: 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
      sha512:
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    },
  },
  {
    source: 'RFC 4231 §4.4',
    key: repeated(0xaa, 20),
    data: repeated(0xdd, 50),
    expected: {
      sha256: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
      sha384: '88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27',
      sha512:
        'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
    },
  },
  {
    source: 'RFC 4231 §4.5',
    key: counting,
    data: repeated(0xcd, 50),
    expected: {
      sha256: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
      sha384: '3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb',
      sha512:
        'b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd',
    },
  },
  {
    source: 'RFC 4231 §4.6, truncated to 128 bits',
    key: repeated(0x0c, 20),
    data: 'Test With Truncation',
    expected: {
      sha256: 'a3b6167473100ee06e0c796c2955552b',
      sha384: '3abf34c3503b2a23a46efc619baef897',
      sha512: '415fad6271580a531d4179bc891d87a6',
    },
  },
  {
    source: 'RFC 4231 §4.7',
    key: repeated(0xaa, 131),
    data: hashKeyFirst,
    expected: {
      sha256: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      sha384: '4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952',
      sha512:
        '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
    },
  },
  {
    source: 'RFC 4231 §4.8',
    key: repeated(0xaa, 131),
    data: largerThanBlock,
    expected: {
      sha256: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
      sha384: '6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e',
      sha512:
        'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58',
    },
  },
];

const authenticate = suite('hmac · hmac');

for (const { source, key, data, expected } of vectors) {
  for (const [name, tag] of Object.entries(expected) as [DigestName, string][]) {
    authenticate(`agrees with ${source}, ${name}`, () => {
      for (const algorithm of [platform[name], software[name]]) {
        assert.is(encodeHex(hmac(algorithm, key, data)).slice(0, tag.length), tag);
      }
    });
  }
}

authenticate('takes text for its UTF-8 bytes', () => {
  const tag = encodeHex(hmac(sha256, encodeUtf8('clé'), encodeUtf8('€ 10')));
  assert.is(encodeHex(hmac(sha256, 'clé', '€ 10')), tag);
});

authenticate('computes with an empty key like the platform', () => {
  const tag = 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad';
  for (const algorithm of [platform.sha256, software.sha256]) assert.is(encodeHex(hmac(algorithm, '', '')), tag);
});

authenticate('answers with a plain Uint8Array that owns its memory', () => {
  for (const algorithm of [platform.sha256, software.sha256]) {
    const tag = hmac(algorithm, 'key', 'data');
    assert.is(Object.getPrototypeOf(tag), Uint8Array.prototype);
    assert.is(tag.buffer.byteLength, 32);
  }
});

authenticate('reads no more of a view than it shows', () => {
  const memory = encodeUtf8('xxkeyxx');
  assert.is(
    encodeHex(hmac(sha256, memory.subarray(2, 5), memory.subarray(2, 5))),
    encodeHex(hmac(sha256, 'key', 'key')),
  );
});

for (const [argument, call] of [
  ['algorithm', () => hmac('sha256' as never, 'key', 'data')],
  ['algorithm', () => hmac(undefined as never, 'key', 'data')],
  ['key', () => hmac(sha256, 1 as never, 'data')],
  ['data', () => hmac(sha256, 'key', null as never)],
  ['data', () => hmac(sha256, 'key', new Uint16Array(2) as never)],
] as const) {
  authenticate(`names the argument ${argument} when its type is wrong: ${String(call).slice(6)}`, () => {
    assert.throws(call, (error: unknown) => error instanceof TypeError && error.message.startsWith(argument));
  });
}

const refusedSurrogate = (error: unknown): boolean =>
  error instanceof RangeError && /surrogate at index 1/.test(error.message);

authenticate('refuses text with a lone surrogate', () => {
  assert.throws(() => hmac(sha256, 'k\ud800', 'data'), refusedSurrogate);
  assert.throws(() => hmac(sha256, 'key', 'd\udfff'), refusedSurrogate);
});

authenticate.run();

const authenticateHex = suite('hmac · hmacHex');

for (const { source, key, data, expected } of vectors) {
  for (const [name, tag] of Object.entries(expected) as [DigestName, string][]) {
    authenticateHex(`agrees with ${source}, ${name}`, () => {
      for (const algorithm of [platform[name], software[name]]) {
        const hex = hmacHex(algorithm, key, data);
        assert.is(hex.length, 2 * algorithm.outputBytes);
        assert.is(hex.slice(0, tag.length), tag);
      }
    });
  }
}

authenticateHex('takes text for its UTF-8 bytes', () => {
  assert.is(hmacHex(sha256, 'clé', '€ 10'), hmacHex(sha256, encodeUtf8('clé'), encodeUtf8('€ 10')));
});

for (const [argument, call] of [
  ['algorithm', () => hmacHex('sha256' as never, 'key', 'data')],
  ['key', () => hmacHex(sha256, 1 as never, 'data')],
  ['data', () => hmacHex(sha256, 'key', null as never)],
] as const) {
  authenticateHex(`names the argument ${argument} when its type is wrong`, () => {
    assert.throws(call, (error: unknown) => error instanceof TypeError && error.message.startsWith(argument));
  });
}

authenticateHex('refuses text with a lone surrogate', () => {
  assert.throws(() => hmacHex(sha256, 'k\ud800', 'data'), refusedSurrogate);
  assert.throws(() => hmacHex(sha256, 'key', 'd\udfff'), refusedSurrogate);
});

authenticateHex.run();
