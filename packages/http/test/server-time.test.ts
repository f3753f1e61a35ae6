import { manualClock, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createServerTime } from '../src/server-time.ts';

const startMs = Date.UTC(2026, 0, 1);
const dated = (ms: number, more: Record<string, string> = {}) =>
  new Headers({ date: new Date(ms).toUTCString(), ...more });

const time = suite('server-time · createServerTime');

time('is the local time before any answer', () => {
  const clock = manualClock(startMs);
  assert.is(createServerTime(clock).nowMs(), startMs);
});

time('takes clocks as equal where the answer leaves that possible', () => {
  const clock = manualClock(startMs + 700);
  const serverTime = createServerTime(clock);
  serverTime.observe(dated(startMs), startMs + 650);
  assert.is(serverTime.nowMs(), startMs + 700);
});

for (const offsetMs of [7_200_000, -7_200_000]) {
  time(`follows a clock that is off by ${offsetMs} ms, to the second`, () => {
    const clock = manualClock(startMs);
    const serverTime = createServerTime(clock);
    serverTime.observe(dated(startMs + offsetMs), startMs);
    assert.ok(Math.abs(serverTime.nowMs() - startMs - offsetMs) < 1000);
  });
}

time('is not moved by one answer out of five', () => {
  const clock = manualClock(startMs);
  const serverTime = createServerTime(clock);
  for (let count = 0; count < 4; count += 1) serverTime.observe(dated(startMs), startMs);
  serverTime.observe(dated(startMs + 3_600_000), startMs);
  assert.is(serverTime.nowMs(), startMs);
  serverTime.relearn(serverTime.nowMs());
  assert.ok(serverTime.nowMs() > startMs + 3_500_000, 'but told to, it trusts the newest alone');
});

time('forgets answers older than the last five', () => {
  const clock = manualClock(startMs);
  const serverTime = createServerTime(clock);
  for (let count = 0; count < 5; count += 1) serverTime.observe(dated(startMs), startMs);
  for (let count = 0; count < 3; count += 1) serverTime.observe(dated(startMs + 60_000), startMs);
  assert.ok(serverTime.nowMs() > startMs + 59_000);
});

time('takes clocks as equal up to the last millisecond that allows it', () => {
  for (const [sentMs, offsetMs] of [
    [startMs + 999, 0],
    [startMs + 1000, -1000],
  ] as const) {
    const clock = manualClock(startMs + 2000);
    const serverTime = createServerTime(clock);
    serverTime.observe(dated(startMs), sentMs);
    assert.is(serverTime.nowMs() - clock(), offsetMs);
  }
});

time('believes a difference of a day, and not a millisecond more', () => {
  const clock = manualClock(startMs);
  const serverTime = createServerTime(clock);
  serverTime.observe(dated(startMs + 86_400_000), startMs + 997);
  assert.is(serverTime.nowMs(), startMs);
  serverTime.observe(dated(startMs + 86_400_000), startMs + 999);
  assert.is(serverTime.nowMs(), startMs + 86_400_000);
});

const unusable: readonly [what: string, headers: Headers][] = [
  ['without a date', new Headers()],
  ['with a date in another form', new Headers({ date: '2026-01-01T02:00:00Z' })],
  ['with a date that is none', new Headers({ date: 'Thu, 99 Foo 2026 00:00:00 GMT' })],
  ['from a cache', dated(startMs + 7_200_000, { age: '7200' })],
  ['more than a day off', dated(startMs + 90_000_000)],
];
for (const [what, headers] of unusable) {
  time(`learns nothing from an answer ${what}`, () => {
    const serverTime = createServerTime(manualClock(startMs));
    serverTime.observe(headers, startMs);
    assert.is(serverTime.nowMs(), startMs);
    if (what === 'more than a day off') return;
    serverTime.relearn(serverTime.nowMs());
    assert.is(serverTime.nowMs(), startMs);
  });
}

for (const offsetMs of [90_000_000, -90_000_000, startMs, -startMs]) {
  time(`believes a difference of ${offsetMs} ms when the time was refused`, () => {
    const clock = manualClock(startMs);
    const serverTime = createServerTime(clock);
    const off = (at: number): number => Math.abs(serverTime.nowMs() - clock() - at);
    serverTime.observe(dated(startMs + offsetMs), startMs);
    serverTime.relearn(serverTime.nowMs());
    assert.ok(off(offsetMs) < 1000);
    for (let count = 0; count < 5; count += 1) serverTime.observe(dated(startMs + offsetMs + 60_000), startMs);
    assert.ok(off(offsetMs + 60_000) < 1000, 'and follows it from then on');
    for (let count = 0; count < 5; count += 1)
      serverTime.observe(dated(startMs + offsetMs + Math.sign(offsetMs) * 95_000_000), startMs);
    assert.ok(off(offsetMs + 60_000) < 1000, 'a day at most');
    for (let count = 0; count < 3; count += 1) serverTime.observe(dated(startMs), startMs);
    assert.is(serverTime.nowMs(), startMs, 'until the local clock is set');
  });
}

time('believes no difference of more than a day that was refused too', () => {
  const clock = manualClock(startMs);
  const serverTime = createServerTime(clock);
  const relearn = (newestMs: number, refusedMs: number): number => {
    serverTime.observe(dated(startMs + newestMs), startMs);
    serverTime.relearn(startMs + refusedMs);
    return serverTime.nowMs() - startMs;
  };
  assert.is(relearn(90_000_000, 0), 90_000_500);
  assert.is(relearn(90_000_000, 90_059_000), 0, 'the same, to the minute');
  assert.is(relearn(90_000_000, 0), 90_000_500);
  assert.is(relearn(90_000_000, 90_061_000), 90_000_500);
  assert.is(relearn(90_000_000, 89_942_000), 0);
  assert.is(relearn(86_000_000, 86_000_000), 86_000_500, 'up to a day there may be another reason');
});

time.run();

const properties = suite('server-time · properties');

properties('is the median of the last five differences, in whatever order they came', async () => {
  const seconds = fc.array(fc.integer({ min: -80_000, max: 80_000 }), { minLength: 1, maxLength: 12 });
  await property(
    fc.property(seconds, (offsets) => {
      const serverTime = createServerTime(manualClock(startMs));
      for (const offset of offsets) serverTime.observe(dated(startMs + offset * 1000), startMs);
      const last = offsets.slice(-5).sort((a, b) => a - b);
      const median = last[Math.floor(last.length / 2)] ?? 0;
      assert.is(serverTime.nowMs() - startMs, median === 0 ? 0 : median * 1000 + 500);
    }),
  );
});

properties.run();
