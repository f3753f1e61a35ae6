import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AddedFaultScope,
  createFaultPlan,
  type Fault,
  type FaultShare,
  type ReadableFaultPlan,
} from '../../src/emulator/faults.ts';
import { seededRandom } from '../../src/emulator/seeded-random.ts';

const faults = suite('faults');
const drop: Fault = { kind: 'drop' };
const slow: Fault = { kind: 'latency', ms: 5 };
const route = '/users/:id';

/** A plan that draws nothing, and is asked with less. */
function plain(): Omit<ReadableFaultPlan, 'take'> & { take(method: string, path: string): Fault | undefined } {
  const plan = createFaultPlan(() => assert.unreachable('nothing is drawn') as never, ['/users', route]);
  return {
    ...plan,
    take: (method, path) => plan.take({ method, path, route: path === '/users/7' ? route : undefined }),
  };
}

const scopes: readonly [
  name: string,
  scope: AddedFaultScope | undefined,
  method: string,
  path: string,
  hits: boolean,
][] = [
  ['none', undefined, 'GET', '/a', true],
  ['the method', { method: 'POST' }, 'POST', '/a', true],
  ['the method in lower case', { method: 'post' }, 'POST', '/a', true],
  ['another method', { method: 'POST' }, 'GET', '/a', false],
  ['the beginning of the path', { path: '/users' }, 'GET', '/users/7', true],
  ['another path', { path: '/users' }, 'GET', '/orders', false],
  ['the route', { route }, 'GET', '/users/7', true],
  ['another route', { route: '/users' }, 'GET', '/users/7', false],
  ['a route where there is none', { route }, 'GET', '/a', false],
  ['method and path', { method: 'GET', path: '/a' }, 'GET', '/a', true],
  ['one of the two', { method: 'GET', path: '/a' }, 'GET', '/b', false],
];
for (const [name, scope, method, path, hits] of scopes) {
  faults(`a scope of ${name} ${hits ? 'hits' : 'misses'}`, () => {
    const plan = plain();
    plan.add(drop, scope);
    assert.is(plan.take(method, path), hits ? drop : undefined);
  });
}

faults('each hits once, the first added first', () => {
  const plan = plain();
  plan.add(drop);
  plan.add(slow);
  assert.equal([plan.take('GET', '/'), plan.take('GET', '/'), plan.take('GET', '/')], [drop, slow, undefined]);
});

faults('one that does not fit lets the next one go first', () => {
  const plan = plain();
  plan.add(drop, { method: 'POST' });
  plan.add(slow);
  assert.equal([plan.take('GET', '/'), plan.take('POST', '/')], [slow, drop]);
});

faults('hit as often as told, or until cleared', () => {
  const plan = plain();
  plan.add(drop, { times: 2 });
  assert.equal([plan.take('GET', '/'), plan.take('GET', '/'), plan.take('GET', '/')], [drop, drop, undefined]);
  plan.add(drop, { times: Number.POSITIVE_INFINITY });
  for (let n = 0; n < 100; n += 1) assert.is(plan.take('GET', '/'), drop);
  plan.clear();
  assert.is(plan.take('GET', '/'), undefined);
});

faults('one that is used up leaves the others where they are', () => {
  const plan = plain();
  plan.add(drop, { path: '/a' });
  plan.add(slow, { path: '/b', times: 2 });
  plan.add(drop, { path: '/b' });
  assert.equal([plan.take('GET', '/b'), plan.take('GET', '/a'), plan.take('GET', '/b')], [slow, drop, slow]);
  assert.equal([plan.take('GET', '/b'), plan.take('GET', '/b')], [drop, undefined]);
});

