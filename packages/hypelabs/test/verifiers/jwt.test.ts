import { manualClock, property, rejects } from '@x/testing';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type JwtVerifierOptions, jwtVerifier } from '../../src/index.ts';
import { audience, issuer } from '../lab.ts';
import { presented } from './presented.ts';

const clock = manualClock();
const now = clock() / 1000;
const claims = { iss: issuer, aud: audience, sub: 'user-7', client_id: 'phone', iat: now, exp: now + 600, jti: 'j1' };

/** A key that signs, with its public half as a server publishes it. */
async function createKey(kid: string | undefined, alg: string = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg, ...(kid === undefined ? {} : { kid }) };
  const sign = (changes: object = {}, header: object = {}): Promise<string> =>
    new SignJWT({ ...claims, ...changes } as JWTPayload)
      .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }), ...header })
      .sign(privateKey, { crit: { x: true } });
  return { jwk, sign, privateJwk: await exportJWK(privateKey) };
}

const key = await createKey('k1');

async function outcome(token: string, options: Partial<JwtVerifierOptions> = {}): Promise<string> {
  const verifier = jwtVerifier({ issuer, audience, keys: { keys: [key.jwk] }, clock, ...options });
  const result = await verifier(presented(token));
  return result.active ? 'active' : result.reason;
}

const verify = suite('hypelabs · jwtVerifier');

verify('accepts a token by RFC 9068 and tells whose it is', async () => {
  const verifier = jwtVerifier({ issuer, audience, keys: { keys: [key.jwk] }, clock });
  const result = await verifier(presented(await key.sign({ user_identifier: '7', scope: 'mesh' })));
  assert.equal(result, {
    active: true,
    subject: 'user-7',
    userIdentifier: 7,
    claims: { ...claims, user_identifier: '7', scope: 'mesh' },
  });
});

for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
  verify(`accepts ${algorithm} by default`, async () => {
    const { jwk, sign } = await createKey('k', algorithm);
    assert.is(await outcome(await sign(), { keys: { keys: [jwk] } }), 'active');
  });
}

type Row = [name: string, claims: object, header: object, outcome: string, options?: Partial<JwtVerifierOptions>];
const rows: readonly Row[] = [
  ['the long form of typ', {}, { typ: 'application/at+jwt' }, 'active'],
  ['no typ', {}, { typ: undefined }, 'token-untrusted'],
  ['typ JWT', {}, { typ: 'JWT' }, 'token-untrusted'],
  ['typ JWT, allowed', {}, { typ: 'JWT' }, 'active', { typ: 'JWT' }],
  ['at+jwt where JWT is configured', {}, {}, 'token-untrusted', { typ: 'JWT' }],
  ['a list with the client', { client_id: ['phone'] }, {}, 'token-misdirected', { clientIds: ['phone'] }],
  ['an object for the client', { client_id: { toString: 1 } }, {}, 'token-misdirected', { clientIds: ['phone'] }],
  ['an ID token by nonce', { nonce: 'n' }, { typ: 'JWT' }, 'token-untrusted', { typ: 'JWT' }],
  ['an ID token by at_hash', { at_hash: 'h' }, { typ: 'JWT' }, 'token-untrusted', { typ: 'JWT' }],
  ['an ID token by client_id', { aud: ['phone', audience] }, { typ: 'JWT' }, 'token-untrusted', { typ: 'JWT' }],
  ['an ID token by azp', { client_id: undefined, azp: audience }, { typ: 'JWT' }, 'token-untrusted', { typ: 'JWT' }],
  ['an unknown key', {}, { kid: 'k2' }, 'token-untrusted'],
  ['another algorithm than configured', {}, {}, 'token-untrusted', { algorithms: ['RS256'] }],
  ['a critical header that nobody knows', {}, { crit: ['x'], x: 1 }, 'token-untrusted'],
  ['a key inside the token', {}, { jwk: { kty: 'oct', k: 'AA' }, kid: 'k2' }, 'token-untrusted'],
  ['exp now less the tolerance', { exp: now - 30 }, {}, 'token-expired'],
  ['exp within the tolerance', { exp: now - 29 }, {}, 'active'],
  ['exp now without tolerance', { exp: now }, {}, 'token-expired', { clockToleranceMs: 0 }],
  ['exp missing', { exp: undefined }, {}, 'token-incomplete'],
  ['exp missing, nothing else required', { exp: undefined }, {}, 'token-incomplete', { requiredClaims: [] }],
  ['exp as text', { exp: String(now + 60) }, {}, 'token-incomplete'],
  ['nbf ahead', { nbf: now + 31 }, {}, 'token-not-yet-valid'],
  ['nbf within the tolerance', { nbf: now + 30 }, {}, 'active'],
  ['iat ahead', { iat: now + 31 }, {}, 'token-not-yet-valid'],
  ['iss of another', { iss: `${issuer}/` }, {}, 'token-misdirected'],
  ['iss missing', { iss: undefined }, {}, 'token-incomplete'],
  ['aud of another', { aud: 'https://app.example/api' }, {}, 'token-misdirected'],
  ['aud list without us', { aud: ['a', 'b'] }, {}, 'token-misdirected'],
  ['aud list with us', { aud: ['a', audience] }, {}, 'active'],
  ['aud missing', { aud: undefined }, {}, 'token-incomplete'],
  ['aud that is a number', { aud: 7 }, {}, 'token-misdirected'],
  ['one of two audiences', { aud: 'old' }, {}, 'active', { audience: [audience, 'old'] }],
  ['sub missing', { sub: undefined }, {}, 'token-incomplete'],
  ['client_id missing', { client_id: undefined }, {}, 'token-incomplete'],
  ['jti missing', { jti: undefined }, {}, 'token-incomplete'],
  ['jti null', { jti: null }, {}, 'token-incomplete'],
  ['jti missing, not required', { jti: undefined }, {}, 'active', { requiredClaims: ['sub'] }],
  ['our client', {}, {}, 'active', { clientIds: ['phone'] }],
  ['another client', {}, {}, 'token-misdirected', { clientIds: ['web'] }],
  ['an identifier of another form', { user_identifier: 1.5 }, {}, 'token-incomplete'],
];
for (const [name, changes, header, expected, options] of rows) {
  verify(`answers ${expected} to ${name}`, async () => {
    assert.is(await outcome(await key.sign(changes, header), options), expected);
  });
}

