import type { JsonValue } from '@x/crypto/light';
import type { Store } from '../store-contract.ts';
import { createChance } from './chance.ts';
import { batteryFailure, expectSame, textOf } from './expect.ts';
import { describeOperation, drawOperation, type Operation, perform, predict } from './operation.ts';
import type { Check } from './store-under-test.ts';

interface Answered {
  readonly operation: Operation;
  readonly answer: string;
}

/** What a store promises to callers who come at the same time; where there is a peer, half of them come through it. */
export const concurrencyChecks: readonly Check[] = [
  {
    name: 'lets exactly one of fifty add a value',
    async check({ store, peer }) {
      const contenders = Array.from({ length: 50 }, (_, index) => index);
      const results = await Promise.all(
        contenders.map((index) => either(index, store, peer).compareAndSet('key', undefined, index)),
      );
      const winners = contenders.filter((index) => results[index]);
      expectSame(winners.length, 1, 'winners');
      expectSame(await peer.get('key'), winners[0], 'get');
    },
  },
  {
    name: 'loses no increment of a shared counter',
    async check({ store, peer }) {
      const workers = 6;
      const increments = 8;
      await store.set('counter', { count: 0 });
      await Promise.all(
        Array.from({ length: workers }, async (_, worker) => {
          const own = either(worker, store, peer);
          for (let done = 0; done < increments; ) {
            const seen = (await own.get('counter')) as { readonly count: number };
            if (await own.compareAndSet('counter', seen, { count: seen.count + 1 })) done += 1;
          }
        }),
      );
      expectSame(await store.get('counter'), { count: workers * increments }, 'the counter');
    },
  },
  {
    name: 'never lets two hold a lease at once',
    async check({ store, peer }) {
      let holders = 0;
      let taken = 0;
      await Promise.all(
        Array.from({ length: 6 }, async (_, worker) => {
          const own = either(worker, store, peer);
          const mine = `worker ${worker}`;
          for (let attempt = 0; attempt < 12; attempt += 1) {
            if (!(await own.compareAndSet('lease', undefined, mine))) continue;
            holders += 1;
            taken += 1;
            expectSame(holders, 1, 'holders');
            expectSame(await own.get('lease'), mine, 'the owner of the lease');
            holders -= 1;
            expectSame(await own.compareAndSet('lease', mine, undefined), true, 'the release');
            expectSame(await own.compareAndSet('lease', mine, undefined), false, 'a second release');
          }
        }),
      );
      if (taken === 0) throw batteryFailure('nobody ever got the lease');
      expectSame(await store.get('lease'), undefined, 'the lease in the end');
    },
  },
  {
    name: 'answers calls at the same time as if they had come in some order',
    async check({ store, peer, seed, rounds }) {
      const chance = createChance(seed);
      let held: JsonValue | undefined;
      for (let batch = 0; batch < Math.ceil(rounds / 5); batch += 1) {
        const operations = Array.from({ length: 2 + chance.below(4) }, () => drawOperation(chance, held));
        const answers = await Promise.all(
          operations.map((operation, index) => perform(either(index, store, peer), 'key', operation)),
        );
        const after = await store.get('key');
        const answered = operations.map((operation, index) => ({ operation, answer: answers[index] ?? '' }));
        if (!hasOrder(held, answered, textOf(after))) {
          const calls = answered.map(({ operation, answer }) => `${describeOperation(operation)} → ${answer}`);
          throw batteryFailure(
            `seed ${seed}, batch ${batch}: no order of [${calls.join(', ')}] leads from ${textOf(held)} to ${textOf(after)}`,
          );
        }
        held = after;
      }
    },
  },
];

/** Whether the calls, made one after another in some order, would have answered the same and left the same. */
function hasOrder(held: JsonValue | undefined, calls: readonly Answered[], final: string): boolean {
  if (calls.length === 0) return textOf(held) === final;
  return calls.some(({ operation, answer }, index) => {
    const predicted = predict(held, operation);
    const others = calls.filter((_, other) => other !== index);
    return predicted.answer === answer && hasOrder(predicted.held, others, final);
  });
}

function either(index: number, store: Store, peer: Store): Store {
  return index % 2 === 0 ? store : peer;
}
