import { inspect } from 'node:util';
import { RequestError, ResponseError } from '@x/http';
import { memoryStore, type Store, storeKey } from '@x/http/store';
import { manualClock, rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveOptions } from '../src/options.ts';
import { createPushes } from '../src/push.ts';
import { ask, hubOrigin, keys, link, setUp } from './support.ts';

const push = suite('push · push');
const ok = () => new Response(null, { status: 200 });

push('posts to Hub without a body, and Hub asks anew', async () => {
  const parts = setUp();
  await link(parts);
  assert.equal(await parts.hub.push('ann@example.com'), { ok: true });
  const results = await parts.emulator.run();
  assert.equal(
    results.map(({ kind, status }) => `${kind} ${status}`),
    ['notifications 200', 'timeline 200'],
  );
  assert.equal(await parts.emulator.run(), []);
  assert.equal(parts.emulator.journal.warnings(), []);
});

push('goes out at most once per user and interval', async () => {
  const fetch = scriptedFetch([ok(), ok(), ok()]);
  const { hub, clock, events } = setUp({ hub: { fetch } });
  assert.ok((await hub.push('ann')).ok);
  assert.equal(await hub.push('ann'), { ok: false, reason: 'too-soon', retryAfterMs: 5000 });
  assert.ok((await hub.push('bob')).ok);
  clock.advance(4999);
  assert.equal(await hub.push('ann'), { ok: false, reason: 'too-soon', retryAfterMs: 1 });
  clock.advance(1);
  assert.ok((await hub.push('ann')).ok);
  fetch.assertConsumed();
  assert.is(events.filter(({ type }) => type === 'push-held').length, 2);
});

push('can be repeated at once when the call failed, also when the store fails then', async () => {
  const fail = () => Promise.reject(new TypeError('fetch failed'));
  const fetch = scriptedFetch([fail, ok()]);
  const { hub } = setUp({ hub: { fetch } });
  await rejects(hub.push('ann'), RequestError, 'http.network');
  assert.ok((await hub.push('ann')).ok);
  assert.not((await hub.push('ann')).ok);
  fetch.assertConsumed();

  const inner = memoryStore({ clock: manualClock() });
  const compareAndSet: Store['compareAndSet'] = async (key, expected, next, options) => {
    if (next === undefined) throw new Error('down');
    return inner.compareAndSet(key, expected, next, options);
  };
  const other = setUp({ hub: { fetch: scriptedFetch([fail]), store: { ...inner, compareAndSet } } }).hub;
  await rejects(other.push('ann'), RequestError, 'http.network');
  assert.not((await other.push('ann')).ok);
});

push('leaves the interval of another machine alone when its own call fails late', async () => {
  const store = memoryStore({ clock: manualClock() });
  const late = setUp({ hub: { store, fetch: scriptedFetch([failLate]) } });
  const other = setUp({ hub: { store, fetch: scriptedFetch([ok()]) } });
  async function failLate(): Promise<Response> {
    await store.delete(key); // as if the interval had ended meanwhile
    other.clock.advance(5000);
    assert.ok((await other.hub.push('ann')).ok);
    throw new TypeError('fetch failed');
  }
  const key = storeKey('@x/hub', 'acme', '', 'pushed', hubOrigin, 'ann');
  await rejects(late.hub.push('ann'), RequestError, 'http.network');
  assert.equal(await other.hub.push('ann'), { ok: false, reason: 'too-soon', retryAfterMs: 5000 });
});

push('tells the whole interval when the store holds something else', async () => {
  const store = memoryStore();
  const { hub } = setUp({ hub: { store, fetch: scriptedFetch([]) } });
  await store.set(storeKey('@x/hub', 'acme', '', 'pushed', hubOrigin, 'ann'), true);
  assert.equal(await hub.push('ann'), { ok: false, reason: 'too-soon', retryAfterMs: 5000 });
});

push('goes out every time without an interval', async () => {
  const fetch = scriptedFetch([ok(), ok()]);
  const { hub } = setUp({ hub: { fetch, pushIntervalMs: 0 } });
  assert.ok((await hub.push('ann')).ok);
  assert.ok((await hub.push('ann')).ok);
});

push('is held back from inside a data request of the same user, in any spelling', async () => {
  const results: unknown[] = [];
  const parts = setUp({
    hub: { usernameCanonical: (name) => name.toLowerCase() },
    routes: {
      notifications: async () => {
        results.push(await parts.hub.push('ANN@example.com'), await parts.hub.push('bob@example.com'));
        return { count: 0 };
      },
    },
  });
  await link(parts);
  await link(parts, 'bob');
  assert.is((await parts.emulator.notifications('ann')).status, 200);
  assert.equal(results, [{ ok: false, reason: 'in-handler', retryAfterMs: 5000 }, { ok: true }]);
  assert.ok((await parts.hub.push('ann@example.com')).ok, 'and free again afterwards');
});

