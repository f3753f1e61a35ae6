import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../../src/memory-store.ts';
import type { RenewableCredential } from '../../src/renewable-credential-options.ts';
import type { Store } from '../../src/store-contract.ts';
import { settled } from '../gated-store.ts';
import { bench, type Gate, gate, type Session, sentAs, slide, stored, storeForOthers, told } from './bench.ts';

const sliding = suite('renewable-credential · observe');

sliding('an answer slides the expiry', async () => {
  const { credential, clock, issued } = bench({ observe: slide });
  const value = await credential.get();
  clock.advance(3_500_000);
  credential.observe?.(told(clock() + 3_600_000), sentAs(value));
  clock.advance(3_500_000);
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

sliding('an answer to an older value changes nothing', async () => {
  const { credential } = bench({ observe: slide });
  await credential.get();
  const before = credential.peek();
  credential.observe?.(told(1), { 'x-token': 'older' });
  credential.observe?.({ status: 200, headers: new Headers() }, sentAs({ token: 't1' }));
  assert.is(credential.peek(), before);
});

sliding('the store hears of it when it is worth a write, and only then', async () => {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  let writes = 0;
  const store: Store = {
    ...inner,
    set: (...call) => {
      writes += 1;
      return inner.set(...call);
    },
    compareAndSet: (key, ...rest) => {
      if (key === 'sample/1') writes += 1;
      return inner.compareAndSet(key, ...rest);
    },
  };
  const { credential } = bench({ store, clock, observe: slide });
  const value = await credential.get();
  const untilMs = value.expiresAtMs ?? 0;
  assert.is(writes, 2, 'the beginning of the turn, and its end');
  for (let n = 1; n < 60; n += 1) credential.observe?.(told(untilMs + n * 1000), sentAs(value));
  await settled();
  assert.is(writes, 2);
  for (let n = 60; n < 70; n += 1) credential.observe?.(told(untilMs + n * 1000), sentAs(value));
  await settled();
  assert.is(writes, 3);
  assert.is((await stored(inner))?.expiresAtMs, untilMs + 60_000);
  credential.observe?.(told(untilMs + 120_000), sentAs(value));
  await settled();
  assert.is((await stored(inner))?.expiresAtMs, untilMs + 120_000, 'and of the next one');
});

sliding('a slid value does not displace what another process has put into the store', async () => {
  const store = memoryStore();
  const { credential } = bench({ store, observe: slide });
  const value = await credential.get();
  await storeForOthers(store, { token: 'newer' });
  credential.observe?.(told((value.expiresAtMs ?? 0) + 1_000_000), sentAs(value));
  await settled();
  assert.equal(await stored(store), { token: 'newer' });
});

for (const renewal of ['repeatable', 'rotating'] as const) {
  for (const [who, index] of [
    ['the process that renews it', 0],
    ['another one', 1],
  ] as const) {
    sliding(`${renewal}: a value that ${who} slides while it is renewed has its successor all the same`, async () => {
      const clock = manualClock();
      const store = memoryStore({ clock });
      const gates: Gate[] = [];
      const previous: (string | undefined)[] = [];
      const member = (): RenewableCredential<Session> =>
        bench({
          store,
          clock,
          renewal,
          observe: slide,
          async issue(context) {
            previous.push(context.previous?.token);
            const token = `t${previous.length}`;
            const own = gate();
            gates.push(own);
            if (previous.length === 2) await own.passed;
            return { token, expiresAtMs: clock() + 3_600_000 };
          },
        }).credential;
      const [one, two] = [member(), member()];
      const first = await one.get();
      await two.get();
      clock.advance(3_540_000);
      await one.get();
      await settled();
      await two.find();
      await two.get();
      await settled();
      [one, two][index]?.observe?.(told(clock() + 3_600_000), sentAs(first));
      await settled();
      assert.equal(await stored(store), { token: 't1', expiresAtMs: clock() + 3_600_000 }, 'others hear of it at once');
      gates[1]?.open();
      await settled();
      assert.is(one.peek()?.token, 't2');
      assert.is((await stored(store))?.token, 't2');
      clock.advance(3_600_000);
      assert.is((await one.get()).token, 't3');
      assert.equal(previous, [undefined, 't1', 't2']);
    });
  }
}

sliding('without an own opinion nothing changes', async () => {
  const { credential } = bench();
  const value = await credential.get();
  credential.observe?.(told(1), sentAs(value));
  assert.is(credential.peek(), value);
});

sliding.run();
