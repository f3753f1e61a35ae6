import { AsyncLocalStorage } from 'node:async_hooks';
import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestError, ResponseError, XError } from '../src/errors.ts';
import type { AcquireRequest, Sleep } from '../src/rate-limiter/contract.ts';
import { isRateLimited } from '../src/rate-limiter/rate-limited.ts';
import { systemSleep } from '../src/rate-limiter/system-sleep.ts';
import type { RateWindow } from '../src/rate-limiter/window.ts';
import { type CreateRateLimiterOptions, createRateLimiter } from '../src/rate-limiter.ts';
import { most, type Step } from './rate-limiter/most.ts';
import { settled, virtualTime, type Watched, watch } from './rate-limiter/virtual-time.ts';

/** A limiter on a clock that begins with a minute, an hour and a day. */
function limited(windows: readonly RateWindow[], options: Partial<CreateRateLimiterOptions> = {}) {
  const time = virtualTime();
  const startMs = time.clock();
  const limiter = createRateLimiter({ provider: 'sample', windows, clock: time.clock, sleep: time.sleep, ...options });
  const ask = (request: Partial<AcquireRequest> = {}): Watched =>
    watch(limiter.acquire({ key: 'a', ...request }), time.clock);
  /** When each was granted, in milliseconds from the start; undefined while it waits or when it was refused. */
  const turns = (asked: readonly Watched[]): (number | undefined)[] =>
    asked.map(({ grantedMs }) => (grantedMs === undefined ? undefined : grantedMs - startMs));
  return { limiter, time, startMs, ask, turns };
}

const minute: RateWindow = { limit: 2, windowMs: 60_000, kind: 'aligned' };
const slide: RateWindow = { limit: 2, windowMs: 1000 };
const aDay = 86_400_000;

const limiter = suite('rate-limiter · createRateLimiter');

/** Requests that come at once after `atMs`, and when each has its turn. */
const rows: readonly [
  name: string,
  windows: readonly RateWindow[],
  atMs: number,
  costs: number[],
  expected: number[],
][] = [
  ['within the limit', [slide], 0, [1, 1], [0, 0]],
  ['above a sliding limit', [slide], 100, [1, 1, 1, 1, 1], [100, 100, 1100, 1100, 2100]],
  ['above an aligned limit', [minute], 59_000, [1, 1, 1, 1, 1], [59_000, 59_000, 60_000, 60_000, 120_000]],
  ['above the shorter of two limits', [{ limit: 1, windowMs: 100 }, slide], 0, [1, 1], [0, 100]],
  ['above both limits', [{ limit: 1, windowMs: 100 }, slide], 0, [1, 1, 1, 1], [0, 100, 1000, 1100]],
  [
    'ten a minute and fifteen in two minutes',
    [
      { limit: 10, windowMs: 60_000, kind: 'aligned' },
      { limit: 15, windowMs: 120_000, kind: 'aligned' },
    ],
    30_000,
    Array(17).fill(1),
    [...Array(10).fill(30_000), ...Array(5).fill(60_000), 120_000, 120_000],
  ],
  ['by cost', [{ limit: 3, windowMs: 1000 }], 0, [2, 2, 1, 3], [0, 1000, 1000, 2000]],
  ['a small cost behind a large one', [{ limit: 3, windowMs: 1000 }], 0, [2, 3, 1], [0, 1000, 2000]],
];

for (const [name, windows, atMs, costs, expected] of rows) {
  limiter(`grants in order: ${name}`, async () => {
    const { time, ask, turns } = limited(windows, { maxWaitMs: aDay });
    await time.advance(atMs);
    const asked = costs.map((cost) => ask({ cost }));
    await time.advance(200_000);
    assert.equal(turns(asked), expected);
    assert.is(time.pending(), 0);
  });
}

limiter('keeps keys apart', async () => {
  const { time, ask, turns } = limited([slide]);
  const asked = ['a', 'a', 'a', 'b', 'b', '__proto__'].map((key) => ask({ key }));
  await time.advance(0);
  assert.equal(turns(asked), [0, 0, undefined, 0, 0, 0]);
});

