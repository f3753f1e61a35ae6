import {
  type BegunWork,
  flightBattery,
  manualClock,
  rejects,
  type ScriptedAnswer,
  type SharedWork,
  scriptedFetch,
} from '@x/testing';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type JwtVerifierOptions, jwtVerifier } from '../../src/index.ts';
import { loadJose } from '../../src/verifiers/load-jose.ts';
import { remoteKeys } from '../../src/verifiers/remote-keys.ts';
import { audience, issuer, neverAborted } from '../lab.ts';
import { presented } from './presented.ts';

const jwksUrl = 'https://login.example/keys';

async function createKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } };
}

const oldKey = await createKey('old');
const newKey = await createKey('new');
const both = (): Response => Response.json({ keys: [oldKey.jwk, newKey.jwk] });
const old = (): Response => Response.json({ keys: [oldKey.jwk] });

function setUp(answers: readonly ScriptedAnswer[], options: Partial<JwtVerifierOptions> = {}) {
  const clock = manualClock();
  const fetch = scriptedFetch(answers);
  const verifier = jwtVerifier({
    issuer,
    audience,
    jwksUrl,
    jwksTimeoutMs: 60_000,
    fetch: fetch as typeof globalThis.fetch,
    clock,
    ...options,
  });
  const sign = ({ kid, privateKey }: typeof oldKey): Promise<string> => {
    const now = Math.floor(clock() / 1000);
    const claims: JWTPayload = {
      iss: issuer,
      aud: audience,
      sub: 's',
      client_id: 'c',
      iat: now,
      exp: now + 60,
      jti: 'j',
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey);
  };
  /** Asks with a token that was signed before, and so without waiting for a thread that signs. */
  const present = async (token: string, signal: AbortSignal = neverAborted()): Promise<boolean> =>
    (await verifier(presented(token, { signal }))).active;
  const ask = async (key: typeof oldKey, signal?: AbortSignal): Promise<boolean> => present(await sign(key), signal);
  return { clock, fetch, sign, present, ask };
}

const remote = suite('hypelabs · remoteKeys');

remote('fetches the set once, from the configured place and without following', async () => {
  const { fetch, ask } = setUp([both]);
  for (const key of [oldKey, newKey, oldKey]) assert.is(await ask(key), true);
  const [request] = fetch.requests;
  assert.equal([request?.url, request?.method, request?.redirect], [jwksUrl, 'GET', 'manual']);
  assert.is(fetch.requests.length, 1);
});

remote('has one fetch under way at a time, for whoever waits', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { fetch, sign, present } = setUp([() => gate.then(both)]);
  const tokens = [await sign(oldKey), await sign(newKey), await sign(oldKey)];
  const asked = Promise.all(tokens.map((token) => present(token)));
  asked.catch(() => {}); // looked at below
  while (fetch.requests.length === 0) await turns();
  await turns();
  open();
  assert.equal(await asked, [true, true, true]);
  assert.is(fetch.requests.length, 1);
});

/** What a request leaves behind on a platform that ends its work with it. */
const abandoned = (): Promise<Response> => new Promise(() => {});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

remote('does not join a fetch whose beginner has left', async () => {
  const { fetch, ask } = setUp([abandoned, both]);
  const beginner = new AbortController();
  ask(oldKey, beginner.signal).catch(() => {});
  while (fetch.requests.length === 0) await turns();
  beginner.abort();
  assert.is(await ask(oldKey), true);
  assert.is(await ask(newKey), true);
  assert.is(fetch.requests.length, 2);
});

remote('does not join a fetch that is out of time, or that began after now', async () => {
  for (const ms of [60_000, -1]) {
    const { clock, fetch, ask } = setUp([abandoned, both]);
    ask(oldKey).catch(() => {});
    while (fetch.requests.length === 0) await turns();
    clock.advance(ms);
    assert.is(await ask(oldKey), true);
    assert.is(fetch.requests.length, 2);
  }
});

remote('goes on for those who joined when its beginner leaves, and leaves with each of them', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { fetch, sign, present } = setUp([() => gate.then(both)]);
  const token = await sign(oldKey);
  const [beginner, second] = [new AbortController(), new AbortController()];
  present(token, beginner.signal).catch(() => {});
  while (fetch.requests.length === 0) await turns();
  const left = present(token, second.signal);
  const stayed = present(token);
  await turns();
  second.abort();
  await rejects(left, Error, 'jwks.unreachable');
  beginner.abort();
  open();
  assert.is(await stayed, true);
  assert.is(fetch.requests.length, 1);
});

remote('asks again for a key it does not know, but not within the cooldown', async () => {
  const { clock, fetch, ask } = setUp([old, old, both]);
  assert.is(await ask(oldKey), true);
  clock.advance(29_999);
  assert.is(await ask(newKey), false);
  assert.is(fetch.requests.length, 1);
  clock.advance(1);
  assert.is(await ask(newKey), false);
  assert.is(await ask(newKey), false);
  assert.is(fetch.requests.length, 2);
  clock.advance(30_000);
  assert.is(await ask(newKey), true);
  assert.is(fetch.requests.length, 3);
});

