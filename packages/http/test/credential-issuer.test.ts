import { systemRandom } from '@x/crypto';
import { type ManualClock, manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CredentialIssuer, createCredentialIssuer } from '../src/credential-issuer.ts';
import { CredentialError } from '../src/errors.ts';
import { createHeldValue } from '../src/held-value.ts';
import { memoryStore } from '../src/memory-store.ts';
import { createRefusalBackoff } from '../src/refusal-backoff.ts';
import { resolveSettings } from '../src/renewable-credential-options.ts';
import { createLiveness, type Liveness } from '../src/server/liveness.ts';
import { createSharedValue } from '../src/shared-value.ts';
import type { Store } from '../src/store-contract.ts';
import { readShelf } from '../src/stored-credential.ts';
import { createUnstored } from '../src/unstored-value.ts';
import { settled } from './gated-store.ts';
import { endedWithRequest, mortalTimers } from './mortal-timers.ts';

interface Scene {
  readonly issuer: CredentialIssuer<string>;
  /** What `issue` was told, in order. */
  readonly spent: (string | undefined)[];
  /** Answers the first one. */
  answer(value: string): void;
  readonly clock: ManualClock;
  /** Lets what is under way beat no more, as when its request has ended. */
  die(): void;
  /** Waits for so many beats of what is under way. */
  beaten(times: number): Promise<void>;
}

/** A process that holds `old`, and whose first issue is answered when the test says so. */
function scene(renewal: 'repeatable' | 'rotating', store?: Store, liveness?: Liveness): Scene {
  const clock = manualClock();
  const spent: (string | undefined)[] = [];
  let answer = (_: string): void => {};
  let beats = 0;
  let onBeat = (): void => {};
  const { setTimer, die } = mortalTimers(() => {
    beats += 1;
    onBeat();
  });
  liveness ??= createLiveness({ silenceMs: 16, setTimer });
  const options = {
    provider: 'sample',
    key: 'key',
    renewal,
    storeTimeoutMs: 60_000,
    issueTimeoutMs: 600_000,
    clock,
    store,
    sleep: () => assert.unreachable() as never,
    toHeaders: (value: string) => ({ 'x-token': value }),
    expiresAtMs: () => undefined,
    issue: ({ previous }: { readonly previous: string | undefined }) => {
      spent.push(previous);
      return new Promise<string>((resolve) => {
        if (spent.length > 1) resolve('second');
        else answer = resolve;
      });
    },
  } as const;
  const settings = resolveSettings<string>(options);
  const held = createHeldValue(options, settings);
  held.hold('old');
  const shared = createSharedValue<string>({
    ...settings,
    ...options,
    random: systemRandom,
    liveness,
    accepts: (value) => !held.isRefused(value),
    markOf: held.markOf,
    onFailure: () => assert.unreachable(),
  });
  const issuer = createCredentialIssuer<string>({
    options,
    settings,
    held,
    shared,
    backoff: createRefusalBackoff(0, clock),
    unstored: createUnstored(clock, 1000, liveness),
    isReadable: () => true,
    liveness,
    getAnew: () => assert.unreachable() as never,
  });
  return {
    issuer,
    spent,
    clock,
    answer: (value) => answer(value),
    die,
    beaten(times) {
      const until = beats + times;
      return new Promise((resolve) => {
        onBeat = () => {
          if (beats >= until) resolve();
        };
      });
    },
  };
}

/** Waits until `issue` was called. */
async function begun(spent: readonly unknown[]): Promise<void> {
  while (spent.length === 0) await settled();
}

const dying = suite('credential-issuer · a renewal that ends with its request');

dying('an error of the platform’s for a renewal of another request is not the caller’s', async () => {
  const { isKept, begin } = createLiveness();
  let renewals = 0;
  const { issuer, spent, answer } = scene('repeatable', undefined, {
    isKept,
    begin(run) {
      renewals += 1;
      return begin(renewals === 1 ? () => endedWithRequest(new Error('has since ended')) : run);
    },
  });
  const waiting = [issuer.renew(), issuer.renew()];
  await begun(spent);
  answer('new');
  assert.equal(await Promise.all(waiting), ['new', 'new']);
  assert.equal([renewals, spent.length], [2, 1]);
});

dying(
  'one whose successor dies as well is a failure to renew, and shows nothing of what the platform says',
  async () => {
    const { begin } = createLiveness();
    const dead: Liveness = { isKept: false, begin: () => begin(() => endedWithRequest(new TypeError('m4rk3r'))) };
    const { issuer } = scene('repeatable', undefined, dead);
    const error = await rejects(issuer.renew(), CredentialError, 'credential.renewal-failed');
    assert.match(error.message, 'ended with the request that began it');
    assert.is((error.cause as Error).name, 'TypeError');
    assert.not.match(`${error.stack} ${(error.cause as Error).stack}`, 'm4rk3r');
  },
);

dying('what a rotating one was spending is in doubt, until its answer comes', async () => {
  const { issuer, spent, answer, die } = scene('rotating');
  const first = rejects(issuer.renew(), CredentialError, 'credential.expired');
  await settled();
  die();
  const { reason } = await rejects(issuer.renew(), CredentialError, 'credential.expired');
  assert.is(reason, 'answer-lost');
  await first; // who is still listening when the answer comes gets it
  answer('late');
  await settled();
  assert.is(await issuer.renew(), 'second');
  assert.equal(spent, ['old', 'late']);
});

dying('a repeatable one is begun anew, for all who wait', async () => {
  const { issuer, spent, answer, die } = scene('repeatable');
  const first = issuer.renew();
  await settled();
  die();
  assert.equal(await Promise.all([first, issuer.renew(), issuer.renew()]), ['second', 'second', 'second']);
  assert.equal(spent, ['old', 'old']);
  answer('late');
});

dying('with a store, a repeatable one takes the place of the turn that died', async () => {
  const { issuer, spent, die } = scene('repeatable', memoryStore());
  const first = issuer.renew();
  await begun(spent);
  die();
  assert.equal(await Promise.all([first, issuer.renew()]), ['second', 'second']);
  assert.equal(spent, ['old', 'old']);
});

dying('with a store, nobody waits for the turn of a rotating one that died', async () => {
  const store = memoryStore();
  const { issuer, spent, answer, die } = scene('rotating', store);
  const first = rejects(issuer.renew(), CredentialError, 'credential.expired');
  await begun(spent);
  die();
  await rejects(issuer.renew(), CredentialError, 'credential.expired');
  await rejects(scene('rotating', store).issuer.renew(), CredentialError, 'credential.expired');
  await first;
  answer('late');
  await settled();
  assert.is(readShelf(await store.get('key'))?.value, 'late');
  assert.equal(spent, ['old']);
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  dying(`a ${renewal} one that lives is waited for, wherever the clock jumps meanwhile`, async () => {
    const { issuer, spent, clock, answer, beaten } = scene(renewal);
    const first = issuer.renew();
    await settled();
    clock.advance(3_600_000);
    const second = issuer.renew();
    await beaten(12);
    clock.advance(-7_200_000);
    await beaten(12);
    answer('there');
    assert.equal(await Promise.all([first, second]), ['there', 'there']);
    assert.equal(spent, ['old']);
  });
}

dying.run();