const wrong: readonly [fault: Fault, scope: AddedFaultScope, expected: RegExp][] = [
  [drop, { times: 0 }, /times must be from 1, got 0/],
  [drop, { times: Number.NaN }, /times/],
  [drop, { route: '/user/:id' }, /route must be one of the emulator's, got \/user\/:id/],
  ...[204, 205, 304].map((status): (typeof wrong)[number] => [
    { kind: 'status', status, body: 'text' },
    {},
    /status must be one that has a body/,
  ]),
  [drop, { probability: 0 }, /probability must be above 0, got 0/],
  [drop, { probability: Number.NaN }, /probability/],
  [drop, { probability: 1.1 }, /probability must be up to 1 in all, got 1.1/],
  [{ kind: 'latency', ms: -1 }, {}, /ms must be from 0, got -1/],
  [{ kind: 'status', status: 199 }, {}, /status must be from 200 to 599, got 199/],
  [{ kind: 'status', status: 600 }, {}, /status/],
  [{ kind: 'status', status: 429, retryAfter: { seconds: -1, form: 'date' } }, {}, /retryAfter.seconds/],
  [{ kind: 'status', status: 429, retryAfter: { seconds: 1.5, form: 'seconds' } }, {}, /retryAfter.seconds/],
  [{ kind: 'status', status: 429, retryAfter: 60 as never }, {}, /retryAfter.seconds/],
];
for (const [fault, scope, expected] of wrong) {
  faults(`${JSON.stringify({ ...fault, ...scope })} is refused when it is planned`, () => {
    const plan = plain();
    assert.throws(
      () => plan.add(fault, scope),
      (error: unknown) => error instanceof RangeError && expected.test(error.message),
    );
    assert.is(plan.take('GET', '/'), undefined);
  });
}

const misspelt: readonly [fault: unknown, scope: unknown, expected: RegExp][] = [
  [{ kind: 'stauts', status: 503 }, {}, /kind must be one of status, drop/],
  [{ kind: 'toString' }, {}, /kind must be one of/],
  [{ kind: 'status', status: 503 }, { paths: '/users' }, /paths is no scope of a fault/],
  [{ kind: 'status', status: 503 }, { time: 2 }, /time is no scope of a fault/],
  [{ kind: 'status', status: 429, retryAfter: { seconds: 1, form: 'text' } }, {}, /retryAfter.form/],
];
for (const [fault, scope, expected] of misspelt) {
  faults(`${JSON.stringify([fault, scope])} is told, because it would break nothing, or everything`, () => {
    const plan = plain();
    assert.throws(
      () => plan.add(fault as never, scope as never),
      (error: unknown) => error instanceof TypeError && expected.test(error.message),
    );
    assert.is(plan.take('GET', '/users'), undefined);
  });
}

const edges: readonly Fault[] = [
  { kind: 'latency', ms: 0 },
  { kind: 'status', status: 200 },
  { kind: 'status', status: 204 },
  { kind: 'status', status: 599, retryAfter: { seconds: 0, form: 'seconds' } },
  { kind: 'status', status: 429, retryAfter: { seconds: 60 } },
];
for (const fault of edges) {
  faults(`${JSON.stringify(fault)} is within range`, () => {
    const plan = plain();
    plan.add(fault);
    assert.is(plan.take('GET', '/'), fault);
  });
}

faults.run();

const chance = suite('faults · probability');
const target = { method: 'GET', path: '/', route: undefined };

/** What hits of so many exchanges, by kind. */
function tally(plan: ReadableFaultPlan, exchanges: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < exchanges; n += 1) {
    const kind = plan.take(target)?.kind ?? 'none';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Four bytes of a number from 0 to below 1. */
const drawing = (value: number): (() => Uint8Array<ArrayBuffer>) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value * 2 ** 32);
  return () => bytes;
};

const draws: readonly [drawn: number, expected: Fault | undefined][] = [
  [0, drop],
  [0.249, drop],
  [0.25, slow],
  [0.749, slow],
  [0.75, undefined],
  [0.999, undefined],
];
for (const [drawn, expected] of draws) {
  chance(`a mix of a quarter and a half gives ${expected?.kind ?? 'nothing'} at ${drawn}`, () => {
    const plan = createFaultPlan(drawing(drawn), ['/a/:id']);
    plan.mix([
      { fault: drop, probability: 0.25 },
      { fault: slow, probability: 0.5 },
    ]);
    assert.is(plan.take(target), expected);
  });
}

chance('each of a mix comes in its share, again and again', () => {
  const plan = createFaultPlan(seededRandom(7), ['/a/:id']);
  const share = (fault: Fault): FaultShare => ({ fault, probability: 0.05 });
  plan.mix([share(drop), share(slow), share({ kind: 'reset' }), share({ kind: 'status', status: 503 })]);
  const counts = tally(plan, 20_000);
  for (const kind of ['drop', 'latency', 'reset', 'status']) {
    assert.ok(Math.abs((counts[kind] ?? 0) - 1000) < 150, `${kind} came ${counts[kind]} times`);
  }
});

chance('the same seed hits the same exchanges, another does not', () => {
  const hits = (seed: number): string => {
    const plan = createFaultPlan(seededRandom(seed), ['/a/:id']);
    plan.add(drop, { probability: 0.5 });
    return Array.from({ length: 64 }, () => plan.take(target)?.kind ?? '-').join();
  };
  assert.is(hits(1), hits(1));
  assert.is.not(hits(1), hits(2));
});

chance('goes on until cleared, or as often as told', () => {
  const endless = createFaultPlan(drawing(0), ['/a/:id']);
  endless.add(drop, { probability: 0.5 });
  assert.equal(tally(endless, 100), { drop: 100 });
  const limited = createFaultPlan(drawing(0), ['/a/:id']);
  limited.add(drop, { probability: 0.5, times: 3 });
  limited.mix([{ fault: slow, probability: 0.5 }], { times: 2 });
  assert.equal(tally(limited, 100), { drop: 3, latency: 2, none: 95 });
});

chance('what is not hit falls to the next, and is not counted', () => {
  const plan = createFaultPlan(drawing(0.6), ['/a/:id']);
  plan.add(drop, { probability: 0.5, times: 1 });
  plan.add(slow, { times: 2 });
  assert.equal(tally(plan, 3), { latency: 2, none: 1 });
});

chance('keeps to the scope', () => {
  const plan = createFaultPlan(drawing(0), ['/a/:id']);
  plan.mix([{ fault: drop, probability: 1 }], { method: 'post', path: '/a', route: '/a/:id' });
  assert.is(plan.take({ method: 'POST', path: '/a/7', route: '/a/*' }), undefined);
  assert.is(plan.take({ method: 'POST', path: '/a/7', route: '/a/:id' }), drop);
});

chance('shares that make a whole but for rounding are a whole', () => {
  const plan = createFaultPlan(drawing(0.5), ['/a/:id']);
  plan.mix(Array.from({ length: 10 }, () => ({ fault: drop, probability: 0.1 })));
  assert.throws(
    () => plan.mix([0.5, 0.51].map((probability) => ({ fault: drop, probability }))),
    (error: unknown) => error instanceof RangeError && /1 in all, got 1.01/.test(error.message),
  );
});

chance.run();
