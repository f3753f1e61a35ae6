import { randomToken } from '@x/crypto';
import { leaveOut, rejects } from '@x/testing';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient as createNodeRedis } from 'redis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestError, XError } from '../src/errors.ts';
import type { AcquireRequest } from '../src/rate-limiter/contract.ts';
import { isRateLimited } from '../src/rate-limiter/rate-limited.ts';
import {
  type FlexibleLimiter,
  type FlexibleRateLimiterOptions,
  type FlexibleWindow,
  flexibleRateLimiter,
} from '../src/rate-limiter-flexible.ts';
import { settled, virtualTime, type Watched, watch } from './rate-limiter/virtual-time.ts';
import { openRedis } from './redis-server.ts';

/** A limiter as `rate-limiter-flexible` makes them, on a clock of its own, that notes what it was asked. */
function counting(points: number, duration: number, clock: () => number) {
  const windows = new Map<string, { used: number; untilMs: number }>();
  const consumed: [key: string, points: number][] = [];
  const limiter: FlexibleLimiter = {
    points,
    duration,
    consume: async (key, cost = 1) => {
      consumed.push([key, cost]);
      const known = windows.get(key);
      const window =
        known !== undefined && known.untilMs > clock() ? known : { used: 0, untilMs: clock() + duration * 1000 };
      window.used += cost;
      windows.set(key, window);
      if (window.used > points) throw { msBeforeNext: window.untilMs - clock() };
      return {};
    },
  };
  return { limiter, consumed };
}

function fleet(
  windowsOf: (clock: () => number) => readonly FlexibleWindow[],
  options: Partial<FlexibleRateLimiterOptions> = {},
) {
  const time = virtualTime();
  const startMs = time.clock();
  const windows = windowsOf(time.clock);
  const failures: unknown[] = [];
  const make = () =>
    flexibleRateLimiter({
      provider: 'sample',
      windows,
      clock: time.clock,
      sleep: time.sleep,
      onStoreFailure: (error) => failures.push(error),
      ...options,
    });
  const limiter = make();
  const ask = (request: Partial<AcquireRequest> = {}, of = limiter): Watched =>
    watch(of.acquire({ key: 'a', ...request }), time.clock);
  const turns = (asked: readonly Watched[]): (number | undefined)[] =>
    asked.map(({ grantedMs }) => (grantedMs === undefined ? undefined : grantedMs - startMs));
  return { limiter, make, time, ask, turns, failures };
}

const hanging: FlexibleLimiter = { points: 2, duration: 1, consume: () => new Promise(() => {}) };
const failing = (error: unknown): FlexibleLimiter => ({ points: 2, duration: 1, consume: () => Promise.reject(error) });

const flexible = suite('rate-limiter-flexible · flexibleRateLimiter');

flexible('grants in order as windows open, and leaves no timer behind', async () => {
  const { time, ask, turns } = fleet((clock) => [{ limiter: counting(2, 1, clock).limiter }]);
  const asked = [ask(), ask(), ask(), ask(), ask()];
  await time.advance(100);
  asked.push(ask());
  await time.advance(5000);
  assert.equal(turns(asked), [0, 0, 1000, 1000, 2000, 2000]);
  assert.is(time.pending(), 0);
});

flexible('two processes share what one window holds', async () => {
  const { time, ask, turns, make } = fleet((clock) => [{ limiter: counting(2, 1, clock).limiter }]);
  const other = make();
  const asked = [ask(), ask({}, other), ask(), ask({}, other), ask(), ask({}, other)];
  await time.advance(5000);
  const taken = turns(asked).sort((a = Number.NaN, b = Number.NaN) => a - b); // which of the two is first, is open
  assert.equal(taken, [0, 0, 1000, 1000, 2000, 2000]);
});

flexible('asks the store once for all who wait', async () => {
  const seen: [string, number][][] = [];
  const { time, ask } = fleet((clock) => {
    const { limiter, consumed } = counting(2, 1, clock);
    seen.push(consumed);
    return [{ limiter }];
  });
  for (let count = 0; count < 50; count += 1) ask();
  await time.advance(900);
  assert.is(seen[0]?.length, 3);
});

flexible('refuses at once what would wait too long, and says for how long', async () => {
  const { limiter, time, ask, turns } = fleet((clock) => [{ limiter: counting(1, 60, clock).limiter }]);
  const asked = [ask()];
  await settled();
  const error = await rejects(limiter.acquire({ key: 'a' }), XError, 'http.rate-limited');
  assert.ok(isRateLimited(error) && error.retryAfterMs === 60_000);
  asked.push(ask({ maxWaitMs: 0 }), ask({ maxWaitMs: 60_000 }), ask({ maxWaitMs: 59_999 }));
  await settled();
  assert.ok(isRateLimited(asked[1]?.error) && isRateLimited(asked[3]?.error));
  await time.advance(60_000);
  assert.equal(turns(asked), [0, undefined, 60_000, undefined]);
});

