import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, rejects, type ScriptedAnswer, scriptedFetch } from '@x/testing';
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createAuthorizationHandler,
  type Decision,
  type IntrospectionVerifierOptions,
  introspectionVerifier,
} from '../../src/index.ts';
import { apiSecret, apiUser, authorizationRequest } from '../requests.ts';
import { presented } from './presented.ts';

const endpoint = 'https://login.example/introspect';
const client = { method: 'basic', clientId: 'us', clientSecret: 'our-secret' } as const;
const clock = manualClock();
const now = clock() / 1000;

function setUp(answers: readonly ScriptedAnswer[], options: Partial<IntrospectionVerifierOptions> = {}) {
  const fetch = scriptedFetch(answers);
  const verifier = introspectionVerifier({
    endpoint,
    client,
    fetch: fetch as typeof globalThis.fetch,
    clock,
    ...options,
  });
  return { fetch, verify: async (token: string = 'token-1') => verifier(presented(token)) };
}

const ask = suite('hypelabs · introspectionVerifier');

ask('asks as RFC 7662 says and tells what it heard', async () => {
  const claims = {
    active: true,
    sub: 'user-7',
    user_identifier: '7',
    scope: 'mesh',
    token_type: 'Bearer',
    exp: now + 60,
  };
  const { fetch, verify } = setUp([Response.json(claims)]);
  assert.equal(await verify('a+b/c='), { active: true, subject: 'user-7', userIdentifier: 7, claims });
  const [request] = fetch.requests;
  assert.is(request?.method, 'POST');
  assert.is(request?.url, endpoint);
  assert.is(request?.redirect, 'manual');
  assert.is(request?.headers.get('accept'), 'application/json');
  assert.is(request?.headers.get('content-type'), 'application/x-www-form-urlencoded');
  assert.is(await request?.text(), 'token=a%2Bb%2Fc%3D&token_type_hint=access_token');
});

const proofs: readonly [client: IntrospectionVerifierOptions['client'], authorization: string | null, body: string][] =
  [
    [
      { method: 'basic', clientId: 'a:b c', clientSecret: 'p%\u00e4+' },
      `Basic ${btoa('a%3Ab+c:p%25%C3%A4%2B')}`,
      'token=t&token_type_hint=access_token',
    ],
    [
      { method: 'post', clientId: 'us', clientSecret: 'our secret' },
      null,
      'token=t&token_type_hint=access_token&client_id=us&client_secret=our+secret',
    ],
    [{ method: 'bearer', token: 'our-token' }, 'Bearer our-token', 'token=t&token_type_hint=access_token'],
  ];
for (const [proof, authorization, body] of proofs) {
  ask(`proves who we are by ${proof.method}`, async () => {
    const { fetch, verify } = setUp([Response.json({ active: false })], { client: proof });
    await verify('t');
    assert.is(fetch.requests[0]?.headers.get('authorization'), authorization);
    assert.is(await fetch.requests[0]?.text(), body);
  });
}

ask('proves who we are by a signed assertion', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  for (const key of [privateKey, await exportJWK(privateKey)]) {
    const { fetch, verify } = setUp([Response.json({ active: false })], {
      client: { method: 'private-key-jwt', clientId: 'us', key, algorithm: 'ES256', keyId: 'k1' },
    });
    await verify('t');
    const body = new URLSearchParams(await fetch.requests[0]?.text());
    assert.is(body.get('client_id'), 'us');
    assert.is(body.get('client_assertion_type'), 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(body.get('client_assertion') ?? '', publicKey, {
      issuer: 'us',
      subject: 'us',
      audience: endpoint,
      currentDate: new Date(clock()),
    });
    assert.is(payload.exp, now + 60);
    assert.match(payload.jti ?? '', /^[\w-]{22}$/);
    assert.equal(protectedHeader, { alg: 'ES256', kid: 'k1' });
  }
});