remote('fetches anew after ten minutes, and forgets a key that is gone', async () => {
  const { clock, fetch, ask } = setUp([both, () => Response.json({ keys: [newKey.jwk] })]);
  assert.is(await ask(oldKey), true);
  clock.advance(599_999);
  assert.is(await ask(oldKey), true);
  clock.advance(1);
  assert.is(await ask(oldKey), false);
  assert.is(await ask(newKey), true);
  fetch.assertConsumed();
});

remote('trusts no set of the future: the clock was set back, and the issuer goes on', async () => {
  const { clock, fetch, ask } = setUp([old, () => Response.json({ keys: [newKey.jwk] })]);
  assert.is(await ask(oldKey), true);
  clock.advance(-86_400_000);
  assert.is(await ask(oldKey), false);
  assert.is(await ask(newKey), true);
  assert.is(fetch.requests.length, 2);
});

remote('trusts no cooldown of the future either', async () => {
  const { clock, fetch, ask } = setUp([old, new Response('', { status: 500 }), both], { jwksMaxAgeMs: 86_400_000 });
  assert.is(await ask(oldKey), true);
  clock.advance(60_000);
  await rejects(ask(newKey), Error, 'jwks.status');
  clock.advance(-20_000);
  assert.is(await ask(newKey), true);
  assert.is(fetch.requests.length, 3);
});

const outages: readonly [name: string, answer: ScriptedAnswer, code: string][] = [
  ['500', new Response('', { status: 500 }), 'jwks.status'],
  ['a redirect', Response.redirect('https://evil.example/keys', 302), 'jwks.redirected'],
  ['HTML', new Response('<p>', { headers: { 'content-type': 'text/html' } }), 'jwks.not-json'],
  ['no set', Response.json({ keys: 'none' }), 'jwks.malformed'],
  ['too much', Response.json({ keys: [], filler: 'x'.repeat(65_536) }), 'jwks.too-large'],
  ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'jwks.unreachable'],
  ['silence', () => new Promise(() => {}), 'jwks.unreachable'],
];
for (const [name, answer, code] of outages) {
  remote(`is out of order after ${name}, and recovers`, async () => {
    const { ask } = setUp([answer, both], { jwksTimeoutMs: name === 'silence' ? 20 : 60_000 });
    await rejects(ask(oldKey), Error, code);
    assert.is(await ask(oldKey), true);
  });
}

remote('does not ask again within the cooldown when it asked in vain', async () => {
  const { clock, fetch, ask } = setUp([old, new Response('', { status: 500 }), both]);
  assert.is(await ask(oldKey), true);
  clock.advance(30_000);
  await rejects(ask(newKey), Error, 'jwks.status');
  for (let token = 0; token < 10; token += 1) assert.is(await ask(newKey), false);
  assert.is(await ask(oldKey), true);
  clock.advance(29_999);
  assert.is(await ask(newKey), false);
  assert.is(fetch.requests.length, 2);
  clock.advance(1);
  assert.is(await ask(newKey), true);
});

remote('joins the fetch that an unknown key has asked for, within the cooldown too', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { clock, fetch, sign, present, ask } = setUp([old, () => gate.then(both)]);
  assert.is(await ask(oldKey), true);
  clock.advance(30_000);
  const token = await sign(newKey);
  const asked = [present(token), present(token)];
  while (fetch.requests.length < 2) await turns();
  asked.push(present(token));
  await turns();
  open();
  assert.equal(await Promise.all(asked), [true, true, true]);
  assert.is(fetch.requests.length, 2);
});

remote('is out of order when the set is gone just as a key is unknown', async () => {
  const { clock, ask } = setUp([old, new Response('', { status: 503 })]);
  assert.is(await ask(oldKey), true);
  clock.advance(30_000);
  await rejects(ask(newKey), Error, 'jwks.status');
  assert.is(await ask(oldKey), true);
});

remote('takes a set by its own media type', async () => {
  const body = JSON.stringify({ keys: [oldKey.jwk] });
  const { ask } = setUp([new Response(body, { headers: { 'content-type': 'application/jwk-set+json' } })]);
  assert.is(await ask(oldKey), true);
});

async function sharedFetch(): Promise<SharedWork> {
  await loadJose(); // which the first question would wait for otherwise
  const begun: BegunWork[] = [];
  const keys = remoteKeys({
    url: jwksUrl,
    fetch: () =>
      new Promise((resolve, reject) => {
        begun.push({ succeed: () => resolve(both()), fail: () => reject(new TypeError('fetch failed')) });
      }),
    clock: manualClock(),
    ...{ timeoutMs: 60_000, cooldownMs: 30_000, maxAgeMs: 600_000 },
  });
  const ask = async (signal = neverAborted()) =>
    keys(signal)({ alg: 'ES256', kid: 'old' }, { payload: '', signature: '' });
  return { ask, begun };
}

for (const [name, run] of flightBattery({ make: sharedFetch, givenUp: 'left', canOutlive: false })) remote(name, run);

remote.run();