flexible('counts by cost', async () => {
  const { time, ask, turns } = fleet((clock) => [{ limiter: counting(3, 1, clock).limiter }]);
  const asked = [ask({ cost: 3 }), ask({ cost: 2 }), ask()];
  await time.advance(2000);
  assert.equal(turns(asked), [0, 1000, 1000]);
});

flexible('aligned windows begin with the clock, whenever they were first used', async () => {
  const { time, ask, turns } = fleet((clock) => [{ limiter: counting(1, 60, clock).limiter, kind: 'aligned' }]);
  await time.advance(58_000);
  const asked = [ask(), ask(), ask({ maxWaitMs: 1999 })];
  await time.advance(10_000);
  assert.equal(turns(asked), [58_000, 60_000, undefined]);
});

flexible('takes from the shortest window first, so that a full one takes nothing from longer ones', async () => {
  const seen: [string, number][][] = [];
  const { time, ask, turns } = fleet((clock) => {
    const day = counting(100, 86_400, clock);
    const second = counting(1, 1, clock);
    seen.push(day.consumed, second.consumed);
    return [{ limiter: day.limiter }, { limiter: second.limiter }];
  });
  const asked = [ask(), ask(), ask(), ask({ maxWaitMs: 0 })];
  await time.advance(5000);
  assert.equal(turns(asked), [0, 1000, 2000, undefined]);
  assert.is(seen[0]?.length, 3);
});

flexible('limiters that share a prefix share no counter, and neither do keys', async () => {
  const seen: [string, number][] = [];
  const { time, ask } = fleet((clock) => {
    const limiter = (duration: number): FlexibleLimiter => {
      const { limiter: made } = counting(10, duration, clock);
      return { ...made, consume: (key, points = 1) => made.consume(key, seen.push([key, points]) && points) };
    };
    return [
      { limiter: limiter(1) },
      { limiter: limiter(2), kind: 'aligned' },
      { limiter: limiter(3), kind: 'aligned' },
    ];
  });
  ask();
  ask({ key: 'a:1000' });
  await time.advance(2000);
  ask();
  await settled();
  const own = (key: string): number => seen.filter(([counter]) => counter === key).length;
  const at = Date.UTC(2026, 0, 1) / 1000;
  assert.is(own('a:1000'), 2, 'the window from the first request keeps its counter');
  assert.is(own(`a:2000:${at / 2}`), 1);
  assert.is(own(`a:2000:${at / 2 + 1}`), 1, 'the next aligned window has another');
  assert.is(own(`a:3000:${Math.floor(at / 3)}`), 2);
  assert.is(own('a:1000:1000'), 1);
});

flexible('gives what was taken for one who left to the next', async () => {
  const seen: [string, number][][] = [];
  const { ask, turns } = fleet((clock) => {
    const { limiter, consumed } = counting(2, 60, clock);
    seen.push(consumed);
    return [{ limiter }];
  });
  const controller = new AbortController();
  const asked = [ask({ signal: controller.signal }), ask()];
  controller.abort();
  await settled();
  assert.equal(turns(asked), [undefined, 0]);
  assert.ok(asked[0]?.error instanceof RequestError);
  assert.is(seen[0]?.length, 1);
});

flexible('what was taken for one who left does not pay for more than it is', async () => {
  const { ask, turns } = fleet((clock) => [{ limiter: counting(3, 60, clock).limiter }]);
  const controller = new AbortController();
  const asked = [ask({ signal: controller.signal }), ask({ cost: 3, maxWaitMs: 0 })];
  controller.abort();
  await settled();
  assert.equal(turns(asked), [undefined, undefined]);
  assert.ok(isRateLimited(asked[1]?.error));
});

flexible('no timer stays behind when all have left', async () => {
  const { time, ask } = fleet((clock) => [{ limiter: counting(1, 1, clock).limiter }]);
  const controller = new AbortController();
  for (let count = 0; count < 4; count += 1) ask({ signal: controller.signal });
  await settled();
  assert.is(time.pending(), 1);
  controller.abort();
  await settled();
  assert.is(time.pending(), 0);
});

