import { createSealer, generateKey } from '@x/crypto';
import { manualClock, property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateHubTokensOptions, createHubTokens, type HubTokenReason, verifyHubToken } from '../src/token.ts';

const [first, second] = [generateKey(seededRandom(1)), generateKey(seededRandom(2))];
const clock = manualClock();
const options: CreateHubTokensOptions = {
  app: 'acme',
  keys: [{ id: 'k1', key: first }],
  clock,
  random: seededRandom(3),
};
const tokens = createHubTokens(options);
const token = tokens.seal('ann@example.com', { plan: 'pro' });

const seal = suite('token · seal');

seal('hands out a PASETO v4.local that opens for the same user, with claims and times', async () => {
  assert.match(token, /^v4\.local\.[\w-]+\.[\w-]+$/);
  const result = await tokens.verify({ auth: token, usernames: ['ann@example.com'] });
  assert.ok(result.ok);
  const { username, claims, issuedAtMs, tokenId } = result.grant;
  assert.equal(
    { username, claims, issuedAtMs },
    { username: 'ann@example.com', claims: { plan: 'pro' }, issuedAtMs: clock() },
  );
  assert.match(tokenId, /^[\w-]{22}$/);
});

seal('gives a different token each time', () => assert.is.not(tokens.seal('ann'), tokens.seal('ann')));

seal('issues after the moment that it is given, by its own clock where that is later', async () => {
  for (const [issuedAfterMs, expected] of [
    [clock() - 1, clock()],
    [clock(), clock() + 1],
    [clock() + 500, clock() + 501],
  ] as const) {
    const result = await tokens.verify({ auth: tokens.seal('ann', {}, { issuedAfterMs }) });
    assert.is(result.ok && result.grant.issuedAtMs, expected);
  }
});

for (const username of ['.', '..', '', 'x'.repeat(300), 'a\0', 'a\ud800']) {
  seal(`refuses the username ${JSON.stringify(username).slice(0, 12)}`, () =>
    assert.throws(
      () => tokens.seal(username),
      (error: unknown) => error instanceof RangeError && /username/.test(error.message),
    ),
  );
}

seal('refuses claims that make a token of more than 2,048 characters', () => {
  assert.throws(
    () => tokens.seal('ann', { note: 'x'.repeat(2000) }),
    (error: unknown) =>
      error instanceof RangeError && /over 2048/.test(error.message) && !error.message.includes('xxx'),
  );
});

seal.run();

const verify = suite('token · verify');

/** Rows 43 to 50 of §11. */
const presented: readonly [what: string, auth: unknown, reason: HubTokenReason][] = [
  ['row 43: absent', undefined, 'token-missing'],
  ['row 44: null', null, 'token-not-text'],
  ['row 44: number', 1, 'token-not-text'],
  ['row 44: boolean', true, 'token-not-text'],
  ['row 44: object', { token }, 'token-not-text'],
  ['row 44: array', [token], 'token-not-text'],
  ['row 44: empty text', '', 'token-not-text'],
  ['row 46: padding', `${token}=`, 'malformed'],
  ['row 46: space', `${token} `, 'malformed'],
  ['row 47: another version', token.replace('v4.', 'v3.'), 'malformed'],
  ['row 47: another purpose', token.replace('.local.', '.public.'), 'malformed'],
  ['row 47: three parts', token.split('.').slice(0, 3).join('.'), 'malformed'],
  ['row 47: five parts', `${token}.AAAA`, 'malformed'],
  ['row 47: 3,000 characters', 'x'.repeat(3000), 'token-too-long'],
  ['a bare word', 'ann@example.com', 'malformed'],
];

for (const [what, auth, reason] of presented) {
  verify(`refuses ${what}`, async () => assert.equal(await tokens.verify({ auth }), { ok: false, reason }));
}

verify('row 45: refuses a token with any one character changed', async () => {
  for (let index = 0; index < token.length; index += 1) {
    const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
    assert.not((await tokens.verify({ auth: changed })).ok, `character ${index}`);
  }
});

verify('row 46: refuses trailing bits that decode to the same bytes', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const parts = token.split('.');
  for (const index of [2, 3]) {
    const part = parts[index] ?? '';
    if (part.length % 4 === 0) continue; // a full group has no spare bits
    const last = alphabet[alphabet.indexOf(part.at(-1) ?? '') + 1] ?? '';
    const auth = parts.with(index, part.slice(0, -1) + last).join('.');
    assert.equal(await tokens.verify({ auth }), { ok: false, reason: 'malformed' });
  }
  assert.ok(parts.slice(2).some((part) => part.length % 4 !== 0));
});

