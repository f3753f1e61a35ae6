import { readFileSync } from 'node:fs';
import { manualClock, seededRandom } from '@x/testing';
import type { KyInstance } from 'ky';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import { isXError } from '../src/errors.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../src/retry.ts';

const repeated = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];
const methods = [...repeated, 'POST', 'PATCH'];
const passing = ['408', '429', '500', '502', '503', '504'];
const lasting = ['400', '401', '403', '404', '405', '409', '410', '413', '422', '425', '501', '505', '507', '511'];

/** The local clock stands still here; the provider's is an hour ahead, behind, or agrees. */
const nowMs = Date.UTC(2026, 0, 1, 12);
const date = (ms: number): string => new Date(ms).toUTCString();
const hour = 3_600_000;

/** How an answer asks to wait, and how long a repetition then waits: `backoff`, milliseconds, or not at all. */
const forms: readonly (readonly [
  name: string,
  fields: Record<string, string>,
  wait: 'backoff' | number | 'surfaces',
])[] = [
  ['nothing', {}, 'backoff'],
  ['0 seconds', { 'retry-after': '0' }, 0],
  ['1 second', { 'retry-after': '1' }, 1000],
  ['the cap', { 'retry-after': '2' }, 2000],
  ['a second beyond the cap', { 'retry-after': '3' }, 'surfaces'],
  ['a date', { 'retry-after': date(nowMs + 1000), date: date(nowMs) }, 1000],
  ['a date of a clock that is ahead', { 'retry-after': date(nowMs + hour + 1000), date: date(nowMs + hour) }, 1000],
  ['a date of a clock that is behind', { 'retry-after': date(nowMs - hour + 1000), date: date(nowMs - hour) }, 1000],
  ['a date without the clock’s own', { 'retry-after': date(nowMs + 1000) }, 1000],
  ['a date in the form of RFC 850', { 'retry-after': 'Thursday, 01-Jan-26 12:00:01 GMT', date: date(nowMs) }, 1000],
  ['a date in the form of asctime', { 'retry-after': 'Thu Jan  1 12:00:01 2026', date: date(nowMs) }, 1000],
  ['a date beyond the cap', { 'retry-after': date(nowMs + 3000), date: date(nowMs) }, 'surfaces'],
  ['a date that has passed', { 'retry-after': date(nowMs - 1000), date: date(nowMs) }, 0],
  ['a date of a clock ahead that has passed', { 'retry-after': date(nowMs + 1000), date: date(nowMs + hour) }, 0],
  ['seconds that came twice', { 'retry-after': '1, 1' }, 1000],
  ['seconds that came twice, one beyond the cap', { 'retry-after': '1, 3' }, 'surfaces'],
  ['what nobody can read', { 'retry-after': 'soon' }, 'backoff'],
  ['a fraction of seconds', { 'retry-after': '0.5' }, 1000],
  ['a negative number', { 'retry-after': '-1' }, 'backoff'],
  ['a field of others', { 'ratelimit-reset': '3600', 'x-ratelimit-reset': '3600' }, 'backoff'],
];

interface Row {
  readonly method: string;
  readonly failure: string;
  readonly form: (typeof forms)[number];
  readonly attempts: 1 | 2;
}
const none = forms[0] as (typeof forms)[number];
const rows: readonly Row[] = [
  ...methods.flatMap((method) =>
    passing.flatMap((failure) =>
      forms.map((form): Row => {
        const again = repeated.includes(method) && form[2] !== 'surfaces';
        return { method, failure, form, attempts: again ? 2 : 1 };
      }),
    ),
  ),
  ...methods.flatMap((method) =>
    lasting.flatMap((failure) =>
      [none, forms[2] as typeof none].map((form): Row => ({ method, failure, form, attempts: 1 })),
    ),
  ),
  ...methods.map(
    (method): Row => ({ method, failure: 'network', form: none, attempts: repeated.includes(method) ? 2 : 1 }),
  ),
  ...methods.flatMap((method) =>
    ['timeout', 'abort', 'refusal of a limiter'].map((failure): Row => ({ method, failure, form: none, attempts: 1 })),
  ),
];

