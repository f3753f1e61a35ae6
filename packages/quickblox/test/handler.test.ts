import { createHash } from 'node:crypto';
import type { RequestError, ResponseError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CreateTokenHandlerOptions,
  createTokenHandler,
  type TokenEvent,
  type TokenRefusal,
} from '../src/handler.ts';
import { createQuickBlox } from '../src/index.ts';
import { createGate, createRig, inVirtualTime, type Rig } from './harness.ts';

const url = 'https://app.example/api/quickblox-token';
const minted = (userId: number): string => `POST /users/${userId}/tokens 201`;

interface HandlerRig extends Rig {
  readonly told: TokenEvent[];
  readonly refusals: TokenRefusal[];
  /** Asks as the user whose id stands in the cookie. */
  ask(user: number | string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

function createHandlerRig(
  options: Partial<CreateTokenHandlerOptions> = {},
  rigOptions: Parameters<typeof createRig>[0] = {},
): HandlerRig {
  const rig = createRig(rigOptions);
  const told: TokenEvent[] = [];
  const refusals: TokenRefusal[] = [];
  const handle = createTokenHandler({
    quickblox: rig.quickblox,
    authenticate: ({ headers }) => (headers.get('cookie') === '' ? undefined : Number(headers.get('cookie'))),
    onEvent: (event) => told.push(event),
    onRefused: (refusal) => refusals.push(refusal),
    ...options,
  });
  const ask = (user: number | string, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> =>
    handle(new Request(url, { method, headers: { cookie: String(user), ...headers } }));
  return { ...rig, told, refusals, ask };
}

const bodyOf = async (answer: Response): Promise<{ token: string; id: string; expiresAt: string }> =>
  (await answer.json()) as { token: string; id: string; expiresAt: string };
const codeOf = async (answer: Response): Promise<[number, unknown]> => {
  assert.is(answer.headers.get('content-type'), 'application/problem+json');
  const body = (await answer.json()) as Record<string, unknown>;
  assert.equal(Object.keys(body).sort(), ['code', 'status']);
  return [answer.status, body['code']];
};

const hand = suite('quickblox · createTokenHandler');

hand('hands out a token that is the user’s, with its end, and lets nobody keep the answer', async () => {
  const { ask, emulator, told, clock } = createHandlerRig();
  const answer = await ask(7);
  assert.is(answer.status, 200);
  assert.is(answer.headers.get('cache-control'), 'no-store');
  const { token, id: _, expiresAt, ...rest } = await bodyOf(answer);
  assert.equal(rest, {});
  assert.is(Date.parse(expiresAt), clock() + 7_200_000);
  const session = await emulator.fetch('https://api.quickblox.com/session.json', { headers: { 'QB-Token': token } });
  assert.match(await session.text(), /"user_id":7/);
  assert.equal(told, [{ type: 'token-handed-out', provider: 'quickblox', userId: 7, source: 'minted' }]);
});

hand('with a waitUntil, gives the next the token of a mint that the first did not wait for', async () => {
  const told: Promise<unknown>[] = [];
  const { quickblox, calls } = createRig();
  let begin = (): void => {};
  const gate = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const handle = createTokenHandler({
    quickblox: { ...quickblox, createUserToken: (userId) => gate.then(() => quickblox.createUserToken(userId)) },
    authenticate: () => 7,
    waitUntil: (work) => told.push(work),
  });
  const leaving = new AbortController();
  const first = handle(new Request(url, { method: 'POST', signal: leaving.signal }));
  while (told.length === 0) await new Promise(setImmediate);
  leaving.abort();
  assert.equal(await codeOf(await first), [503, 'aborted']);
  const second = handle(new Request(url, { method: 'POST' }));
  begin();
  await told[0];
  assert.is((await second).status, 200);
  assert.equal(calls(), [minted(7)]);
});

hand('mints once for 500 requests at once, and once for each user', async () => {
  const { ask, calls } = createHandlerRig();
  const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => ask(index % 2 === 0 ? 7 : 8)));
  const tokens = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).token));
  assert.is(new Set(tokens).size, 2);
  assert.equal(calls(), [minted(7), minted(8)]);
});