push('can be allowed inside a data request, which the emulator calls a loop', async () => {
  const parts = setUp({
    hub: { pushFromHandler: 'allow' },
    routes: {
      notifications: async () => {
        await parts.hub.push('ann@example.com');
        return { count: 0 };
      },
    },
  });
  await link(parts);
  await parts.emulator.notifications('ann');
  assert.match(parts.emulator.journal.warnings()[0] ?? '', /loop/);
});

push('goes to the Hub that is named, and to no other', async () => {
  const hubs = [hubOrigin, 'https://b.example'];
  const fetch = scriptedFetch([ok(), ok()]);
  const { hub } = setUp({ hub: { fetch, hubs } });
  await hub.push('ann', { hub: 'https://b.example' });
  await hub.push('ann');
  assert.equal(
    fetch.requests.map(({ url }) => url),
    ['https://b.example/v1/acme/ann/push', `${hubOrigin}/v1/acme/ann/push`],
  );
  await rejects(hub.push('ann', { hub: 'https://evil.example' }), TypeError, /hub must be one of hubs/);
});

for (const username of ['', '..', 'x'.repeat(257)]) {
  push(`refuses the username ${JSON.stringify(username).slice(0, 8)}`, async () => {
    await rejects(setUp().hub.push(username), RangeError, /username/);
  });
}

push('rejects with a typed error that does not show the user', async () => {
  const fetch = scriptedFetch([new Response('no', { status: 503, headers: { 'retry-after': '7' } })]);
  const error = await rejects(setUp({ hub: { fetch } }).hub.push('ann@example.com'), ResponseError, 'http.server');
  assert.equal([error.status, error.retryAfterMs, error.provider], [503, 7000, 'hub']);
  assert.match(error.message, /\/v1\/acme\/\{username\}\/push/);
  assert.not.match(`${inspect(error)}${JSON.stringify(error)}${error.stack}`, /ann(@|%40)example/);
});

push('does not follow a redirect', async () => {
  const fetch = scriptedFetch([new Response(null, { status: 307, headers: { location: 'https://evil.example/' } })]);
  const error = await rejects(setUp({ hub: { fetch } }).hub.push('ann'), ResponseError, 'http.rejected');
  assert.is(error.status, 307);
});

push('rejects when the network fails or its caller aborts', async () => {
  const fetch = scriptedFetch([() => Promise.reject(new TypeError('fetch failed'))]);
  await rejects(setUp({ hub: { fetch } }).hub.push('ann'), RequestError, 'http.network');
  const signal = AbortSignal.abort();
  await rejects(
    setUp({ hub: { fetch: scriptedFetch([ok()]) } }).hub.push('ann', { signal }),
    RequestError,
    'http.aborted',
  );
});

push('rejects when the store does not answer', async () => {
  const store = { ...memoryStore(), compareAndSet: () => new Promise<never>(() => {}) };
  const { hub } = setUp({ hub: { store, timeoutMs: 20, fetch: scriptedFetch([]) } });
  await rejects(hub.push('ann'), Error, /took longer than 20 ms/);
});

push('tells its calls as events, without the user', async () => {
  const { hub, events } = setUp({ hub: { fetch: scriptedFetch([ok()]) } });
  await hub.push('ann@example.com');
  assert.equal(
    events.map(({ type }) => type),
    ['request', 'response', 'push-sent'],
  );
  assert.match(JSON.stringify(events), /\{username\}/);
  assert.not.match(JSON.stringify(events), /ann/);
});

push('a failed data request leaves no user behind as being answered', async () => {
  const parts = setUp({
    routes: {
      notifications: () => {
        throw new Error('database');
      },
    },
  });
  await link(parts);
  assert.is((await parts.emulator.notifications('ann')).status, 500);
  assert.ok((await parts.hub.push('ann@example.com')).ok);
  assert.is((await parts.handler(ask('/v1/acme/notifications', {}))).status, 401);
});

push('is free again once a data request has passed its deadline, whenever its callback ends', async () => {
  const ends: ((answer: { count: number }) => void)[] = [];
  const held: unknown[] = [];
  const parts = setUp({
    hub: { deadlineMs: 20 },
    routes: {
      notifications: async () => {
        ends[0]?.({ count: 1 });
        await new Promise((resolve) => setImmediate(resolve));
        held.push(await parts.hub.push('ann@example.com'));
        return new Promise((resolve) => ends.push(resolve));
      },
    },
  });
  await link(parts);
  assert.is((await parts.emulator.notifications('ann')).status, 503);
  assert.ok((await parts.hub.push('ann@example.com')).ok);
  assert.is((await parts.emulator.notifications('ann')).status, 503);
  const refused = { ok: false, reason: 'in-handler', retryAfterMs: 20 };
  assert.equal(held, [refused, refused], 'also after the first callback, too late, has ended');
});

push('runs no callback when nobody waits for it any more', async () => {
  const settings = resolveOptions({ app: 'acme', keys });
  const pushes = createPushes(settings, async () => ok());
  let calls = 0;
  const run = async () => {
    calls += 1;
  };
  await rejects(pushes.during('ann', AbortSignal.abort(), run), DOMException, /abort/i);
  assert.is(calls, 0);
  assert.ok((await pushes.push('ann')).ok);
});

push.run();