type Row = [name: string, claims: object, outcome: string, options?: Partial<IntrospectionVerifierOptions>];
const judgements: readonly Row[] = [
  ['nothing but active', { active: true }, 'active'],
  ['active false', { active: false }, 'token-inactive'],
  ['active as text', { active: 'true' }, 'token-inactive'],
  ['active as a number', { active: 1 }, 'token-inactive'],
  ['no active', {}, 'token-inactive'],
  ['expired', { active: true, exp: now - 30 }, 'token-expired'],
  ['within the tolerance', { active: true, exp: now - 29 }, 'active'],
  ['expired without tolerance', { active: true, exp: now }, 'token-expired', { clockToleranceMs: 0 }],
  ['not yet valid', { active: true, nbf: now + 31 }, 'token-not-yet-valid'],
  ['issued in the future', { active: true, iat: now + 31 }, 'token-not-yet-valid'],
  ['a little in the future', { active: true, iat: now + 30, nbf: now + 30 }, 'active'],
  ['exp as text', { active: true, exp: String(now + 60) }, 'token-incomplete'],
  ['another token type', { active: true, token_type: 'mac' }, 'token-untrusted'],
  ['DPoP', { active: true, token_type: 'DPoP' }, 'token-untrusted'],
  ['our issuer', { active: true, iss: 'https://i' }, 'active', { issuer: 'https://i' }],
  ['another issuer', { active: true, iss: 'https://j' }, 'token-misdirected', { issuer: 'https://i' }],
  ['no issuer', { active: true }, 'token-misdirected', { issuer: 'https://i' }],
  ['our audience', { active: true, aud: 'us' }, 'active', { audience: 'us' }],
  ['our audience among others', { active: true, aud: ['x', 'us'] }, 'active', { audience: ['us', 'old'] }],
  ['another audience', { active: true, aud: ['x', 7] }, 'token-misdirected', { audience: 'us' }],
  ['no audience', { active: true }, 'token-misdirected', { audience: 'us' }],
  ['our client', { active: true, client_id: 'phone' }, 'active', { clientIds: ['phone'] }],
  ['another client', { active: true, client_id: 'web' }, 'token-misdirected', { clientIds: ['phone'] }],
  ['no client', { active: true }, 'token-misdirected', { clientIds: ['phone'] }],
  ['a required claim', { active: true, tenant: 'x' }, 'active', { requiredClaims: ['tenant'] }],
  ['a required claim missing', { active: true }, 'token-incomplete', { requiredClaims: ['tenant'] }],
  ['a required claim null', { active: true, tenant: null }, 'token-incomplete', { requiredClaims: ['tenant'] }],
  ['a required claim inherited', { active: true }, 'token-incomplete', { requiredClaims: ['toString'] }],
  ['an identifier of another form', { active: true, user_identifier: '007' }, 'token-incomplete'],
  ['another claim as identifier', { active: true, sub: '7' }, 'active', { userIdentifierClaim: 'sub' }],
];
for (const [name, claims, outcome, options] of judgements) {
  ask(`answers ${outcome} to ${name}`, async () => {
    const result = await setUp([Response.json(claims)], options).verify();
    assert.is(result.active ? 'active' : result.reason, outcome);
    if (name.includes('as identifier')) assert.is(result.active && result.userIdentifier, 7);
  });
}