hand('hands a token out again until it is about to end', async () => {
  const { ask, calls, clock, told } = createHandlerRig({ marginMs: 600_000 });
  const first = await bodyOf(await ask(7));
  clock.advance(7_200_000 - 600_001);
  assert.equal(await bodyOf(await ask(7)), first);
  clock.advance(1);
  assert.is.not((await bodyOf(await ask(7))).token, first.token);
  assert.equal(calls(), [minted(7), minted(7)]);
  assert.equal(
    told.map((event) => 'source' in event && event.source),
    ['minted', 'cached', 'minted'],
  );
});

hand('reckons the end in QuickBlox’s time', async () => {
  const { ask, calls, clock } = createHandlerRig({}, { settings: { skewMs: 3_600_000 } });
  await ask(7);
  clock.advance(7_200_000 - 301_000);
  await ask(7);
  assert.is(calls().length, 1, 'by the local clock, an hour would be left');
  clock.advance(2000);
  await ask(7);
  assert.is(calls().length, 2);
});

hand('names each token by its SHA-256, and gives a new one at once for the one that has ended', async () => {
  const { ask, calls } = createHandlerRig();
  const first = await bodyOf(await ask(7));
  assert.is(first.id, createHash('sha256').update(first.token).digest('hex'));
  const second = await bodyOf(await ask(7, { 'x-ended-token': first.id }));
  assert.is.not(second.token, first.token);
  assert.equal(await bodyOf(await ask(7, { 'x-ended-token': first.id })), second, 'it has been replaced already');
  assert.equal(await bodyOf(await ask(7)), second);
  const third = await bodyOf(await ask(7, { 'x-ended-token': second.id.toUpperCase() }));
  assert.is.not(third.token, second.token);
  assert.equal(calls(), [minted(7), minted(7), minted(7)]);
});

hand('gives one new token to all windows, those that come meanwhile and have not noticed included', async () => {
  const { ask, calls } = createHandlerRig();
  const ended = { 'x-ended-token': (await bodyOf(await ask(7))).id };
  const answers = await Promise.all([ask(7, ended), ask(7, ended), ask(7), ask(7, ended)]);
  const tokens = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).id));
  assert.is(new Set(tokens).size, 1);
  assert.is.not(tokens[0], ended['x-ended-token']);
  assert.is(calls().length, 2);
});

hand('does not give a window the ended token for which another one asked meanwhile', async () => {
  const { ask, calls } = createHandlerRig();
  const { id } = await bodyOf(await ask(7));
  const [kept, fresh] = await Promise.all([ask(7), ask(7, { 'x-ended-token': id }), ask(7, { 'x-ended-token': id })]);
  assert.is((await bodyOf(kept)).id, id);
  assert.is.not((await bodyOf(fresh)).id, id);
  assert.is(calls().length, 2);
});

hand('replaces what was flushed, in every process of a fleet', async () => {
  const store = memoryStore();
  const { quickblox, emulator, ask, calls } = createHandlerRig({ store }, { client: { unconfirmed: {} } });
  const second = createTokenHandler({ quickblox, store, authenticate: () => 7 });
  const { id } = await bodyOf(await ask(7));
  await quickblox.flushUserTokens(7);
  const ended = { 'x-ended-token': id };
  const { token } = await bodyOf(await second(new Request(url, { method: 'POST', headers: ended })));
  assert.is((await bodyOf(await ask(7, ended))).token, token);
  const headers = { 'QB-Token': token };
  assert.is((await emulator.fetch('https://api.quickblox.com/session.json', { headers })).status, 200);
  assert.is(calls().filter((call) => call === minted(7)).length, 2);
});