limiter('refuses at once what would wait too long, and says for how long', async () => {
  const { limiter: calm, time, ask } = limited([slide], { maxWaitMs: 1500 });
  const asked = [ask(), ask(), ask(), ask()]; // two now, two in a second
  await settled();
  const error = await rejects(calm.acquire({ key: 'a' }), XError, 'http.rate-limited');
  assert.ok(isRateLimited(error) && error.retryAfterMs === 2000);
  assert.is(error.provider, 'sample');
  assert.is(error.message, 'the rate limit is used up: expected a turn within 1500 ms, got one in 2000 ms');
  await time.advance(1000);
  assert.ok(asked.every(({ grantedMs }) => grantedMs !== undefined));
});

limiter('what was refused takes nothing', async () => {
  const { time, ask, turns } = limited([slide], { maxWaitMs: 0 });
  const asked = [ask(), ask(), ask(), ask(), ask()];
  await time.advance(1000);
  asked.push(ask(), ask());
  await settled();
  assert.equal(turns(asked), [0, 0, undefined, undefined, undefined, 1000, 1000]);
});

limiter('waits exactly as long as allowed', async () => {
  const { time, ask, turns } = limited([slide]);
  const asked = [ask(), ask(), ask({ maxWaitMs: 1000 }), ask({ maxWaitMs: 999 })];
  await time.advance(1000);
  assert.equal(turns(asked), [0, 0, 1000, undefined]);
});

limiter('who waited as long as allowed has the turn, also when the timer is late', async () => {
  const time = virtualTime();
  const sleep: typeof time.sleep = (ms, signal) => time.sleep(ms + 7, signal);
  const calm = createRateLimiter({ provider: 'sample', windows: [slide], maxWaitMs: 1000, clock: time.clock, sleep });
  const startMs = time.clock();
  const asked = [1, 2, 3, 4].map(() => watch(calm.acquire({ key: 'a' }), time.clock));
  await time.advance(2000);
  assert.equal(
    asked.map(({ grantedMs = 0 }) => grantedMs - startMs),
    [0, 0, 1007, 1007],
  );
});

limiter('waits five seconds unless told otherwise', async () => {
  const { time, ask, turns } = limited([{ limit: 1, windowMs: 5000 }]);
  const asked = [ask(), ask(), ask()];
  await time.advance(20_000);
  assert.equal(turns(asked), [0, 5000, undefined]);
});

limiter('a timer that rings early or late changes no order and no limit', async () => {
  for (const factor of [0.3, 1.7]) {
    const time = virtualTime();
    const startMs = time.clock();
    const sleep: typeof time.sleep = (ms, signal) => time.sleep(Math.ceil(ms * factor), signal);
    const calm = createRateLimiter({ provider: 'sample', windows: [slide], clock: time.clock, sleep });
    const asked = [1, 2, 3, 4].map(() => watch(calm.acquire({ key: 'a' }), time.clock));
    await time.advance(factor < 1 ? 1000 : 1500);
    const late = watch(calm.acquire({ key: 'a' }), time.clock);
    await time.advance(10_000);
    const granted = [...asked, late].map(({ grantedMs = 0 }) => grantedMs - startMs);
    assert.equal(granted, factor < 1 ? [0, 0, 1000, 1000, 2000] : [0, 0, 1500, 1500, 3200]);
  }
});

limiter('a clock that is set back makes nobody wait for longer than before', async () => {
  for (const windows of [[slide], [{ ...slide, kind: 'aligned' as const }]]) {
    const { limiter: calm, time, startMs, ask } = limited(windows);
    const asked = [ask(), ask(), ask()];
    await calm.penalize('b', 800);
    asked.push(ask({ key: 'b' }));
    time.clock.set(startMs - 3_600_000);
    asked.push(ask({ maxWaitMs: 1000 }), ask({ key: 'b', maxWaitMs: 1000 }));
    await time.advance(1000);
    assert.ok(
      asked.every(({ grantedMs = Number.POSITIVE_INFINITY }) => grantedMs <= startMs),
      'the limiter still waits for the old time',
    );
  }
});

