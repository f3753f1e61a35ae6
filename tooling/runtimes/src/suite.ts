import {
  constantTimeEqual,
  createOAuthState,
  createSealer,
  type Digest,
  decodeBase64,
  decodeBase64Url,
  decodeHex,
  decodeUtf8,
  digest,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
  generateKey,
  hmac,
  hmacHex,
  joinSorted,
  md5,
  randomToken,
  Secret,
  sha1,
  sha256,
  sha384,
  sha512,
} from '@x/crypto';
import { decryptV4Local, encryptV4Local } from '@x/crypto/paseto';

/** One promise of the signing core, checked with nothing but the language. */
export interface Check {
  readonly name: string;
  /** Throws when the promise does not hold. */
  readonly run: () => void;
}

function equal(seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`expected ${String(expected)}, got ${String(seen)}`);
}

function throws(run: () => unknown, type: new (message?: string) => Error): void {
  try {
    run();
  } catch (error) {
    if (error instanceof type) return;
    throw error;
  }
  throw new Error(`expected a ${type.name}`);
}

const digests: readonly [source: string, algorithm: Digest, text: string, expected: string][] = [
  ['RFC 1321 A.5', md5, 'message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['RFC 3174 §7.3', sha1, 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['RFC 6234 §8.5', sha256, 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'RFC 6234 §8.5',
    sha384,
    'abc',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ],
  [
    'RFC 6234 §8.5',
    sha512,
    'abc',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
];

const macs: readonly [source: string, algorithm: Digest, expected: string][] = [
  ['RFC 2202 §2, case 2', md5, '750c783e6ab0b503eaa86e310a5db738'],
  ['RFC 2202 §3, case 2', sha1, 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['RFC 4231 §4.3', sha256, '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    'RFC 4231 §4.3',
    sha384,
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  ],
  [
    'RFC 4231 §4.3',
    sha512,
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
];

const samples: readonly [text: string, base64: string][] = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
];

/** Test vector 4-E-9 of the PASETO specification's `v4.json`. */
const vector = {
  key: '707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f',
  nonce: 'df654812bac492663825520ba2f6e67cf5ca5bdc13d4e7507a98cc4c2fcc3ad8',
  token:
    'v4.local.32VIErrEkmY4JVILovbmfPXKW9wT1OdQepjMTC_MOtjA4kiqw7_tcaOM5GNEcnTxl60WiA8rd3wgFSNb_UdJPXjpzm0KW9ojM5f4O2mRvE2IcweP-PRdoHjd5-RHCiExR1IK6t6tybdlmnMwcDMw0YxA_gFSE_IUWl78aMtOepFYSWYfQA.YXJiaXRyYXJ5LXN0cmluZy10aGF0LWlzbid0LWpzb24',
  message: '{"data":"this is a hidden message","exp":"2022-01-01T00:00:00+00:00"}',
  footer: "arbitrary-string-that-isn't-json",
  assertion: '{"test-vector":"4-E-9"}',
};

/** Every check, in order. The suite neither reads nor writes anything. */
export const checks: readonly Check[] = [
  ...digests.map(([source, algorithm, text, expected]) => ({
    name: `${algorithm.name} agrees with ${source}`,
    run: () => equal(encodeHex(digest(algorithm, text)), expected),
  })),
  ...macs.map(([source, algorithm, expected]) => ({
    name: `HMAC ${algorithm.name} agrees with ${source}`,
    run: () => {
      equal(encodeHex(hmac(algorithm, 'Jefe', 'what do ya want for nothing?')), expected);
      equal(hmacHex(algorithm, 'Jefe', 'what do ya want for nothing?'), expected);
    },
  })),
  ...samples.map(([text, base64]) => ({
    name: `base64 of ${JSON.stringify(text)} agrees with RFC 4648 §10`,
    run: () => {
      equal(encodeBase64(encodeUtf8(text)), base64);
      equal(decodeUtf8(decodeBase64(base64)), text);
      const url = base64.replaceAll('=', '');
      equal(encodeBase64Url(encodeUtf8(text)), url);
      equal(decodeUtf8(decodeBase64Url(url)), text);
    },
  })),
  {
    name: 'encodings refuse what is not canonical',
    run: () => {
      for (const text of ['a', 'AB', 'zz', 'a b ']) throws(() => decodeHex(text), RangeError);
      for (const text of ['Zg', 'Zg=', 'Zh==', 'Zg===', 'Z-==', ' Zg=']) throws(() => decodeBase64(text), RangeError);
      for (const text of ['Z', 'Zg==', 'Zh', 'Z+', 'Z\n']) throws(() => decodeBase64Url(text), RangeError);
      throws(() => decodeUtf8(new Uint8Array([0xc0, 0x80])), RangeError);
      throws(() => encodeUtf8('\ud800'), RangeError);
    },
  },
  {
    name: 'equality holds for equal values and for no others',
    run: () => {
      equal(constantTimeEqual('zoë', encodeUtf8('zoë')), true);
      equal(constantTimeEqual(new Uint8Array([9, 1, 2]).subarray(1), new Uint8Array([1, 2])), true);
      for (const other of ['', 'secres', 'secre', 'secrets']) equal(constantTimeEqual('secret', other), false);
    },
  },
  {
    name: 'canonical strings sort by code unit',
    run: () => equal(joinSorted(['b', 'A', 'a', 'B', '_'], ' '), 'A B _ a b'),
  },
  {
    name: 'PASETO 4-E-9 encrypts and decrypts',
    run: () => {
      const { token, message, footer, assertion } = vector;
      const [key, nonce] = [decodeHex(vector.key), decodeHex(vector.nonce)];
      equal(encryptV4Local({ key, message, footer, assertion, nonce }), token);
      equal(decodeUtf8(decryptV4Local({ key, token, assertion })?.message ?? new Uint8Array()), message);
      equal(decryptV4Local({ key, token, assertion: 'other' }), undefined);
    },
  },
  {
    name: 'a sealed token opens, expires, and opens in no other context',
    run: () => {
      let nowMs = 1_767_225_600_000;
      const keys = [{ id: 'one', key: generateKey() }];
      const sealer = createSealer({ keys, context: ['a', 'b'], clock: () => nowMs });
      const token = sealer.seal('ann', { role: 'admin' }, { expiresInMs: 1000 });
      const opened = sealer.open(token);
      equal(opened.ok && opened.subject, 'ann');
      equal(opened.ok && opened.claims['role'], 'admin');
      const other = createSealer({ keys, context: ['a,b'], clock: () => nowMs }).open(token);
      equal(!other.ok && other.reason, 'forged');
      nowMs += 1000;
      const late = sealer.open(token);
      equal(!late.ok && late.reason, 'expired');
    },
  },
  {
    name: 'an OAuth state finishes in the browser that began it only',
    run: () => {
      const flow = createOAuthState({ keys: [{ id: 'one', key: generateKey() }], context: ['sample'] });
      const { state, binding } = flow.begin({ to: '/' });
      equal(flow.finish({ state, binding }).ok, true);
      equal(flow.finish({ state, binding: flow.begin({}).binding }).ok, false);
    },
  },
  {
    name: 'random tokens differ and have the length asked for',
    run: () => {
      equal(randomToken().length, 43);
      equal(new Set(Array.from({ length: 100 }, () => randomToken(16))).size, 100);
    },
  },
  {
    name: 'a secret shows itself to nobody who prints it',
    run: () => {
      const secret = new Secret('m4rk3r');
      const shown = [
        `${secret}`,
        String(secret),
        JSON.stringify({ secret }),
        ...inspectors().map((show) => show(secret)),
      ];
      equal(shown.join('\n').includes('m4rk3r'), false);
      equal(secret.reveal(), 'm4rk3r');
    },
  },
];

/** The inspect functions of whatever runtime this is. */
function inspectors(): ((value: unknown) => string)[] {
  const { Bun, Deno, process } = globalThis as {
    Bun?: { inspect(value: unknown): string };
    Deno?: { inspect(value: unknown): string };
    process?: { getBuiltinModule?: (name: string) => { inspect?(value: unknown): string } | undefined };
  };
  const node = process?.getBuiltinModule?.('node:util');
  return [Bun?.inspect, Deno?.inspect, node?.inspect].filter((show) => show !== undefined);
}
