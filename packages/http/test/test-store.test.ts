import type { JsonValue } from '@x/crypto';
import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import type { Store } from '../src/store-contract.ts';
import { createChance } from '../src/test-store/chance.ts';
import { type StoreUnderTest, type TestStoreOptions, testStore } from '../src/test-store.ts';
import { settled } from './gated-store.ts';

const battery = suite('test-store');

/** What each case came to: `passed`, `left-out`, or the message of its failure. */
async function outcomes(
  factory: Parameters<typeof testStore>[0],
  options?: TestStoreOptions,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { name, run } of testStore(factory, options)) {
    found.set(name, await run().catch((error: Error) => `${error.name}: ${error.message}`));
  }
  return found;
}

function failures(found: ReadonlyMap<string, string>): string[] {
  return [...found.values()].filter((outcome) => outcome !== 'passed' && outcome !== 'left-out');
}

function clockedMemory(): StoreUnderTest & { readonly advance: (ms: number) => void } {
  const clock = manualClock();
  return { store: memoryStore({ clock }), advance: clock.advance, rewind: (ms) => clock.advance(-ms) };
}

battery('has a name of its own for every case', () => {
  const names = testStore(() => memoryStore()).map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  assert.ok(names.length >= 50, `${names.length} cases`);
});

battery('takes a store alone, and leaves out what needs more', async () => {
  const found = await outcomes(async () => memoryStore());
  assert.equal(failures(found), []);
  assert.is([...found.values()].filter((outcome) => outcome === 'left-out').length, 15);
});

battery('leaves nothing out that is required', async () => {
  const found = await outcomes(() => memoryStore(), { require: ['advance', 'rewind', 'connection'] });
  assert.is([...found.values()].filter((outcome) => outcome === 'left-out').length, 0);
  assert.is(failures(found).length, 15);
  for (const failure of failures(found))
    assert.match(failure, /offers no (advance|rewind|connection), which is required/);
});

battery('passes with other seeds, a smaller unit of time and fewer rounds', async () => {
  for (const seed of [0, 7, 0xffff_ffff]) {
    assert.equal(failures(await outcomes(clockedMemory, { seed, rounds: 60, tickMs: 1_000 })), []);
  }
});

battery('passes a store that refuses the keys that it is declared to refuse, and no other', async () => {
  const refuses = (key: string): boolean => /^$|\0|\p{Surrogate}/u.test(key) || key.length > 5_000;
  const picky = (): Store => {
    const inner = memoryStore();
    const check = async (key: string): Promise<void> => {
      if (refuses(key)) throw new RangeError('this key cannot be kept');
    };
    return {
      get: (key) => check(key).then(() => inner.get(key)),
      set: (key, ...rest) => check(key).then(() => inner.set(key, ...rest)),
      delete: (key) => check(key).then(() => inner.delete(key)),
      compareAndSet: (key, ...rest) => check(key).then(() => inner.compareAndSet(key, ...rest)),
    };
  };
  const refusedKeys = ['empty', 'nul', 'lone-surrogate', 'long'] as const;
  assert.equal(failures(await outcomes(picky, { refusedKeys })), []);
  assert.is(failures(await outcomes(picky)).length, 4, 'refused without a declaration');
  assert.is(failures(await outcomes(() => memoryStore(), { refusedKeys })).length, 4, 'kept against a declaration');
});

battery('closes every store once, also after a failure', async () => {
  let opened = 0;
  let closed = 0;
  const cases = testStore(() => {
    opened += 1;
    return {
      store: { ...memoryStore(), get: () => Promise.reject(new Error('broken')) },
      close: () => {
        closed += 1;
      },
    };
  });
  for (const { run } of cases) await run().catch(() => {});
  assert.is(opened, cases.length);
  assert.is(closed, cases.length);
});

battery('blames no store for an answer that came while the process stood still', async () => {
  const store: Store = {
    ...memoryStore(),
    async get() {
      await settled();
      const untilMs = performance.now() + 40;
      while (performance.now() < untilMs);
      await settled();
      return undefined;
    },
  };
  const [first] = testStore(() => store, { deadlineMs: 20 });
  assert.is(await first?.run(), 'passed');
});