limiter('a clock that is set back lets nobody wait for longer than allowed', async () => {
  const { time, startMs, ask } = limited([{ limit: 1, windowMs: 60_000 }]);
  const asked = [ask()];
  await time.advance(58_000);
  asked.push(ask());
  time.clock.set(startMs - 3_600_000);
  await time.advance(2000); // what was taken counts as taken now, a minute before the next turn
  const refused = asked[1]?.error;
  assert.ok(isRateLimited(refused) && refused.retryAfterMs === 60_000);
  assert.is(time.pending(), 0);
});

limiter('a clock that is set back lets nobody wait for more than as long again', async () => {
  const { time, startMs, ask } = limited([{ limit: 1, windowMs: 1200 }], { maxWaitMs: 1500 });
  ask();
  const second = ask();
  await time.advance(100);
  time.clock.set(startMs - 3_600_000);
  let waitedMs = 100;
  for (; second.grantedMs === undefined && second.error === undefined && waitedMs < 10_000; waitedMs += 100) {
    await time.advance(100);
  }
  assert.ok(waitedMs > 1500 && waitedMs <= 3000, `waited ${waitedMs} ms`);
});

limiter('gives the place of one who leaves to those behind', async () => {
  const { time, ask, turns } = limited([slide]);
  const controller = new AbortController();
  const asked = [ask(), ask(), ask({ signal: controller.signal }), ask(), ask()];
  await time.advance(10);
  controller.abort(new Error('the caller’s own'));
  await time.advance(5000);
  assert.equal(turns(asked), [0, 0, undefined, 1000, 1000]);
  const error = asked[2]?.error;
  assert.ok(error instanceof RequestError && error.code === 'http.aborted');
});

limiter('one who leaves lets the next have a turn that fits earlier', async () => {
  const { time, ask, turns } = limited([{ limit: 3, windowMs: 1000 }]);
  const controller = new AbortController();
  const asked = [ask({ cost: 2 }), ask({ cost: 2, signal: controller.signal }), ask()];
  await time.advance(10);
  assert.equal(turns(asked), [0, undefined, undefined]);
  controller.abort();
  await settled();
  assert.equal(turns(asked), [0, undefined, 10]);
});

limiter('a place that was given up counts for the forecast at once', async () => {
  const { time, ask, turns } = limited([slide], { maxWaitMs: 1000 });
  const controller = new AbortController();
  const asked = [ask(), ask(), ask({ signal: controller.signal }), ask({ signal: controller.signal })];
  controller.abort();
  asked.push(ask(), ask(), ask());
  await time.advance(5000);
  assert.equal(turns(asked), [0, 0, undefined, undefined, 1000, 1000, undefined]);
});

limiter(
  'needs no timer of one request for the turn of another, because some platforms stop it with its request',
  async () => {
    const time = virtualTime();
    const request = new AsyncLocalStorage<{ ended: boolean }>();
    const [first, second] = [{ ended: false }, { ended: false }];
    const sleep: Sleep = async (ms, signal) => {
      const own = request.getStore();
      await time.sleep(ms, signal);
      if (own?.ended === true) await new Promise(() => {});
    };
    const windows = [{ limit: 1, windowMs: 1000 }];
    const calm = createRateLimiter({ provider: 'sample', windows, clock: time.clock, sleep });
    const ask = (): Watched => watch(calm.acquire({ key: 'a' }), time.clock);
    ask();
    request.run(first, ask);
    const waiting = request.run(second, ask);
    await settled();
    first.ended = true;
    const newcomer = ask();
    await time.advance(4000);
    assert.ok(waiting.grantedMs !== undefined && newcomer.grantedMs !== undefined);
    assert.is(time.pending(), 0);
  },
);

limiter('no timer stays behind when all have left', async () => {
  const { time, ask } = limited([slide]);
  const controller = new AbortController();
  for (let count = 0; count < 5; count += 1) ask({ signal: controller.signal });
  await settled();
  assert.is(time.pending(), 3, 'one for each who waits');
  controller.abort();
  await settled();
  assert.is(time.pending(), 0);
});

