import { type ManualClock, manualClock, property, seededRandom, withVirtualTimers } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, RequestError } from '../src/errors.ts';
import { memoryStore } from '../src/memory-store.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential } from '../src/renewable-credential-options.ts';
import type { Store } from '../src/store-contract.ts';
import { readShelf } from '../src/stored-credential.ts';
import { gatedStore, type HeldCall, settled } from './gated-store.ts';

interface Grant {
  /** Counts the authority's grants: a higher one is newer. */
  readonly number: number;
  readonly expiresAtMs: number;
}

const hourMs = 3_600_000;
const storeTimeoutMs = 20;
const size = 3;

const fieldsOf = ({ number }: Grant): { 'x-token': string } => ({ 'x-token': String(number) });

/** An authority that counts what it granted and what was spent to get it. */
function createAuthority(clock: ManualClock) {
  const spent: number[] = [];
  let last = 0;
  const grant = (): Grant => {
    last += 1;
    return { number: last, expiresAtMs: clock() + hourMs };
  };
  return {
    grant,
    spent,
    renew(previous: Grant | undefined): Grant {
      if (previous !== undefined) spent.push(previous.number);
      return grant();
    },
  };
}

/** What happens next, to the process `who` or to the waiting call `pick`. */
type Kind =
  | ('get' | 'observe' | 'discard' | 'replace' | 'offer' | 'clear' | 'forget')
  | ('call' | 'refuse' | 'lose' | 'outlast')
  | ('answer' | 'lost' | 'unsent')
  | ('margin' | 'expire' | 'forward' | 'back');

interface Step {
  readonly kind: Kind;
  readonly who: number;
  readonly pick: number;
}

const weights: readonly [kind: Kind, weight: number][] = [
  ['get', 10],
  ['observe', 4],
  ['discard', 2],
  ['replace', 1],
  ['offer', 1],
  ['clear', 1],
  ['forget', 2],
  ['call', 40],
  ['answer', 6],
  ['margin', 3],
  ['expire', 2],
  ['back', 1],
];
const storeFaults: readonly [kind: Kind, weight: number][] = [
  ['refuse', 2],
  ['lose', 2],
  ['outlast', 1],
];
const lateness: readonly [kind: Kind, weight: number][] = [['forward', 2]];
const losses: readonly [kind: Kind, weight: number][] = [
  ['lost', 1],
  ['unsent', 1],
];

function schedule(kinds: readonly (readonly [Kind, number])[]): fc.Arbitrary<Step[]> {
  const step = (kind: Kind): fc.Arbitrary<Step> =>
    fc.record({ kind: fc.constant(kind), who: fc.nat({ max: size - 1 }), pick: fc.nat({ max: 30 }) });
  const choices = kinds.map(([kind, weight]) => ({ weight, arbitrary: step(kind) }));
  return fc.array(fc.oneof(...choices), { maxLength: 160, size: 'max' });
}

interface Process {
  readonly credential: RenewableCredential<Grant>;
  /** Told by its store that it failed, so often. */
  failures: number;
  /** Grants that this process has cleared and must not see again. */
  readonly cleared: Set<number>;
  /** The newest grant that it was seen to hold. */
  newest: number;
}

/** What a schedule led to. */
interface Course {
  readonly spent: readonly number[];
  /** How often a process fell back to an older grant. */
  readonly setbacks: readonly string[];
  /** Cleared grants that were given out again. */
  readonly revenants: readonly string[];
  /** Failures of requests, by code and reason. */
  readonly codes: readonly string[];
  /** What each process got when all had come to rest, by number, or its failure. */
  readonly rest: readonly (number | string)[];
  readonly stored: number | undefined;
  readonly newest: number;
}

