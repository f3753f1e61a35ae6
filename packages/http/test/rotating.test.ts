import { inspect } from 'node:util';
import { systemRandom } from '@x/crypto';
import { type ManualClock, manualClock, property, rejects, withVirtualTimers } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, RequestError, ResponseError } from '../src/errors.ts';
import type { CredentialEvent } from '../src/events.ts';
import { memoryStore } from '../src/memory-store.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential, RenewableCredentialOptions } from '../src/renewable-credential-options.ts';
import type { Store } from '../src/store-contract.ts';
import { readShelf } from '../src/stored-credential.ts';
import { fragileStore } from './fragile-store.ts';
import { gatedStore, settled } from './gated-store.ts';

interface Grant {
  readonly access: string;
  readonly refresh: string;
  readonly expiresAtMs: number;
}

type Answer = 'granted' | 'lost' | Error;

/** A provider whose refresh tokens count once, and which takes the second use of one for theft. */
function createProvider(clock: ManualClock) {
  let version = 0;
  let isStolen = false;
  const live = new Set<string>();
  const sent: string[] = [];
  const grant = (): Grant => {
    version += 1;
    live.add(`r${version}`);
    return { access: `a${version}`, refresh: `r${version}`, expiresAtMs: clock() + 3_600_000 };
  };
  return {
    grant,
    sent,
    isStolen: () => isStolen,
    /** @param answer What comes back, or what kept the request from arriving. */
    async refresh(token: string, answer: Answer = 'granted'): Promise<Grant> {
      if (answer instanceof Error) throw answer;
      sent.push(token);
      if (!live.delete(token)) {
        isStolen = true;
        throw new ResponseError({ provider: 'sample', code: 'sample.invalid-grant', status: 400, message: 'no' });
      }
      const granted = grant();
      if (answer === 'lost') throw new RequestError({ provider: 'sample', code: 'http.timeout', message: 'no' });
      return granted;
    },
  };
}

interface Scene {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly provider: ReturnType<typeof createProvider>;
  readonly events: CredentialEvent[];
  /** What the provider's next answers are; `granted` when there is none. */
  readonly answers: Answer[];
  process(overrides?: Partial<RenewableCredentialOptions<Grant>>): RenewableCredential<Grant>;
}

function scene(): Scene {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const provider = createProvider(clock);
  const events: CredentialEvent[] = [];
  const answers: Answer[] = [];
  return {
    clock,
    store,
    provider,
    events,
    answers,
    process: (overrides = {}) =>
      renewableCredential<Grant>({
        provider: 'sample',
        key: 'sample/1',
        renewal: 'rotating',
        issue: async ({ previous }) => provider.refresh(previous?.refresh ?? 'none', answers.shift()),
        toHeaders: ({ access }) => ({ 'x-token': access }),
        expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
        isRejected: ({ status }) => status === 401,
        marginMs: 0,
        sleep: async () => settled(),
        onEvent: (event) => events.push(event),
        store,
        clock,
        ...overrides,
      }),
  };
}

const fieldsOf = ({ access }: Grant): { 'x-token': string } => ({ 'x-token': access });

async function lost(credential: RenewableCredential<Grant>): Promise<CredentialError> {
  const error = await rejects(credential.get(), CredentialError, 'credential.expired');
  assert.is(error.reason, 'answer-lost');
  return error;
}

const rotating = suite('renewable-credential · rotating');

rotating('what has expired is kept, for whoever renews it, in whichever process', async () => {
  const { clock, provider, process } = scene();
  await process().replace(provider.grant());
  clock.advance(30 * 86_400_000);
  assert.is((await process().get()).access, 'a2');
  clock.advance(30 * 86_400_000);
  assert.is((await process().get()).access, 'a3');
  assert.equal(provider.sent, ['r1', 'r2']);
});

rotating('the newest of all processes is what the next one renews from', async () => {
  const { clock, provider, process } = scene();
  const [one, two] = [process(), process()];
  await one.replace(provider.grant());
  await two.get();
  clock.advance(3_600_000);
  await one.get();
  clock.advance(3_600_000);
  assert.is((await two.get()).access, 'a3', 'which had not heard of a2');
  assert.equal(provider.sent, ['r1', 'r2']);
});

