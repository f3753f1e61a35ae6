import { property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { decrypt, encrypt } from 'paseto-ts/v4';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64Url, encodeBase64Url } from '../src/base64.ts';
import { decodeHex, encodeHex } from '../src/hex.ts';
import { decryptV4Local, encryptV4Local } from '../src/paseto.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';

// From the official test vectors of PASETO v4 (paseto-standard/test-vectors, v4.json).
const vectorKey = decodeHex('707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f');
const secretMessage = '{"data":"this is a secret message","exp":"2022-01-01T00:00:00+00:00"}';
const vectors = [
  {
    name: '4-E-1',
    nonce: '0000000000000000000000000000000000000000000000000000000000000000',
    message: secretMessage,
    footer: '',
    assertion: '',
    token:
      'v4.local.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAr68PS4AXe7If_ZgesdkUMvSwscFlAl1pk5HC0e8kApeaqMfGo_7OpBnwJOAbY9V7WU6abu74MmcUE8YWAiaArVI8XJ5hOb_4v9RmDkneN0S92dx0OW4pgy7omxgf3S8c3LlQg',
  },
  {
    name: '4-E-2',
    nonce: '0000000000000000000000000000000000000000000000000000000000000000',
    message: '{"data":"this is a hidden message","exp":"2022-01-01T00:00:00+00:00"}',
    footer: '',
    assertion: '',
    token:
      'v4.local.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAr68PS4AXe7If_ZgesdkUMvS2csCgglvpk5HC0e8kApeaqMfGo_7OpBnwJOAbY9V7WU6abu74MmcUE8YWAiaArVI8XIemu9chy3WVKvRBfg6t8wwYHK0ArLxxfZP73W_vfwt5A',
  },
  {
    name: '4-E-5',
    nonce: 'df654812bac492663825520ba2f6e67cf5ca5bdc13d4e7507a98cc4c2fcc3ad8',
    message: secretMessage,
    footer: '{"kid":"zVhMiPBP9fRf2snEcT7gFTioeA9COcNy9DfgL1W60haN"}',
    assertion: '',
    token:
      'v4.local.32VIErrEkmY4JVILovbmfPXKW9wT1OdQepjMTC_MOtjA4kiqw7_tcaOM5GNEcnTxl60WkwMsYXw6FSNb_UdJPXjpzm0KW9ojM5f4O2mRvE2IcweP-PRdoHjd5-RHCiExR1IK6t4x-RMNXtQNbz7FvFZ_G-lFpk5RG3EOrwDL6CgDqcerSQ.eyJraWQiOiJ6VmhNaVBCUDlmUmYyc25FY1Q3Z0ZUaW9lQTlDT2NOeTlEZmdMMVc2MGhhTiJ9',
  },
  {
    name: '4-E-9',
    nonce: 'df654812bac492663825520ba2f6e67cf5ca5bdc13d4e7507a98cc4c2fcc3ad8',
    message: '{"data":"this is a hidden message","exp":"2022-01-01T00:00:00+00:00"}',
    footer: "arbitrary-string-that-isn't-json",
    assertion: '{"test-vector":"4-E-9"}',
    token:
      'v4.local.32VIErrEkmY4JVILovbmfPXKW9wT1OdQepjMTC_MOtjA4kiqw7_tcaOM5GNEcnTxl60WiA8rd3wgFSNb_UdJPXjpzm0KW9ojM5f4O2mRvE2IcweP-PRdoHjd5-RHCiExR1IK6t6tybdlmnMwcDMw0YxA_gFSE_IUWl78aMtOepFYSWYfQA.YXJiaXRyYXJ5LXN0cmluZy10aGF0LWlzbid0LWpzb24',
  },
] as const;

const encryption = suite('paseto · encryptV4Local');
const decryption = suite('paseto · decryptV4Local');

