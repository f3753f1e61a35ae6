import { type ManualClock, manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHeldValue, type HeldValue } from '../src/held-value.ts';

interface Token {
  readonly text: string;
  readonly untilMs?: number;
}

/** Random bytes that make the jitter none, or as much as there is. */
const least = (length: number): Uint8Array => new Uint8Array(length);
const most = (length: number): Uint8Array => new Uint8Array(length).fill(255);

interface Scene {
  readonly clock: ManualClock;
  readonly held: HeldValue<Token>;
}

function scene(renewal: 'repeatable' | 'rotating' = 'repeatable', random = least): Scene {
  const clock = manualClock(0);
  const held = createHeldValue<Token>(
    { toHeaders: ({ text }) => ({ 'x-token': text }), expiresAtMs: ({ untilMs }) => untilMs },
    { marginMs: 1000, renewal, clock, random },
  );
  return { clock, held };
}

const values = suite('held-value');

values('a value is of use until it ends, and the one to replace from then on', () => {
  const { clock, held } = scene();
  assert.equal([held.peek(), held.usable(), held.predecessor()], [undefined, undefined, undefined]);
  const value = { text: 'a', untilMs: 100 };
  held.hold(value);
  clock.advance(99);
  assert.is(held.leftMs(value), 1);
  assert.is(held.usable(), value);
  clock.advance(1);
  assert.is(held.usable(), undefined);
  assert.equal([held.peek(), held.predecessor()], [value, value]);
});

values('one without an end lasts', () => {
  const { clock, held } = scene();
  held.hold({ text: 'a' });
  clock.advance(1e12);
  assert.is(held.leftMs({ text: 'a' }), Number.POSITIVE_INFINITY);
  assert.equal(held.usable(), { text: 'a' });
  assert.is(held.claimRenewal(), false);
});

values('a disowned value is refused, and not the one to replace', () => {
  for (const isRefusedBefore of [false, true]) {
    const { held } = scene();
    const value = { text: 'a', untilMs: 100 };
    held.hold(value);
    held.disown({ text: 'other' });
    assert.equal([held.peek(), held.isDisowned(value)], [value, false]);
    if (isRefusedBefore) held.refuse();
    held.disown({ ...value });
    assert.equal([held.peek(), held.predecessor()], [undefined, undefined]);
    assert.equal([held.isRefused(value), held.isDisowned(value), held.isDisowned({ text: 'b' })], [true, true, false]);
    held.hold({ text: 'b' });
    assert.equal(held.predecessor(), { text: 'b' });
    held.refuse();
    assert.equal([held.predecessor(), held.isDisowned({ text: 'b' })], [{ text: 'b' }, false]);
  }
});

values('a refused value is not held, known by its fields, and still the one to replace', () => {
  const { held } = scene();
  const value = { text: 'a', untilMs: 100 };
  held.hold(value);
  assert.is(held.isRefused(value), false);
  held.refuse();
  assert.equal([held.peek(), held.usable()], [undefined, undefined]);
  assert.is(held.predecessor(), value);
  assert.is(held.isRefused({ text: 'a', untilMs: 200 }), true);
  assert.is(held.isRefused({ text: 'b' }), false);
  assert.is(held.isBetter({ text: 'a', untilMs: 200 }), false);
  assert.is(held.isBetter({ text: 'b' }), true);
});

values('it is trusted again when it is pardoned, and not when another one is', () => {
  const { held } = scene();
  held.hold({ text: 'a' });
  held.refuse();
  held.pardon({ text: 'b' });
  assert.is(held.isRefused({ text: 'a' }), true);
  held.pardon({ text: 'a' });
  assert.is(held.isRefused({ text: 'a' }), false);
});

values('what is forgotten is neither held nor replaced', () => {
  const { held } = scene();
  for (const leave of [() => {}, held.refuse]) {
    held.hold({ text: 'a' });
    leave();
    held.forget();
    assert.equal([held.peek(), held.predecessor(), held.isRefused({ text: 'a' })], [undefined, undefined, false]);
  }
});

const found: readonly [renewal: 'repeatable' | 'rotating', what: string, token: Token, expected: boolean][] = [
  ['repeatable', 'ends later', { text: 'a', untilMs: 101 }, true],
  ['repeatable', 'ends at the same time', { text: 'b', untilMs: 100 }, false],
  ['repeatable', 'ends sooner', { text: 'b', untilMs: 99 }, false],
  ['rotating', 'is another, though it ends sooner', { text: 'b', untilMs: 99 }, true],
  ['rotating', 'is the same, though it ends later', { text: 'a', untilMs: 101 }, false],
];
for (const [renewal, what, token, expected] of found) {
  values(`${renewal}: one that ${what} is ${expected ? '' : 'not '}better`, () => {
    const { held } = scene(renewal);
    assert.is(held.isBetter(token), true, 'than none');
    held.hold({ text: 'a', untilMs: 100 });
    assert.is(held.isBetter(token), expected);
  });
}

values('a renewal is due a margin before the end, with up to half as much jitter', () => {
  for (const [random, dueMs] of [
    [least, 9000],
    [most, 8501],
  ] as const) {
    const { clock, held } = scene('repeatable', random);
    held.hold({ text: 'a', untilMs: 10_000 });
    clock.advance(dueMs - 1);
    assert.is(held.claimRenewal(), false);
    clock.advance(1);
    assert.is(held.claimRenewal(), true);
  }
});

values('of a value that lives shorter, in the second half of its life', () => {
  const { clock, held } = scene();
  held.hold({ text: 'a', untilMs: 800 });
  clock.advance(399);
  assert.is(held.claimRenewal(), false);
  clock.advance(1);
  assert.is(held.claimRenewal(), true);
});

values('it is due once, again after a quarter of that time, and at once for the next value', () => {
  const { clock, held } = scene();
  held.hold({ text: 'a', untilMs: 10_000 });
  clock.advance(9000);
  assert.equal([held.claimRenewal(), held.claimRenewal()], [true, false]);
  clock.advance(249);
  assert.is(held.claimRenewal(), false);
  clock.advance(1);
  assert.is(held.claimRenewal(), true);
  held.hold({ text: 'b', untilMs: 9350 });
  clock.advance(50);
  assert.is(held.claimRenewal(), true);
});

values('none is due of nothing', () => assert.is(scene().held.claimRenewal(), false));

values('the next state of a value is due as far ahead of its own end', () => {
  const { clock, held } = scene();
  held.slide({ text: 'a' });
  assert.is(held.peek(), undefined, 'there is none whose state it could be');
  held.hold({ text: 'a', untilMs: 10_000 });
  held.slide({ text: 'a', untilMs: 20_000 });
  assert.equal(held.peek(), { text: 'a', untilMs: 20_000 });
  clock.advance(18_999);
  assert.is(held.claimRenewal(), false);
  clock.advance(1);
  assert.is(held.claimRenewal(), true);
});

values.run();
