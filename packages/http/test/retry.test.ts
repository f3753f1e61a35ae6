import { seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultRetryPolicy, fullJitter, readRetryAfterMs, resolveRetryPolicy } from '../src/retry.ts';

const after = suite('retry · readRetryAfterMs');
const now = Date.UTC(2026, 0, 1, 12, 0, 0);

const rows: readonly [name: string, headers: Record<string, string>, expected: number | undefined][] = [
  ['no header', {}, undefined],
  ['an empty header', { 'retry-after': '' }, undefined],
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['zero seconds', { 'retry-after': '0' }, 0],
  ['seconds with space around', { 'retry-after': ' 7 ' }, 7000],
  ['a fraction', { 'retry-after': '1.5' }, undefined],
  ['a negative number', { 'retry-after': '-1' }, undefined],
  ['a number too long to be seconds', { 'retry-after': '9999999999' }, undefined],
  ['words', { 'retry-after': 'soon' }, undefined],
  ['a date without the server’s own', { 'retry-after': 'Thu, 01 Jan 2026 12:01:00 GMT' }, 60_000],
  [
    'a date of a server an hour behind',
    { date: 'Thu, 01 Jan 2026 11:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 11:00:30 GMT' },
    30_000,
  ],
  [
    'a date of a server an hour ahead',
    { date: 'Thu, 01 Jan 2026 13:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 13:00:30 GMT' },
    30_000,
  ],
  ['a date that has passed', { 'retry-after': 'Thu, 01 Jan 2026 11:59:00 GMT' }, 0],
  ['a date of another form', { 'retry-after': '2026-01-01T12:01:00Z' }, undefined],
];

for (const [name, headers, expected] of rows) {
  after(`reads ${name}`, () => assert.is(readRetryAfterMs(new Headers(headers), now), expected));
}

after.run();

const policy = suite('retry · resolveRetryPolicy');

policy('never repeats a POST or PATCH by default', () => {
  assert.not(defaultRetryPolicy.methods.includes('post'));
  assert.not(defaultRetryPolicy.methods.includes('patch'));
});

policy('names the field that is out of range', () => {
  assert.throws(() => resolveRetryPolicy({ limit: -1 }), /retry\.limit/);
  assert.throws(() => resolveRetryPolicy({ limit: 11 }), /retry\.limit/);
  assert.throws(() => resolveRetryPolicy({ limit: 1.5 }), /retry\.limit/);
  assert.throws(() => resolveRetryPolicy({ baseDelayMs: Number.NaN }), /retry\.baseDelayMs/);
  assert.throws(() => resolveRetryPolicy({ maxRetryAfterMs: -1 }), /retry\.maxRetryAfterMs/);
});

policy.run();

const jitter = suite('retry · fullJitter · properties');

jitter('stays from 0 to below the bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.integer({ min: 0, max: 1_000_000 }), (seed, bound) => {
      const wait = fullJitter(bound, seededRandom(seed));
      assert.ok(wait >= 0 && wait <= bound && (bound === 0 || wait < bound));
    }),
  );
});

jitter('covers the range', () => {
  assert.is(
    fullJitter(1000, () => new Uint8Array(4)),
    0,
  );
  assert.ok(fullJitter(1000, () => new Uint8Array(4).fill(255)) > 999);
});

jitter.run();
