import { misbehaviours } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keepGoing } from '../../src/server/keep-going.ts';
import { settled } from '../gated-store.ts';

const kept = suite('server · keepGoing');

kept('hands the platform what ends with the work, and fails with nothing', async () => {
  const told: Promise<void>[] = [];
  const waitUntil = (work: Promise<void>): number => told.push(work);
  keepGoing(Promise.resolve(7), waitUntil);
  keepGoing(Promise.reject(new Error('no')), waitUntil);
  assert.equal(await Promise.all(told), [undefined, undefined]);
  let end = (): void => {};
  keepGoing(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
    waitUntil,
  );
  let isOver = false;
  const over = told[2]?.then(() => {
    isOver = true;
  });
  await settled();
  assert.is(isOver, false);
  end();
  await over;
  assert.is(isOver, true);
});

kept('asks nothing without a way to, and leaves no rejection unhandled', async () => {
  keepGoing(Promise.reject(new Error('no')), undefined);
  await settled();
});

for (const [name, waitUntil] of misbehaviours('m4rk3r')) {
  kept(`does not mind a platform that ${name}`, async () => {
    keepGoing(Promise.resolve(), waitUntil);
    await settled();
  });
}

kept.run();