rotating('a refused value keeps what its successor is got with', async () => {
  const { provider, process } = scene();
  const [one, two] = [process(), process()];
  const first = provider.grant();
  await one.replace(first);
  await two.get();
  for (const credential of [one, two]) await credential.discard?.(fieldsOf(first));
  assert.equal([(await one.get()).access, (await two.get()).access], ['a2', 'a2']);
  assert.equal(provider.sent, ['r1']);
});

rotating('a forgotten value is spent by nobody, nor is what it was got with', async () => {
  const { clock, provider, store, process } = scene();
  const told: (string | undefined)[] = [];
  const issue: RenewableCredentialOptions<Grant>['issue'] = async ({ previous }) => {
    told.push(previous?.refresh);
    return previous === undefined ? provider.grant() : provider.refresh(previous.refresh);
  };
  const [one, two] = [process({ issue }), process({ issue })];
  assert.is((await one.get()).refresh, (await two.get()).refresh);
  clock.advance(3_600_000);
  await one.forget(await one.get());
  assert.is((await two.get()).access, 'a3');
  assert.is((await one.get()).access, 'a3');
  assert.equal(told, [undefined, 'r1', undefined]);
  assert.is(provider.isStolen(), false);
  await two.forget(await one.get());
  assert.is(readShelf<Grant>(await store.get('sample/1'))?.cleared, true);
});

for (const [where, broken] of [
  ['without a store', undefined],
  ['while the store fails', fragileStore(memoryStore())],
] as const) {
  rotating(`who forgets a value ${where} does not renew from it`, async () => {
    const { provider, process } = scene();
    const told: (string | undefined)[] = [];
    const credential = process({
      store: broken,
      issue: async ({ previous }) => {
        told.push(previous?.refresh);
        return provider.grant();
      },
    });
    const first = await credential.get();
    if (broken !== undefined) broken.broken = true;
    await credential.forget(first);
    if (broken !== undefined) broken.broken = false;
    assert.is((await credential.get()).refresh, 'r2');
    assert.equal(told, [undefined, undefined]);
  });
}

rotating('also for a process that comes later', async () => {
  const { clock, provider, process } = scene();
  const first = provider.grant();
  const credential = process();
  await credential.replace(first);
  await credential.discard?.(fieldsOf(first));
  clock.advance(3_600_000);
  assert.is((await process().get()).access, 'a2');
  assert.equal(provider.sent, ['r1']);
});

rotating('whatever else lies in the store is the successor, also when it ends sooner', async () => {
  const { clock, provider, process } = scene();
  const [one, two] = [
    process({ marginMs: 60_000, random: (length) => new Uint8Array(length).fill(1) }),
    process({
      issue: async ({ previous }) => ({
        ...(await provider.refresh(previous?.refresh ?? 'none')),
        expiresAtMs: clock() + 3_545_000,
      }),
    }),
  ];
  const first = provider.grant();
  await one.replace(first);
  await two.get();
  await two.discard?.(fieldsOf(first));
  await two.get();
  clock.advance(3_540_000);
  assert.is((await one.get()).access, 'a1');
  for (let n = 0; n < 20; n += 1) await settled();
  assert.is(one.peek()?.access, 'a2');
  assert.equal(provider.sent, ['r1']);
});

rotating('before the provider is asked, the store says who does and as which', async () => {
  const { clock, store, provider, process } = scene();
  let during: unknown;
  const credential = process({
    issue: async ({ previous }) => {
      during = await store.get('sample/1');
      return provider.refresh(previous?.refresh ?? 'none');
    },
  });
  const first = provider.grant();
  await credential.replace(first);
  clock.advance(3_600_000);
  const second = await credential.get();
  const { claim, ...rest } = during as { readonly claim?: unknown };
  assert.type(claim, 'string');
  assert.equal(rest, { fence: 2, value: { ...first } });
  assert.equal(await store.get('sample/1'), { fence: 2, value: { ...second } });
});

