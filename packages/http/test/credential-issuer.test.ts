import { systemRandom } from '@x/crypto';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CredentialIssuer, createCredentialIssuer } from '../src/credential-issuer.ts';
import { CredentialError } from '../src/errors.ts';
import { createHeldValue } from '../src/held-value.ts';
import { createRefusalBackoff } from '../src/refusal-backoff.ts';
import { resolveSettings } from '../src/renewable-credential-options.ts';
import { createSharedValue } from '../src/shared-value.ts';
import { createUnstored } from '../src/unstored-value.ts';
import { settled } from './gated-store.ts';

interface Scene {
  readonly issuer: CredentialIssuer<string>;
  /** What `issue` was told, in order. */
  readonly spent: (string | undefined)[];
  /** Answers the first one. */
  answer(value: string): void;
}

/** A process that holds `old`, and whose first issue is answered when the test says so. */
function scene(renewal: 'repeatable' | 'rotating'): Scene {
  const clock = manualClock();
  const spent: (string | undefined)[] = [];
  let answer = (_: string): void => {};
  const options = {
    provider: 'sample',
    key: 'key',
    renewal,
    issueTimeoutMs: 1000,
    clock,
    store: undefined,
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
    unstored: createUnstored(clock, 1000),
    isReadable: () => true,
    getAnew: () => assert.unreachable() as never,
  });
  return { issuer, spent, answer: (value) => answer(value) };
}

const abandoning = suite('credential-issuer · abandon');

abandoning('what a rotating renewal was spending is in doubt, until its answer comes', async () => {
  const { issuer, spent, answer } = scene('rotating');
  const first = issuer.renew();
  await settled();
  issuer.abandon(first);
  const { reason } = await rejects(issuer.renew(), CredentialError, 'credential.expired');
  assert.is(reason, 'answer-lost');
  answer('late');
  assert.is(await first, 'late');
  assert.is(await issuer.renew(), 'second');
  assert.equal(spent, ['old', 'late']);
});

abandoning('a repeatable renewal is begun anew', async () => {
  const { issuer, spent, answer } = scene('repeatable');
  const first = issuer.renew();
  await settled();
  assert.is(issuer.renew(), first);
  issuer.abandon(first);
  assert.is(await issuer.renew(), 'second');
  assert.equal(spent, ['old', 'old']);
  answer('late');
  assert.is(await first, 'late');
});

abandoning('a renewal that another one has followed is abandoned already', async () => {
  const { issuer, answer } = scene('repeatable');
  const first = issuer.renew();
  await settled();
  issuer.abandon(first);
  const second = issuer.renew();
  issuer.abandon(first);
  assert.is(issuer.renew(), second);
  answer('late');
  assert.equal(await Promise.all([first, second]), ['late', 'second']);
});

abandoning.run();