verify('row 47: refuses the id of an unknown key, and a foreign key under the same id', async () => {
  const others = createHubTokens({ ...options, keys: [{ id: 'k2', key: second }] });
  assert.equal(await tokens.verify({ auth: others.seal('ann') }), { ok: false, reason: 'unknown-key' });
  const impostor = createHubTokens({ ...options, keys: [{ id: 'k1', key: second }] });
  assert.equal(await tokens.verify({ auth: impostor.seal('ann') }), { ok: false, reason: 'forged' });
});

for (const [what, usernameCanonical] of [
  ['gives nothing', () => undefined],
  ['gives empty text', () => ''],
  ['gives a promise', async (name: string) => name],
  [
    'throws',
    () => {
      throw new Error('no such user');
    },
  ],
] as const) {
  verify(`refuses every username when usernameCanonical ${what}`, async () => {
    const odd = createHubTokens({ ...options, usernameCanonical: usernameCanonical as never });
    for (const name of ['ann@example.com', 'mallory']) {
      assert.equal(await odd.verify({ auth: token, usernames: [name] }), { ok: false, reason: 'user-mismatch' });
    }
    assert.ok((await odd.verify({ auth: token })).ok);
  });
}

verify('row 48: refuses a token of another app or environment', async () => {
  for (const other of [{ app: 'other' }, { environment: 'sandbox' }, { app: 'acme', environment: 'acme' }]) {
    const auth = createHubTokens({ ...options, ...other }).seal('ann');
    assert.equal(await tokens.verify({ auth }), { ok: false, reason: 'forged' });
  }
});

verify('refuses what the same keys sealed for another purpose', async () => {
  for (const context of [
    ['@x/hub link', 'acme'],
    ['@x/hub confirmation', 'acme'],
  ]) {
    const auth = createSealer({ keys: options.keys, context, clock }).seal('ann', { v: 1, claims: {} });
    assert.equal(await tokens.verify({ auth }), { ok: false, reason: 'forged' });
  }
  const ofAnotherFormat = createSealer({ keys: options.keys, context: ['@x/hub', 'acme'], clock });
  for (const claims of [{}, { v: 2, claims: {} }, { v: 1, claims: [] }, { v: 1 }]) {
    const auth = ofAnotherFormat.seal('ann', claims as never);
    assert.equal(await tokens.verify({ auth }), { ok: false, reason: 'malformed' });
  }
});

verify('rows 49, 53: wants every username of the request to be that of the token', async () => {
  const reasonFor = async (usernames: unknown[]) => {
    const result = await tokens.verify({ auth: token, usernames });
    return result.ok ? 'ok' : result.reason;
  };
  assert.is(await reasonFor([]), 'ok');
  assert.is(await reasonFor(['ann@example.com', 'ann@example.com']), 'ok');
  for (const other of ['bob@example.com', 'ANN@example.com', '', null, 1, {}, ['ann@example.com'], undefined]) {
    assert.is(await reasonFor([other]), 'user-mismatch');
    assert.is(await reasonFor(['ann@example.com', other]), 'user-mismatch');
  }
});

verify('compares usernames after the canonical function, on both sides', async () => {
  const folding = createHubTokens({ ...options, usernameCanonical: (name) => name.toLowerCase() });
  const auth = folding.seal('Ann@Example.com');
  const result = await folding.verify({ auth, usernames: ['ANN@example.COM'] });
  assert.ok(result.ok && result.grant.username === 'Ann@Example.com');
  assert.not((await folding.verify({ auth, usernames: ['bob@example.com'] })).ok);
});

verify('row 50: refuses expired, too old and future-dated tokens', async () => {
  const time = manualClock();
  const mortal = createHubTokens({ ...options, clock: time, tokenTtlMs: 60_000 });
  const eternal = createHubTokens({ ...options, clock: time });
  const [brief, old] = [mortal.seal('ann'), eternal.seal('ann')];
  time.advance(59_999);
  assert.ok((await mortal.verify({ auth: brief })).ok);
  time.advance(1);
  assert.equal(await mortal.verify({ auth: brief }), { ok: false, reason: 'expired' });
  time.advance(1);
  assert.equal(await mortal.verify({ auth: old }), { ok: false, reason: 'too-old' });
  assert.ok((await eternal.verify({ auth: old })).ok);

  time.advance(60_001);
  const future = eternal.seal('ann');
  time.advance(-60_000);
  assert.ok((await eternal.verify({ auth: future })).ok, 'within the tolerance');
  time.advance(-1);
  assert.equal(await eternal.verify({ auth: future }), { ok: false, reason: 'not-yet-valid' });
});

