import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFaultPlan, dropped, type Fault, type FaultScope, isDropped } from '../../src/emulator/faults.ts';

const faults = suite('faults');
const drop: Fault = { kind: 'drop' };
const slow: Fault = { kind: 'latency', ms: 5 };

const scopes: readonly [name: string, scope: FaultScope | undefined, method: string, path: string, hits: boolean][] = [
  ['none', undefined, 'GET', '/a', true],
  ['the method', { method: 'POST' }, 'POST', '/a', true],
  ['the method in lower case', { method: 'post' }, 'POST', '/a', true],
  ['another method', { method: 'POST' }, 'GET', '/a', false],
  ['the beginning of the path', { path: '/users' }, 'GET', '/users/7', true],
  ['another path', { path: '/users' }, 'GET', '/orders', false],
  ['both', { method: 'GET', path: '/a' }, 'GET', '/a', true],
  ['one of the two', { method: 'GET', path: '/a' }, 'GET', '/b', false],
];
for (const [name, scope, method, path, hits] of scopes) {
  faults(`a scope of ${name} ${hits ? 'hits' : 'misses'}`, () => {
    const plan = createFaultPlan();
    plan.add(drop, scope);
    assert.is(plan.take(method, path), hits ? drop : undefined);
  });
}

faults('each hits once, the first added first', () => {
  const plan = createFaultPlan();
  plan.add(drop);
  plan.add(slow);
  assert.equal([plan.take('GET', '/'), plan.take('GET', '/'), plan.take('GET', '/')], [drop, slow, undefined]);
});

faults('one that does not fit lets the next one go first', () => {
  const plan = createFaultPlan();
  plan.add(drop, { method: 'POST' });
  plan.add(slow);
  assert.equal([plan.take('GET', '/'), plan.take('POST', '/')], [slow, drop]);
});

faults('hit as often as told, or until cleared', () => {
  const plan = createFaultPlan();
  plan.add(drop, { times: 2 });
  assert.equal([plan.take('GET', '/'), plan.take('GET', '/'), plan.take('GET', '/')], [drop, drop, undefined]);
  plan.add(drop, { times: Number.POSITIVE_INFINITY });
  for (let n = 0; n < 100; n += 1) assert.is(plan.take('GET', '/'), drop);
  plan.clear();
  assert.is(plan.take('GET', '/'), undefined);
});

const wrong: readonly [fault: Fault, scope: FaultScope, expected: RegExp][] = [
  [drop, { times: 0 }, /times/],
  [drop, { times: Number.NaN }, /times/],
  [{ kind: 'latency', ms: -1 }, {}, /ms/],
  [{ kind: 'status', status: 99 }, {}, /status/],
  [{ kind: 'status', status: 600 }, {}, /status/],
];
for (const [fault, scope, expected] of wrong) {
  faults(`${JSON.stringify({ ...fault, ...scope })} is refused when it is planned`, () => {
    assert.throws(
      () => createFaultPlan().add(fault, scope),
      (error: unknown) => error instanceof RangeError && expected.test(error.message),
    );
  });
}

faults('a dropped connection is told from a mistake', () => {
  assert.ok(isDropped(dropped()));
  for (const other of [new TypeError('fetch failed'), new Error('x'), undefined, {}]) assert.not.ok(isDropped(other));
});

faults.run();