limiter('an aborted signal takes nothing', async () => {
  const { limiter: calm, ask, turns } = limited([slide]);
  await rejects(calm.acquire({ key: 'a', signal: AbortSignal.abort() }), RequestError, 'http.aborted');
  const asked = [ask(), ask()];
  await settled();
  assert.equal(turns(asked), [0, 0]);
});

limiter('an abort after the turn changes nothing', async () => {
  const { time, ask, turns } = limited([slide]);
  const controller = new AbortController();
  const asked = [ask({ signal: controller.signal }), ask()];
  await settled();
  controller.abort();
  await settled();
  asked.push(ask());
  await time.advance(1000);
  assert.equal(turns(asked), [0, 0, 1000]);
  assert.is(asked[0]?.error, undefined);
});

limiter('keeps no listener on a signal that outlives the wait', async () => {
  const { time, limiter: calm } = limited([slide]);
  const { signal } = new AbortController();
  const seen: string[] = [];
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...input: Parameters<typeof add>) => {
    seen.push('add');
    add(...input);
  };
  signal.removeEventListener = (...input: Parameters<typeof remove>) => {
    seen.push('remove');
    remove(...input);
  };
  await calm.acquire({ key: 'a', signal });
  await calm.acquire({ key: 'a', signal });
  await rejects(calm.acquire({ key: 'a', signal, maxWaitMs: 0 }), XError, 'http.rate-limited');
  const waited = calm.acquire({ key: 'a', signal });
  await time.advance(1000);
  await waited;
  assert.is(seen.filter((step) => step === 'add').length, 4);
  assert.is(seen.filter((step) => step === 'remove').length, 4);
});

limiter.run();

const penalty = suite('rate-limiter · penalize');

penalty('holds a key back, and no other', async () => {
  const { limiter: calm, time, ask, turns } = limited([slide]);
  await calm.penalize('a', 3000);
  const asked = [ask(), ask({ key: 'b' })];
  await time.advance(5000);
  assert.equal(turns(asked), [3000, 0]);
});

penalty('holds those back who wait already, and tells those who may not wait that long', async () => {
  const { limiter: calm, time, ask, turns } = limited([slide]);
  const asked = [ask(), ask(), ask({ maxWaitMs: 2000 }), ask({ maxWaitMs: 4000 })];
  await time.advance(500);
  await calm.penalize('a', 3000);
  await settled();
  const refused = asked[2]?.error;
  assert.ok(isRateLimited(refused) && refused.retryAfterMs === 3000);
  await time.advance(5000);
  assert.equal(turns(asked), [0, 0, undefined, 3500]);
});

penalty('a shorter hold never ends a longer one', async () => {
  const { limiter: calm, time, ask, turns } = limited([slide]);
  await calm.penalize('a', 3000);
  await time.advance(100);
  await calm.penalize('a', 100);
  await calm.penalize('a', 0);
  const asked = [ask()];
  await time.advance(5000);
  assert.equal(turns(asked), [3000]);
});

penalty('a hold leaves what was taken in its windows', async () => {
  const { limiter: calm, time, ask, turns } = limited([{ limit: 1, windowMs: 60_000 }], { maxWaitMs: aDay });
  const asked = [ask()];
  await calm.penalize('a', 1000);
  asked.push(ask());
  await time.advance(60_000);
  assert.equal(turns(asked), [0, 60_000]);
});

penalty('holds a day at most, whatever the provider asks for', async () => {
  const { limiter: calm, time, ask, turns } = limited([slide], { maxWaitMs: aDay });
  await calm.penalize('a', Number.POSITIVE_INFINITY);
  const asked = [ask()];
  await time.advance(aDay);
  assert.equal(turns(asked), [aDay]);
});

penalty('refuses a time that is none', async () => {
  const { limiter: calm } = limited([slide]);
  for (const retryAfterMs of [-1, Number.NaN]) {
    await rejects(calm.penalize('a', retryAfterMs), RangeError, /retryAfterMs must be 0 or more/);
  }
  assert.is(calm.size, 0);
});

penalty.run();

const memory = suite('rate-limiter · memory');

