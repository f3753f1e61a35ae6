import { memoryStore } from '@x/http/store';
import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTokenCache } from '../src/token-cache.ts';

const cache = suite('quickblox · tokens that are kept');

/** A cache whose QuickBlox answers when told to. */
function createCacheRig() {
  const clock = manualClock();
  const pending: { succeed(): void; fail(error: Error): void }[] = [];
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
  });
  return { tokens, pending };
}

const patient = new AbortController().signal;
const turn = () => new Promise(setImmediate);

for (const who of ['began it', 'joined it'] as const) {
  cache(`nobody waits for a mint that one who ${who} has waited for in vain`, async () => {
    const { tokens, pending } = createCacheRig();
    const leaving = new AbortController();
    const signals = who === 'began it' ? [leaving.signal] : [patient, leaving.signal];
    for (const signal of signals) tokens.get(7, undefined, signal);
    await turn();
    leaving.abort();
    const later = tokens.get(7, undefined, patient);
    await turn();
    pending[1]?.succeed();
    assert.is((await later).token, 't1');
  });
}

cache('a mint that comes late does not end the joining of its successor', async () => {
  const { tokens, pending } = createCacheRig();
  const leaving = new AbortController();
  const first = tokens.get(7, undefined, leaving.signal);
  await turn();
  leaving.abort();
  const second = tokens.get(7, undefined, patient);
  await turn();
  pending[0]?.fail(new Error('too late'));
  await first.catch(() => {});
  const third = tokens.get(7, undefined, patient);
  await turn();
  assert.is(pending.length, 2);
  pending[1]?.succeed();
  assert.equal([(await second).token, (await third).token], ['t1', 't1']);
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
  assert.is((await later).token, 't1');
});

cache.run();