flexible('holds a key back, tells those who may not wait that long, and asks the store nothing meanwhile', async () => {
  const seen: [string, number][][] = [];
  const { limiter, time, ask, turns } = fleet((clock) => {
    const { limiter: made, consumed } = counting(1, 1, clock);
    seen.push(consumed);
    return [{ limiter: made }];
  });
  const asked = [ask(), ask({ maxWaitMs: 2000 }), ask({ maxWaitMs: 4000 })];
  await time.advance(500);
  await limiter.penalize('a', 3000);
  await settled();
  assert.ok(isRateLimited(asked[1]?.error) && asked[1].error.retryAfterMs === 3000);
  asked.push(ask({ key: 'b' }));
  await time.advance(2900);
  assert.equal(seen[0]?.filter(([key]) => key === 'a:1000').length, 2);
  await time.advance(1000);
  assert.equal(turns(asked), [0, undefined, 3500, 500]);
});

flexible('a hold that nobody may wait for leaves no timer behind', async () => {
  const { limiter, time, ask } = fleet((clock) => [{ limiter: counting(1, 1, clock).limiter }]);
  const asked = [ask(), ask({ maxWaitMs: 2000 })];
  await settled();
  await limiter.penalize('a', 3000);
  await settled();
  assert.ok(isRateLimited(asked[1]?.error));
  assert.is(time.pending(), 0);
});

flexible('a hold tells those who may not wait that long while the store is still being asked', async () => {
  for (const slow of [hanging, counting(5, 60, Date.now).limiter]) {
    const { limiter, time, ask, turns } = fleet(() => [{ limiter: slow }]);
    const asked = [ask(), ask({ maxWaitMs: 10_000 })];
    await limiter.penalize('a', 8000);
    await settled();
    assert.ok(isRateLimited(asked[0]?.error));
    await time.advance(7999);
    assert.is(asked[1]?.grantedMs, undefined);
    await time.advance(1001);
    await settled();
    assert.equal(turns(asked), [undefined, slow === hanging ? 9000 : 8000]);
  }
});

flexible('who waited as long as allowed has the turn, also when the timer is late', async () => {
  const late = virtualTime();
  const startMs = late.clock();
  const { limiter } = fleet(() => [{ limiter: counting(1, 1, late.clock).limiter }], {
    clock: late.clock,
    sleep: (ms, signal) => late.sleep(ms + 7, signal),
  });
  const asked = [1, 2].map(() => watch(limiter.acquire({ key: 'a', maxWaitMs: 1000 }), late.clock));
  await late.advance(2000);
  assert.equal(
    asked.map(({ grantedMs = 0 }) => grantedMs - startMs),
    [0, 1007],
  );
});

flexible('remembers a key that is held, or for which the store is being asked', async () => {
  const { limiter, time, ask, turns } = fleet((clock) => [{ limiter: counting(5, 1, clock).limiter }]);
  await limiter.penalize('held', 4000);
  for (let index = 0; index < 10; index += 1) {
    ask({ key: `other ${index}` });
    await settled();
  }
  const asked = [ask({ key: 'held' })];
  await time.advance(5000);
  assert.equal(turns(asked), [4000]);

  const stuck = fleet(() => [{ limiter: hanging }]);
  for (const key of ['a', 'b', 'c', 'd', 'e']) stuck.ask({ key });
  await settled();
  assert.is(stuck.limiter.size, 5);
});

flexible('a clock that is set back lets nobody wait for longer than allowed', async () => {
  const { time, ask } = fleet((clock) => [{ limiter: counting(1, 60, clock).limiter }]);
  const asked = [ask()];
  await time.advance(58_000);
  asked.push(ask());
  await settled();
  time.clock.advance(-3_600_000);
  await time.advance(4000); // twice the wait that was known; then the store, whose clock went back too, says an hour
  assert.ok(isRateLimited(asked[1]?.error));
  assert.is(time.pending(), 0);
});

flexible('a clock that is set back makes nobody wait for longer than before', async () => {
  const { time, ask } = fleet((clock) => [{ limiter: counting(1, 1, clock).limiter, kind: 'aligned' }]);
  const asked = [ask(), ask()];
  await settled();
  const startMs = time.clock();
  time.clock.set(startMs - 3_600_000);
  await time.advance(2000);
  assert.ok(asked.every(({ grantedMs = Number.POSITIVE_INFINITY }) => grantedMs <= startMs));
});

flexible('forgets keys of which nothing counts', async () => {
  const { limiter, time, ask } = fleet((clock) => [{ limiter: counting(1, 1, clock).limiter }]);
  for (let index = 0; index < 100; index += 1) {
    ask({ key: `key ${index}` });
    await settled();
  }
  assert.ok(limiter.size <= 2, String(limiter.size));
  ask({ key: 'full' });
  ask({ key: 'full' });
  await settled();
  for (let index = 0; index < 10; index += 1) ask({ key: `other ${index}` });
  await time.advance(1000);
  assert.ok(limiter.size >= 1);
});

