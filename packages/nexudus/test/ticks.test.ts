import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTicks, ticksToUnixMs, unixMsToTicks } from '../src/install/index.ts';

const ticks = suite('nexudus · ticks');

// Nexudus fact sheet §3.6 and §12
const table: readonly (readonly [text: string, unixMs: number])[] = [
  ['634963729314011098', 1_360_776_131_401],
  ['638712864000000000', Date.UTC(2025, 0, 1)],
  ['639028224000000000', Date.UTC(2026, 0, 1)],
  ['640290528000000000', Date.UTC(2030, 0, 1)],
  ['640000000000000000', Date.UTC(2029, 0, 29, 17, 46, 40)],
  ['621355968000000000', 0],
];

for (const [text, unixMs] of table) {
  ticks(`reads ${text} as ${new Date(unixMs).toISOString()}`, () => {
    const parsed = parseTicks(text);
    assert.is(String(parsed), text);
    assert.is(ticksToUnixMs(parsed ?? 0n), unixMs);
  });
}

ticks('writes milliseconds as ticks', () => {
  assert.is(unixMsToTicks(Date.UTC(2025, 0, 1)), 638_712_864_000_000_000n);
  assert.is(unixMsToTicks(1_360_776_131_401), 634_963_729_314_010_000n);
});

ticks('keeps the digits that a double would lose', () => {
  assert.is(parseTicks('634963729314011098'), 634_963_729_314_011_098n);
  assert.is.not(String(Number('634963729314011098')), '634963729314011098');
});

ticks('rounds down, before 1970 too', () => {
  assert.is(ticksToUnixMs(621_355_968_000_009_999n), 0);
  assert.is(ticksToUnixMs(621_355_967_999_999_999n), -1);
  assert.is(ticksToUnixMs(621_355_967_999_990_000n), -1);
});

for (const text of [
  '',
  '1',
  '6349637293140110',
  '63496372931401109812',
  '-34963729314011098',
  '+34963729314011098',
  ' 634963729314011098',
  '634963729314011098\n',
  '6349637293140110.8',
  '634963729314011e98',
  '٦٣٤٩٦٣٧٢٩٣١٤٠١١٠٩٨',
  '0x4963729314011098',
]) {
  ticks(`refuses ${JSON.stringify(text)}`, () => {
    assert.is(parseTicks(text), undefined);
  });
}

ticks('refuses a fraction of a millisecond', () => {
  assert.throws(
    () => unixMsToTicks(0.5),
    (error: unknown) => error instanceof RangeError,
  );
});

ticks.run();

const properties = suite('nexudus · ticks · properties');

properties('milliseconds come back from their ticks', async () => {
  await property(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
      assert.is(ticksToUnixMs(unixMsToTicks(ms)), ms);
    }),
  );
});

properties.run();
