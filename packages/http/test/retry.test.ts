import { property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ContractError, CredentialError, RequestError, ResponseError, XError } from '../src/errors.ts';
import { defaultRetryPolicy, fullJitter, isRetryable, readRetryAfterMs, resolveRetryPolicy } from '../src/retry.ts';

const after = suite('retry · readRetryAfterMs');
const now = Date.UTC(2026, 0, 1, 12, 0, 0);

const rows: readonly [name: string, headers: Record<string, string>, expected: number | undefined][] = [
  ['no header', {}, undefined],
  ['an empty header', { 'retry-after': '' }, undefined],
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['zero seconds', { 'retry-after': '0' }, 0],
  ['seconds with space around', { 'retry-after': ' 7 ' }, 7000],
  ['a fraction', { 'retry-after': '1.5' }, 1500],
  ['whole seconds with a point', { 'retry-after': '2.0' }, 2000],
  ['less than a millisecond, as one', { 'retry-after': '0.0001' }, 1],
  ['a fraction and seconds', { 'retry-after': '1.5, 1' }, 1500],
  ['a point without a fraction', { 'retry-after': '1.' }, undefined],
  ['two points', { 'retry-after': '1.2.3' }, undefined],
  ['a negative number', { 'retry-after': '-1' }, undefined],
  ['ten digits, which are more than counts', { 'retry-after': '9999999999' }, 2_147_483_648_000],
  ['digits beyond any number', { 'retry-after': '9'.repeat(400) }, 2_147_483_648_000],
  ['seconds that came twice', { 'retry-after': '3, 3' }, 3000],
  ['seconds that came twice, as the longer wait', { 'retry-after': '3600 ,\t5,120' }, 3_600_000],
  ['seconds and words', { 'retry-after': '3, soon' }, undefined],
  ['a comma without seconds', { 'retry-after': '3,' }, undefined],
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
  ['a date in an obsolete form', { 'retry-after': 'Thursday, 01-Jan-26 12:01:00 GMT' }, 60_000],
  ['a date of another form', { 'retry-after': '2026-01-01T12:01:00Z' }, undefined],
];

for (const [name, headers, expected] of rows) {
  after(`reads ${name}`, () => assert.is(readRetryAfterMs(new Headers(headers), now), expected));
}

after.run();

const properties = suite('retry · readRetryAfterMs · properties');

properties('gives a whole number of milliseconds from 0, or nothing, for any field', async () => {
  const field = fc.string({ unit: 'grapheme-ascii' });
  await property(
    fc.property(field, field, fc.integer({ min: 0, max: 4e12 }), (text, date, nowMs) => {
      const headers = new Headers({ 'retry-after': text, date });
      const wait = readRetryAfterMs(headers, nowMs);
      assert.ok(wait === undefined || (Number.isFinite(wait) && wait >= 0));
    }),
  );
});

properties('a date and its seconds ask for the same, whatever the local clock and the provider’s say', async () => {
  const seconds = fc.integer({ min: 0, max: 999_999 });
  const ms = fc.integer({ min: 0, max: 4e9 }).map((second) => second * 1000);
  await property(
    fc.property(seconds, ms, ms, (asked, providerMs, localMs) => {
      const [date, until] = [providerMs, providerMs + asked * 1000].map((at) => new Date(at).toUTCString());
      const byDate = new Headers({ date: date ?? '', 'retry-after': until ?? '' });
      const bySeconds = new Headers({ 'retry-after': String(asked) });
      assert.is(readRetryAfterMs(byDate, localMs), asked * 1000);
      assert.is(readRetryAfterMs(bySeconds, localMs), asked * 1000);
    }),
  );
});

properties.run();

const retryable = suite('retry · isRetryable');
const base = { provider: 'sample', message: 'it failed' } as const;

const judged: readonly [error: unknown, expected: boolean][] = [
  [new RequestError({ ...base, code: 'http.network' }), true],
  [new RequestError({ ...base, code: 'http.timeout' }), true],
  [new RequestError({ ...base, code: 'http.aborted' }), false],
  [new XError({ ...base, code: 'http.rate-limited' }), true],
  [new ContractError({ ...base, issues: [] }), false],
  [new CredentialError({ ...base, code: 'credential.renewal-failed' }), true],
  ...(['credential.refused', 'credential.expired', 'credential.revoked', 'credential.superseded'] as const).map(
    (code): [unknown, boolean] => [new CredentialError({ ...base, code }), false],
  ),
  ...[408, 429, 500, 502, 503, 504].map((status): [unknown, boolean] => [
    new ResponseError({ ...base, code: 'sample.why', status }),
    true,
  ]),
  ...[400, 401, 404, 409, 501, 505].map((status): [unknown, boolean] => [
    new ResponseError({ ...base, code: 'http.server', status }),
    false,
  ]),
  [Object.assign(new Error('no'), { code: 'http.network' }), false],
  [undefined, false],
];
for (const [error, expected] of judged) {
  const { code, status = '' } = Object(error) as { code?: string; status?: number };
  retryable(
    `${error instanceof XError ? code : 'anything else'} ${status} is ${expected ? '' : 'not '}worth another try`,
    () => {
      assert.is(isRetryable(error), expected);
    },
  );
}

retryable.run();

const policy = suite('retry · resolveRetryPolicy');

policy('never repeats a POST or PATCH by default', () => {
  assert.not(defaultRetryPolicy.methods.includes('post'));
  assert.not(defaultRetryPolicy.methods.includes('patch'));
});

policy('repeats what is idempotent by default, and what may pass', () => {
  assert.equal(defaultRetryPolicy.methods, ['get', 'head', 'put', 'delete', 'options']);
  assert.equal(defaultRetryPolicy.statusCodes, [408, 429, 500, 502, 503, 504]);
  assert.equal(resolveRetryPolicy(), { ...defaultRetryPolicy });
});

const ranges: readonly [
  field: 'limit' | 'baseDelayMs' | 'maxDelayMs' | 'maxRetryAfterMs' | 'budgetRatio' | 'budgetReserve',
  most: number,
][] = [
  ['limit', 10],
  ['baseDelayMs', 86_400_000],
  ['maxDelayMs', 86_400_000],
  ['maxRetryAfterMs', 86_400_000],
  ['budgetRatio', 10],
  ['budgetReserve', 10_000],
];
for (const [field, most] of ranges) {
  policy(`${field} is from 0 to ${most}, and what is not is told with its name`, () => {
    for (const value of [0, most]) assert.is(resolveRetryPolicy({ [field]: value })[field], value);
    for (const value of [-1, most + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => resolveRetryPolicy({ [field]: value }),
        (error: unknown) =>
          error instanceof RangeError &&
          error.message.endsWith(`got ${value}`) &&
          error.message.startsWith(`retry.${field} must be`),
      );
    }
  });
}

policy('a number is the limit', () => {
  assert.equal(resolveRetryPolicy(0), { ...defaultRetryPolicy, limit: 0 });
  assert.throws(() => resolveRetryPolicy(99), /retry\.limit/);
});

policy('the limit is a whole number', () => assert.throws(() => resolveRetryPolicy({ limit: 1.5 }), /retry\.limit/));

policy.run();

const jitter = suite('retry · fullJitter · properties');

jitter('stays from 0 to below the bound', async () => {
  await property(
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
