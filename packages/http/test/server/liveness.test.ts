import { inspect } from 'node:util';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLiveness, type Liveness, type LivingWork } from '../../src/server/liveness.ts';
import { settled } from '../gated-store.ts';
import { endedWithRequest, mortalTimers } from '../mortal-timers.ts';

interface Scene {
  readonly liveness: Liveness;
  /** Lets what was begun so far beat no more. */
  die(): void;
}

function scene(): Scene {
  const { setTimer, die } = mortalTimers();
  return { liveness: createLiveness({ silenceMs: 16, setTimer }), die };
}

/** Work that ends when the test says so. */
function open(liveness: Liveness): { readonly one: LivingWork<string>; end(value: string): void } {
  let end = (_: string): void => {};
  const one = liveness.begin(
    () =>
      new Promise<string>((resolve) => {
        end = resolve;
      }),
  );
  return { one, end: (value) => end(value) };
}

const died = { ok: false, reason: 'died', error: undefined } as const;
const never = (): Promise<never> => new Promise(() => {});
const work = suite('liveness');

work('gives what the work gives', async () => {
  const { liveness } = scene();
  const one = liveness.begin(async () => 7);
  assert.is(await one.promise, 7);
  assert.equal(await one.outcome(), { ok: true, value: 7 });
});

work('passes on what the work fails with', async () => {
  const { liveness } = scene();
  const one = liveness.begin(async () => {
    throw new RangeError('no');
  });
  await rejects(one.promise, RangeError, /no/);
  await rejects(one.outcome(), RangeError, /no/);
});

work('waits for the work as long as that beats, however long', async () => {
  const { liveness } = scene();
  const { one, end } = open(liveness);
  let isOver = false;
  const outcome = one.outcome().finally(() => {
    isOver = true;
  });
  // another one dies meanwhile, three times over
  for (let times = 0; times < 3; times += 1) {
    const silent = createLiveness({ silenceMs: 16, setTimer: (_, ms) => setTimeout(() => {}, ms) });
    assert.equal(await silent.begin(never).outcome(), died);
  }
  assert.is(isOver, false);
  end('late');
  assert.equal(await outcome, { ok: true, value: 'late' });
});

work('a process that stands still does not look dead to itself', async () => {
  const { liveness } = scene();
  const { one, end } = open(liveness);
  const outcome = one.outcome();
  const standStill = (): void => {
    for (const endMs = performance.now() + 100; performance.now() < endMs; );
  };
  for (let times = 0; times < 3; times += 1) {
    standStill();
    await settled();
  }
  end('there');
  assert.equal(await outcome, { ok: true, value: 'there' });
});

work('what was silent together is dead together, and waited for no more', async () => {
  const { liveness, die } = scene();
  const [one, two] = [liveness.begin(never), liveness.begin(never)];
  die();
  const three = liveness.begin(never);
  assert.equal(await one.outcome(), died);
  const order: string[] = [];
  const waited = [two.outcome().then(() => order.push('two')), settled().then(() => order.push('a turn of the loop'))];
  await Promise.all(waited);
  assert.equal(order, ['two', 'a turn of the loop']);
  let isOver = false;
  three.outcome().then(() => {
    isOver = true;
  });
  await settled();
  assert.is(isOver, false, 'what beats still is not');
  die();
});

work('what the platform says is dead is not waited for', async () => {
  const word = new Error('created by a request that has since ended');
  const one = createLiveness().begin(() => endedWithRequest(word));
  for (let times = 0; times < 2; times += 1) {
    const { ok, ...rest } = await one.outcome();
    assert.equal([ok, rest], [false, { reason: 'died', error: times === 0 ? word : undefined }]);
  }
});

work('who gives up waits no longer, and the work goes on', async () => {
  const { one, end } = open(createLiveness());
  assert.equal(await one.outcome(AbortSignal.abort()), { ok: false, reason: 'aborted' });
  const leaving = new AbortController();
  const [left, stayed] = [one.outcome(leaving.signal), one.outcome()];
  leaving.abort();
  assert.equal(await left, { ok: false, reason: 'aborted' });
  end('late');
  assert.equal(await stayed, { ok: true, value: 'late' });
});

work('work that throws at once is no work, and beats for nobody', () => {
  const liveness = createLiveness({ setTimer: () => assert.unreachable() as never });
  const broken = (): never => {
    throw new RangeError('at once');
  };
  assert.throws(() => liveness.begin(broken), /at once/);
});

work('the platform is told of all that begins, and hears of no failure', async () => {
  const told: Promise<unknown>[] = [];
  const liveness = createLiveness({ waitUntil: (one) => told.push(one) });
  const good = liveness.begin(async () => 7);
  const bad = liveness.begin(() => Promise.reject(new RangeError('no')));
  assert.is(told.length, 2);
  await Promise.all(told);
  assert.is(await good.promise, 7);
  await rejects(bad.promise, RangeError, /no/);
});

work('what the platform has to say about that changes nothing', async () => {
  const liveness = createLiveness({
    waitUntil() {
      throw new Error('no request is under way');
    },
  });
  assert.is(await liveness.begin(async () => 7).promise, 7);
});

work("beats by today's timers, which a test of the caller's may have replaced since", async () => {
  const liveness = createLiveness();
  const platform = globalThis.setTimeout;
  let asked = 0;
  globalThis.setTimeout = ((...given: Parameters<typeof platform>) => {
    asked += 1;
    return platform(...given);
  }) as typeof platform;
  try {
    await liveness.begin(async () => 7).promise;
  } finally {
    globalThis.setTimeout = platform;
  }
  assert.is(asked, 1);
});

work('what has ended, well or not, beats no more', async () => {
  let rings = 0;
  const liveness = createLiveness({
    silenceMs: 4,
    setTimer: (ring, ms) =>
      setTimeout(() => {
        rings += 1;
        ring();
      }, ms),
  });
  await liveness.begin(async () => 7).promise;
  await rejects(liveness.begin(() => Promise.reject(new RangeError('no'))).promise, RangeError, /no/);
  await createLiveness({ silenceMs: 16, setTimer: (_, ms) => setTimeout(() => {}, ms) })
    .begin(never)
    .outcome();
  assert.is(rings, 0);
});

for (const [options, type, message] of [
  [{ silenceMs: 0 }, RangeError, 'silenceMs must be from 1 to 600000, got 0'],
  [{ silenceMs: 600_001 }, RangeError, 'silenceMs must be from 1 to 600000, got 600001'],
  [{ silenceMs: Number.NaN }, RangeError, 'silenceMs must be from 1 to 600000, got NaN'],
  [{ waitUntil: 'x' }, TypeError, 'waitUntil must be a function'],
  [{ setTimer: null }, TypeError, 'setTimer must be a function'],
] as const) {
  work(`refuses ${inspect(options)}`, () => {
    assert.throws(
      () => createLiveness(options as never),
      (error: unknown) => error instanceof type && error.message === message,
    );
  });
}

work.run();
