import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createWindowUse, type RateWindow } from '../../src/rate-limiter/window.ts';
import { most, type Step } from './most.ts';

type Kind = 'sliding' | 'aligned';

const use = suite('window · createWindowUse');

/** What was taken from a window of 3 in 1000 ms, then when `cost` fits for one who comes at `fromMs`. */
const rows: readonly [
  name: string,
  kind: Kind,
  taken: readonly Step[],
  cost: number,
  fromMs: number,
  readyMs: number,
][] = [
  ['an unused window at once', 'sliding', [], 3, 5000, 5000],
  ['an unused window at once', 'aligned', [], 3, 5000, 5000],
  ['what is left at once', 'sliding', [[5000, 2]], 1, 5000, 5000],
  ['what is left at once', 'aligned', [[5000, 2]], 1, 5999, 5999],
  [
    'a full window when the first has left it',
    'sliding',
    [
      [5100, 1],
      [5200, 2],
    ],
    1,
    5300,
    6100,
  ],
  [
    'a full window when the next begins',
    'aligned',
    [
      [5100, 1],
      [5200, 2],
    ],
    1,
    5300,
    6000,
  ],
  [
    'a full window when enough have left it',
    'sliding',
    [
      [5100, 1],
      [5200, 2],
    ],
    2,
    5300,
    6200,
  ],
  [
    'a cost that does not fit when it does',
    'sliding',
    [
      [5100, 1],
      [5200, 1],
    ],
    2,
    5300,
    6100,
  ],
  [
    'a cost that does not fit in the next window',
    'aligned',
    [
      [5100, 1],
      [5200, 1],
    ],
    2,
    5300,
    6000,
  ],
  [
    'the whole limit once all have left',
    'sliding',
    [
      [5100, 1],
      [5200, 1],
    ],
    3,
    5300,
    6200,
  ],
  ['a window a millisecond before the first leaves it', 'sliding', [[5100, 3]], 1, 6099, 6100],
  ['a window at the moment the first leaves it', 'sliding', [[5100, 3]], 3, 6100, 6100],
  ['the last millisecond of a full window', 'aligned', [[5000, 3]], 1, 5999, 6000],
  ['the first millisecond of the next window', 'aligned', [[5999, 3]], 3, 6000, 6000],
  [
    'twice the limit across the boundary',
    'aligned',
    [
      [5999, 3],
      [6000, 2],
    ],
    1,
    6000,
    6000,
  ],
  [
    'the window after the next, once that is full',
    'aligned',
    [
      [5999, 3],
      [6000, 3],
    ],
    1,
    6000,
    7000,
  ],
  ['a window that was used long ago', 'sliding', [[1000, 3]], 3, 5000, 5000],
  ['a window that was used long ago', 'aligned', [[1000, 3]], 3, 5000, 5000],
];

for (const [name, kind, taken, cost, fromMs, readyMs] of rows) {
  use(`${kind}: opens ${name}, ${cost} at ${fromMs}`, () => {
    const window = createWindowUse({ limit: 3, windowMs: 1000, kind }, 'window');
    for (const [atMs, part] of taken) window.take(part, atMs);
    assert.is(window.readyAtMs(cost, fromMs), readyMs);
  });
}

use('a request that is about to leave the window still counts beside one that comes', () => {
  const window = createWindowUse({ limit: 3, windowMs: 1000 }, 'window');
  window.take(1, 5000);
  window.take(1, 5999);
  assert.is(window.readyAtMs(2, 5999), 6000);
});

use('keeps a limit of 64 to the millisecond, and a larger one in 64 pieces', () => {
  for (const [limit, expected] of [
    [64, 16_400],
    [65, 16_450],
  ] as const) {
    const window = createWindowUse({ limit, windowMs: 6400 }, 'window');
    window.take(limit - 1, 10_000);
    window.take(1, 10_050);
    assert.is(window.readyAtMs(1, 10_060), expected);
  }
});