const big = JSON.stringify({ active: true, filler: 'x'.repeat(65_536) });
const json = { 'content-type': 'application/json' };
const outages: readonly [name: string, answer: ScriptedAnswer, code: string][] = [
  ['401', Response.json({}, { status: 401 }), 'introspection.unauthorized'],
  ['403', Response.json({}, { status: 403 }), 'introspection.unauthorized'],
  ['500', new Response('', { status: 500 }), 'introspection.status'],
  ['201 with a yes', Response.json({ active: true }, { status: 201 }), 'introspection.status'],
  ['204', new Response(null, { status: 204 }), 'introspection.status'],
  ['a redirect', new Response(null, { status: 307, headers: { location: endpoint } }), 'introspection.redirected'],
  ['HTML', new Response('<p>', { headers: { 'content-type': 'text/html' } }), 'introspection.not-json'],
  [
    'JSON that says it is HTML',
    new Response('{}', { headers: { 'content-type': 'text/html' } }),
    'introspection.not-json',
  ],
  ['half of JSON', new Response('{"active":tr', { headers: json }), 'introspection.not-json'],
  ['no body', new Response(null, { headers: json }), 'introspection.not-json'],
  ['ill-formed UTF-8', new Response(new Uint8Array([0x22, 0xff, 0x22]), { headers: json }), 'introspection.not-json'],
  ['a list', Response.json([]), 'introspection.not-object'],
  ['null', Response.json(null), 'introspection.not-object'],
  ['true', Response.json(true), 'introspection.not-object'],
  ['64 KiB and more', new Response(big, { headers: json }), 'introspection.too-large'],
  ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'introspection.unreachable'],
];
for (const [name, answer, code] of outages) {
  ask(`is out of order after ${name}`, async () => {
    const error = await rejects(setUp([answer]).verify('marker-token'), Error, code);
    assert.not.match(inspect(error), /marker-token|our-secret/);
  });
}

for (const claim of ['exp', 'nbf'] as const) {
  ask(`takes no token with ${claim} for good by a clock that is none`, async () => {
    const { verify } = setUp([Response.json({ active: true, [claim]: 2000 })], { clock: () => Number.NaN });
    assert.is((await verify()).active, false);
  });
}

for (const client_id of [['phone'], 7, { toString: 1 }, true]) {
  ask(`takes ${JSON.stringify(client_id)} for no client, and the like for no type`, async () => {
    const { verify } = setUp(
      [Response.json({ active: true, client_id }), Response.json({ active: true, token_type: ['bearer'] })],
      {
        clientIds: ['phone', '7', 'true'],
      },
    );
    assert.equal(await verify(), { active: false, reason: 'token-misdirected' });
    assert.equal(await verify(), { active: false, reason: 'token-untrusted' });
  });
}

ask('keeps of what a fetch threw the names, and none of its words', async () => {
  const refusing: ScriptedAnswer = () => {
    const cause = Object.assign(new Error('connect to 203.0.113.7 with marker-secret'), { code: 'ECONNREFUSED' });
    throw new TypeError('fetch of token=marker-token failed', { cause });
  };
  const error = await rejects(setUp([refusing]).verify('marker-token'), Error, 'introspection.unreachable');
  const { cause } = error as Error & { readonly cause: Error };
  assert.equal([cause.name, cause.message], ['TypeError', 'ECONNREFUSED']);
  for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(cause.stack)]) {
    assert.not.match(text, /marker|203\.0/);
  }
  const odd = await rejects(setUp([() => Promise.reject('marker-text')]).verify(), Error, 'introspection.unreachable');
  assert.not.match(inspect(odd, { depth: 9 }), /marker/);
});

for (const token of ['marker\nsecret', 'marker-\u20ac', 'marker secret', '']) {
  ask(`is not made with the bearer token ${JSON.stringify(token)}`, () => {
    assert.throws(
      () => setUp([], { client: { method: 'bearer', token } }),
      (error: Error) => error instanceof TypeError && /^client\.token must be visible ASCII, or a/.test(error.message),
    );
  });
}

const cached = suite('hypelabs · introspectionVerifier · cache');

cached('asks every time unless told otherwise', async () => {
  const { fetch, verify } = setUp([Response.json({ active: true }), Response.json({ active: false })]);
  assert.is((await verify()).active, true);
  assert.is((await verify()).active, false);
  fetch.assertConsumed();
});