verify('leaves cnf in the claims, for the handler to deny', async () => {
  const verifier = jwtVerifier({ issuer, audience, keys: { keys: [key.jwk] }, clock });
  const result = await verifier(presented(await key.sign({ cnf: { jkt: 'x' } })));
  assert.ok(result.active && result.claims?.['cnf']);
});

verify('does not accept a second spelling of a signature', async () => {
  const token = await key.sign();
  const verifier = jwtVerifier({ issuer, audience, keys: { keys: [key.jwk] }, clock });
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  const respelt = token.slice(0, -1) + alphabet[last + 1]; // the bits that differ belong to no byte
  assert.equal(await verifier(presented(respelt)), { active: false, reason: 'token-malformed' });
  assert.equal(await verifier(presented(`${token}=`)), { active: false, reason: 'token-malformed' });
});

verify('does not accept a token with any bit of it changed', async () => {
  const token = await key.sign();
  const verifier = jwtVerifier({ issuer, audience, keys: { keys: [key.jwk] }, clock });
  await property(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom('A', 'B', '-', '.'), async (index, sign) => {
      const changed = token.slice(0, index) + sign + token.slice(index + 1);
      if (changed !== token) assert.is((await verifier(presented(changed))).active, false);
    }),
  );
});

verify('answers token-malformed or token-untrusted to what is no JWT', () =>
  property(
    fc.asyncProperty(fc.stringMatching(/^[A-Za-z0-9\-._~+/]+=*$/), async (text) => {
      assert.match(await outcome(text), /^token-(malformed|untrusted)$/);
    }),
  ),
);

verify('finds the key that signed among several without ids, and only that', async () => {
  const [first, second, third] = [await createKey(undefined), await createKey(undefined), await createKey(undefined)];
  const keys = { keys: [first.jwk, second.jwk] };
  assert.is(await outcome(await second.sign(), { keys }), 'active');
  assert.is(await outcome(await second.sign({ exp: now - 60 }), { keys }), 'token-expired');
  assert.is(await outcome(await third.sign(), { keys }), 'token-untrusted');
});

verify('is out of order when a key cannot be used', async () => {
  const keys = { keys: [{ ...key.jwk, x: 'AAAA' }] };
  const verifier = jwtVerifier({ issuer, audience, keys, clock });
  await rejects((async () => verifier(presented(await key.sign())))(), Error, /./);
});

for (const [name, options, message] of [
  ['no issuer', { issuer: undefined }, /issuer is missing/],
  ['no audience', { audience: [] }, /audience must be text or a list/],
  ['no keys', { keys: undefined }, /either jwksUrl or keys/],
  ['keys twice', { jwksUrl: 'https://login.example/keys' }, /either jwksUrl or keys/],
  ['plain http', { keys: undefined, jwksUrl: 'http://login.example/keys' }, /jwksUrl must be an https: URL/],
  ['a private key', { keys: { keys: [key.privateJwk] } }, /keys must be a JSON Web Key Set of public keys/],
  ['a symmetric key', { keys: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, /keys must be/],
  ['an empty set', { keys: { keys: [] } }, /keys must be a JSON Web Key Set of public keys, and not be empty/],
  ['no set', { keys: [] }, /keys must be/],
  ['none', { algorithms: ['none'] }, /algorithms\[0\] must be an asymmetric/],
  ['an HMAC', { algorithms: ['ES256', 'HS256'] }, /algorithms\[1\] must be an asymmetric/],
  ['no algorithm', { algorithms: [] }, /algorithms must not be empty/],
  ['another typ', { typ: 'any' }, /typ must be/],
] as const) {
  verify(`refuses ${name}`, () => {
    const all = { issuer, audience, keys: { keys: [key.jwk] }, ...options };
    assert.throws(
      () => jwtVerifier(all as never),
      (error: Error) => error instanceof TypeError && message.test(error.message),
    );
  });
}

verify.run();