hand('looks once for all who name a token that is not replaced for now', async () => {
  const store = memoryStore();
  let looks = 0;
  const get: Store['get'] = (key) => {
    looks += 1;
    return store.get(key);
  };
  const { ask, calls } = createHandlerRig({ store: { ...store, get } });
  let { id } = await bodyOf(await ask(7));
  for (let time = 0; time < 3; time += 1) ({ id } = await bodyOf(await ask(7, { 'x-ended-token': id })));
  assert.equal([calls().length, looks], [4, 4]);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(7, { 'x-ended-token': id })));
  for (const answer of answers) assert.is((await bodyOf(answer)).id, id);
  assert.equal([calls().length, looks], [4, 5]);
  await Promise.all(Array.from({ length: 50 }, () => ask(8)));
  assert.is(looks, 6, 'and for all who name none');
});

hand('keeps a token under the user’s name until it is about to end, whatever the store does', async () => {
  const kept = new Map<string, unknown>();
  const ttls: unknown[] = [];
  const store: Store = {
    ...memoryStore(),
    get: async (key) => kept.get(key) as never,
    async set(key, value, options) {
      kept.set(key, value);
      ttls.push(options?.ttlMs);
    },
  };
  const { ask, calls, clock } = createHandlerRig({ store, marginMs: 1000 });
  await ask(7);
  assert.equal(
    [[...kept.keys()], ttls],
    [['quickblox/76730/https:%2F%2Fapi.quickblox.com%2F/user-token/7'], [7_199_000]],
  );
  clock.advance(7_198_999);
  await ask(7);
  assert.is(calls().length, 1);
  clock.advance(1);
  await ask(7);
  assert.is(calls().length, 2, 'a store that keeps it longer is not believed');
});

hand('does not mint without end for a front end that takes every token for one that has ended', async () => {
  const { ask, calls, clock } = createHandlerRig();
  let { id } = await bodyOf(await ask(7));
  const again = async (): Promise<void> => {
    ({ id } = await bodyOf(await ask(7, { 'x-ended-token': id })));
  };
  for (let time = 0; time < 20; time += 1) await again();
  assert.is(calls().length, 4);
  clock.advance(9999);
  await again();
  assert.is(calls().length, 4);
  clock.advance(1);
  await again();
  await again();
  assert.is(calls().length, 6, 'the next one was old enough to be believed, and so is a young one again');
  await Promise.all(Array.from({ length: 20 }, again));
});

for (const [name, value] of [
  ['cache-control', 'no-cache'], // the platform's fetch sends it by itself with `cache: 'no-store'` and `'reload'`
  ['pragma', 'no-cache'],
  ['x-ended-token', ''],
  ['x-ended-token', 'no-cache'],
  ['x-ended-token', '0'.repeat(64)],
] as const) {
  hand(`keeps the token for ${name}: ${value}`, async () => {
    const { ask, calls, clock } = createHandlerRig();
    await ask(7);
    clock.advance(60_000);
    await ask(7, { [name]: value });
    assert.is(calls().length, 1);
  });
}

hand('does not keep what ends within the margin', async () => {
  const { ask, calls, told } = createHandlerRig({}, { settings: { lifetimeSeconds: 300 } });
  await ask(7);
  await ask(7);
  assert.is(calls().length, 2);
  assert.ok(told.every(({ type }) => type === 'token-handed-out'));
});

hand('shares tokens by a store between processes, but not between applications and endpoints', async () => {
  const store = memoryStore();
  const one = createHandlerRig({ store });
  const two = createHandlerRig({ store });
  const other = createHandlerRig({ store }, { client: { baseUrl: 'https://apicustomer.quickblox.com' } });
  const token = (await bodyOf(await one.ask(7))).token;
  assert.is((await bodyOf(await two.ask(7))).token, token);
  await other.ask(7);
  assert.equal([one.calls().length, two.calls().length, other.calls().length], [1, 0, 1]);
});

