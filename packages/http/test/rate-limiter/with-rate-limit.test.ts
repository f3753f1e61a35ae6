import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import { RequestError, XError } from '../../src/errors.ts';
import type { AcquireRequest, RateLimiter } from '../../src/rate-limiter/contract.ts';
import { type LimitedRequest, withRateLimit } from '../../src/rate-limiter/with-rate-limit.ts';
import { createRateLimiter } from '../../src/rate-limiter.ts';
import { settled, virtualTime } from './virtual-time.ts';

const url = 'https://api.example.com/v1/orders?token=marker';
const ok = (): Response => Response.json({});

/** A limiter that grants everything and notes what it was asked. */
function noted(): RateLimiter & { readonly asked: AcquireRequest[]; readonly holds: [key: string, ms: number][] } {
  const asked: AcquireRequest[] = [];
  const holds: [key: string, ms: number][] = [];
  return {
    asked,
    holds,
    acquire: async (request) => {
      asked.push(request);
    },
    penalize: async (key, ms) => {
      holds.push([key, ms]);
    },
  };
}

const wrapped = suite('with-rate-limit · withRateLimit');

wrapped('asks with the key and cost of the request, then sends it untouched', async () => {
  const limiter = noted();
  const calls: unknown[][] = [];
  const fetch: typeof globalThis.fetch = async (...call) => {
    assert.is(limiter.asked.length, 1);
    calls.push(call);
    return ok();
  };
  const calm = withRateLimit(fetch, limiter, {
    keyOf: ({ headers }) => `shop ${headers.get('x-shop')}`,
    costOf: ({ method }) => (method === 'POST' ? 5 : 1),
    maxWaitMs: 7,
  });
  const input = new URL(url);
  const init = { method: 'post', headers: { 'x-shop': '3' }, body: 'text', dispatcher: 'a vendor’s own' };
  await calm(input, init);
  assert.equal(limiter.asked, [{ key: 'shop 3', cost: 5, signal: undefined, maxWaitMs: 7 }]);
  assert.is(calls[0]?.[0], input);
  assert.is(calls[0]?.[1], init);
});

const described: readonly [
  name: string,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  expected: readonly [method: string, url: string, shop: string | null],
][] = [
  ['a URL', new URL(url), undefined, ['GET', url, null]],
  ['text', url, { method: 'put', headers: [['x-shop', '1']] }, ['PUT', url, '1']],
  [
    'a Request',
    new Request(url, { method: 'POST', body: 'x', headers: { 'x-shop': '2' } }),
    undefined,
    ['POST', url, '2'],
  ],
  [
    'a Request with changes',
    new Request(url, { headers: { 'x-shop': '3' } }),
    { method: 'DELETE', headers: { 'x-shop': '4' } },
    ['DELETE', url, '4'],
  ],
];

for (const [name, input, init, expected] of described) {
  wrapped(`describes ${name}, and leaves its body alone`, async () => {
    let seen: LimitedRequest | undefined;
    const keyOf = (request: LimitedRequest): undefined => {
      seen = request;
    };
    await withRateLimit(async () => ok(), noted(), { keyOf })(input, init);
    assert.equal([seen?.method, seen?.url, seen?.headers.get('x-shop') ?? null], expected);
    if (input instanceof Request) assert.not.ok(input.bodyUsed);
  });
}

wrapped('lets pass what has no key', async () => {
  const limiter = noted();
  const throttled = new Response(null, { status: 429 });
  const calm = withRateLimit(async () => throttled, limiter, { keyOf: () => undefined });
  assert.is(await calm(url), throttled);
  assert.equal([limiter.asked, limiter.holds], [[], []]);
});

wrapped('a second limit holds for some requests only', async () => {
  const [all, heavy] = [noted(), noted()];
  const calm = withRateLimit(async () => ok(), all, { keyOf: () => 'shop' });
  const both = withRateLimit(calm, heavy, {
    keyOf: (request) => (request.url.includes('/catalogs/') ? 'shop' : undefined),
  });
  await both(url);
  await both('https://api.example.com/v1/catalogs/7');
  assert.equal([all.asked.length, heavy.asked.length], [2, 1]);
});

const answers: readonly [name: string, status: number, headers: Record<string, string>, hold: number | undefined][] = [
  ['success', 200, {}, undefined],
  ['an outage', 503, { 'retry-after': '9' }, undefined],
  ['429 with seconds', 429, { 'retry-after': '9' }, 9000],
  ['429 with a date', 429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7000],
  ['429 with nothing', 429, {}, 1000],
  ['429 with what cannot be read', 429, { 'retry-after': 'soon' }, 1000],
];