const badOptions: readonly [name: string, options: Record<string, unknown>][] = [
  ['seed', { seed: -1 }],
  ['rounds', { rounds: 0 }],
  ['tickMs', { tickMs: 0.5 }],
  ['deadlineMs', { deadlineMs: 600_001 }],
  ['maxValueBytes', { maxValueBytes: 100 }],
];
for (const [name, options] of badOptions) {
  battery(`refuses ${name} out of range`, () => {
    assert.throws(() => testStore(() => memoryStore(), options), new RegExp(`^${name} must be a whole number`));
  });
}

battery('refuses a factory that is none', () => {
  assert.throws(() => testStore(memoryStore() as never), /factory must be a function/);
});

battery('repeats its choices from a seed', () => {
  const draw = (seed: number): number[] => {
    const chance = createChance(seed);
    return Array.from({ length: 20 }, () => chance.below(1_000));
  };
  assert.equal(draw(5), draw(5));
  assert.not.equal(draw(5), draw(6));
});

battery.run();

const faults = suite('test-store · faulty stores');

interface Row {
  readonly text: string;
  readonly endsAtMs: number;
}

/** Where a faulty store departs from a sound one. */
interface Fault {
  readonly keyOf?: (key: string) => string;
  readonly write?: (value: JsonValue) => string;
  readonly same?: (held: string | undefined, expected: string | undefined) => boolean;
  readonly endsAt?: (nowMs: number, ttlMs: number | undefined, before: Row | undefined) => number;
  /** What every operation does first. */
  readonly pause?: () => Promise<void>;
  /** What happens between comparing and setting. */
  readonly gap?: () => Promise<void>;
  /** What the store takes the time to be. */
  readonly now?: (nowMs: number) => number;
  /** What the store makes of a row besides its end. */
  readonly holds?: (row: Row, nowMs: number) => boolean;
  /** What was there before comes back when nothing else has it that the value had ended. */
  readonly keepsGhosts?: true;
  /** Reading an ended value hides it from readers for good. */
  readonly hidesWhatItRead?: true;
  readonly acceptsAnyTtl?: true;
  readonly peerIsBlind?: true;
  /** Whether a write that would leave the value as it is is saved. */
  readonly skipsSame?: true;
  /** Deleting looks whether the value is there first. */
  readonly deletesTheLiving?: true;
}

const sorted = (value: JsonValue): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

function faultyStore(fault: Fault): StoreUnderTest {
  const manual = manualClock();
  const clock = (): number => (fault.now ?? Number)(manual());
  const ghosts = new Map<string, Row>();
  const hidden = new Set<string>();
  function open(rows: Map<string, Row>): Store {
    const { keyOf = String, write = sorted, same = Object.is, holds = () => true } = fault;
    const endsAt = fault.endsAt ?? ((nowMs, ttlMs) => nowMs + (ttlMs ?? Number.POSITIVE_INFINITY));
    const read = (key: string): Row | undefined => {
      const isLive = (row: Row | undefined): boolean =>
        row !== undefined && row.endsAtMs > clock() && holds(row, clock());
      return [ghosts.get(keyOf(key)), rows.get(keyOf(key))].find(isLive);
    };
    const put = (key: string, value: JsonValue, ttlMs: number | undefined): void => {
      const before = rows.get(keyOf(key));
      if (fault.skipsSame !== undefined && read(key)?.text === write(value)) return;
      if (fault.keepsGhosts !== undefined && before !== undefined) ghosts.set(keyOf(key), { ...before });
      if (read(key) !== undefined) ghosts.delete(keyOf(key));
      hidden.delete(key);
      rows.set(keyOf(key), { text: write(value), endsAtMs: endsAt(clock(), ttlMs, read(key)) });
    };
    const check = (ttlMs: number | undefined): void => {
      if (ttlMs !== undefined && !(ttlMs > 0) && fault.acceptsAnyTtl === undefined) throw new RangeError('ttlMs');
    };
    return {
      async get(key) {
        await fault.pause?.();
        const row = hidden.has(key) ? undefined : read(key);
        if (row === undefined && fault.hidesWhatItRead !== undefined && rows.has(keyOf(key))) hidden.add(key);
        return row === undefined ? undefined : JSON.parse(row.text);
      },
      async set(key, value, options) {
        await fault.pause?.();
        check(options?.ttlMs);
        put(key, value, options?.ttlMs);
      },
      async delete(key) {
        await fault.pause?.();
        if (fault.deletesTheLiving === undefined || read(key) !== undefined) rows.delete(keyOf(key));
      },
      async compareAndSet(key, expected, next, options) {
        await fault.pause?.();
        check(options?.ttlMs);
        if (!same(read(key)?.text, expected === undefined ? undefined : write(expected))) return false;
        if (fault.gap !== undefined) await fault.gap();
        if (next === undefined) rows.delete(keyOf(key));
        else put(key, next, options?.ttlMs);
        return true;
      },
    };
  }
  const rows = new Map<string, Row>();
  const peer = open(fault.peerIsBlind === undefined ? rows : new Map());
  return { store: open(rows), peer, advance: manual.advance, rewind: (ms) => manual.advance(-ms) };
}

