import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTurnWait } from '../src/turn-wait.ts';

const turnWait = suite('turn-wait');

const leaseMs = 10_000;
const longestMs = 500;

/** Pauses until it is over; the holder is whoever has the turn after so many milliseconds. */
async function waited(holderAt: (ms: number) => string | undefined): Promise<number> {
  let ms = 0;
  const sleep = async (pauseMs: number): Promise<void> => {
    ms += pauseMs;
  };
  const { pause } = createTurnWait({ leaseMs, random: seededRandom(1), sleep });
  while (await pause(holderAt(ms)));
  const before = ms;
  assert.is(await pause(holderAt(ms)), false, 'it stays over');
  assert.is(ms, before, 'and is told at once');
  return ms;
}

for (const [who, holderAt, turns] of [
  ['one', () => 'a', 1],
  ['one that is not known', () => undefined, 1],
  ['one that is known only later', (ms) => (ms > 5000 ? 'a' : undefined), 1],
  ['one that is known only at first', (ms) => (ms > 5000 ? undefined : 'a'), 1],
  ['one, and then another', (ms) => (ms >= leaseMs - longestMs ? 'b' : 'a'), 2],
  ['one, nobody, and then another', (ms) => (ms < 3000 ? 'a' : ms < 6000 ? undefined : 'b'), 2],
  ['another one each time', (ms) => `holder ${ms}`, 2],
  ['two that alternate', (ms) => (Math.floor(ms / 1000) % 2 === 0 ? 'a' : 'b'), 2],
] as readonly (readonly [who: string, holderAt: (ms: number) => string | undefined, turns: number])[]) {
  turnWait(`waits for ${who} as long as ${turns === 1 ? 'a turn lasts' : 'two turns last'}`, async () => {
    const ms = await waited(holderAt);
    assert.ok(ms >= turns * leaseMs && ms < turns * leaseMs + longestMs, `${ms} ms`);
  });
}

turnWait.run();