/** @param passTimers Lets timers ring, which otherwise stand still: no call takes too long because the machine is slow. */
async function run(
  renewal: 'repeatable' | 'rotating',
  steps: readonly Step[],
  seed: number,
  passTimers: (ms: number) => Promise<void>,
): Promise<Course> {
  const clock = manualClock();
  /** The store's own: jumps of the processes' clocks do not end leases. */
  const storeClock = manualClock();
  const inner: Store = memoryStore({ clock: storeClock });
  const store = gatedStore(inner);
  const authority = createAuthority(clock);
  const asked: { readonly answer: (kind: 'answer' | 'lost' | 'unsent') => void }[] = [];
  const setbacks: string[] = [];
  const revenants: string[] = [];
  const codes: string[] = [];
  const replacedBy = new Map<number, number>();
  /** What may give way yet to another one that is there. */
  const offered = new Set<number>();

  const fleet = Array.from({ length: size }, (_, who): Process => {
    const process: Process = {
      credential: renewableCredential<Grant>({
        provider: 'sample',
        key: 'key',
        renewal,
        issue: ({ previous }) =>
          new Promise((resolve, reject) => {
            asked.push({
              answer(kind) {
                if (kind === 'unsent')
                  return reject(
                    new CredentialError({ provider: 's', code: 'credential.renewal-failed', message: 'no' }),
                  );
                const granted = authority.renew(previous);
                if (kind === 'answer') resolve(granted);
                else reject(new RequestError({ provider: 's', code: 'http.timeout', message: 'no' }));
              },
            });
          }),
        toHeaders: fieldsOf,
        expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
        isRejected: () => true,
        observe: (grant) => ({ ...grant, expiresAtMs: clock() + hourMs }),
        marginMs: 60_000,
        refusalBackoffMs: 0,
        storeTimeoutMs,
        sleep: () => settled(),
        store: store.of(who),
        clock,
        random: seededRandom(1 + seed * size + who),
        onEvent({ type }) {
          if (type === 'credential-store-failed') process.failures += 1;
        },
      }),
      failures: 0,
      cleared: new Set(),
      newest: 0,
    };
    return process;
  });

  const waiting = new Set<Promise<void>>();
  function wait(work: Promise<void>): void {
    const tracked = work.finally(() => waiting.delete(tracked));
    waiting.add(tracked);
  }

  /** Gets the grant as a request would. */
  async function get(who: number): Promise<number | string> {
    const { credential, cleared } = fleet[who] as Process;
    const before = new Set(cleared);
    try {
      const { number } = await credential.get();
      if (before.has(number)) revenants.push(`process ${who} got ${number}, which it had cleared`);
      return number;
    } catch (error) {
      const { code, reason } = error as CredentialError;
      codes.push(`${code} ${reason ?? ''}`);
      return `${code} ${reason ?? ''}`;
    }
  }

  async function clear(who: number): Promise<void> {
    const { credential, cleared, newest } = fleet[who] as Process;
    const held = credential.peek()?.number ?? (newest === 0 ? undefined : newest); // or the one that it discarded
    const there = readShelf<Grant>(await inner.get('key'))?.value?.number;
    const before = (fleet[who] as Process).failures;
    const isDone = await credential.clear().then(
      () => true,
      () => false,
    );
    (fleet[who] as Process).newest = 0;
    if (held !== undefined) cleared.add(held);
    const isLate = (fleet[who] as Process).failures > before;
    if (!isDone || (renewal === 'rotating' && isLate)) return; // it does not know what was there
    // what others have got from it since cannot be got again, and stays; what another one is about to put there comes again
    if (renewal === 'rotating' && held !== undefined) return;
    const by = there === undefined ? undefined : replacedBy.get(there);
    if (there !== undefined && (by === undefined || by === who)) cleared.add(there);
  }

  /** One of the waiting calls of the store. */
  function heldCall(pick: number): HeldCall | undefined {
    return store.held[pick % Math.max(1, store.held.length)];
  }

  function look(): void {
    for (const [who, process] of fleet.entries()) {
      const number = process.credential.peek()?.number;
      if (number === undefined || offered.has(number)) continue;
      const isOlder = number < process.newest && !replacedBy.has(number);
      if (isOlder) setbacks.push(`process ${who} fell back from ${process.newest} to ${number}`);
      process.newest = Math.max(process.newest, number);
    }
  }

  for (const { kind, who, pick } of steps) {
    const { credential } = fleet[who] as Process;
    const held = credential.peek();
    if (kind === 'get') wait(get(who).then(() => {}));
    if (kind === 'observe' && held !== undefined) {
      credential.observe?.({ status: 200, headers: new Headers() }, fieldsOf(held));
    }
    if (kind === 'discard' && held !== undefined)
      wait(credential.discard?.(fieldsOf(held)).then(() => {}) ?? settled());
    if (kind === 'replace') {
      const granted = authority.grant();
      replacedBy.set(granted.number, who);
      wait(credential.replace(granted));
    }
    if (kind === 'offer') {
      const granted = authority.grant();
      replacedBy.set(granted.number, who);
      offered.add(granted.number);
      wait(credential.offer(granted).then(() => void offered.delete(granted.number)));
    }
    if (kind === 'clear') wait(clear(who));
    if (kind === 'forget' && held !== undefined) wait(credential.forget(held));
    if (kind === 'call') await heldCall(pick)?.run();
    if (kind === 'refuse' || kind === 'lose') await heldCall(pick)?.fail(kind === 'lose');
    if (kind === 'outlast') await passTimers(storeTimeoutMs); // all calls are waited for in vain, and stay where they are
    if (kind === 'answer' || kind === 'lost' || kind === 'unsent') {
      asked.splice(pick % Math.max(1, asked.length), 1)[0]?.answer(kind);
    }
    if (kind === 'margin') clock.advance(hourMs - 50_000);
    if (kind === 'expire') clock.advance(hourMs);
    if (kind === 'back') clock.advance(-hourMs * (1 + pick));
    if (kind === 'forward') storeClock.advance(1000 * pick);
    await settled();
    look();
  }

  /** Lets everything happen that is still to happen. */
  async function comeToRest(): Promise<void> {
    for (let idle = 0; idle < 20; ) {
      const call = store.held[0];
      const ask = asked.shift();
      await call?.run();
      ask?.answer('answer');
      await settled();
      look();
      idle = call === undefined && ask === undefined && waiting.size === 0 ? idle + 1 : 0;
      storeClock.advance(call === undefined && ask === undefined ? 1000 : 0); // the leases of those who gave up
    }
  }

  await comeToRest();
  const rest: (number | string)[] = [];
  // who gave up in the middle of a turn ends it when it is asked the next time
  for (let round = 0; round < 2; round += 1) {
    rest.length = 0;
    clock.advance(1e12);
    for (let who = 0; who < size; who += 1) {
      wait(get(who).then((outcome) => void rest.push(outcome)));
      await comeToRest();
    }
  }
  const stored = readShelf<Grant>(await inner.get('key'))?.value?.number;
  const newest = Math.max(0, ...fleet.map((process) => process.newest));
  return { spent: authority.spent, setbacks, revenants, codes, rest, stored, newest };
}

