import type { JsonValue } from '@x/crypto/light';
import { type Chance, createChance } from './chance.ts';
import { batteryFailure } from './expect.ts';
import { describeOperation, drawOperation, perform, predict } from './operation.ts';
import type { Check, CheckContext } from './store-under-test.ts';

interface Held {
  readonly value: JsonValue | undefined;
  /** In ticks of the battery's own clock. */
  readonly endsAt: number;
}

const keys: readonly [string, ...string[]] = ['a', 'A', 'a/b', '__proto__'];

/** A long random life, one call after another, in which every answer must be the model's. */
export const modelChecks: readonly Check[] = [
  {
    name: 'answers a random sequence of calls as the model does',
    check: (context) => followModel(context, undefined),
  },
  {
    name: 'answers a random sequence of calls and clock jumps as the model does',
    needs: 'advance',
    check: (context) => followModel(context, context.advance),
  },
];

async function followModel(
  { store, peer, seed, rounds, tickMs }: CheckContext,
  advance: CheckContext['advance'],
): Promise<void> {
  const chance = createChance(seed);
  const model = new Map<string, Held>();
  let now = 0;
  for (let round = 0; round < rounds; round += 1) {
    if (advance !== undefined && chance.below(5) === 0) {
      const ticks = 1 + chance.below(3);
      await advance(ticks * tickMs);
      now += ticks;
    }
    const key = chance.pick(keys);
    const before = model.get(key);
    const held = before !== undefined && before.endsAt > now ? before.value : undefined;
    const operation = drawOperation(chance, held);
    const lifeTicks = advance === undefined ? undefined : drawLife(chance);
    const expected = predict(held, operation);
    const ttlMs = lifeTicks === undefined ? undefined : lifeTicks * tickMs;
    const answer = await perform(chance.below(2) === 0 ? store : peer, key, operation, ttlMs);
    if (answer !== expected.answer) {
      const call = `${describeOperation(operation)} of ${JSON.stringify(key)}`;
      throw batteryFailure(`seed ${seed}, call ${round}, ${call}: expected ${expected.answer}, got ${answer}`);
    }
    if (expected.written) {
      const endsAt = lifeTicks === undefined ? Number.POSITIVE_INFINITY : now + lifeTicks;
      model.set(key, { value: expected.held, endsAt });
    }
  }
}

/** Half ticks, so that no life ends at the very moment of a call. */
function drawLife(chance: Chance): number | undefined {
  return chance.below(2) === 0 ? undefined : chance.below(5) + 0.5;
}
