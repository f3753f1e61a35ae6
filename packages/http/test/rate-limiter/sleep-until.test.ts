import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sleepUntilTurn } from '../../src/rate-limiter/sleep-until.ts';
import { createWaiter } from '../../src/rate-limiter/waiter.ts';
import { settled, virtualTime } from './virtual-time.ts';

const sleeping = suite('sleep-until · sleepUntilTurn');

function waiting() {
  const time = virtualTime(0);
  const request = { key: 'a' };
  const made = createWaiter({ provider: 'sample', request, maxCost: 1, maxWaitMs: 5000, nowMs: 0, onLeave: () => {} });
  made.turn.catch(() => {});
  const rung: number[] = [];
  const onRing = (): void => {
    rung.push(time.clock());
    if (rung.length === 3) made.waiter.grant();
  };
  return { ...made, time, rung, onRing };
}

sleeping('rings when the turn is expected, again while it does not come, and ends with it', async () => {
  const { waiter, time, rung, onRing } = waiting();
  const ended = sleepUntilTurn(waiter, { ...time, onRing });
  await settled();
  assert.is(time.pending(), 0, 'nobody has said when');
  waiter.expect(1000);
  await time.advance(2000);
  await ended;
  assert.equal(rung, [1000, 1001, 1002]);
  assert.is(time.pending(), 0);
});

sleeping('wakes for an earlier turn, and sleeps on for a later one', async () => {
  const { waiter, time, rung, onRing } = waiting();
  void sleepUntilTurn(waiter, { ...time, onRing });
  waiter.expect(1000);
  await time.advance(100);
  waiter.expect(300);
  await time.advance(150);
  waiter.expect(900);
  await time.advance(50);
  assert.equal(rung, [300], 'the timer that was set');
  await time.advance(650);
  assert.equal(rung.slice(0, 2), [300, 900]);
});

sleeping('a timer that throws at once fails the waiter', async () => {
  const { waiter, turn, time, onRing } = waiting();
  const failure = new Error('no timers here');
  waiter.expect(1000);
  await sleepUntilTurn(waiter, {
    ...time,
    onRing,
    sleep: () => {
      throw failure;
    },
  });
  assert.is(await turn.catch((error: unknown) => error), failure);
});

sleeping.run();