for (const [name, status, headers, hold] of answers) {
  wrapped(`${name} ${hold === undefined ? 'holds nobody' : `holds the key for ${hold} ms`}`, async () => {
    const limiter = noted();
    const answer = new Response(null, { status, headers });
    const calm = withRateLimit(async () => answer, limiter, { keyOf: () => 'a', clock: virtualTime().clock });
    assert.is(await calm(url), answer);
    assert.equal(limiter.holds, hold === undefined ? [] : [['a', hold]]);
  });
}

wrapped('a provider may throttle with another status', async () => {
  const limiter = noted();
  const fetch = scriptedFetch([
    new Response(null, { status: 409, headers: { 'retry-after': '1' } }),
    new Response('{}', { status: 409 }),
    new Response(null, { status: 429 }),
  ]);
  const calm = withRateLimit(fetch, limiter, {
    keyOf: () => 'a',
    isThrottled: ({ status, headers }) => status === 429 || (status === 409 && headers.has('retry-after')),
    fallbackRetryAfterMs: 60_000,
  });
  for (let count = 0; count < 3; count += 1) await calm(url);
  assert.equal(limiter.holds, [
    ['a', 1000],
    ['a', 60_000],
  ]);
});

wrapped('sends nothing that has no turn', async () => {
  const time = virtualTime();
  const windows = [{ limit: 1, windowMs: 60_000 }];
  const limiter = createRateLimiter({ provider: 'sample', windows, clock: time.clock, sleep: time.sleep });
  const fetch = scriptedFetch([ok]);
  const calm = withRateLimit(fetch, limiter, { keyOf: () => 'a' });
  await calm(url);
  const refused = await rejects(calm(url), XError, 'http.rate-limited');
  await rejects(calm(url, { signal: AbortSignal.abort() }), RequestError, 'http.aborted');
  assert.is(fetch.requests.length, 1);
  assert.not.match(JSON.stringify(refused) + String(refused.stack), 'marker');
});

wrapped('the signal of the request ends the wait, whichever way it was given', async () => {
  const time = virtualTime();
  const windows = [{ limit: 1, windowMs: 1000 }];
  const limiter = createRateLimiter({ provider: 'sample', windows, clock: time.clock, sleep: time.sleep });
  const calm = withRateLimit(async () => ok(), limiter, { keyOf: () => 'a' });
  await calm(url);
  for (const call of [
    (signal: AbortSignal) => calm(url, { signal }),
    (signal: AbortSignal) => calm(new Request(url, { signal })),
    (signal: AbortSignal) => calm(new Request(url, { signal: AbortSignal.abort() }), { signal }),
  ]) {
    const controller = new AbortController();
    const outcome = call(controller.signal);
    await settled();
    controller.abort();
    await rejects(outcome, RequestError, 'http.aborted');
  }
  const unbound = calm(new Request(url, { signal: AbortSignal.abort() }), { signal: null });
  await time.advance(1000);
  assert.is((await unbound).status, 200);
});

wrapped('a client behind it keeps within the limit', async () => {
  const time = virtualTime();
  const windows = [{ limit: 2, windowMs: 1000 }];
  const limiter = createRateLimiter({ provider: 'sample', windows, clock: time.clock, sleep: time.sleep });
  const sentMs: number[] = [];
  const fetch: typeof globalThis.fetch = async () => {
    sentMs.push(time.clock());
    return ok();
  };
  const client = createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com/v1',
    fetch: withRateLimit(fetch, limiter, { keyOf: () => 'a' }),
  });
  const startMs = time.clock();
  const done = Promise.all([1, 2, 3, 4, 5].map(() => client.post('orders', { json: {} }).json()));
  await time.advance(5000);
  await done;
  assert.equal(
    sentMs.map((atMs) => atMs - startMs),
    [0, 0, 1000, 1000, 2000],
  );
});

wrapped('refuses a fallback that is out of range', () => {
  for (const fallbackRetryAfterMs of [-1, Number.NaN, 86_400_001]) {
    assert.throws(
      () => withRateLimit(async () => ok(), noted(), { keyOf: () => 'a', fallbackRetryAfterMs }),
      (error: unknown) => error instanceof RangeError && /fallbackRetryAfterMs/.test(error.message),
    );
  }
});

wrapped.run();