cached('keeps a yes for a minute at most, and per token', async () => {
  const time = manualClock();
  const yes = (): Response => Response.json({ active: true });
  const { fetch, verify } = setUp([yes, yes, () => Response.json({ active: false })], { cache: {}, clock: time });
  for (const token of ['token-1', 'token-1', 'token-2', 'token-1']) assert.is((await verify(token)).active, true);
  time.advance(59_999);
  assert.is((await verify()).active, true);
  assert.is(fetch.requests.length, 2);
  time.advance(1);
  assert.is((await verify()).active, false);
});

cached('never keeps a no, nor a yes beyond exp', async () => {
  const time = manualClock();
  const exp = time() / 1000 + 10;
  const { fetch, verify } = setUp(
    [
      Response.json({ active: false }),
      Response.json({ active: true, exp }),
      Response.json({ active: true, exp: exp - 20 }),
      Response.json({ active: true, exp: exp - 20 }),
    ],
    { cache: { maxAgeMs: 60_000 }, clock: time },
  );
  assert.is((await verify()).active, false);
  assert.is((await verify()).active, true);
  time.advance(10_000);
  assert.is((await verify()).active, true);
  assert.is((await verify()).active, true);
  fetch.assertConsumed();
});

cached('keeps digests, not tokens, and one client apart from another', async () => {
  const kept: string[] = [];
  const memory = memoryStore({ clock });
  const store: Store = {
    ...memory,
    set: (key, value, options) => {
      kept.push(key);
      return memory.set(key, value, options);
    },
  };
  const clients = [client, { ...client, clientId: 'them' }, { method: 'bearer', token: 'our-token' }] as const;
  for (const one of clients)
    await setUp([Response.json({ active: true })], { client: one, cache: { store } }).verify('tok');
  assert.is(new Set(kept).size, 3);
  assert.not.match(kept.join(), /tok\b|our-token/);
});

const failures: readonly [how: string, fail: () => Promise<never>][] = [
  ['rejects', () => Promise.reject(new Error('no connection'))],
  [
    'throws at once',
    () => {
      throw new Error('not connected yet');
    },
  ],
  ['hangs', () => new Promise(() => {})],
];
for (const [how, fail] of failures) {
  cached(`does without a store that ${how}`, async () => {
    const store: Store = { get: fail, set: fail, delete: fail, compareAndSet: fail };
    const { verify } = setUp([Response.json({ active: true })], { cache: { store } });
    const handler = createAuthorizationHandler({
      apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier: () => verify() }],
      deadlineMs: 60_000,
      verifierDeadlineMs: 60_000,
    });
    assert.is((await handler(authorizationRequest())).status, 200);
  });

  cached(
    `tells a store that ${how} ${how === 'hangs' ? 'nothing, which would be waited for again' : 'all the same'}`,
    async () => {
      const told: string[] = [];
      const set = async (key: string): Promise<void> => void told.push(key);
      const store: Store = { get: fail, set, delete: fail, compareAndSet: fail };
      assert.is((await setUp([Response.json({ active: true })], { cache: { store } }).verify()).active, true);
      assert.is(told.length, how === 'hangs' ? 0 : 1);
    },
  );
}

cached.run();