verify('row 50: asks the revocation hook, and takes anything but a plain no for a yes', async () => {
  const seen: unknown[] = [];
  for (const [answer, ok] of [
    [false, true],
    [true, false],
    [undefined, false],
    [1, false],
  ] as const) {
    const isRevoked = (grant: { username: string }) => {
      seen.push(grant.username);
      return Promise.resolve(answer as boolean);
    };
    const result = await verifyHubToken({ auth: token }, { ...options, isRevoked });
    assert.is(result.ok, ok);
    if (!result.ok) assert.is(result.reason, 'revoked');
  }
  assert.equal(
    seen,
    Array.from({ length: 4 }, () => 'ann@example.com'),
  );
});

verify('opens with every key of the ring during a rotation, and not after', async () => {
  const [k1, k2] = [
    { id: 'k1', key: first },
    { id: 'k2', key: second },
  ];
  const rotating = createHubTokens({ ...options, keys: [k2, k1] });
  assert.ok((await rotating.verify({ auth: token })).ok);
  const renewed = rotating.seal('ann');
  const rotated = createHubTokens({ ...options, keys: [k2] });
  assert.ok((await rotated.verify({ auth: renewed })).ok);
  assert.equal(await rotated.verify({ auth: token }), { ok: false, reason: 'unknown-key' });
});

verify.run();

const construct = suite('token · createHubTokens');

const mistakes: readonly [option: string, change: object, type: typeof TypeError | typeof RangeError][] = [
  ['app', { app: '' }, TypeError],
  ['app', { app: '..' }, TypeError],
  ['environment', { environment: '' }, TypeError],
  ['keys', { keys: [] }, TypeError],
  ['keys', { keys: [{ id: 'k1', key: 'short' }] }, TypeError],
  ['usernameCanonical', { usernameCanonical: 'lower' }, TypeError],
  ['isRevoked', { isRevoked: true }, TypeError],
  ['isRevokd is no option', { isRevokd: () => true }, TypeError],
  ['toString is no option', { toString: () => '' }, TypeError],
  ['tokenTtlMs', { tokenTtlMs: 0 }, RangeError],
  ['tokenTtlMs', { tokenTtlMs: 1.5 }, RangeError],
  ['tokenTtlMs', { tokenTtlMs: 315_360_000_001 }, RangeError],
];

for (const [option, change, type] of mistakes) {
  construct(`names ${option} for ${JSON.stringify(change)}`, () =>
    assert.throws(
      () => createHubTokens({ ...options, ...change }),
      (error: unknown) => error instanceof type && error.message.startsWith(option) && !error.message.includes('short'),
    ),
  );
}

construct('refuses options that are no object', () => {
  for (const none of [undefined, null, 'acme']) {
    assert.throws(
      () => createHubTokens(none as never),
      (error: unknown) => error instanceof TypeError && error.message === 'options must be an object',
    );
  }
});

construct.run();

const properties = suite('token · properties');
const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => !/[\p{Cc}\p{Cs}]/u.test(name) && !/^\.\.?$/.test(name));

properties('a token of one user, app and key opens for no other', () =>
  property(
    fc.asyncProperty(names, names, names, names, fc.boolean(), async (user, other, app, otherApp, isForeignKey) => {
      const sealing = createHubTokens({ ...options, app });
      const opening = createHubTokens({
        ...options,
        app: otherApp,
        keys: [{ id: 'k1', key: isForeignKey ? second : first }],
      });
      const result = await opening.verify({ auth: sealing.seal(user), usernames: [other] });
      assert.is(result.ok, user === other && app === otherApp && !isForeignKey);
    }),
  ),
);

properties('nothing that was not sealed opens, and nothing makes it reject', () =>
  property(
    fc.asyncProperty(
      fc.oneof(
        fc.anything(),
        fc.string(),
        fc.string().map((text) => `v4.local.${text}`),
      ),
      fc.array(fc.anything()),
      async (auth, usernames) => {
        assert.not((await tokens.verify({ auth, usernames })).ok);
      },
    ),
  ),
);

properties.run();