for (const { name, nonce, message, footer, assertion, token } of vectors) {
  encryption(`agrees with the official vector ${name}`, () => {
    assert.is(encryptV4Local({ key: vectorKey, nonce: decodeHex(nonce), message, footer, assertion }), token);
  });
  decryption(`agrees with the official vector ${name}`, () => {
    const opened = decryptV4Local({ key: vectorKey, token, assertion });
    assert.is(opened && decodeUtf8(opened.message), message);
    assert.is(opened && decodeUtf8(opened.footer), footer);
  });
}

for (const { name, token, assertion } of [
  {
    name: '4-F-4',
    assertion: '',
    token:
      'v4.local.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAr68PS4AXe7If_ZgesdkUMvSwscFlAl1pk5HC0e8kApeaqMfGo_7OpBnwJOAbY9V7WU6abu74MmcUE8YWAiaArVI8XJ5hOb_4v9RmDkneN0S92dx0OW4pgy7omxgf3S8c3LlQh',
  },
  {
    name: '4-F-5',
    assertion: '',
    token:
      'v4.local.32VIErrEkmY4JVILovbmfPXKW9wT1OdQepjMTC_MOtjA4kiqw7_tcaOM5GNEcnTxl60WkwMsYXw6FSNb_UdJPXjpzm0KW9ojM5f4O2mRvE2IcweP-PRdoHjd5-RHCiExR1IK6t4x-RMNXtQNbz7FvFZ_G-lFpk5RG3EOrwDL6CgDqcerSQ==.eyJraWQiOiJ6VmhNaVBCUDlmUmYyc25FY1Q3Z0ZUaW9lQTlDT2NOeTlEZmdMMVc2MGhhTiJ9',
  },
] as const) {
  decryption(`refuses the official vector ${name}`, () => {
    assert.is(decryptV4Local({ key: vectorKey, token, assertion }), undefined);
  });
}

// This token was made with the bytes of a v4.public key. Bytes carry no type, so here the caller vouches for it; a sealer
// refuses the key by its PASERK header (see key-ring.test.ts).
decryption('takes the word of its caller that a key is a v4.local key, official vector 4-F-1', () => {
  const opened = decryptV4Local({
    key: decodeHex('1eb9dbbbbc047c03fd70604e0071f0987e16b28b757225c11f00415d0e20b1a2'),
    token:
      'v4.local.vngXfCISbnKgiP6VWGuOSlYrFYU300fy9ijW33rznDYgxHNPwWluAY2Bgb0z54CUs6aYYkIJ-bOOOmJHPuX_34Agt_IPlNdGDpRdGNnBz2MpWJvB3cttheEc1uyCEYltj7wBQQYX.YXJiaXRyYXJ5LXN0cmluZy10aGF0LWlzbid0LWpzb24',
    assertion: '{"test-vector":"4-F-1"}',
  });
  assert.is(opened && decodeUtf8(opened.message), '{"invalid":"this should never decode"}');
});

const key = seededRandom(11)(32);

encryption('draws a nonce of its own for each token', () => {
  const tokens = Array.from({ length: 50 }, () => encryptV4Local({ key, message: 'same' }));
  assert.is(new Set(tokens.map((token) => token.slice(9, 52))).size, 50);
});

encryption('takes text for its UTF-8 bytes', () => {
  const nonce = new Uint8Array(32);
  const texts = encryptV4Local({ key, nonce, message: 'é', footer: 'ü', assertion: 'ß' });
  const bytes = { message: encodeUtf8('é'), footer: encodeUtf8('ü'), assertion: encodeUtf8('ß') };
  assert.is(texts, encryptV4Local({ key, nonce, ...bytes }));
});