rotating('a process that dies while it asks ends the credential, and nobody asks again', async () => {
  const { clock, provider, events, process } = scene();
  await process().replace(provider.grant());
  clock.advance(3_600_000);
  process({ issue: () => new Promise(() => {}) })
    .get()
    .catch(() => {});
  for (let n = 0; n < 20; n += 1) await settled();
  clock.advance(36_000);
  const next = process();
  await lost(next);
  await lost(next);
  clock.advance(86_400_000);
  await lost(next);
  await lost(process());
  assert.equal(provider.sent, []);
  const codes = events.filter(({ type }) => type === 'credential-failed').map((event) => 'code' in event && event.code);
  assert.equal(new Set(codes), new Set(['credential.expired']));
});

rotating('one that is at work is waited for', async () => {
  const { clock, provider, process } = scene();
  await process().replace(provider.grant());
  clock.advance(3_600_000);
  let answer = (): void => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const leader = process({
    issue: async ({ previous }) => {
      await asked;
      return provider.refresh(previous?.refresh ?? 'none');
    },
  }).get();
  for (let n = 0; n < 20; n += 1) await settled();
  const waiters = [process(), process(), process()].map((credential) => credential.get());
  for (let n = 0; n < 20; n += 1) await settled();
  answer();
  assert.equal(
    (await Promise.all([leader, ...waiters])).map(({ access }) => access),
    ['a2', 'a2', 'a2', 'a2'],
  );
  assert.equal(provider.sent, ['r1']);
});

rotating('one that does not come to an end is not waited for longer than a turn lasts, nor overtaken', async () => {
  const { clock, store, provider, process } = scene();
  await process().replace(provider.grant());
  clock.advance(3_600_000);
  await store.set('sample/1%lease', 'of another process');
  let waitedMs = 0;
  const credential = process({
    issueTimeoutMs: 7000,
    async sleep(ms) {
      waitedMs += ms;
    },
  });
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.ok(waitedMs >= 13_000 && waitedMs <= 13_500, String(waitedMs));
  assert.equal(provider.sent, []);
});

const network = (code: string): RequestError =>
  new RequestError({
    provider: 'sample',
    code: 'http.network',
    message: 'no',
    cause: Object.assign(new Error('no'), { code }),
  });
const inDoubt: readonly [name: string, failure: Error][] = [
  ['a timeout', new RequestError({ provider: 'sample', code: 'http.timeout', message: 'no' })],
  ['a reset', network('ECONNRESET')],
  ['a gateway that lost the answer', new ResponseError({ provider: 'p', code: 'c', status: 504, message: 'no' })],
  ['a mistake after the answer', new TypeError('cannot read properties of undefined')],
];
const unspent: readonly [name: string, failure: Error, code: string][] = [
  ['a refused connection', network('ECONNREFUSED'), 'credential.renewal-failed'],
  [
    'an overload',
    new ResponseError({ provider: 'p', code: 'c', status: 503, message: 'no' }),
    'credential.renewal-failed',
  ],
  ['a refusal', new ResponseError({ provider: 'p', code: 'c', status: 401, message: 'no' }), 'credential.refused'],
  [
    'a verdict of its own',
    new CredentialError({ provider: 'p', code: 'credential.revoked', message: 'no' }),
    'credential.revoked',
  ],
];