faults('passes the store that the faults below are built into', async () => {
  assert.equal(failures(await outcomes(() => faultyStore({}), { require: ['advance', 'rewind', 'peer'] })), []);
});

/** The latest time that was ever seen. */
function latest(): (nowMs: number) => number {
  let seen = 0;
  return (nowMs) => {
    seen = Math.max(seen, nowMs);
    return seen;
  };
}

function isNear({ endsAtMs }: Row, nowMs: number): boolean {
  return endsAtMs === Number.POSITIVE_INFINITY || endsAtMs <= nowMs + 10 * 60_000;
}

const nothing = (): Promise<void> => Promise.resolve();
const broken: readonly [what: string, fault: Fault, caughtBy: RegExp][] = [
  ['compares without regard to types', { same: (a, b) => a === b || `"${a}"` === b }, /^does not take unequal/],
  [
    'compares the order of members',
    { write: (value) => JSON.stringify(value) },
    /^compares objects whatever the order/,
  ],
  ['takes null for absent', { same: (a, b) => (a ?? 'null') === (b ?? 'null') }, /^tells a stored null from absence/],
  ['always swaps', { same: () => true }, /^swaps and removes only/],
  ['never swaps', { same: () => false }, /^adds if absent/],
  ['takes time between comparing and setting', { gap: nothing }, /^lets exactly one of fifty/],
  ['loses what a gap overwrites', { gap: nothing }, /^loses no increment/],
  ['lets two hold a lease', { gap: nothing }, /^never lets two hold a lease/],
  ['answers out of any order', { gap: nothing }, /^answers calls at the same time/],
  ['keeps what a peer wrote to itself', { peerIsBlind: true }, /^replaces and deletes/],
  ['cuts keys', { keyOf: (key) => key.slice(0, 255) }, /^keeps keys of the kind long/],
  ['cuts keys at NUL', { keyOf: (key) => key.replace(/\0.*/, '') }, /^keeps keys of the kind nul/],
  ['folds case', { keyOf: (key) => key.toLowerCase() }, /^keeps keys that differ in case/],
  ['trims keys', { keyOf: (key) => key.trim() }, /^keeps keys that differ in case or space/],
  ['unescapes keys', { keyOf: (key) => key.replaceAll('%2F', '/') }, /^keeps keys that differ in a slash/],
  ['normalises keys', { keyOf: (key) => key.normalize('NFC') }, /^keeps keys beyond ASCII/],
  [
    'replaces lone surrogates',
    { keyOf: (key) => key.replaceAll(/\p{Surrogate}/gu, '\ufffd') },
    /^keeps keys of the kind lone-surrogate/,
  ],
  ['cuts values', { write: (value) => sorted(value).replace(/鍵🔑"/, '"') }, /^keeps a large value/],
  ['normalises values', { write: (value) => sorted(value).normalize('NFC') }, /^gives back a text beyond ASCII/],
  ['never forgets', { endsAt: () => Number.POSITIVE_INFINITY }, /^forgets at the end/],
  ['forgets too early', { endsAt: (now, ttl = Number.POSITIVE_INFINITY) => now + ttl / 2 }, /^forgets at the end/],
  ['takes seconds for milliseconds', { endsAt: (now, ttl = 9e15) => now + ttl * 1000 }, /^forgets at the end/],
  [
    'keeps the time of the value before',
    { endsAt: (now, ttl = Number.POSITIVE_INFINITY, before) => before?.endsAtMs ?? now + ttl },
    /^gives a (value that is set again|swapped value)/,
  ],
  [
    'keeps the time where there is no new one',
    { endsAt: (now, ttl, before) => (ttl === undefined ? (before?.endsAtMs ?? Number.POSITIVE_INFINITY) : now + ttl) },
    /^answers a random sequence of calls and clock jumps/,
  ],
  [
    'counts whole seconds, none of them as no end',
    { endsAt: (now, ttl = 0) => now + (Math.floor(ttl / 1000) * 1000 || Number.POSITIVE_INFINITY) },
    /^forgets what lives for a moment/,
  ],
  [
    'takes a long life for none',
    { endsAt: (now, ttl = Number.POSITIVE_INFINITY) => now + (ttl > 2 ** 40 && ttl < 1e300 ? 1 : ttl) },
    /^forgets what lives for a moment/,
  ],
  ['saves a write that changes nothing', { skipsSame: true }, /^gives a value that is written as it was/],
  ['leaves what had ended when it deletes', { deletesTheLiving: true }, /^brings back nothing/],
  ['never goes back in time', { now: latest() }, /^counts new lives by the time that was set/],
  ['distrusts ends that are far away', { holds: isNear }, /^loses nothing when its clock is set back/],
  ['keeps what it replaced', { keepsGhosts: true }, /^brings back nothing/],
  ['hides what it swaps', { hidesWhatItRead: true }, /^reads and compares what had ended alike/],
  ['takes a time of zero', { acceptsAnyTtl: true }, /^refuses a time to live/],
  ['hangs', { pause: () => new Promise(() => {}) }, /^knows nothing of a key/],
];

for (const [what, fault, caughtBy] of broken) {
  faults(`catches a store that ${what}`, async () => {
    const found = await outcomesOf(fault, caughtBy);
    assert.ok(found.length > 0, 'there is such a case');
    for (const outcome of found) assert.match(outcome, /^StoreBatteryFailure: /);
  });
}

/** Runs only the cases that are meant, since some faults make others hang. */
async function outcomesOf(fault: Fault, names: RegExp): Promise<string[]> {
  const cases = testStore(() => faultyStore(fault), { deadlineMs: 20, maxValueBytes: 100_000 });
  const found = cases.filter(({ name }) => names.test(name));
  return Promise.all(found.map(({ run }) => run().catch((error: Error) => `${error.name}: ${error.message}`)));
}

faults.run();

const connection = suite('test-store · connections');

/** A store whose connection can go; `outside` is what happens to a call meanwhile. */
function detachable(outside: (value: JsonValue | undefined) => Promise<never>): StoreUnderTest {
  const inner = memoryStore();
  let connected = true;
  const pass = <Result>(value: JsonValue | undefined, run: () => Promise<Result>): Promise<Result> =>
    connected ? run() : outside(value);
  return {
    store: {
      get: (key) => pass(undefined, () => inner.get(key)),
      set: (key, value, options) => pass(value, () => inner.set(key, value, options)),
      delete: (key) => pass(undefined, () => inner.delete(key)),
      compareAndSet: (key, expected, next, options) =>
        pass(next, () => inner.compareAndSet(key, expected, next, options)),
    },
    disconnect: () => {
      connected = false;
    },
    reconnect: () => {
      connected = true;
    },
  };
}

async function connectionOutcomes(factory: () => StoreUnderTest): Promise<string[]> {
  const options: TestStoreOptions = { require: ['connection'], deadlineMs: 20 };
  const found = await outcomes(factory, options);
  return [...found].filter(([name]) => /server is out of reach|under way/.test(name)).map(([, outcome]) => outcome);
}

connection('pass where calls reject and work again', async () => {
  const found = await connectionOutcomes(() => detachable(() => Promise.reject(new Error('offline'))));
  assert.equal(found, ['passed', 'passed']);
});

connection('fail where calls hang', async () => {
  const [found = ''] = await connectionOutcomes(() => detachable(() => new Promise(() => {})));
  assert.match(found, /^StoreBatteryFailure: get did not settle in 20 ms/);
});

connection('fail where calls answer all the same', async () => {
  const store = memoryStore();
  const [found = ''] = await connectionOutcomes(() => ({ store, disconnect() {}, reconnect() {} }));
  assert.match(found, /^StoreBatteryFailure: get while disconnected: expected a rejection, got "before"/);
});

const leaks: readonly [where: string, leak: (text: string) => unknown][] = [
  ['message', (text) => new Error(`offline, lost ${text}`)],
  ['cause', (text) => new Error('offline', { cause: new Error(text) })],
  [
    'command',
    (text) => Object.assign(new Error('offline'), { command: { args: ['key', new TextEncoder().encode(text)] } }),
  ],
  ['hidden member', (text) => Object.defineProperty(new Error('offline'), 'sent', { value: [text] })],
  ['text thrown as it is', (text) => text],
];
for (const [where, leak] of leaks) {
  connection(`fail where an error tells the value in its ${where}`, async () => {
    const [found = ''] = await connectionOutcomes(() =>
      detachable((value) => Promise.reject(leak(JSON.stringify(value ?? null)))),
    );
    assert.match(found, /^StoreBatteryFailure: the error of (set|compareAndSet) tells the value/);
  });
}

/** A store whose calls wait, when told to, until its connection goes; `ending` is what becomes of them then. */
function interruptible(ending: () => Promise<never>): StoreUnderTest {
  const inner = memoryStore();
  let goes = (): void => {};
  const gone = new Promise<void>((resolve) => {
    goes = resolve;
  });
  let isBack = false;
  return {
    store: {
      ...inner,
      compareAndSet: (...parameters) => (isBack ? inner.compareAndSet(...parameters) : gone.then(ending)),
    },
    disconnect: () => goes(),
    reconnect: () => {
      isBack = true;
    },
  };
}

const endings: readonly [what: string, ending: () => Promise<never>, outcome: RegExp][] = [
  ['reject', () => Promise.reject(new Error('connection lost')), /^passed$/],
  ['hang', () => new Promise(() => {}), /^StoreBatteryFailure: compareAndSet did not settle in 20 ms/],
  [
    'tell the value',
    () => Promise.reject(new Error('lost {"marker":"marked-secret-value"}')),
    /an error tells the value/,
  ],
];
for (const [what, ending, outcome] of endings) {
  connection(`are judged by calls under way that ${what}`, async () => {
    const [, found = ''] = await connectionOutcomes(() => interruptible(ending));
    assert.match(found, outcome);
  });
}

for (const [what, done, answer] of [
  ['was done and is denied', true, false],
  ['was confirmed and is not done', false, true],
] as const) {
  connection(`fail where a swap ${what}`, async () => {
    const made = (): StoreUnderTest => {
      const inner = memoryStore();
      const { store, ...rest } = interruptible(() => Promise.reject(new Error('offline')));
      const swap: Store['compareAndSet'] = async (...given) => {
        try {
          return await store.compareAndSet(...given);
        } catch {
          if (done) await inner.compareAndSet(...given);
          return answer;
        }
      };
      return { ...rest, store: { ...inner, compareAndSet: swap } };
    };
    const found = await outcomes(made, { require: ['connection'], deadlineMs: 50 });
    assert.match(
      found.get('tells the truth of swaps during which the connection goes') ?? '',
      /^StoreBatteryFailure: get after a swap that gave (true|false): expected/,
    );
  });
}

connection('fail where the store does not come back', async () => {
  const { reconnect: _, ...lost } = detachable(() => Promise.reject(new Error('offline')));
  const [found = ''] = await connectionOutcomes(() => ({ ...lost, reconnect() {} }));
  assert.is(found, 'Error: offline');
});

connection.run();