use('slides unless told otherwise', () => {
  const window = createWindowUse({ limit: 1, windowMs: 1000 }, 'window');
  window.take(1, 5999);
  assert.is(window.readyAtMs(1, 6000), 6999);
});

use('aligns minutes, hours and days to the clock in UTC', () => {
  const atMs = Date.UTC(2026, 4, 6, 7, 8, 9, 10);
  const opens: readonly [windowMs: number, expected: string][] = [
    [60_000, '2026-05-06T07:09:00.000Z'],
    [3_600_000, '2026-05-06T08:00:00.000Z'],
    [86_400_000, '2026-05-07T00:00:00.000Z'],
  ];
  for (const [windowMs, expected] of opens) {
    const window = createWindowUse({ limit: 1, windowMs, kind: 'aligned' }, 'window');
    window.take(1, atMs);
    assert.is(new Date(window.readyAtMs(1, atMs)).toISOString(), expected);
  }
});

use('knows when nothing counts any more', () => {
  for (const [kind, expected] of [
    ['sliding', 6200],
    ['aligned', 6000],
  ] as const) {
    const window = createWindowUse({ limit: 3, windowMs: 1000, kind }, 'window');
    assert.ok(window.freeAtMs() <= 0);
    window.take(1, 5100);
    window.take(1, 5200);
    assert.is(window.freeAtMs(), expected, kind);
  }
});

use('a copy and its original go their own ways', () => {
  for (const kind of ['sliding', 'aligned'] as const) {
    const window = createWindowUse({ limit: 2, windowMs: 1000, kind }, 'window');
    window.take(1, 5000);
    const copy = window.copy();
    copy.take(1, 5000);
    assert.is(copy.readyAtMs(1, 5000), 6000);
    assert.is(window.readyAtMs(1, 5000), 5000);
    window.take(1, 5000);
    assert.is(window.copy().readyAtMs(1, 5000), 6000);
  }
});

use('a clock that is set back makes nobody wait for longer than a window', () => {
  for (const [kind, expected] of [
    ['sliding', 6500],
    ['aligned', 6000],
  ] as const) {
    const window = createWindowUse({ limit: 3, windowMs: 1000, kind }, 'window');
    window.take(3, 900_000);
    window.rewind(5500);
    assert.is(window.readyAtMs(1, 5500), expected, kind);
    assert.is(window.freeAtMs(), expected, kind);
  }
});

use('rewinding to a later time changes nothing', () => {
  for (const kind of ['sliding', 'aligned'] as const) {
    const window = createWindowUse({ limit: 1, windowMs: 1000, kind }, 'window');
    window.take(1, 5000);
    window.rewind(5900);
    assert.is(window.freeAtMs(), 6000, kind);
  }
});

use('what has left a sliding window does not come back when the clock is set back', () => {
  for (const nextMs of [6000, 7000]) {
    const window = createWindowUse({ limit: 2, windowMs: 1000 }, 'window');
    window.take(1, 5000);
    window.take(1, nextMs);
    window.rewind(5500);
    assert.is(window.readyAtMs(1, 5500), 5500);
    assert.is(window.readyAtMs(2, 5500), 6500);
  }
});

use('an unused window is as free as before when the clock is set back', () => {
  for (const kind of ['sliding', 'aligned'] as const) {
    const window = createWindowUse({ limit: 2, windowMs: 1000, kind }, 'window');
    window.rewind(5500);
    assert.is(window.freeAtMs(), 0, kind);
    assert.is(window.readyAtMs(2, 5500), 5500, kind);
  }
});

use('a large limit is kept in pieces of the same length after the clock was set back', () => {
  const window = createWindowUse({ limit: 65, windowMs: 6400 }, 'window');
  window.take(64, 900_000);
  window.rewind(10_000);
  window.take(1, 10_150);
  assert.is(window.readyAtMs(1, 10_160), 16_400);
});

use('takes the largest limit and length that it says', () => {
  const window = createWindowUse({ limit: 1_000_000_000, windowMs: 2_678_400_000 }, 'window');
  assert.is(window.readyAtMs(1_000_000_000, 5000), 5000);
});