for (const [name, options, message] of [
  ['plain http', { endpoint: 'http://login.example/x', client }, /endpoint must be an https: URL/],
  ['user info', { endpoint: 'https://a:b@login.example/', client }, /endpoint/],
  ['no URL', { endpoint: 'introspect', client }, /endpoint/],
  ['no client', { endpoint }, /client is missing/],
  ['an unknown method', { endpoint, client: { method: 'none' } }, /client.*'basic', 'post'/],
  ['an empty secret', { endpoint, client: { ...client, clientSecret: '' } }, /client\.clientSecret/],
  [
    'an HMAC as signature',
    { endpoint, client: { method: 'private-key-jwt', clientId: 'us', key: { kty: 'EC', d: 'x' }, algorithm: 'HS256' } },
    /algorithm must be an asymmetric/,
  ],
  ...[{}, { kty: 'oct', k: 'AAAA' }, { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }, { type: 'public' }, 'text'].map(
    (key) =>
      [
        `${JSON.stringify(key)} for a private key`,
        { endpoint, client: { method: 'private-key-jwt', clientId: 'us', key, algorithm: 'ES256' } },
        /^client\.key must be a private key/,
      ] as const,
  ),
  ['no audience', { endpoint, client, audience: [] }, /audience/],
  ['a long cache', { endpoint, client, cache: { maxAgeMs: 60_001 } }, /cache\.maxAgeMs/],
  ['a cache that is none', { endpoint, client, cache: 'marker' }, /^cache must be an object$/],
  ['a store that is none', { endpoint, client, cache: { store: new Map() } }, /^cache\.store must have get, set/],
] as const) {
  ask(`refuses ${name}`, () => {
    assert.throws(() => introspectionVerifier(options as never), message);
  });
}

ask('takes plain http on loopback', () => {
  for (const host of ['localhost', '127.0.0.1:8080', '[::1]'])
    introspectionVerifier({ endpoint: `http://${host}/x`, client });
});

ask.run();

const real = suite('hypelabs · introspectionVerifier · over HTTP');

/** A server that misbehaves by path, and what the handler makes of it. */
const behaviours: Readonly<Record<string, [status: number, reason: string, detail: string | undefined]>> = {
  '/active': [200, 'allowed', undefined],
  '/redirect': [503, 'verifier-failed', 'introspection.redirected'],
  '/html': [503, 'verifier-failed', 'introspection.not-json'],
  '/endless': [503, 'verifier-failed', 'introspection.too-large'],
  '/silent': [503, 'verifier-too-slow', undefined],
  '/stuck': [503, 'verifier-too-slow', undefined],
  '/reset': [503, 'verifier-failed', 'introspection.unreachable'],
};
/** Their deadline may end before the server hears of them: on a busy machine even connecting takes longer. */
const unanswered: readonly string[] = ['/silent', '/stuck'];

real('survives what a server can do', async () => {
  const asked: string[] = [];
  const heard: string[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    heard.push(incoming.url ?? '');
    const type = { 'content-type': 'application/json' };
    if (incoming.url === '/active') outgoing.writeHead(200, type).end('{"active":true}');
    else if (incoming.url === '/redirect') outgoing.writeHead(302, { location: '/active' }).end();
    else if (incoming.url === '/html') outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    else if (incoming.url === '/stuck') outgoing.writeHead(200, type).write('{"active":');
    else if (incoming.url === '/reset') incoming.socket.destroy();
    else if (incoming.url === '/endless') {
      outgoing.writeHead(200, type);
      const pour = (): void => {
        while (!outgoing.destroyed && outgoing.write('x'.repeat(8192)));
      };
      outgoing.on('drain', pour);
      pour();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    for (const [path, expected] of Object.entries(behaviours)) {
      const decisions: Decision[] = [];
      const verifier = introspectionVerifier({
        endpoint: `http://127.0.0.1:${port}${path}`,
        client,
        fetch: (input, init) => {
          asked.push(new URL(String(input)).pathname);
          return fetch(input, init);
        },
      });
      const handler = createAuthorizationHandler({
        apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier }],
        onEvent: (decision) => decisions.push(decision),
        deadlineMs: 60_000,
        verifierDeadlineMs: unanswered.includes(path) ? 60 : 60_000,
      });
      const { status } = await handler(authorizationRequest());
      assert.equal([path, status, decisions[0]?.reason, decisions[0]?.detail], [path, ...expected]);
    }
    const answered = (path: string): boolean => !unanswered.includes(path);
    assert.equal(asked, Object.keys(behaviours));
    assert.equal(heard.filter(answered), asked.filter(answered));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

real.run();
