// Tokens of every kind, good and bad, with the servers and the verifier that know them; keys are made at run time.

import { memoryStore } from '@x/http/store';
import { type ManualClock, manualClock } from '@x/testing';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { TokenTrait } from '../src/emulator/index.ts';
import {
  introspectionVerifier,
  jwtVerifier,
  type PresentedToken,
  removeAccessToken,
  saveAccessToken,
  storeVerifier,
  type Verifier,
} from '../src/index.ts';

export const issuer = 'https://login.example';
export const audience = 'https://app.example/mesh';

/** Where tokens are tried. */
export interface Lab {
  readonly clock: ManualClock;
  readonly verifier: Verifier;
  readonly tokens: Readonly<Record<TokenTrait, string>>;
  /** Good JWT of user 7. */
  readonly jwt: string;
  /** What the verifier was asked, in order. */
  readonly asked: PresentedToken[];
  /** URLs that verifiers fetched, in order. */
  readonly fetched: string[];
}

export async function createLab(): Promise<Lab> {
  const clock = manualClock();
  const asked: PresentedToken[] = [];
  const fetched: string[] = [];

  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'current', alg: 'ES256' }] };
  const now = Math.floor(clock() / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: 'user-7',
    client_id: 'phone-app',
    iat: now,
    exp: now + 600,
    jti: 'jti-1',
    user_identifier: 7,
  };
  const sign = (changes: JWTPayload = {}, header: Readonly<Record<string, string>> = {}): Promise<string> =>
    new SignJWT({ ...claims, ...changes })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'current', ...header })
      .sign(privateKey);
  const publicKeyText = new TextEncoder().encode(await exportSPKI(publicKey));

  const store = memoryStore({ clock });
  const grant = { subject: 'user-7', userIdentifier: 7, expiresAtMs: clock() + 600_000, clock };
  await saveAccessToken(store, 'good-token', grant);
  await saveAccessToken(store, 'expired-token', { ...grant, expiresAtMs: clock() + 1000 });
  await saveAccessToken(store, 'revoked-token', grant);
  await removeAccessToken(store, 'revoked-token');
  clock.advance(60_000);

  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    fetched.push(String(input));
    const token = new URLSearchParams(String(init?.body)).get('token') ?? 'introspection-slow';
    return (introspectionAnswers[token] ?? never)();
  };
  const verifiers: Readonly<Record<string, Verifier>> = {
    jwt: jwtVerifier({ issuer, audience, keys, clock, fetch }),
    store: storeVerifier({ store, clock }),
    introspection: introspectionVerifier({
      endpoint: 'https://login.example/introspect',
      client: { method: 'basic', clientId: 'us', clientSecret: 'our-secret' },
      fetch,
      clock,
    }),
    'key-set-slow': jwtVerifier({
      issuer,
      audience,
      jwksUrl: 'https://login.example/keys',
      jwksTimeoutMs: 60_000,
      clock,
      fetch,
    }),
    'verifier-throws': () => {
      throw new Error('broken on purpose');
    },
    'verifier-rejects': () => Promise.reject(new Error('broken on purpose')),
    'verifier-undefined': () => undefined as never,
    'verifier-slow': () => never() as never,
  };
  let slowKeys = '';
  const verifierOf = (token: string): Verifier => {
    const name = token === slowKeys ? 'key-set-slow' : token.startsWith('ey') ? 'jwt' : token;
    const found = verifiers[name] ?? verifiers[name.replace(/-.*/, '')] ?? verifiers['store'];
    return found as Verifier;
  };

  slowKeys = await sign({ jti: 'waits-for-keys' });
  const tokens: Readonly<Record<TokenTrait, string>> = {
    expired: 'expired-token',
    'not-yet-valid': await sign({ nbf: now + 300 }),
    revoked: 'revoked-token',
    'jwt-alg-none': new UnsecuredJWT(claims).encode().replace(/\.$/, '.AA'),
    'jwt-public-key-as-secret': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'current' })
      .sign(publicKeyText),
    'jwt-unknown-key': await sign({}, { kid: 'nobody-knows' }),
    'jwt-typ': await sign({}, { typ: 'JWT' }),
    'jwt-id-token': await sign({ aud: 'phone-app', nonce: 'n' }, { typ: 'JWT' }),
    'jwt-no-expiry': await sign({ exp: undefined } as unknown as JWTPayload),
    'jwt-wrong-issuer': await sign({ iss: 'https://elsewhere.example' }),
    'jwt-wrong-audience': await sign({ aud: 'https://app.example/api' }),
    'jwt-audience-list-without-us': await sign({ aud: ['https://a.example', 'https://b.example'] }),
    'jwt-foreign-key-set': await sign({}, { jku: 'https://evil.example/keys', kid: 'theirs' }),
    'sender-constrained': await sign({ cnf: { jkt: 'thumbprint' } } as JWTPayload),
    'introspection-active-as-text': 'introspection-active-as-text',
    'introspection-empty-object': 'introspection-empty-object',
    'introspection-list': 'introspection-list',
    'introspection-unauthorized': 'introspection-unauthorized',
    'introspection-error': 'introspection-error',
    'introspection-html': 'introspection-html',
    'introspection-redirect': 'introspection-redirect',
    'introspection-slow': 'introspection-slow',
    'key-set-slow': slowKeys,
    'verifier-throws': 'verifier-throws',
    'verifier-rejects': 'verifier-rejects',
    'verifier-undefined': 'verifier-undefined',
    'verifier-slow': 'verifier-slow',
  };
  const jwt = await sign();
  await verifiers['jwt']?.({
    accessToken: jwt,
    tokenType: 'bearer',
    userIdentifier: 7,
    app: '',
    signal: neverAborted(),
  });
  return {
    clock,
    tokens,
    jwt,
    asked,
    fetched,
    verifier: (presented) => {
      asked.push(presented);
      return verifierOf(presented.accessToken)(presented);
    },
  };
}

export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function never(): Promise<Response> {
  return new Promise(() => {});
}

const introspectionAnswers: Readonly<Record<string, () => Promise<Response>>> = {
  'introspection-active-as-text': async () => Response.json({ active: 'true' }),
  'introspection-empty-object': async () => Response.json({}),
  'introspection-list': async () => Response.json([]),
  'introspection-unauthorized': async () => Response.json({ error: 'invalid_client' }, { status: 401 }),
  'introspection-error': async () => new Response('oops', { status: 500 }),
  'introspection-html': async () => new Response('<p>Sign in', { headers: { 'content-type': 'text/html' } }),
  'introspection-redirect': async () => new Response(null, { status: 302, headers: { location: 'https://x.example' } }),
};
