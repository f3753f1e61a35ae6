import { getEventListeners } from 'node:events';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withDeadline } from '../../src/server/deadline.ts';
import { settled } from '../gated-store.ts';

const deadline = suite('deadline · withDeadline');
const never = (): Promise<never> => new Promise(() => {});

deadline('gives the value of work that is done in time, and leaves nothing behind', async () => {
  const { signal } = new AbortController();
  let given: AbortSignal | undefined;
  const result = await withDeadline(60_000, signal, async (own) => {
    given = own;
    return 7;
  });
  assert.equal(result, { ok: true, value: 7 });
  assert.is(given?.aborted, false);
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

deadline('ends work that takes too long, not before its time, and tells it', async () => {
  for (const ms of [10, 50]) {
    const startedMs = performance.now();
    let given: AbortSignal | undefined;
    const result = await withDeadline(ms, undefined, (own) => {
      given = own;
      return never();
    });
    assert.equal(result, { ok: false, reason: 'deadline' });
    assert.ok(given?.aborted);
    assert.ok(performance.now() - startedMs >= ms - 2, 'a timer is early by what clocks round');
  }
});

deadline('counts an answer that came while the process stood still', async () => {
  await settled(); // timers that are due ring before what is begun after it ends
  const done = withDeadline(100, undefined, () => settled());
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  assert.equal(await done, { ok: true, value: undefined });
});

deadline('ends work when its caller gives up', async () => {
  const controller = new AbortController();
  let given: AbortSignal | undefined;
  const result = withDeadline(60_000, controller.signal, (own) => {
    given = own;
    return never();
  });
  controller.abort();
  assert.equal(await result, { ok: false, reason: 'aborted' });
  assert.ok(given?.aborted);
});

deadline('work that rejects when told to end changes nothing', async () => {
  const result = await withDeadline(
    10,
    undefined,
    (own) =>
      new Promise((_, reject) => {
        own.addEventListener('abort', () => reject(own.reason));
      }),
  );
  assert.equal(result, { ok: false, reason: 'deadline' });
});

deadline('refuses a time that a timer cannot keep, and begins nothing', async () => {
  for (const ms of [2_147_483_648, 1e12, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
    let begun = false;
    const work = withDeadline(ms, undefined, async () => {
      begun = true;
    });
    await rejects(work, RangeError, /ms must be from 0 to 2147483647/);
    assert.is(begun, false);
  }
  assert.equal(await withDeadline(2_147_483_647, undefined, async () => 7), { ok: true, value: 7 });
});

deadline('begins nothing for a caller who has given up already', async () => {
  let begun = false;
  const result = await withDeadline(10, AbortSignal.abort(), async () => {
    begun = true;
  });
  assert.equal(result, { ok: false, reason: 'aborted' });
  assert.is(begun, false);
});

deadline('a failure in time passes through, however it comes', async () => {
  const { signal } = new AbortController();
  await rejects(
    withDeadline(60_000, signal, async () => {
      throw new RangeError('mine');
    }),
    RangeError,
    /mine/,
  );
  await rejects(
    withDeadline(60_000, signal, () => {
      throw new RangeError('at once');
    }),
    RangeError,
    /at once/,
  );
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

deadline('a failure after the end bothers nobody', async () => {
  let fail = (_: Error): void => {};
  const result = await withDeadline(
    5,
    undefined,
    () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  );
  fail(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(result, { ok: false, reason: 'deadline' });
});

deadline.run();