const keptWrong = [
  null,
  'text',
  {},
  { token: 't' },
  { token: 'a\r\nb', expiresAtMs: 8e15, mintedAtMs: 0, hasty: 0 },
  { token: 't', expiresAtMs: 8e15, mintedAtMs: 0 },
  { token: 't', expiresAtMs: 9e15, mintedAtMs: 0, hasty: 0 }, // no date is that late
];
for (const stored of keptWrong) {
  hand(`counts ${JSON.stringify(stored)} in the store as absent`, async () => {
    const store = memoryStore();
    await store.set('quickblox/76730/https:%2F%2Fapi.quickblox.com%2F/user-token/7', stored);
    const { ask, calls } = createHandlerRig({ store });
    assert.is((await ask(7)).status, 200);
    assert.is(calls().length, 1);
  });
}

hand('goes on without the store when it fails, and says so', async () => {
  const fail = async (): Promise<never> => {
    throw new Error('unreachable');
  };
  const store: Store = { get: fail, set: fail, delete: fail, compareAndSet: fail };
  const { ask, told } = createHandlerRig({ store });
  assert.is((await ask(7)).status, 200);
  const failed = { type: 'token-store-failed', provider: 'quickblox' };
  assert.equal(told, [
    failed,
    failed,
    { type: 'token-handed-out', provider: 'quickblox', userId: 7, source: 'minted' },
  ]);
});

hand.run();

const refuse = suite('quickblox · createTokenHandler · refusals');

for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
  refuse(`answers ${method} with 405`, async () => {
    const { ask, calls, told } = createHandlerRig();
    const answer = await ask(7, {}, method);
    assert.is(answer.headers.get('allow'), 'POST');
    assert.equal(await codeOf(answer), [405, 'method-not-allowed']);
    assert.equal(told, [{ type: 'token-refused', provider: 'quickblox', reason: 'method-not-allowed' }]);
    assert.equal(calls(), []);
  });
}

refuse('answers 401 when nobody is signed in', async () => {
  const { ask, calls, told, refusals } = createHandlerRig();
  const answer = await ask('');
  assert.is(answer.headers.get('cache-control'), 'no-store');
  assert.equal(await codeOf(answer), [401, 'not-authenticated']);
  assert.equal([calls(), refusals.map(({ reason }) => reason)], [[], ['not-authenticated']]);
  assert.equal(Object.keys(refusals[0] ?? {}), ['reason', 'request']);
  assert.equal(told, [{ type: 'token-refused', provider: 'quickblox', reason: 'not-authenticated' }]);
});

for (const [what, authenticate] of [
  ['throws', () => Promise.reject(new Error('MARKER'))],
  [
    'throws at once',
    () => {
      throw new Error('MARKER');
    },
  ],
  ['gives text', () => '7' as never],
  ['gives null', () => null as never],
  ['gives 0', () => 0],
  ['gives half a user', () => 7.5],
  ['gives what is no number', () => Number.NaN],
] as const) {
  refuse(`answers 500 when authenticate ${what}, tells the error to its own side, and mints nothing`, async () => {
    const { ask, calls, refusals, told } = createHandlerRig({ authenticate });
    const answer = await ask(7);
    assert.equal(await codeOf(answer), [500, 'authenticate-failed']);
    const { error } = refusals[0] ?? {};
    assert.ok(error instanceof Error);
    const mistake = "authenticate must give QuickBlox's id of a user, or undefined";
    assert.is((error as Error).message, what.startsWith('gives') ? mistake : 'MARKER');
    assert.not.match(JSON.stringify(told), /MARKER/);
    assert.equal(calls(), []);
  });
}

refuse('answers 503 when authenticate hangs, tells it through the signal, and mints nothing afterwards', async () => {
  let end: ((userId: number) => void) | undefined;
  let signal: AbortSignal | undefined;
  const { ask, calls } = createHandlerRig({
    deadlineMs: 5,
    authenticate(_, context) {
      signal = context.signal;
      return new Promise((resolve) => {
        end = resolve;
      });
    },
  });
  assert.equal(await codeOf(await ask(7)), [503, 'deadline']);
  assert.is(signal?.aborted, true);
  end?.(7);
  await new Promise(setImmediate);
  assert.equal(calls(), []);
});