for (const sharing of ['with', 'without'] as const) {
  const overrides = sharing === 'with' ? {} : { store: undefined };

  for (const [name, failure] of inDoubt) {
    rotating(`${sharing} a store, ${name} ends the credential, and nobody asks again`, async () => {
      const { clock, provider, answers, process } = scene();
      const credential = process(overrides);
      await credential.replace(provider.grant());
      clock.advance(3_600_000);
      answers.push(failure);
      const error = await lost(credential);
      assert.equal(JSON.parse(JSON.stringify(error)).reason, 'answer-lost');
      assert.not.match(inspect(error, { depth: null, showHidden: true }), /a1|r1/);
      for (let n = 0; n < 5; n += 1) {
        await lost(credential);
        clock.advance(120_000);
      }
      if (sharing === 'with') await lost(process());
      assert.equal(provider.sent, []);
    });
  }

  for (const [name, failure, code] of unspent) {
    rotating(`${sharing} a store, ${name} costs nothing but this try`, async () => {
      const { clock, provider, answers, process } = scene();
      const credential = process(overrides);
      await credential.replace(provider.grant());
      clock.advance(3_600_000);
      answers.push(failure);
      await rejects(credential.get(), CredentialError, code);
      clock.advance(60_000);
      assert.is((await credential.get()).access, 'a2');
      assert.equal(provider.sent, ['r1']);
    });
  }

  rotating(`${sharing} a store, an answer that is lost ahead of expiry costs nobody a request until then`, async () => {
    const { clock, provider, answers, process } = scene();
    const credential = process({ ...overrides, marginMs: 60_000, random: (length) => new Uint8Array(length) });
    await credential.replace(provider.grant());
    clock.advance(3_600_000 - 60_000);
    answers.push('lost');
    for (let n = 0; n < 30; n += 1) {
      assert.is((await credential.get()).access, 'a1');
      await settled();
      clock.advance(1999);
    }
    clock.advance(60_000);
    await lost(credential);
    assert.equal(provider.sent, ['r1']);
  });

  for (const [name, recover] of [
    ['replace', (credential: RenewableCredential<Grant>, value: Grant) => credential.replace(value)],
    [
      'clear, and another grant',
      async (credential: RenewableCredential<Grant>, value: Grant) => {
        await credential.clear();
        await credential.replace(value);
      },
    ],
  ] as const) {
    rotating(`${sharing} a store, ${name} ends the doubt`, async () => {
      const { clock, provider, answers, process } = scene();
      const credential = process(overrides);
      await credential.replace(provider.grant());
      clock.advance(3_600_000);
      answers.push('lost');
      await lost(credential);
      await recover(credential, provider.grant());
      assert.is((await credential.get()).access, 'a3');
      clock.advance(3_600_000);
      assert.is((await credential.get()).access, 'a4');
      assert.equal(provider.sent, ['r1', 'r3']);
    });
  }
}

rotating('another process’s grant ends the doubt here as well', async () => {
  const { clock, provider, answers, process } = scene();
  const [one, two] = [process(), process()];
  await one.replace(provider.grant());
  clock.advance(3_600_000);
  answers.push('lost');
  await lost(one);
  await two.replace(provider.grant());
  clock.advance(1000);
  assert.is((await one.get()).access, 'a3');
});

rotating('another process’s clear ends it too, and issuing begins anew', async () => {
  const { clock, provider, answers, process } = scene();
  const seen: unknown[] = [];
  const one = process({
    issue: async ({ previous }) => {
      seen.push(previous);
      return previous === undefined ? provider.grant() : provider.refresh(previous.refresh, answers.shift());
    },
  });
  await one.replace(provider.grant());
  await one.discard?.(fieldsOf(await one.get()));
  answers.push('lost');
  await lost(one);
  await process().clear();
  clock.advance(60_000);
  assert.is((await one.get()).access, 'a3');
  assert.equal(
    seen.map((previous) => (previous as Grant | undefined)?.refresh),
    ['r1', undefined],
  );
});

rotating('what another process has cleared is not spent from memory, where it may be spent already', async () => {
  const { clock, provider, process } = scene();
  const seen: (string | undefined)[] = [];
  const issue: RenewableCredentialOptions<Grant>['issue'] = async ({ previous }) => {
    seen.push(previous?.refresh);
    return previous === undefined ? provider.grant() : provider.refresh(previous.refresh);
  };
  const [one, two, three] = [process({ issue }), process({ issue }), process({ issue })];
  await one.replace(provider.grant());
  await two.get();
  clock.advance(3_600_000);
  await one.get();
  await three.clear();
  clock.advance(90 * 86_400_000);
  assert.is((await two.get()).access, 'a3');
  assert.equal(seen, ['r1', undefined]);
  assert.is(provider.isStolen(), false);
});

rotating.run();

const storeless = suite('renewable-credential · rotating, the store fails');

storeless('a value that is valid goes on; one that must be renewed waits for the store', async () => {
  const { clock, provider, store: inner, process } = scene();
  const store = fragileStore(inner);
  const credential = process({ store });
  await credential.replace(provider.grant());
  store.broken = true;
  assert.is((await credential.get()).access, 'a1');
  clock.advance(3_600_000);
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.equal(provider.sent, []);
  store.broken = false;
  assert.is((await credential.get()).access, 'a2');
});