const fleets = suite('renewable-credential · interleavings of a fleet');

for (const renewal of ['repeatable', 'rotating'] as const) {
  for (const [name, kinds, runs] of [
    ['whose store answers', [...weights], 300],
    ['whose store answers and whose leases run out', [...weights, ...lateness], 150],
    ['whose store fails and hangs', [...weights, ...storeFaults], 150],
    ['that loses answers', [...weights, ...storeFaults, ...losses, ...lateness], 150],
  ] as const) {
    fleets(`${renewal}, ${name}`, async () => {
      const isPunctual = !kinds.some(([kind]) => kind === 'forward' || kind === 'refuse');
      const losesAnswers = kinds.some(([kind]) => kind === 'lost' || kind === 'forward');
      await property(
        fc.asyncProperty(schedule(kinds), fc.nat({ max: 1_000_000 }), (steps, seed) =>
          withVirtualTimers(async ({ advance }) => {
            const course = await run(renewal, steps, seed, advance);
            if (renewal === 'rotating') {
              assert.equal([...course.spent].sort(), [...new Set(course.spent)].sort(), 'spent twice');
            }
            assert.equal(course.revenants, []);
            if (isPunctual) assert.equal(course.setbacks, []);
            if (renewal === 'rotating' && losesAnswers) return;
            for (const outcome of course.rest) assert.type(outcome, 'number', `${outcome}`);
            for (const outcome of course.rest) assert.is(outcome, course.stored, 'all have the same');
            assert.ok(!course.spent.includes(course.stored ?? 0) || renewal === 'repeatable', 'it can be renewed');
          }),
        ),
        { runs },
      );
    });
  }
}

const begin = (kinds: string): Step[] => kinds.split(' ').map((kind) => ({ kind: kind as Kind, who: 0, pick: 0 }));

fleets('a clear that is heard late spends nothing again where the value it clears was not stored either', () =>
  withVirtualTimers(async ({ advance }) => {
    const got = 'get call call call answer expire call call';
    const course = await run('rotating', begin(`${got} get call call call answer refuse clear refuse`), 0, advance);
    assert.equal([...course.spent].sort(), [...new Set(course.spent)].sort());
    assert.equal(course.revenants, []);
  }),
);

fleets.run();