for (const [argument, change] of [
  ['key', { key: new Uint8Array(31) }],
  ['key', { key: 'k'.repeat(32) as never }],
  ['key', { key: undefined as never }],
  ['nonce', { nonce: new Uint8Array(24) }],
  ['nonce', { nonce: null as never }],
  ['message', { message: undefined as never }],
  ['footer', { footer: 1 as never }],
  ['assertion', { assertion: {} as never }],
] as const) {
  encryption(`names the argument ${argument} when it is wrong: ${JSON.stringify(change)}`, () => {
    assert.throws(
      () => encryptV4Local({ key, message: 'text', ...change }),
      (error: unknown) => error instanceof TypeError && error.message.startsWith(argument),
    );
  });
}

encryption('refuses text without bytes', () => {
  for (const change of [{ message: '\ud800' }, { footer: '\ud800' }, { assertion: '\ud800' }]) {
    assert.throws(
      () => encryptV4Local({ key, message: 'text', ...change }),
      (error: unknown) => error instanceof RangeError && /surrogate/.test(error.message),
    );
  }
});

const token = encryptV4Local({ key, message: 'message', footer: 'footer', assertion: 'assertion' });
const body = token.split('.')[2] ?? '';

decryption('opens what was encrypted', () => {
  const opened = decryptV4Local({ key, token, assertion: 'assertion' });
  assert.is(opened && decodeUtf8(opened.message), 'message');
  assert.is(opened && decodeUtf8(opened.footer), 'footer');
});

decryption('opens an empty message', () => {
  const opened = decryptV4Local({ key, token: encryptV4Local({ key, message: '' }) });
  assert.equal([opened?.message.length, opened?.footer.length], [0, 0]);
});

for (const [name, refused] of [
  ['another assertion', { assertion: 'assertion ' }],
  ['no assertion', { assertion: undefined }],
  ['another key', { key: seededRandom(12)(32) }],
  ['nothing', { token: '' }],
  ['another version', { token: token.replace('v4', 'v3') }],
  ['another purpose', { token: token.replace('local', 'public') }],
  ['an upper-case header', { token: token.replace('v4.local', 'V4.LOCAL') }],
  ['white space before', { token: ` ${token}` }],
  ['white space after', { token: `${token}\n` }],
  ['no footer', { token: `v4.local.${body}` }],
  ['an empty footer', { token: `v4.local.${body}.` }],
  ['another footer', { token: `v4.local.${body}.${encodeBase64Url(encodeUtf8('Footer'))}` }],
  ['a second footer', { token: `${token}.Zm9v` }],
  ['an empty second footer', { token: `${token}.` }],
  ['a footer that is not base64url', { token: `v4.local.${body}.f+` }],
  ['no body', { token: 'v4.local.' }],
  ['a padded body', { token: token.replace(body, `${body}=`) }],
  ['a body shorter than nonce and tag', { token: `v4.local.${encodeBase64Url(new Uint8Array(63))}` }],
  ['a body of nonce and tag alone', { token: `v4.local.${encodeBase64Url(new Uint8Array(64))}` }],
  ['bytes', { token: encodeUtf8(token) as never }],
  ['a missing token', { token: undefined as never }],
] as const) {
  decryption(`gives nothing for ${name}`, () => {
    assert.is(decryptV4Local({ key, token, assertion: 'assertion', ...refused }), undefined);
  });
}

decryption('a token without a footer has one spelling only', () => {
  const bare = encryptV4Local({ key, message: 'message' });
  assert.ok(decryptV4Local({ key, token: bare }));
  assert.is(decryptV4Local({ key, token: `${bare}.` }), undefined);
});

for (const [argument, change] of [
  ['key', { key: new Uint8Array(33) }],
  ['assertion', { assertion: 1 as never }],
] as const) {
  decryption(`names the argument ${argument} when it is wrong`, () => {
    assert.throws(
      () => decryptV4Local({ key, token: 'anything', ...change }),
      (error: unknown) => error instanceof TypeError && error.message.startsWith(argument),
    );
  });
}

encryption.run();
decryption.run();

const properties = suite('paseto · properties');
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anything = fc.uint8Array({ maxLength: 600, size: 'max' });