storeless('unless this process is told to go on alone, which it does once for each value', async () => {
  const { clock, provider, store: inner, answers, process } = scene();
  const store = fragileStore(inner);
  const credential = process({ store, whenStoreFails: 'issue' });
  await credential.replace(provider.grant());
  store.broken = true;
  clock.advance(3_600_000);
  assert.is((await credential.get()).access, 'a2');
  clock.advance(3_600_000);
  answers.push('lost');
  await lost(credential);
  clock.advance(60_000);
  await lost(credential);
  assert.equal(provider.sent, ['r1', 'r2']);
});

storeless('what was lost while the store was away is marked there when it is back', async () => {
  const { clock, provider, store: inner, answers, process } = scene();
  const store = fragileStore(inner);
  const credential = process({ store, whenStoreFails: 'issue' });
  await credential.replace(provider.grant());
  store.broken = true;
  clock.advance(3_600_000);
  answers.push('lost');
  await lost(credential);
  store.broken = false;
  clock.advance(60_000);
  await lost(credential);
  await lost(process());
  assert.equal(provider.sent, ['r1']);
});

storeless('what could not be stored is stored later, and until then nobody spends its predecessor', async () => {
  const { clock, provider, store: inner, process } = scene();
  const store = fragileStore(inner);
  const credential = process({
    store,
    issue: async ({ previous }) => {
      store.broken = true;
      return provider.refresh(previous?.refresh ?? 'none');
    },
  });
  await credential.replace(provider.grant());
  clock.advance(3_600_000);
  assert.is((await credential.get()).access, 'a2');
  clock.advance(36_000);
  await lost(process());
  store.broken = false;
  await credential.get();
  await settled();
  assert.is(readShelf<Grant>(await inner.get('sample/1'))?.value?.access, 'a2');
  assert.is((await process().get()).access, 'a2');
  assert.equal(provider.sent, ['r1']);
});

storeless('it is stored before anything is renewed from it', async () => {
  const { clock, provider, store: inner, process } = scene();
  const store = fragileStore(inner);
  let breaks = true;
  const credential = process({
    store,
    issue: async ({ previous }) => {
      store.broken = breaks;
      breaks = false;
      return provider.refresh(previous?.refresh ?? 'none');
    },
  });
  await credential.replace(provider.grant());
  clock.advance(3_600_000);
  await credential.get();
  clock.advance(3_600_000);
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  store.broken = false;
  assert.is((await credential.get()).access, 'a3');
  assert.equal(provider.sent, ['r1', 'r2']);
});

storeless('and nothing older is taken over from a store that can only be read', async () => {
  const { clock, provider, store: inner, process } = scene();
  let isReadOnly = false;
  const store: Store = {
    ...inner,
    async compareAndSet(...call) {
      if (isReadOnly) throw new Error('read-only replica');
      return inner.compareAndSet(...call);
    },
  };
  let seconds = 10;
  const credential = process({
    store,
    marginMs: 60_000,
    random: (length) => new Uint8Array(length).fill(1),
    issue: async ({ previous }) => {
      isReadOnly = seconds === 10;
      const granted = await provider.refresh(previous?.refresh ?? 'none');
      const expiresAtMs = clock() + seconds * 1000;
      seconds = 3600;
      return { ...granted, expiresAtMs };
    },
  });
  await credential.replace(provider.grant());
  clock.advance(3_600_000 - 60_000);
  await credential.get();
  for (let n = 0; n < 20; n += 1) await settled();
  assert.is(credential.peek()?.access, 'a2');
  clock.advance(10_000);
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  isReadOnly = false;
  assert.is((await credential.get()).access, 'a3');
  assert.equal(provider.sent, ['r1', 'r2']);
});

for (const [name, overrides] of [
  ['renewal', { renewal: 'yes' }],
  ['whenStoreFails', { whenStoreFails: true }],
] as const) {
  storeless(`refuses another ${name}`, () => {
    assert.throws(
      () => scene().process(overrides as never),
      (error: unknown) => error instanceof TypeError && error.message.startsWith(name),
    );
  });
}