flexible('a store that fails costs the sharing, never the request', async () => {
  const offline = new Error('offline');
  for (const error of [
    offline,
    undefined,
    null,
    'text',
    {},
    { msBeforeNext: '5' },
    { msBeforeNext: Number.NaN },
    Object.assign(new Error('x'), { msBeforeNext: 5 }),
  ]) {
    const { ask, turns, failures } = fleet(() => [{ limiter: failing(error) }]);
    const asked = [ask(), ask(), ask({ maxWaitMs: 0 })];
    await settled();
    assert.equal(turns(asked), [0, 0, 0]);
    assert.equal(failures, [error]);
  }
});

flexible('a store that hangs is waited for as long as allowed, once for all', async () => {
  const { time, ask, turns, failures } = fleet(() => [{ limiter: hanging }]);
  const asked = [ask(), ask(), ask()];
  await time.advance(999);
  assert.equal(turns(asked), [undefined, undefined, undefined]);
  await time.advance(1);
  await settled();
  assert.equal(turns(asked), [1000, 1000, 1000]);
  assert.equal(failures, [undefined]);
});

flexible('an answer that came while the process stood still is none that is late', async () => {
  const failures: unknown[] = [];
  const slow: FlexibleLimiter = {
    points: 1,
    duration: 60,
    async consume() {
      await settled();
      const untilMs = performance.now() + 80;
      while (performance.now() < untilMs);
      await settled();
    },
  };
  const onStoreFailure = (error: unknown): unknown => failures.push(error);
  const options = { provider: 'sample', windows: [{ limiter: slow }], storeTimeoutMs: 40, onStoreFailure };
  await flexibleRateLimiter(options).acquire({ key: 'a' });
  assert.equal(failures, []);
});

flexible('a subscriber that throws changes nothing', async () => {
  const onStoreFailure = (): never => {
    throw new Error('not my day');
  };
  const { ask, turns } = fleet(() => [{ limiter: failing(new Error('offline')) }], { onStoreFailure });
  const asked = [ask()];
  await settled();
  assert.equal(turns(asked), [0]);
});

flexible('a timer that fails fails those who wait for it, and not those who have a turn', async () => {
  const failure = new Error('no timers here');
  const sleep = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => setImmediate(() => reject(signal.aborted ? signal.reason : failure)));
  const { ask, turns } = fleet((clock) => [{ limiter: counting(1, 1, clock).limiter }], { sleep });
  const asked = [ask(), ask()];
  for (let count = 0; count < 5; count += 1) await settled();
  assert.equal(turns(asked), [0, undefined]);
  assert.is(asked[1]?.error, failure);
});

flexible('a limiter that says to come back at once, and refuses again, is not asked in a tight loop', async () => {
  let count = 0;
  const limiter: FlexibleLimiter = {
    points: 1,
    duration: 1,
    consume: () => {
      count += 1;
      return Promise.reject({ msBeforeNext: -1 });
    },
  };
  const { time, ask } = fleet(() => [{ limiter }], { maxWaitMs: 1000 });
  const asked = ask();
  await time.advance(2000);
  assert.ok(count <= 101, String(count));
  assert.ok(isRateLimited(asked.error));
});

const wrong: readonly [name: string, options: Partial<FlexibleRateLimiterOptions>, message: RegExp][] = [
  ['no points', { windows: [{ limiter: { ...hanging, points: 0 } }] }, /^windows\[0\]\.limiter\.points must be/],
  ['half a point', { windows: [{ limiter: { ...hanging, points: 0.5 } }] }, /points/],
  [
    'a window without end',
    { windows: [{ limiter: hanging }, { limiter: { ...hanging, duration: 0 } }] },
    /^windows\[1\]\.limiter\.duration must be/,
  ],
  [
    'an aligned window of half seconds',
    { windows: [{ limiter: { ...hanging, duration: 1.5 }, kind: 'aligned' }] },
    /duration must be whole seconds/,
  ],
  ['an infinite window', { windows: [{ limiter: { ...hanging, duration: Number.POSITIVE_INFINITY } }] }, /duration/],
  ['a limiter that spreads its answers', { windows: [{ limiter: { ...hanging, execEvenly: true } }] }, /execEvenly/],
  [
    'another kind',
    { windows: [{ limiter: hanging, kind: 'sliding' as never }] },
    /kind must be 'from-first' or 'aligned'/,
  ],
  ['a store that has no time', { storeTimeoutMs: 0 }, /storeTimeoutMs must be from 1 to 60000, got 0/],
  ['a store that has an hour', { storeTimeoutMs: 3_600_000 }, /storeTimeoutMs/],
  ['a negative wait', { maxWaitMs: -1 }, /maxWaitMs/],
];