refuse('tells of a token that comes too late as of a refusal, and of nothing else', async () => {
  const late = createGate();
  const { ask, emulator, told } = createHandlerRig({ deadlineMs: 20 }, { settings: { sleep: () => late.opened } });
  emulator.faults.add({ kind: 'latency', ms: 60 });
  assert.equal(await codeOf(await ask(7)), [503, 'deadline']);
  late.open();
  while (emulator.journal.entries[0]?.status === undefined) await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(told, [{ type: 'token-refused', provider: 'quickblox', reason: 'deadline' }]);
});

refuse('answers for an end of a token that no date can tell', async () => {
  const { quickblox } = createHandlerRig();
  const createUserToken = async () => ({ token: 't', expiresAtMs: Number.POSITIVE_INFINITY }) as never;
  const { ask, refusals } = createHandlerRig({ quickblox: { ...quickblox, createUserToken } });
  assert.equal(await codeOf(await ask(7)), [503, 'mint-failed']);
  assert.instance(refusals[0]?.error, RangeError);
});

refuse('answers 503 when QuickBlox hangs, and hands out what came of it later', async () => {
  const late = createGate();
  const { ask, emulator, calls } = createHandlerRig({ deadlineMs: 20 }, { settings: { sleep: () => late.opened } });
  emulator.faults.add({ kind: 'latency', ms: 60 });
  assert.equal(await codeOf(await ask(7)), [503, 'deadline']);
  late.open();
  while (emulator.journal.entries[0]?.status === undefined) await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.is((await ask(7)).status, 200);
  assert.equal(calls(), [minted(7)]);
});

refuse('asks QuickBlox anew after a request that waited in vain, and lets its late end disturb nobody', () =>
  inVirtualTime(async () => {
    const { quickblox } = createHandlerRig();
    const answers: ((minted: Awaited<ReturnType<typeof quickblox.createUserToken>>) => void)[] = [];
    const createUserToken = () =>
      new Promise<Parameters<(typeof answers)[number]>[0]>((resolve) => void answers.push(resolve));
    const { ask, clock } = createHandlerRig({ quickblox: { ...quickblox, createUserToken }, deadlineMs: 20 });
    const answer = (index: number) =>
      answers[index]?.({ token: `t${index}`, expiresAtMs: clock() + 7_200_000 } as never);
    assert.equal(await codeOf(await ask(7)), [503, 'deadline']);
    const later = ask(7);
    while (answers.length < 2) await new Promise(setImmediate);
    answer(0);
    const joining = ask(7, { 'x-ended-token': createHash('sha256').update('t0').digest('hex') });
    await new Promise(setImmediate);
    answer(1);
    const tokens = await Promise.all([later, joining].map(async (one) => (await bodyOf(await one)).token));
    assert.equal([tokens, answers.length], [['t1', 't1'], 2]);
  }),
);

refuse('does not let one visitor who leaves end the minting for the others', async () => {
  const late = createGate();
  const { emulator, calls, quickblox } = createHandlerRig({}, { settings: { sleep: () => late.opened } });
  const handle = createTokenHandler({ quickblox, authenticate: () => 7 });
  emulator.faults.add({ kind: 'latency', ms: 20 });
  const leaving = new AbortController();
  const gone = handle(new Request(url, { method: 'POST', signal: leaving.signal }));
  const stays = handle(new Request(url, { method: 'POST' }));
  await new Promise(setImmediate);
  leaving.abort();
  assert.equal(await codeOf(await gone), [503, 'aborted']);
  late.open();
  assert.is((await stays).status, 200);
  assert.equal(calls(), [minted(7)]);
});