storeless('what was spent while its replacement could not be stored is nobody’s to spend', async () => {
  const { clock, provider, store: inner, process } = scene();
  const store = fragileStore(inner);
  let answer = (): void => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const credential = process({
    store,
    issue: async ({ previous }) => {
      await asked;
      return provider.refresh(previous?.refresh ?? 'none');
    },
  });
  await credential.replace(provider.grant());
  clock.advance(3_600_000);
  const waiting = credential.get();
  await settled();
  store.broken = true;
  await credential.replace(provider.grant());
  store.broken = false;
  answer();
  assert.is((await waiting).access, 'a2');
  await lost(process());
  clock.advance(2000);
  await credential.get();
  await settled();
  assert.is((await process().get()).access, 'a2');
  assert.equal(provider.sent, ['r1']);
});

storeless.run();

const properties = suite('renewable-credential · rotating, properties');

const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.nat({ max: 30 }).map((pick) => ({ kind: 'call' as const, pick })) },
    { weight: 4, arbitrary: fc.nat({ max: 2 }).map((pick) => ({ kind: 'get' as const, pick })) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }).map((pick) => ({ kind: 'advance' as const, pick })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const, pick: 0 }) },
  ),
  { minLength: 30, maxLength: 120 },
);
const answerKinds = fc.array(
  fc.constantFrom<Answer>('granted', 'granted', 'granted', 'lost', network('ECONNREFUSED')),
  {
    maxLength: 12,
  },
);

properties(
  'no refresh token is ever sent twice, whatever stands still, for how long, and whatever gets lost',
  async () => {
    let renewed = 0;
    let doubted = 0;
    await property(
      // timers stand still: whatever takes long, no call takes too long
      fc.asyncProperty(steps, answerKinds, (list, plan) =>
        withVirtualTimers(async () => {
          const clock = manualClock();
          const inner = memoryStore({ clock });
          const provider = createProvider(clock);
          const store = gatedStore(inner);
          const asked: (() => Promise<void>)[] = [];
          const answers = [...plan];
          const fleet = [0, 1, 2].map((process) =>
            renewableCredential<Grant>({
              provider: 'sample',
              key: 'sample/1',
              renewal: 'rotating',
              // asked and answered when the test says so
              issue: ({ previous }) =>
                new Promise((resolve, reject) => {
                  asked.push(() =>
                    provider.refresh(previous?.refresh ?? 'none', answers.shift()).then(resolve, reject),
                  );
                }),
              toHeaders: ({ access }) => ({ 'x-token': access }),
              expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
              refusalBackoffMs: 0,
              sleep: () => settled(),
              store: store.of(process),
              clock,
              random: systemRandom,
            }),
          );
          await inner.set('sample/1', { fence: 1, value: { ...provider.grant() } });
          const waiting: Promise<unknown>[] = [];
          const goOn = async (pick: number): Promise<boolean> => {
            const calls = [...store.held.map((call) => () => call.run()), ...asked.map((ask) => () => ask())];
            const index = calls.length === 0 ? 0 : pick % calls.length;
            if (index >= store.held.length) asked.splice(index - store.held.length, 1);
            await calls[index]?.();
            return calls.length > 0;
          };
          for (const { kind, pick } of list) {
            await settled();
            if (kind === 'call') await goOn(pick);
            if (kind === 'advance') clock.advance(pick);
            if (kind === 'expire') clock.advance(3_600_000);
            if (kind !== 'get') continue;
            const got = fleet[pick]?.get();
            waiting.push(
              (got ?? Promise.resolve()).then(
                () => {
                  renewed += 1;
                },
                (error: unknown) => {
                  const { code, reason } = error as CredentialError;
                  assert.ok(['credential.expired', 'credential.renewal-failed'].includes(code), code);
                  if (reason === 'answer-lost') doubted += 1;
                },
              ),
            );
          }
          let left = waiting.length;
          for (const one of waiting)
            one.then(
              () => (left -= 1),
              () => (left -= 1),
            );
          for (let idle = 0; left > 0 && idle < 50; ) {
            await settled();
            idle = (await goOn(0)) ? 0 : idle + 1;
            clock.advance(50);
          }
          await Promise.all(waiting);
          assert.equal(provider.isStolen(), false);
          assert.is(new Set(provider.sent).size, provider.sent.length);
        }),
      ),
      { runs: 150 },
    );
    assert.ok(renewed > 0 && doubted > 0, 'both happened');
  },
);

properties.run();
