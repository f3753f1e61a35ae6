import { RequestError } from '@x/http';
import { createLiveness } from '@x/http/server';
import { rejects, withVirtualTimers } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTurns } from '../src/turns.ts';
import { createGate } from './harness.ts';

const turns = suite('quickblox · turns');

turns('come one after the other, each with its sweep, also after one that failed', async () => {
  const done: string[] = [];
  const takeTurn = createTurns(async () => void done.push('sweep'), createLiveness());
  const step = (name: string) => async () => {
    await Promise.resolve();
    done.push(name);
    if (name === 'b') throw new RangeError('b failed');
    return name;
  };
  const [a, b, c] = [takeTurn(step('a'), {}), takeTurn(step('b'), {}), takeTurn(step('c'), {})];
  await rejects(b, RangeError, /b failed/);
  assert.equal([await a, await c], ['a', 'c']);
  assert.equal(done, ['a', 'sweep', 'b', 'sweep', 'c', 'sweep']);
});

turns('do not begin for who has given up by then, and tell so at once', async () => {
  const first = createGate();
  const begun: string[] = [];
  const takeTurn = createTurns(async () => {}, createLiveness());
  const controller = new AbortController();
  const one = takeTurn(() => first.opened, {});
  const two = takeTurn(async () => void begun.push('two'), controller);
  controller.abort();
  await rejects(two, RequestError, 'http.aborted');
  const three = takeTurn(async () => void begun.push('three'), {});
  first.open();
  await Promise.all([one, three]);
  assert.equal(begun, ['three']);
  await rejects(
    takeTurn(async () => void begun.push('four'), { signal: AbortSignal.abort() }),
    RequestError,
    'http.aborted',
  );
  assert.equal(begun, ['three']);
});

turns('wait for their sweep, but not for longer than their caller does', async () => {
  const sweeping = createGate();
  const takeTurn = createTurns(() => sweeping.opened, createLiveness());
  const controller = new AbortController();
  let hasEnded = false;
  const one = takeTurn(async () => 'done', controller);
  one.then(() => {
    hasEnded = true;
  });
  await new Promise(setImmediate);
  assert.is(hasEnded, false);
  controller.abort();
  assert.is(await one, 'done', 'what the step came to stands');
  const two = takeTurn(async () => 'next', {});
  sweeping.open();
  assert.is(await two, 'next');
});

turns('do not wait for one that ended with the request that began it', () =>
  withVirtualTimers(async ({ advance, die }) => {
    const takeTurn = createTurns(async () => {}, createLiveness());
    takeTurn(() => new Promise(() => {}), {});
    die();
    let hasBegun = false;
    const two = takeTurn(async () => {
      hasBegun = true;
      return 'next';
    }, {});
    while (!hasBegun) await advance(100);
    assert.is(await two, 'next');
  }),
);

turns('leave no listener on the signal of their caller', async () => {
  const listeners = new Set<unknown>();
  const signal = {
    aborted: false,
    addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
    removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
  } as unknown as AbortSignal;
  const turn = createTurns(async () => {}, createLiveness())(async () => {}, { signal });
  assert.is(listeners.size, 1);
  await turn;
  assert.is(listeners.size, 0);
});

turns.run();
