import type { Secret } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identifyCaller, readCallerClaim } from '../src/caller.ts';

const comparisons = new Map<string, number>();

/** Counts how often it is revealed, which is how often it was compared. */
function counted(text: string): Secret {
  const reveal = (): string => {
    comparisons.set(text, (comparisons.get(text) ?? 0) + 1);
    return text;
  };
  return { reveal } as unknown as Secret; // a real one is frozen
}

const entries = [
  { apiUser: 'a', apiSecrets: [counted('first-new'), counted('first-old')] },
  { apiUser: 'b', apiSecrets: [counted('second')] },
  { apiUser: 'c', apiSecrets: [counted('third')] },
];

const identify = suite('hypelabs · identifyCaller');

const claims: readonly [user: unknown, secret: unknown, found: string | undefined][] = [
  ['a', 'first-new', 'a'],
  ['a', 'first-old', 'a'],
  ['b', 'second', 'b'],
  ['c', 'third', 'c'],
  ['a', 'second', undefined],
  ['c', 'first-new', undefined],
  ['A', 'first-new', undefined],
  ['', '', undefined],
  [undefined, undefined, undefined],
  [['a'], 'first-new', undefined],
  ['a', ['first-new'], undefined],
  ['nobody', 'nothing', undefined],
];
for (const [user, secret, found] of claims) {
  identify(`finds ${found} for ${JSON.stringify([user, secret])}, comparing everything once`, () => {
    comparisons.clear();
    assert.is(identifyCaller(entries, { user, secret })?.apiUser, found);
    assert.equal(Object.fromEntries(comparisons), { 'first-new': 1, 'first-old': 1, second: 1, third: 1 });
  });
}

identify('finds nobody for arbitrary claims, and never throws', () =>
  property(
    fc.property(fc.anything(), fc.anything(), (user, secret) => {
      const expected = entries.find(
        ({ apiUser, apiSecrets }) => apiUser === user && apiSecrets.some((one) => one.reveal() === secret),
      );
      assert.is(identifyCaller(entries, { user, secret }), expected);
    }),
  ),
);

identify('takes what is no text for nobody, even where credentials are empty', () => {
  const empty = [{ apiUser: '', apiSecrets: [counted('')] }];
  assert.is(identifyCaller(empty, { user: '', secret: '' }), empty[0]);
  for (const nothing of [undefined, null, [], 0, false]) {
    assert.is(identifyCaller(empty, { user: nothing, secret: '' }), undefined);
    assert.is(identifyCaller(empty, { user: '', secret: nothing }), undefined);
  }
});

identify('finds nobody where there is nobody', () =>
  assert.is(identifyCaller([], { user: '', secret: '' }), undefined),
);

identify.run();

const read = suite('hypelabs · readCallerClaim');

read('reads the secret under either name', () => {
  assert.equal(readCallerClaim({ api_user: 'u', api_secret: 's' }), { ok: true, claim: { user: 'u', secret: 's' } });
  assert.equal(readCallerClaim({ api_user: 'u', api_password: 's' }), { ok: true, claim: { user: 'u', secret: 's' } });
  assert.equal(readCallerClaim({ api_secret: 's', api_password: 's' }), {
    ok: true,
    claim: { user: undefined, secret: 's' },
  });
});

read('refuses two that differ, null and objects included', () => {
  for (const [api_secret, api_password] of [
    ['a', 'b'],
    [null, 'a'],
    ['a', null],
    [{}, {}],
    ['1', 1],
  ]) {
    assert.equal(readCallerClaim({ api_secret, api_password }), { ok: false });
  }
});

read('reads nothing that is inherited', () => {
  const inherited = Object.create({ api_user: 'u', api_secret: 's', api_password: 'p' });
  assert.equal(readCallerClaim(inherited), { ok: true, claim: { user: undefined, secret: undefined } });
});

read.run();
