import { type ManualClock, manualClock, property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generateKey } from '../src/key-ring.ts';
import {
  type CreateOAuthStateOptions,
  createOAuthState,
  type OAuthFinish,
  type OAuthState,
  type OAuthStateReason,
} from '../src/oauth-state.ts';
import { createSealer } from '../src/sealer.ts';

const keys = [{ id: '2026-01', key: generateKey(seededRandom(31)) }];
const context = ['shop', 'hubrise'];

function scene(options: Partial<CreateOAuthStateOptions> = {}): { flow: OAuthState; clock: ManualClock } {
  const clock = manualClock();
  return { clock, flow: createOAuthState({ keys, context, clock, random: seededRandom(7), ...options }) };
}

const reasonOf = (finish: OAuthFinish): OAuthStateReason | 'ok' => (finish.ok ? 'ok' : finish.reason);

const finish = suite('oauth-state · begin and finish');

finish('gives back what the flow was begun with', () => {
  const { flow } = scene();
  const finished = flow.finish(flow.begin({ returnTo: '/orders' }));
  assert.ok(finished.ok);
  assert.equal(finished.claims, { returnTo: '/orders' });
  assert.match(finished.id, /^[\w-]{22}$/);
});

finish('works with the clock and the random source of the platform', () => {
  const flow = createOAuthState({ keys, context });
  const [one, two] = [flow.begin({}), flow.begin({})];
  assert.is.not(one.binding, two.binding);
  assert.is.not(one.state, two.state);
  assert.is(reasonOf(flow.finish(one)), 'ok');
});

finish('another machine with the keys can finish', () => {
  const begun = scene().flow.begin({ a: 1 });
  assert.is(reasonOf(scene().flow.finish(begun)), 'ok');
});

finish('neither value contains the other', () => {
  const { state, binding } = scene().flow.begin({});
  assert.match(binding, /^[\w-]{43}$/);
  assert.not(state.includes(binding));
});

finish('the same state can finish twice, under one id', () => {
  const { flow } = scene();
  const begun = flow.begin({});
  const [one, two] = [flow.finish(begun), flow.finish(begun)];
  assert.ok(one.ok && two.ok && one.id === two.id);
});

const mine = scene().flow.begin({ a: 1 });
const other = scene({ random: seededRandom(8) }).flow.begin({ a: 2 });
const token = createSealer({ keys, context, clock: manualClock() }).seal('ann', {});

for (const [name, callback, reason] of [
  ['no state', { ...mine, state: undefined }, 'state-missing'],
  ['an empty state', { ...mine, state: '' }, 'state-missing'],
  ['neither', { state: undefined, binding: undefined }, 'state-missing'],
  ['no cookie', { ...mine, binding: undefined }, 'binding-missing'],
  ['an empty cookie', { ...mine, binding: '' }, 'binding-missing'],
  ['any other text as state', { ...mine, state: 'state' }, 'state-malformed'],
  ['an altered state', { ...mine, state: mine.state.replace(/.{8}$/, 'AAAAAAAA') }, 'state-malformed'],
  ['a token of a sealer with the same keys and context', { ...mine, state: token }, 'state-malformed'],
  ['the state of another browser', { state: other.state, binding: mine.binding }, 'state-mismatch'],
  ['the cookie of another browser', { state: mine.state, binding: other.binding }, 'state-mismatch'],
  ['a short cookie', { ...mine, binding: 'abc' }, 'state-mismatch'],
  ['a longer cookie', { ...mine, binding: `${mine.binding}A` }, 'state-mismatch'],
  ['the subject as cookie', { ...mine, binding: 'A'.repeat(43) }, 'state-mismatch'],
  ['a cookie without bytes', { ...mine, binding: `\ud800${'A'.repeat(42)}` }, 'state-mismatch'],
  ['a cookie that is a list', { ...mine, binding: [mine.binding] as never }, 'state-mismatch'],
  ['a state that is a list', { ...mine, state: [mine.state] as never }, 'state-malformed'],
] as const) {
  finish(`refuses ${name} as ${reason}`, () => assert.is(reasonOf(scene().flow.finish(callback)), reason));
}