for (const [name, options, message] of wrong) {
  flexible(`refuses ${name}`, () => {
    assert.throws(
      () => flexibleRateLimiter({ provider: 'sample', windows: [{ limiter: hanging }], ...options }),
      (error: unknown) => error instanceof RangeError && message.test(error.message),
    );
  });
}

for (const windows of [[], undefined]) {
  flexible(`refuses ${JSON.stringify(windows)} for windows`, () => {
    assert.throws(
      () => flexibleRateLimiter({ provider: 'sample', windows: windows as never }),
      (error: unknown) => error instanceof TypeError && /windows must have at least one entry/.test(error.message),
    );
  });
}

flexible.run();

const library = suite('rate-limiter-flexible · with its own limiters');

library('its memory limiter grants what it has, and says when there is more', async () => {
  const limiter = flexibleRateLimiter({
    provider: 'sample',
    windows: [
      { limiter: new RateLimiterMemory({ points: 5, duration: 60 }) },
      { limiter: new RateLimiterMemory({ points: 100, duration: 3600 }) },
    ],
  });
  const asked = await Promise.allSettled(Array.from({ length: 8 }, () => limiter.acquire({ key: 'a' })));
  assert.is(asked.filter(({ status }) => status === 'fulfilled').length, 5);
  for (const outcome of asked) {
    if (outcome.status === 'fulfilled') continue;
    assert.ok(isRateLimited(outcome.reason));
    const { retryAfterMs = 0 } = outcome.reason;
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 60_000, String(retryAfterMs));
  }
});

library('its memory limiter grants once more when its window has passed', async () => {
  const limiter = flexibleRateLimiter({
    provider: 'sample',
    windows: [{ limiter: new RateLimiterMemory({ points: 1, duration: 0.02 }) }],
  });
  for (let count = 0; count < 4; count += 1) await limiter.acquire({ key: 'a' });
});

library.run();

interface Connection {
  readonly client: unknown;
  close(): Promise<unknown>;
}

/** The clients that its Redis limiter takes. */
const clients: readonly [name: string, connect: (url: string) => Promise<Connection>, useRedisPackage: boolean][] = [
  [
    'ioredis',
    async (url) => {
      const client = new Redis(url, { connectTimeout: 60_000 });
      return { client, close: () => client.quit() };
    },
    false,
  ],
  [
    'redis',
    async (url) => {
      const client = createNodeRedis({ url, socket: { connectTimeout: 60_000 } });
      await client.connect();
      return { client, close: () => client.close() };
    },
    true,
  ],
];

const redis = suite('rate-limiter-flexible · with its Redis limiter');
const server = await openRedis();
if (server === undefined) leaveOut('the Redis limiter of rate-limiter-flexible', 'no REDIS_URL and no redis-server');

for (const [name, connect, useRedisPackage] of server === undefined ? [] : clients) {
  redis(`two processes share five requests a minute, through ${name}`, async () => {
    const connections = [await connect(server?.url ?? ''), await connect(server?.url ?? '')];
    try {
      const time = virtualTime(Date.UTC(2026, 0, 1, 0, 0, 58));
      const keyPrefix = `x-test-${randomToken(9)}`;
      const failures: unknown[] = [];
      const processes = connections.map(({ client: storeClient }) => {
        const limiter = new RateLimiterRedis({ storeClient, keyPrefix, points: 5, duration: 60, useRedisPackage });
        return flexibleRateLimiter({
          provider: 'sample',
          windows: [{ limiter, kind: 'aligned' }],
          maxWaitMs: 0,
          clock: time.clock,
          sleep: time.sleep,
          onStoreFailure: (error) => failures.push(error),
        });
      });
      const ask = (): Promise<PromiseSettledResult<void>[]> =>
        Promise.allSettled(
          [...processes, ...processes, ...processes, ...processes].map((one) => one.acquire({ key: 'a' })),
        );

      const asked = await ask();
      assert.is(asked.filter(({ status }) => status === 'fulfilled').length, 5);
      for (const outcome of asked) {
        if (outcome.status === 'fulfilled') continue;
        assert.ok(isRateLimited(outcome.reason) && outcome.reason.retryAfterMs === 2000);
      }
      time.clock.advance(2000);
      assert.is((await ask()).filter(({ status }) => status === 'fulfilled').length, 5);
      assert.equal(failures, []);
    } finally {
      for (const { close } of connections) await close();
    }
  });
}

redis.run();