memory('forgets a key when its longest window has passed', async () => {
  const { limiter: calm, time, ask } = limited([slide, minute]);
  for (let index = 0; index < 100; index += 1) ask({ key: `old ${index}` });
  await settled();
  assert.is(calm.size, 100);
  await time.advance(60_000);
  for (let index = 0; index < 100; index += 1) ask({ key: 'new' });
  await settled();
  assert.is(calm.size, 1);
});

memory('grows with the keys in use and not with those that were', async () => {
  const { limiter: calm, time, ask } = limited([slide]);
  for (let index = 0; index < 500; index += 1) {
    ask({ key: `key ${index}` });
    await time.advance(100); // ten of them are within the window at any time
    assert.ok(calm.size <= 21, String(calm.size));
  }
});

memory('remembers a key that is held, or waited for', async () => {
  const { limiter: calm, time, ask, turns } = limited([slide], { maxWaitMs: aDay });
  await calm.penalize('held', 10_000);
  await calm.penalize('waited for', 10_000);
  const asked = [ask({ key: 'waited for' })];
  await time.advance(5000);
  for (let index = 0; index < 10; index += 1) ask({ key: `other ${index}` });
  asked.push(ask({ key: 'held' }));
  await time.advance(5000);
  assert.equal(turns(asked), [10_000, 10_000]);
});

memory('a request that is refused for its arguments leaves nothing behind', async () => {
  const { limiter: calm } = limited([slide]);
  await rejects(calm.acquire({ key: 'a', cost: 3 }), RangeError, /cost/);
  assert.is(calm.size, 0);
});

memory.run();

const arguments_ = suite('rate-limiter · options');

const badRequests: readonly [name: string, request: Partial<AcquireRequest>, message: RegExp][] = [
  ['no cost', { cost: 0 }, /^cost must be a whole number from 1 to 2, the smallest limit, got 0$/],
  ['a negative cost', { cost: -1 }, /^cost/],
  ['half a cost', { cost: 0.5 }, /^cost/],
  ['a cost above the smallest limit', { cost: 3 }, /^cost/],
  ['a cost that is no number', { cost: Number.NaN }, /^cost/],
  ['a negative wait', { maxWaitMs: -1 }, /^maxWaitMs must be from 0 to 86400000, got -1$/],
  ['a wait of more than a day', { maxWaitMs: 86_400_001 }, /^maxWaitMs/],
  ['a wait that is no number', { maxWaitMs: Number.NaN }, /^maxWaitMs/],
];

for (const [name, request, message] of badRequests) {
  arguments_(`refuses ${name}`, async () => {
    const { limiter: calm } = limited([{ limit: 5, windowMs: 1 }, slide]);
    await rejects(calm.acquire({ key: 'a', ...request }), RangeError, message);
  });
}

arguments_('refuses a limiter without windows, and options out of range', () => {
  const make = (options: Partial<CreateRateLimiterOptions>) => () =>
    createRateLimiter({ provider: 'sample', windows: [slide], ...options });
  assert.throws(make({ windows: [] }), (error: unknown) => error instanceof TypeError && /windows/.test(error.message));
  assert.throws(make({ windows: [slide, { limit: 0, windowMs: 1 }] }), /windows\[1\]\.limit/);
  assert.throws(make({ maxWaitMs: -1 }), /maxWaitMs must be from 0 to 86400000, got -1/);
});

for (const [name, mistake] of [
  ['windows', { windows: undefined }],
  ['windows', { windows: 'many' }],
  ['provider', { provider: undefined }],
  ['clock', { clock: 5 }],
  ['sleep', { sleep: {} }],
] as const) {
  arguments_(`names ${name} where it is ${JSON.stringify(mistake)}`, () => {
    const given = { provider: 'sample', windows: [slide], ...mistake } as never;
    const names = (error: unknown): boolean => error instanceof TypeError && error.message.startsWith(`${name} must `);
    assert.throws(() => createRateLimiter(given), names);
  });
}

arguments_('a timer that fails fails those who wait for it', async () => {
  const failure = new Error('no timers here');
  const { ask, turns } = limited([slide], { sleep: async () => Promise.reject(failure) });
  const asked = [ask(), ask(), ask(), ask()];
  await settled();
  assert.equal(turns(asked), [0, 0, undefined, undefined]);
  assert.equal([asked[2]?.error, asked[3]?.error], [failure, failure]);
});