finish('refuses the state of another context or other keys', () => {
  assert.is(reasonOf(scene({ context: ['shop'] }).flow.finish(mine)), 'state-malformed');
  const changed = [{ id: '2026-01', key: generateKey() }];
  assert.is(reasonOf(scene({ keys: changed }).flow.finish(mine)), 'state-malformed');
});

finish('a sealer with the same keys and context does not open a state', () => {
  assert.not(createSealer({ keys, context, clock: manualClock() }).open(mine.state).ok);
});

finish('a state lives ten minutes, or as long as told', () => {
  for (const [options, ttlMs] of [
    [{}, 600_000],
    [{ ttlMs: 1000 }, 1000],
    [{ ttlMs: 1 }, 1],
    [{ ttlMs: 86_400_000 }, 86_400_000],
  ] as const) {
    const { flow, clock } = scene(options);
    const begun = flow.begin({});
    clock.advance(ttlMs - 1);
    assert.is(reasonOf(flow.finish(begun)), 'ok');
    clock.advance(1);
    assert.is(reasonOf(flow.finish(begun)), 'state-expired');
    assert.is(reasonOf(flow.finish({ ...begun, binding: other.binding })), 'state-expired');
  }
});

finish('a key that is no longer the first still finishes', () => {
  const rotated = [{ id: '2026-02', key: generateKey() }, ...keys];
  assert.is(reasonOf(scene({ keys: rotated }).flow.finish(mine)), 'ok');
});

finish.run();

const mistakes = suite('oauth-state · mistakes of the programmer');

for (const [option, change, type] of [
  ['ttlMs', { ttlMs: 0 }, RangeError],
  ['ttlMs', { ttlMs: 1.5 }, RangeError],
  ['ttlMs', { ttlMs: Number.NaN }, RangeError],
  ['ttlMs', { ttlMs: 86_400_001 }, RangeError],
  ['ttlMs', { ttlMs: '600000' as never }, RangeError],
  ['keys', { keys: [] }, TypeError],
  ['context', { context: [] }, TypeError],
  ['context', { context: 'shop' as never }, TypeError],
  ['context', { context: undefined as never }, TypeError],
  ['clock', { clock: 1 as never }, TypeError],
  ['random', { random: 1 as never }, TypeError],
] as const) {
  mistakes(`createOAuthState names ${option} for ${JSON.stringify(change)}`, () => {
    assert.throws(
      () => createOAuthState({ keys, context, ...change }),
      (error: unknown) => error instanceof type && error.message.startsWith(option),
    );
  });
}

mistakes('begin refuses claims that make a URL too long', () => {
  const { flow } = scene();
  let size = 2700;
  let longest = '';
  for (; longest.length < 4095; size += 1) longest = flow.begin({ returnTo: 'x'.repeat(size) }).state;
  if (longest.length < 4096) longest = flow.begin({ returnTo: 'x'.repeat(size) }).state;
  assert.is(longest.length, 4096);
  assert.throws(
    () => flow.begin({ returnTo: 'x'.repeat(3000) }),
    (error: unknown) =>
      error instanceof RangeError && /^claims make a state of 4\d{3} characters, over 4096/.test(error.message),
  );
});

mistakes('begin refuses claims that are not JSON', () => {
  assert.throws(
    () => scene().flow.begin({ at: new Date(0) } as never),
    (error: unknown) => error instanceof TypeError && /^claims\.at/.test(error.message),
  );
});

mistakes.run();

const properties = suite('oauth-state · properties');

properties('never throws for any state and cookie', async () => {
  const { flow } = scene();
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc.option(fc.string({ unit, maxLength: 60 }), { nil: undefined });
  await property(
    fc.property(fc.oneof(text, fc.constant(mine.state)), text, (state, binding) => {
      assert.is(flow.finish({ state, binding }).ok, false);
    }),
    { runs: 2000 },
  );
});

properties.run();