interface Outcome {
  readonly attempts: number;
  readonly waitedMs: number;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Fails once as the row says, then answers; tells what was done about it. */
async function play({ method, failure, form }: Row): Promise<Outcome> {
  const sentAt: number[] = [];
  let failedAt = 0;
  const controller = new AbortController();
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { signal } = input as Request;
    sentAt.push(performance.now());
    if (sentAt.length > 1) return new Response(null, { status: 204 });
    failedAt = performance.now();
    if (failure === 'network') throw new TypeError('fetch failed');
    if (failure === 'refusal of a limiter') throw Object.assign(new Error(), { [Symbol.for('@x/http.XError')]: true });
    if (failure === 'abort') controller.abort();
    if (failure === 'abort' || failure === 'timeout') {
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener('abort', () => reject(signal.reason));
      });
    }
    return new Response(null, { status: Number(failure), headers: form[1] });
  };
  const client = createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com',
    fetch,
    clock: manualClock(nowMs),
    random: seededRandom(3),
    timeoutMs: failure === 'timeout' ? 20 : 60_000,
    retry: { baseDelayMs: 4, maxRetryAfterMs: 2000 },
  });
  let error: unknown;
  await client('a', { method, signal: controller.signal }).catch((thrown: unknown) => {
    error = thrown;
  });
  const { code, retryAfterMs } = (isXError(error) ? error : {}) as { code?: string; retryAfterMs?: number };
  return { attempts: sentAt.length, waitedMs: (sentAt[1] ?? failedAt) - failedAt, code, retryAfterMs };
}

// all at once: the waits are real, and there are many of them
const outcomes = rows.map(play);

const table = suite('retry table');

for (const [index, row] of rows.entries()) {
  const { method, failure, form, attempts } = row;
  const [name, , wait] = form;
  const then = attempts === 1 ? 'not repeated' : `repeated after ${wait === 'backoff' ? 'the backoff' : `${wait} ms`}`;
  table(`${method}, ${failure}, asked for ${name}: ${then}`, async () => {
    const { attempts: seen, waitedMs, code, retryAfterMs } = (await outcomes[index]) as Outcome;
    assert.is(seen, attempts);
    // never shorter than asked, but for what timers round; and not an hour for the clock of an hour
    if (attempts === 2 && typeof wait === 'number') assert.ok(waitedMs >= wait - 5, `waited ${waitedMs} ms`);
    assert.ok(waitedMs < 60_000);
    assert.is(code === undefined, attempts === 2 || failure === 'refusal of a limiter');
    if (wait === 'surfaces') assert.is(retryAfterMs, 3000);
    if (failure === '429' && attempts === 1) assert.is(code, 'http.rate-limited');
  });
}

table.run();

const added = suite('retry table · statuses and methods added');

const again: { readonly statusCodes: number[]; readonly methods: ['post'] } = { statusCodes: [423], methods: ['post'] };
const ways: readonly (readonly [
  way: string,
  retry: Partial<RetryPolicy>,
  ask: (client: KyInstance) => Promise<unknown>,
])[] = [
  ['the client', again, (client) => client.post('a')],
  ['a call', {}, (client) => client.post('a', { retry: again })],
  ['extend', {}, (client) => client.extend({ retry: again }).post('a')],
];
const given = ways.map(async ([, retry, ask]) => {
  const sentAt: number[] = [];
  const fetch = async (): Promise<Response> => {
    sentAt.push(performance.now());
    if (sentAt.length > 1) return new Response(null, { status: 204 });
    return new Response(null, { status: 423, headers: { 'retry-after': '1' } });
  };
  const options = { provider: 'sample', baseUrl: 'https://api.example.com', fetch };
  await ask(createClient({ ...options, retry: { baseDelayMs: 0, ...retry } }));
  return sentAt;
});

for (const [index, [way]] of ways.entries()) {
  added(`to those of ${way}: no wait is shorter than asked`, async () => {
    const [first = 0, second = 0, ...more] = (await given[index]) ?? [];
    assert.ok(second - first >= 995, `waited ${second - first} ms`);
    assert.equal(more, []);
  });
}

added.run();

const readme = suite('retry table · README');

/** The cells of the rows below a heading that begins so. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const lines = readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith(heading));
  const end = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  return lines.slice(from, end).map(cells);
}

readme('says what the code does', () => {
  const [head = [], , ...body] = tableBelow('| what happened |');
  const { limit, methods: named, statusCodes, baseDelayMs } = defaultRetryPolicy;
  assert.equal(head.slice(1), [repeated.join(' '), 'POST PATCH']);
  assert.equal(
    named.map((name) => name.toUpperCase()),
    repeated,
  );
  assert.is(limit, 2, 'twice');
  assert.equal(body.slice(0, 2), [
    ['connection refused or reset', `twice, after up to ${baseDelayMs} and ${2 * baseDelayMs} ms, random`, 'never'],
    [
      statusCodes.join(', '),
      'the same, or after `Retry-After`, unless that exceeds `maxRetryAfterMs` or the time left',
      'never',
    ],
  ]);
  assert.equal(statusCodes.map(String), passing);
  assert.equal(
    body.map(([what]) => what),
    [
      'connection refused or reset',
      passing.join(', '),
      'timeout, abort, any other status, a broken body',
      'the credential was refused',
      'a redirect',
    ],
  );
});

readme.run();
