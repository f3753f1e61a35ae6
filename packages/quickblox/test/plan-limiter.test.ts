import { isRateLimited, ResponseError, XError } from '@x/http';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPlanLimiter, type QuickBloxPlan } from '../src/index.ts';
import { getUser } from '../src/resources/users.ts';
import { count, createRig } from './harness.ts';

const limiter = suite('quickblox · createPlanLimiter');

/** QuickBlox fact sheet §7, "rate limit". */
const plans: readonly [plan: QuickBloxPlan, callsPerSecond: number][] = [
  ['basic', 80],
  ['starter', 120],
  ['growth', 160],
];
for (const [plan, callsPerSecond] of plans) {
  limiter(`lets ${callsPerSecond} calls a second pass for ${plan}`, async () => {
    const clock = manualClock();
    const line = createPlanLimiter(plan, { clock, maxWaitMs: 0 });
    assert.ok(line !== undefined);
    for (let call = 0; call < callsPerSecond; call += 1) await line.acquire({ key: 'quickblox' });
    await rejects(line.acquire({ key: 'quickblox' }), XError, 'http.rate-limited');
    clock.advance(1_100); // a window of that size may let go a little late
    await line.acquire({ key: 'quickblox' });
  });
}

limiter('has no limit for enterprise, and knows no other plan', () => {
  assert.is(createPlanLimiter('enterprise'), undefined);
  assert.throws(() => createPlanLimiter('free' as never), /plan must be one of basic, starter, growth, enterprise/);
  assert.throws(() => createPlanLimiter('toString' as never), /plan must be one of/);
  assert.throws(() => createPlanLimiter('basic', { maxWaitMs: -1 }), /maxWaitMs/);
});

limiter.run();

const client = suite('quickblox · rateLimiter');

client('holds back all that goes to QuickBlox, sessions and keys alike', async () => {
  const clock = manualClock();
  const rateLimiter = createPlanLimiter('basic', { clock, maxWaitMs: 0 });
  const { quickblox, calls } = createRig({ client: { rateLimiter, clock } });
  const sessionClient = quickblox.session().client;
  const keyClient = quickblox.server().client;
  const asked = Array.from({ length: 100 }, (_, index) => getUser(index % 2 === 0 ? sessionClient : keyClient, 7));
  const results = await Promise.allSettled(asked);
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.is(calls().length, 80);
  assert.is(refused.length, 21, 'the session took a call too');
  assert.ok(refused.every(isRateLimited));
});

client('waits for its turn instead, where it may', async () => {
  const clock = manualClock();
  const rateLimiter = createPlanLimiter('basic', {
    clock,
    sleep: async (ms) => {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(ms);
    },
  });
  const { quickblox, calls } = createRig({ client: { rateLimiter, clock } });
  const { client: key } = quickblox.server();
  await Promise.all(Array.from({ length: 200 }, () => getUser(key, 7)));
  assert.is(count(calls(), 'GET /users/7.json 200'), 200);
});

client('holds back after a 429, and leaves other hosts alone', async () => {
  const clock = manualClock();
  const rateLimiter = createPlanLimiter('growth', { clock, maxWaitMs: 0 });
  const { quickblox, emulator } = createRig({ client: { rateLimiter, clock } });
  const { client: key } = quickblox.server();
  emulator.faults.add({ kind: 'status', status: 429 });
  await rejects(getUser(key, 7), Error, 'quickblox.rate-limited');
  await rejects(getUser(key, 7), XError, 'http.rate-limited');
  await rejects(Promise.resolve(key.get('https://storage.example/x')), ResponseError, 'http.not-found');
  clock.advance(1_000);
  assert.is((await getUser(key, 7)).id, 7);
});

client('is none unless it is given, and is checked', async () => {
  const { quickblox, calls } = createRig();
  const { client: key } = quickblox.server();
  await Promise.all(Array.from({ length: 500 }, () => getUser(key, 7)));
  assert.is(calls().length, 500);
  assert.throws(
    () => createRig({ client: { rateLimiter: {} as never } }),
    /^rateLimiter must have acquire and penalize/,
  );
});

client.run();
