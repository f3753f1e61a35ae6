import type { WorkOutcome } from '@x/http/server';
import { memoryStore } from '@x/http/store';
import { flightBattery, manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTokenCache, type HandedToken, type TokenCacheOptions } from '../src/token-cache.ts';

const cache = suite('quickblox · tokens that are kept');

/** A cache whose QuickBlox answers when told to. */
function createCacheRig(options: Pick<TokenCacheOptions, 'waitUntil'> = {}) {
  const clock = manualClock();
  const pending: { succeed(): void; fail(error?: Error): void }[] = [];
  const tokens = createTokenCache({
    quickblox: {
      applicationId: '1',
      baseUrl: 'https://api.quickblox.com/',
      nowMs: clock,
      createUserToken: (userId) =>
        new Promise((resolve, fail) => {
          const token = `t${pending.length}`;
          pending.push({ succeed: () => resolve({ token, userId, expiresAtMs: clock() + 7_200_000 } as never), fail });
        }),
    },
    store: memoryStore({ clock }),
    marginMs: 0,
    onStoreFailed: () => assert.unreachable(),
    ...options,
  });
  return { tokens, pending };
}

const patient = new AbortController().signal;
const tokenOf = (outcome: WorkOutcome<HandedToken>): string | undefined =>
  outcome.ok ? outcome.value.token : undefined;
const turn = () => new Promise(setImmediate);

for (const who of ['began it', 'joined it'] as const) {
  cache(`nobody waits for a mint that one who ${who} has waited for in vain`, async () => {
    const { tokens, pending } = createCacheRig();
    const leaving = new AbortController();
    const signals = who === 'began it' ? [leaving.signal] : [patient, leaving.signal];
    for (const signal of signals) tokens.get(7, undefined, signal);
    await turn();
    leaving.abort();
    await turn();
    const later = tokens.get(7, undefined, patient);
    await turn();
    pending[1]?.succeed();
    assert.is(tokenOf(await later), 't1');
  });
}

cache('a mint that comes late does not end the joining of its successor', async () => {
  const { tokens, pending } = createCacheRig();
  const leaving = new AbortController();
  const first = tokens.get(7, undefined, leaving.signal);
  await turn();
  leaving.abort();
  await turn();
  const second = tokens.get(7, undefined, patient);
  await turn();
  pending[0]?.fail(new Error('too late'));
  assert.equal(await first, { ok: false, reason: 'aborted' });
  const third = tokens.get(7, undefined, patient);
  await turn();
  assert.is(pending.length, 2);
  pending[1]?.succeed();
  assert.equal([tokenOf(await second), tokenOf(await third)], ['t1', 't1']);
});

cache('a failure is everybody’s who waits, and nobody’s afterwards', async () => {
  const { tokens, pending } = createCacheRig();
  const waiting = Promise.allSettled([tokens.get(7, undefined, patient), tokens.get(7, undefined, patient)]);
  await turn();
  pending[0]?.fail(new Error('refused'));
  assert.equal(
    (await waiting).map((one) => one.status === 'rejected' && one.reason.message),
    ['refused', 'refused'],
  );
  const later = tokens.get(7, undefined, patient);
  await turn();
  pending[1]?.succeed();
  assert.is(tokenOf(await later), 't1');
});

cache('a token that QuickBlox gives again is handed out all the same', async () => {
  const clock = manualClock();
  let mints = 0;
  const tokens = createTokenCache({
    quickblox: {
      applicationId: '1',
      baseUrl: 'https://api.quickblox.com/',
      nowMs: clock,
      async createUserToken(userId) {
        mints += 1;
        return { token: 'same', userId, expiresAtMs: clock() + 7_200_000 } as never;
      },
    },
    ...{ store: memoryStore({ clock }), marginMs: 0, onStoreFailed: () => assert.unreachable() },
  });
  const first = await tokens.get(7, undefined, patient);
  const second = await tokens.get(7, first.ok ? first.value.id : '', patient);
  assert.equal([tokenOf(second), mints], ['same', 2]);
});

const battery = flightBattery({
  make(options) {
    const { tokens, pending } = createCacheRig(options);
    return { ask: (signal = patient) => tokens.get(7, undefined, signal), begun: pending };
  },
  givenUp: 'left',
  canOutlive: true,
});
for (const [name, run] of battery) cache(name, run);

cache.run();
