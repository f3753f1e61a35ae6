import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../src/memory-store.ts';
import { createOrderedStore, type OrderedStore } from '../src/ordered-store.ts';
import { createLiveness } from '../src/server/liveness.ts';

const ordered = suite('ordered-store');

function scene(
  timeoutMs = 60_000,
  liveness = createLiveness(),
): { readonly attempt: OrderedStore; readonly failures: () => number } {
  let failures = 0;
  const onFailure = (): void => {
    failures += 1;
  };
  return {
    attempt: createOrderedStore({ store: memoryStore(), timeoutMs, liveness, onFailure }),
    failures: () => failures,
  };
}

ordered('gives what the operation gave, also when that is nothing', async () => {
  const { attempt, failures } = scene();
  await attempt((store) => store.set('key', 7));
  assert.equal(await attempt((store) => store.get('key')), { result: 7 });
  assert.equal(await attempt((store) => store.get('other')), { result: undefined });
  assert.is(failures(), 0);
});

ordered('begins no operation before the one that was asked for earlier has ended, well or not', async () => {
  const { attempt, failures } = scene();
  const steps: string[] = [];
  let end = (): void => {};
  const first = attempt(async () => {
    steps.push('first begins');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    steps.push('first ends');
    throw new Error('no');
  });
  const second = attempt(async () => steps.push('second'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(steps, ['first begins']);
  end();
  assert.is(await first, undefined);
  assert.equal(await second, { result: 3 });
  assert.equal(steps, ['first begins', 'first ends', 'second']);
  assert.is(failures(), 1);
});

ordered('one that throws at once, or that never ends, is given up, and told once', async () => {
  const { attempt, failures } = scene(20);
  const broken = await attempt(() => {
    throw new Error('at once');
  });
  assert.is(broken, undefined);
  assert.is(failures(), 1);
  let told: AbortSignal | undefined;
  const hanging = await attempt((_, signal) => {
    told = signal;
    return new Promise(() => {});
  });
  assert.is(hanging, undefined);
  assert.is(failures(), 2);
  assert.is(told?.aborted, true);
  assert.equal(await attempt(async () => 'next'), { result: 'next' });
});

ordered('nobody waits for one that ended with the request that began it', async () => {
  let isFirst = true;
  const liveness = createLiveness({ silenceMs: 16, setTimer: (ring, ms) => setTimeout(isFirst ? () => {} : ring, ms) });
  const { attempt } = scene(60_000, liveness);
  attempt(() => new Promise(() => {}));
  isFirst = false;
  assert.equal(await attempt(async () => 'next'), { result: 'next' });
});

ordered('without a store nothing begins, and nothing has failed', async () => {
  const attempt = createOrderedStore({
    ...{ store: undefined, timeoutMs: 1, liveness: createLiveness() },
    onFailure: () => assert.unreachable(),
  });
  assert.is(await attempt(async () => assert.unreachable()), undefined);
});

ordered.run();