for (const [what, fault, status, code, cause] of [
  ['drops the connection', { kind: 'drop' }, 503, 'mint-failed', 'http.network'],
  ['is at capacity', { kind: 'status', status: 503 }, 503, 'mint-failed', 'http.server'],
  ['limits the rate', { kind: 'status', status: 429 }, 503, 'mint-failed', 'quickblox.rate-limited'],
  ['is broken', { kind: 'status', status: 500 }, 503, 'mint-failed', 'http.server'],
  ['waits too long', { kind: 'status', status: 408 }, 503, 'mint-failed', 'http.rejected'],
  ['answers nonsense', { kind: 'malformed-body' }, 503, 'mint-failed', 'http.contract-broken'],
  [
    'does not know the key',
    { kind: 'status', status: 401, body: '{"errors":{"base":["Authorization"]}}' },
    502,
    'mint-refused',
    'quickblox.bad-api-key',
  ],
] as const) {
  refuse(`answers ${status} when QuickBlox ${what}, tells the code, and asks again next time`, async () => {
    const { ask, emulator, told, refusals } = createHandlerRig();
    emulator.faults.add(fault);
    assert.equal(await codeOf(await ask(7)), [status, code]);
    assert.is((refusals[0]?.error as ResponseError | RequestError | undefined)?.code, cause);
    assert.equal(told, [{ type: 'token-refused', provider: 'quickblox', reason: code, code: cause }]);
    assert.is((await ask(7)).status, 200);
  });
}

for (const thrown of [undefined, Object.assign(new Error('own'), { name: 'ResponseError', status: 404 })]) {
  refuse(`takes ${thrown} of a QuickBlox that is not ours for no refusal of QuickBlox’s`, async () => {
    const quickblox = { ...createRig().quickblox, createUserToken: () => Promise.reject(thrown) };
    assert.equal(await codeOf(await createHandlerRig({ quickblox }).ask(7)), [503, 'mint-failed']);
  });
}

refuse('answers 502 for a user whom QuickBlox does not know', async () => {
  for (const user of [1, 999]) {
    assert.equal(await codeOf(await createHandlerRig().ask(user)), [502, 'mint-refused']);
  }
});

refuse.run();

const origins = suite('quickblox · createTokenHandler · pages');