arguments_('uses the platform’s clock and timer by default', async () => {
  const calm = createRateLimiter({ provider: 'sample', windows: [{ limit: 1, windowMs: 1 }] });
  for (let count = 0; count < 5; count += 1) await calm.acquire({ key: 'a' });
  assert.is(calm.size, 1);
});

arguments_.run();

const sleeping = suite('rate-limiter · systemSleep');

sleeping('ends, or rejects with the reason of its signal', async () => {
  const { signal } = new AbortController();
  await systemSleep(1, signal);
  const controller = new AbortController();
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const outcome = systemSleep(60_000, controller.signal);
  assert.is(timers(), before + 1);
  controller.abort(new RangeError('enough'));
  assert.is(timers(), before);
  await rejects(outcome, RangeError, /enough/);
  await rejects(systemSleep(60_000, AbortSignal.abort(new RangeError('never'))), RangeError, /never/);
});

sleeping.run();

const guard = suite('rate-limiter · isRateLimited');

guard('knows the errors of a limiter and of a provider, and no others', () => {
  const init = { provider: 'sample', message: 'text', status: 429, retryAfterMs: 7 };
  const error: unknown = new ResponseError({ ...init, code: 'http.rate-limited' });
  assert.ok(isRateLimited(error) && error.retryAfterMs === 7);
  for (const other of [
    new ResponseError({ ...init, code: 'http.server' }),
    Object.assign(new Error('text'), { code: 'http.rate-limited' }),
    undefined,
  ]) {
    assert.not.ok(isRateLimited(other));
  }
});

guard.run();

const properties = suite('rate-limiter · properties');

const arbitraryWindow: fc.Arbitrary<RateWindow> = fc.record({
  limit: fc.oneof(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 65, max: 80 })),
  windowMs: fc.integer({ min: 1, max: 2000 }),
  kind: fc.constantFrom('sliding' as const, 'aligned' as const),
});
const arbitraryStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      count: fc.integer({ min: 1, max: 6 }),
      key: fc.constantFrom('a', 'b'),
      cost: fc.integer({ min: 1, max: 3 }),
      maxWaitMs: fc.constantFrom(0, 500, 3000, aDay),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 2500 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), index: fc.nat({ max: 100 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('penalize' as const),
      key: fc.constantFrom('a', 'b'),
      ms: fc.integer({ min: 0, max: 4000 }),
    }),
  },
);

interface Asked {
  readonly key: string;
  readonly cost: number;
  readonly atMs: number;
  readonly maxWaitMs: number;
  readonly watched: Watched;
  readonly controller: AbortController;
}

/** Runs a schedule to its end, and tells what became of each request, in the order they were granted. */
async function run(
  windows: readonly RateWindow[],
  steps: readonly (typeof arbitraryStep extends fc.Arbitrary<infer One> ? One : never)[],
): Promise<{ asked: Asked[]; granted: Asked[]; holds: { key: string; fromMs: number; untilMs: number }[] }> {
  const { limiter: calm, time } = limited(windows);
  const asked: Asked[] = [];
  const granted: Asked[] = [];
  const holds: { key: string; fromMs: number; untilMs: number }[] = [];
  for (const step of steps) {
    if (step.kind === 'pass') await time.advance(step.ms);
    if (step.kind === 'leave') asked[step.index % Math.max(1, asked.length)]?.controller.abort();
    if (step.kind === 'penalize') {
      await settled();
      holds.push({ key: step.key, fromMs: time.clock(), untilMs: time.clock() + step.ms });
      await calm.penalize(step.key, step.ms);
    }
    for (let count = 0; step.kind === 'ask' && count < step.count; count += 1) {
      const { key, cost, maxWaitMs } = step;
      const controller = new AbortController();
      const turn = calm.acquire({ key, cost, maxWaitMs, signal: controller.signal });
      const one: Asked = { key, cost, maxWaitMs, atMs: time.clock(), controller, watched: watch(turn, time.clock) };
      turn.then(
        () => granted.push(one),
        () => {},
      );
      asked.push(one);
    }
  }
  await time.advance(2 * aDay);
  assert.is(time.pending(), 0);
  return { asked, granted, holds };
}