properties('opening undoes encrypting', async () => {
  await property(
    fc.property(keys, anything, anything, anything, (secret, message, footer, assertion) => {
      const opened = decryptV4Local({
        key: secret,
        token: encryptV4Local({ key: secret, message, footer, assertion }),
        assertion,
      });
      assert.is(opened && encodeHex(opened.message), encodeHex(message));
      assert.is(opened && encodeHex(opened.footer), encodeHex(footer));
    }),
  );
});

properties('no byte can move between footer and assertion', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
  await property(
    fc.property(text, text, text, (footer, assertion, other) => {
      const sealed = encryptV4Local({ key, message: 'm', footer, assertion });
      assert.is(decryptV4Local({ key, token: sealed, assertion: other }) !== undefined, other === assertion);
    }),
    { runs: 400 },
  );
});

properties('gives nothing, and never throws, for any other token', async () => {
  const base64url = fc.string({ unit: fc.constantFrom(...'AZaz09-_.='), maxLength: 120 });
  const tokens = fc.oneof(
    fc.string({ unit: 'binary' }),
    base64url.map((text) => `v4.local.${text}`),
  );
  await property(
    fc.property(tokens, (text) => assert.is(decryptV4Local({ key, token: text }), undefined)),
    { runs: 2000 },
  );
});

properties.run();

const interop = suite('paseto · paseto-ts');
// That package takes JSON objects with at most 128 members, and reads footers that look like JSON as JSON.
const payloads = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((name) => `x-${name}`),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  { maxKeys: 8 },
);
const footers = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `f${text}`),
  fc.string({ unit: fc.constantFrom(...'abc019'), minLength: 1, maxLength: 8 }).map((kid) => JSON.stringify({ kid })),
);
const assertions = fc.string({ unit: 'grapheme', maxLength: 40 });
const plainly = { addExp: false, addIat: false, validatePayload: false };

interop('opens what we encrypt', async () => {
  await property(
    fc.property(keys, payloads, footers, assertions, (secret, payload, footer, assertion) => {
      const message = JSON.stringify(payload);
      const sealed = encryptV4Local({ key: secret, message, footer, assertion });
      const opened = decrypt(paserk(secret), sealed, { assertion: encodeUtf8(assertion), validatePayload: false });
      assert.is(JSON.stringify(opened.payload), message);
      assert.is(typeof opened.footer === 'string' ? opened.footer : JSON.stringify(opened.footer), footer);
    }),
    { runs: 400 },
  );
});

interop('encrypts what we open', async () => {
  await property(
    fc.property(keys, payloads, footers, assertions, (secret, payload, footer, assertion) => {
      const message = JSON.stringify(payload);
      const sealed = encrypt(paserk(secret), encodeUtf8(message), {
        footer: encodeUtf8(footer),
        assertion: encodeUtf8(assertion),
        ...plainly,
      });
      const opened = decryptV4Local({ key: secret, token: sealed, assertion });
      assert.is(opened && decodeUtf8(opened.message), message);
      assert.is(opened && decodeUtf8(opened.footer), footer);
    }),
    { runs: 400 },
  );
});

interop('refuses what we refuse', () => {
  const sealed = encryptV4Local({ key, message: '{}', footer: 'f', assertion: 'a' });
  assert.ok(decrypt(paserk(key), sealed, { assertion: 'a' }));
  const bytes = decodeBase64Url(sealed.split('.')[2] ?? '');
  for (const index of [0, 31, 32, 34, bytes.length - 32, bytes.length - 1]) {
    const altered = bytes.slice();
    altered[index] = Number(altered[index]) ^ 1;
    const forged = `v4.local.${encodeBase64Url(altered)}.Zg`;
    assert.is(decryptV4Local({ key, token: forged, assertion: 'a' }), undefined);
    assert.throws(() => decrypt(paserk(key), forged, { assertion: 'a' }), /authentication/);
  }
});

function paserk(secret: Uint8Array): string {
  return `k4.local.${encodeBase64Url(secret)}`;
}

interop.run();