for (const [what, headers, status] of [
  ['its own host', { origin: 'https://app.example' }, 200],
  ['its own host behind a proxy that ends TLS', { origin: 'http://app.example' }, 200],
  ['another host', { origin: 'https://evil.example' }, 403],
  ['another port', { origin: 'https://app.example:8443' }, 403],
  ['a host that ends like its own', { origin: 'https://notapp.example' }, 403],
  ['a sandbox', { origin: 'null' }, 403],
  ['nonsense', { origin: 'app.example' }, 403],
  ['no page', {}, 200],
  ['its own page without an origin', { 'sec-fetch-site': 'same-origin' }, 200],
  ['an address bar', { 'sec-fetch-site': 'none' }, 200],
  ['another page without an origin', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a neighbour’s page without an origin', { 'sec-fetch-site': 'same-site' }, 403],
] as const) {
  origins(`answers ${status} to ${what}, before anybody is authenticated`, async () => {
    let asked = 0;
    const { ask, refusals } = createHandlerRig({
      authenticate() {
        asked += 1;
        return 7;
      },
    });
    const answer = await ask(7, headers);
    assert.equal([answer.status, asked], [status, status === 200 ? 1 : 0]);
    assert.equal(
      refusals.map(({ reason }) => reason),
      status === 200 ? [] : ['origin-refused'],
    );
    assert.is(answer.headers.get('access-control-allow-origin'), null);
  });
}

origins('lets listed pages read answers and refusals, and no others, its own host included', async () => {
  const { ask } = createHandlerRig({ origins: ['https://shop.example'] });
  for (const user of [7, '']) {
    const answer = await ask(user, { origin: 'https://shop.example' });
    assert.equal(
      ['access-control-allow-origin', 'access-control-allow-credentials', 'vary'].map((name) =>
        answer.headers.get(name),
      ),
      ['https://shop.example', 'true', 'Origin'],
    );
    assert.is(answer.headers.get('access-control-allow-methods'), null, 'it is no preflight');
  }
  for (const origin of ['https://app.example', 'https://SHOP.example', 'https://shop.example.evil.example']) {
    const answer = await ask(7, { origin });
    assert.equal([answer.status, answer.headers.get('access-control-allow-origin')], [403, null]);
  }
  assert.is((await ask(7)).status, 200, 'no page, no origin');
});

origins('answers the preflight of a listed page without asking who it is', async () => {
  const { ask, calls } = createHandlerRig({ origins: ['https://shop.example'], authenticate: () => Promise.reject() });
  const answer = await ask(7, { origin: 'https://shop.example' }, 'OPTIONS');
  assert.is(answer.status, 204);
  assert.is(answer.headers.get('access-control-allow-methods'), 'POST');
  assert.is(
    answer.headers.get('access-control-allow-headers'),
    'Authorization, Cache-Control, Content-Type, X-Ended-Token',
  );
  assert.is(answer.headers.get('access-control-max-age'), '600');
  assert.is((await ask(7, { origin: 'https://other.example' }, 'OPTIONS')).status, 405);
  assert.equal(calls(), []);
});

origins.run();

const options = suite('quickblox · createTokenHandler · options');
const { quickblox } = createRig();
const good = { quickblox, authenticate: () => 7 };

for (const [what, given, Class, text] of [
  ['nothing', undefined, TypeError, /^options must be an object$/],
  ['no QuickBlox', { ...good, quickblox: undefined }, TypeError, /^quickblox is missing$/],
  ['another QuickBlox', { ...good, quickblox: {} }, TypeError, /^quickblox\.createUserToken is missing$/],
  [
    'a QuickBlox without an API key',
    { ...good, quickblox: createQuickBlox({ applicationId: 1, authKey: 'a', authSecret: 's' }) },
    TypeError,
    /^quickblox must be made with an apiKey$/,
  ],
  ['an option that there is not', { ...good, maxAgeMs: 5 }, TypeError, /^maxAgeMs is no option$/],
  ['no authenticate', { ...good, authenticate: undefined }, TypeError, /^authenticate is missing$|^authenticate must/],
  ['a URL as an origin', { ...good, origins: ['https://app.example/'] }, TypeError, /^origins\[0\] must be an origin/],
  [
    'capitals in an origin',
    { ...good, origins: ['https://App.example'] },
    TypeError,
    /^origins\[0\] must be an origin/,
  ],
  ['the origin null', { ...good, origins: ['null'] }, TypeError, /^origins\[0\] must be an origin/],
  ['one origin as text', { ...good, origins: 'https://app.example' }, TypeError, /^origins must be a list$/],
  ['a store that is none', { ...good, store: {} }, TypeError, /^store must have get/],
  ['a margin below zero', { ...good, marginMs: -1 }, RangeError, /^marginMs must be from 0 to 3600000/],
  ['a long margin', { ...good, marginMs: 3_600_001 }, RangeError, /^marginMs must be/],
  ['no deadline', { ...good, deadlineMs: 0 }, RangeError, /^deadlineMs must be from 1 to 120000/],
  ['a deadline as text', { ...good, deadlineMs: '1' }, TypeError, /^deadlineMs must be/],
  ['a waitUntil that is none', { ...good, waitUntil: 1 }, TypeError, /^waitUntil must be a function$/],
  ['a listener that is none', { ...good, onEvent: 1 }, TypeError, /^onEvent must be a function$/],
] as const) {
  options(`refuse ${what} by name`, () => {
    assert.throws(
      () => createTokenHandler(given as never),
      (error: Error) => error.constructor === Class && text.test(error.message),
    );
  });
}

options.run();

const properties = suite('quickblox · createTokenHandler · properties');

properties('never rejects and gives no token, whatever is sent in nobody’s name', () => {
  const { ask } = createHandlerRig({ authenticate: ({ headers }) => Number(headers.get('x-user') ?? Number.NaN) });
  const headers = fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), fc.stringMatching(/^[!-~]{0,20}$/));
  return property(
    fc.asyncProperty(headers, fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS'), async (fields, method) => {
      const answer = await ask(7, fields, method);
      assert.ok(answer.status >= 400);
    }),
  );
});

properties('keeps no token back in events and problems', async () => {
  const { ask, told } = createHandlerRig();
  const { token } = await bodyOf(await ask(7));
  await ask(7);
  assert.not.match(JSON.stringify(told), new RegExp(token));
});

properties.run();