const wrong: readonly [name: string, window: Record<string, unknown>, message: RegExp][] = [
  ['no limit', { limit: 0 }, /^windows\[1\]\.limit must be a whole number from 1 to 1000000000, got 0$/],
  ['half a request', { limit: 0.5 }, /\.limit/],
  ['an infinite limit', { limit: Number.POSITIVE_INFINITY }, /\.limit/],
  ['a limit above the range', { limit: 1_000_000_001 }, /\.limit/],
  ['no length', { windowMs: 0 }, /^windows\[1\]\.windowMs must be a whole number from 1 to 2678400000, got 0$/],
  ['a length that is no number', { windowMs: Number.NaN }, /\.windowMs/],
  ['a length above the range', { windowMs: 2_678_400_001 }, /\.windowMs/],
  [
    'a kind that does not exist',
    { kind: 'tumbling' },
    /^windows\[1\]\.kind must be 'sliding' or 'aligned', got tumbling$/,
  ],
];

for (const [name, changed, message] of wrong) {
  use(`refuses ${name}`, () => {
    const window = { limit: 1, windowMs: 1000, ...changed } as RateWindow;
    assert.throws(
      () => createWindowUse(window, 'windows[1]'),
      (error: unknown) => error instanceof RangeError && message.test(error.message),
    );
  });
}

use.run();

const properties = suite('window · createWindowUse · properties');

const schedule = fc.oneof(
  fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 })), {
    minLength: 1,
    maxLength: 60,
  }),
  fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 6 })), {
    minLength: 60,
    maxLength: 120,
  }),
);

/** Takes each cost as early as the window allows, some time after the one before. */
function takeAll(window: RateWindow, steps: readonly Step[]): Step[] {
  const used = createWindowUse(window, 'window');
  const taken: Step[] = [];
  let nowMs = 10_000;
  for (const [pauseMs, cost] of steps) {
    nowMs = used.readyAtMs(Math.min(cost, window.limit), nowMs + pauseMs);
    used.take(Math.min(cost, window.limit), nowMs);
    taken.push([nowMs, Math.min(cost, window.limit)]);
  }
  return taken;
}

properties('no stretch of a sliding window holds more than its limit', () =>
  property(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 3000 }),
      schedule,
      (limit, windowMs, steps) => {
        const taken = takeAll({ limit, windowMs, kind: 'sliding' }, steps);
        assert.ok(most(taken, (earlierMs, atMs) => earlierMs > atMs - windowMs) <= limit);
      },
    ),
  ),
);

properties('no aligned window holds more than its limit', () =>
  property(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 3000 }),
      schedule,
      (limit, windowMs, steps) => {
        const taken = takeAll({ limit, windowMs, kind: 'aligned' }, steps);
        const windowOf = (atMs: number): number => Math.floor(atMs / windowMs);
        assert.ok(most(taken, (earlierMs, atMs) => windowOf(earlierMs) === windowOf(atMs)) <= limit);
      },
    ),
  ),
);

properties('a sliding window makes nobody wait a millisecond too long, nor a 64th of it with a limit above 64', () =>
  property(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 65, max: 300 })),
      fc.integer({ min: 1, max: 3000 }),
      schedule,
      (limit, windowMs, steps) => {
        const taken = takeAll({ limit, windowMs, kind: 'sliding' }, steps);
        const lateMs = limit <= 64 ? 1 : windowMs / 64;
        let nowMs = 10_000;
        for (const [index, [atMs, cost]] of taken.entries()) {
          nowMs += steps[index]?.[0] ?? 0;
          if (atMs - lateMs >= nowMs) {
            const before = taken.slice(0, index).filter(([earlierMs]) => earlierMs > atMs - lateMs - windowMs);
            assert.ok(before.reduce((sum, [, part]) => sum + part, cost) > limit, 'it would have fitted earlier');
          }
          nowMs = atMs;
        }
      },
    ),
  ),
);

properties.run();
