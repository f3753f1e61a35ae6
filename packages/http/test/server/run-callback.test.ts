import { getEventListeners } from 'node:events';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCallback } from '../../src/server/run-callback.ts';

const callback = suite('run callback');
const long = { deadlineMs: 60_000 };

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', note);

const given: readonly [name: string, run: () => unknown][] = [
  ['a value', () => 7],
  ['a promise', async () => 7],
  ['a thenable', () => thenable((resolve) => resolve(7))],
];
for (const [name, run] of given) {
  callback(`gives what comes of ${name}`, async () => {
    assert.equal(await runCallback(run, long), { ok: true, value: 7 });
  });
}

const error = new Error('mine');
const failures: readonly [name: string, run: () => unknown, error: unknown][] = [
  ['throws', () => raise(error), error],
  ['rejects', () => Promise.reject(error), error],
  ['throws undefined', () => raise(undefined), undefined],
  ['rejects with a text', () => Promise.reject('text'), 'text'],
  ['gives a thenable that throws', () => thenable(() => raise(error)), error],
  [
    'gives a promise whose then cannot be read',
    () => Object.defineProperty({}, 'then', { get: () => raise(error) }),
    error,
  ],
];
for (const [name, run, thrown] of failures) {
  callback(`tells the error of one that ${name}`, async () => {
    const { signal } = new AbortController();
    const result = await runCallback(run, { ...long, signal });
    assert.equal([result.ok, !result.ok && result.reason], [false, 'failed']);
    assert.is(!result.ok && result.reason === 'failed' && result.error, thrown);
    assert.is(getEventListeners(signal, 'abort').length, 0);
  });
}

callback('does not wait for one that hangs, and tells it so', async () => {
  let told: AbortSignal | undefined;
  const hanging = (signal: AbortSignal): Promise<never> => {
    told = signal;
    return new Promise(() => {});
  };
  assert.equal(await runCallback(hanging, { deadlineMs: 5 }), { ok: false, reason: 'deadline' });
  assert.is(told?.aborted, true);
});

callback('ends with the request, and begins nothing for one that has gone', async () => {
  const controller = new AbortController();
  let calls = 0;
  const result = runCallback(
    () => {
      calls += 1;
      return new Promise(() => {});
    },
    { ...long, signal: controller.signal },
  );
  controller.abort();
  assert.equal(await result, { ok: false, reason: 'aborted' });
  const { signal } = controller;
  assert.equal(await runCallback(() => (calls += 1), { ...long, signal }), { ok: false, reason: 'aborted' });
  assert.is(calls, 1);
});

callback('one that throws because it was told to end has not failed', async () => {
  const obedient = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  assert.equal(await runCallback(obedient, { deadlineMs: 5 }), { ok: false, reason: 'deadline' });
});

callback('what comes after the end changes nothing and stays no unhandled rejection', async () => {
  for (const end of [0, 1] as const) {
    let ends: readonly ((value: unknown) => void)[] = [];
    const late = (): Promise<unknown> =>
      new Promise((...both) => {
        ends = both;
      });
    const result = await runCallback(late, { deadlineMs: 5 });
    ends[end]?.(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(result, { ok: false, reason: 'deadline' });
  }
  assert.equal(unhandled, []);
});

callback('refuses a time that a timer cannot keep, which is no failure of the callback', async () => {
  await rejects(
    runCallback(() => 7, { deadlineMs: Number.NaN }),
    RangeError,
    /ms must be from 0 to 2147483647/,
  );
  process.off('unhandledRejection', note);
});

function thenable(then: (resolve: (value: number) => void) => void): unknown {
  return Object.fromEntries([['then', then]]);
}

function raise(thrown: unknown): never {
  throw thrown;
}

callback.run();
