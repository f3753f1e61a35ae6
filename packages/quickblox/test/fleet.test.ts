import { generateKey } from '@x/crypto';
import { memoryStore, type Store, sealedStore } from '@x/http/store';
import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../src/emulator/index.ts';
import { createQuickBlox, type QuickBloxSession } from '../src/index.ts';
import { UserPage } from '../src/schema.ts';
import { anna, application, count } from './harness.ts';

const fleet = suite('quickblox · 2,000 requests at once');
const created = 'POST /session.json 201';
const served = 'GET /users.json 200';
const refused = 'GET /users.json 401';

/**
 * A fetch with so many connections at most, as every pool in production has: a loopback server resets some of two
 * thousand connections that are opened at once, whoever opens them. A session is asked for over one more: it has thirty
 * seconds to come, and on a slow machine two thousand requests before it take longer.
 */
function pooled(connections: number): typeof globalThis.fetch {
  const waiting: (() => void)[] = [];
  let open = 0;
  return async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).pathname === '/session.json') return fetch(request);
    if (open === connections) await new Promise<void>((resolve) => waiting.push(resolve));
    else open += 1;
    try {
      const answer = await fetch(request);
      const { status, headers } = answer;
      return new Response(await answer.arrayBuffer(), { status, headers }); // read, so that the connection is free
    } finally {
      const next = waiting.shift();
      if (next === undefined) open -= 1;
      else next();
    }
  };
}

/** Processes that ask a served emulator, with a clock in common. */
async function serveTo(
  stores: readonly (Store | undefined)[],
  use: (rig: {
    readonly sessions: readonly QuickBloxSession[];
    readonly emulator: ReturnType<typeof createEmulator>;
    readonly clock: ReturnType<typeof manualClock>;
    readonly calls: () => string[];
  }) => Promise<void>,
): Promise<void> {
  const clock = manualClock();
  const emulator = createEmulator({ applications: [application], clock });
  const { url, close } = await emulator.serve();
  const { id, authKey, authSecret } = application;
  const keys = { applicationId: id, authKey, authSecret, baseUrl: url, clock, timeoutMs: 120_000, retry: { limit: 0 } };
  const options = { ...keys, fetch: pooled(64) };
  const sessions = stores.map((store) => createQuickBlox({ ...options, store }).session(anna));
  const calls = (): string[] =>
    emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`);
  try {
    await use({ sessions, emulator, clock, calls });
  } finally {
    await close();
  }
}

/** Every session's share of 2,000 requests. */
function ask(sessions: readonly QuickBloxSession[], total: number = 2000): Promise<{ total_entries: number }>[] {
  return Array.from({ length: total }, (_, index) => {
    const { client } = sessions[index % sessions.length] as QuickBloxSession;
    return client.get('users.json').json(UserPage);
  });
}

fleet('get one new session when the old one has ended by its own word', async () => {
  await serveTo([undefined], async ({ sessions, emulator, clock, calls }) => {
    await Promise.all(ask(sessions, 20));
    clock.advance(7_200_000);
    emulator.journal.clear();
    const pages = await Promise.all(ask(sessions));
    assert.ok(pages.every(({ total_entries }) => total_entries === 2));
    assert.equal([count(calls(), created), count(calls(), served), calls().length], [1, 2000, 2001]);
    assert.equal(emulator.journal.warnings(), []);
  });
});

fleet('get one new session when it ends among them, and all succeed', async () => {
  await serveTo([undefined], async ({ sessions, emulator, calls }) => {
    await Promise.all(ask(sessions, 20));
    emulator.journal.clear();
    const pages = ask(sessions);
    await Promise.race(pages);
    emulator.endSessions();
    assert.ok((await Promise.all(pages)).every(({ total_entries }) => total_entries === 2));
    const gone = count(calls(), refused);
    assert.ok(gone > 0, 'some met the session that is gone');
    assert.equal([count(calls(), created), count(calls(), served), calls().length], [1, 2000, 2001 + gone]);
    assert.equal(emulator.journal.warnings(), []);
  });
});

fleet('get one new session for four processes that share a sealed store', async () => {
  const backing = memoryStore();
  const keys = [{ id: 'k1', key: generateKey() }];
  const stores = Array.from({ length: 4 }, () => sealedStore(backing, { keys }));
  await serveTo(stores, async ({ sessions, emulator, clock, calls }) => {
    await Promise.all(ask(sessions, 20));
    assert.is(count(calls(), created), 1);
    clock.advance(7_200_000);
    emulator.journal.clear();
    assert.ok((await Promise.all(ask(sessions))).every(({ total_entries }) => total_entries === 2));
    assert.equal([count(calls(), created), count(calls(), served), calls().length], [1, 2000, 2001]);
    assert.equal(emulator.journal.warnings(), []);
    assert.is(new Set(await Promise.all(sessions.map((session) => session.token()))).size, 1);
  });
});

fleet('share a session whose token nobody can read in the store', async () => {
  const seen: string[] = [];
  const backing = memoryStore();
  const watched: Store = {
    ...backing,
    set(key, value, options) {
      seen.push(key, JSON.stringify(value));
      return backing.set(key, value, options);
    },
    compareAndSet(key, expected, next, options) {
      seen.push(key, JSON.stringify(next ?? null));
      return backing.compareAndSet(key, expected, next, options);
    },
  };
  await serveTo([sealedStore(watched, { keys: [{ id: 'k1', key: generateKey() }] })], async ({ sessions }) => {
    const token = await sessions[0]?.token();
    assert.ok(seen.length > 0 && token !== undefined);
    for (const text of seen) assert.not.ok(text.includes(token ?? '') || text.includes('76730'));
  });
});

fleet.run();