properties('never grants more than any window allows, whoever comes, leaves or is held back', () =>
  property(
    fc.asyncProperty(
      fc.array(arbitraryWindow, { minLength: 1, maxLength: 3 }),
      fc.array(arbitraryStep, { minLength: 1, maxLength: 30 }),
      async (windows, steps) => {
        const { granted, holds } = await run(windows, steps);
        for (const key of ['a', 'b']) {
          const own = granted.filter((one) => one.key === key);
          const taken = own.map(({ cost, watched }): Step => [watched.grantedMs ?? 0, cost]);
          for (const { limit, windowMs, kind } of windows) {
            const counts = (earlierMs: number, atMs: number): boolean =>
              kind === 'aligned'
                ? Math.floor(earlierMs / windowMs) === Math.floor(atMs / windowMs)
                : earlierMs > atMs - windowMs;
            assert.ok(most(taken, counts) <= limit, `${kind} ${limit} in ${windowMs}`);
          }
          for (const { untilMs, fromMs } of holds.filter((hold) => hold.key === key)) {
            const early = own.filter(({ watched: { grantedMs = 0 } }) => grantedMs > fromMs && grantedMs < untilMs);
            assert.is(early.length, 0, `granted before the hold ended at ${untilMs}`);
          }
        }
      },
    ),
  ),
);

properties('grants in the order of arrival, in time, and leaves nobody without an answer', () =>
  property(
    fc.asyncProperty(
      fc.array(arbitraryWindow, { minLength: 1, maxLength: 3 }),
      fc.array(arbitraryStep, { minLength: 1, maxLength: 30 }),
      async (windows, steps) => {
        const { asked, granted } = await run(windows, steps);
        for (const key of ['a', 'b']) {
          const inOrder = asked.filter((one) => one.key === key && one.watched.grantedMs !== undefined);
          assert.equal(
            granted.filter((one) => one.key === key).map((one) => asked.indexOf(one)),
            inOrder.map((one) => asked.indexOf(one)),
          );
        }
        for (const { watched, atMs, maxWaitMs, controller } of asked) {
          if (watched.grantedMs !== undefined) assert.ok(watched.grantedMs - atMs <= maxWaitMs);
          else if (!isRateLimited(watched.error))
            assert.ok(controller.signal.aborted && watched.error instanceof RequestError);
          else assert.ok((watched.error.retryAfterMs ?? 0) > 0);
        }
      },
    ),
  ),
);

properties('who waits, waits no longer than the windows need', () =>
  property(
    fc.asyncProperty(
      fc.array(arbitraryWindow, { minLength: 1, maxLength: 3 }),
      fc.array(arbitraryStep, { minLength: 1, maxLength: 20 }),
      async (windows, steps) => {
        const small = windows.map((window) => ({ ...window, limit: Math.min(window.limit, 64) }));
        const asks = steps
          .filter((step) => step.kind === 'ask' || step.kind === 'pass')
          .map((step) => (step.kind === 'ask' ? { ...step, key: 'a' as const, maxWaitMs: 86_400_000 as const } : step));
        const { granted } = await run(small, asks);
        for (const [index, { atMs, cost, watched }] of granted.entries()) {
          const grantedMs = watched.grantedMs ?? 0;
          const before = granted.slice(0, index);
          const earliestMs = Math.max(atMs, before.at(-1)?.watched.grantedMs ?? 0);
          if (grantedMs === earliestMs) continue;
          const fits = (momentMs: number): boolean =>
            small.every(({ limit, windowMs, kind }) => {
              const counting = before.filter(({ watched: { grantedMs: earlierMs = 0 } }) =>
                kind === 'aligned'
                  ? Math.floor(earlierMs / windowMs) === Math.floor(momentMs / windowMs)
                  : earlierMs > momentMs - windowMs,
              );
              return counting.reduce((sum, one) => sum + one.cost, cost) <= limit;
            });
          assert.not.ok(fits(grantedMs - 1), `request ${index} had room before ${grantedMs}`);
        }
      },
    ),
  ),
);

properties.run();
