import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withAwakeDeadline } from '../src/awake-deadline.ts';

const deadline = suite('awake-deadline');

/** Keeps this process from doing anything else. */
function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

deadline('gives the value of what ends in time', async () => {
  assert.equal(await withAwakeDeadline(1000, async () => 7), { ok: true, value: 7 });
});

deadline('ends what does not, and tells it', async () => {
  const startedMs = performance.now();
  let told: AbortSignal | undefined;
  const result = await withAwakeDeadline(80, (signal) => {
    told = signal;
    return new Promise(() => {});
  });
  assert.equal(result, { ok: false, reason: 'deadline' });
  assert.ok(told?.aborted);
  assert.ok(performance.now() - startedMs >= 75);
});

deadline('an answer that came while the process stood still counts', async () => {
  const reading = withAwakeDeadline(100, () => readFile(new URL(import.meta.url), 'utf8'));
  standStill(300);
  assert.is((await reading).ok, true);
});

deadline('what fails passes through, in time or not at all', async () => {
  await withAwakeDeadline(1000, async () => {
    throw new RangeError('no');
  }).then(
    () => assert.unreachable(),
    (error: unknown) => assert.instance(error, RangeError),
  );
  const late = withAwakeDeadline(20, () => new Promise((_, reject) => setTimeout(reject, 60)));
  assert.is((await late).ok, false);
  await new Promise((resolve) => setTimeout(resolve, 80));
});

deadline.run();
