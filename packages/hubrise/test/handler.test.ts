import { type JsonObject, Secret } from '@x/crypto';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, misbehaviours } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Connected, type CreateConnectHandlerOptions, createConnectHandler } from '../src/handler.ts';
import { createHubRise } from '../src/hubrise.ts';
import { beginUrl, keys, setUpApp } from './app.ts';
import { clientId, redirectUri, setUp } from './support.ts';

const flow = suite('hubrise · createConnectHandler');

flow('sends the browser to HubRise with state and cookie', async () => {
  const { handler } = setUpApp();
  const response = await handler(new Request(beginUrl));
  const url = new URL(response.headers.get('location') ?? '');
  assert.is(url.origin + url.pathname, 'https://manager.hubrise.com/oauth2/v1/authorize');
  assert.equal([...url.searchParams.keys()], ['redirect_uri', 'client_id', 'scope', 'state']);
  assert.is(url.searchParams.get('redirect_uri'), redirectUri);
  assert.is(url.searchParams.get('scope'), 'location[orders.write]');
  assert.match(url.searchParams.get('state') ?? '', /^v4\.local\./);
  assert.match(
    response.headers.get('set-cookie') ?? '',
    /^__Host-hubrise-connect=[\w-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  );
  assert.is(response.headers.get('cache-control'), 'no-store');
});

flow('gives the connection and the claims to the application', async () => {
  const claims = { user: 42, next: '/settings' };
  const app = setUpApp({ prepare: () => ({ claims, country: 'FR', accountName: 'Aux Délices', deviceId: 'till-2' }) });
  const { authorize, cookie } = await app.begin();
  assert.is(authorize.searchParams.get('country'), 'FR');
  assert.is(authorize.searchParams.get('account_name'), 'Aux Délices');
  assert.is(authorize.searchParams.get('device_id'), 'till-2');
  const response = await app.finish(await app.consent(authorize), cookie);
  assert.is(response.status, 200);
  assert.match(response.headers.get('set-cookie') ?? '', /^__Host-hubrise-connect=; Max-Age=0/);
  const [one] = app.connected;
  assert.equal(one?.claims, claims);
  assert.is(one?.connection.location?.id, 'p4q8r-0');
  assert.is(one?.connection.accessToken instanceof Secret, true);
  assert.is(one?.request.headers.get('cookie'), cookie);
  assert.equal(
    app.events.map(({ type }) => type),
    ['connect-begun', 'connect-completed'],
  );
});

flow('answers with what the application returns, and clears the cookie all the same', async () => {
  const app = setUpApp({
    onConnected: () =>
      new Response(null, {
        status: 303,
        headers: { location: '/done', 'set-cookie': 'session=1', 'cache-control': 'public' },
      }),
  });
  const { authorize, cookie } = await app.begin();
  const response = await app.finish(await app.consent(authorize), cookie);
  assert.is(response.status, 303);
  assert.is(response.headers.get('location'), '/done');
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.is(response.headers.get('referrer-policy'), 'no-referrer');
  const [own, cleared] = response.headers.getSetCookie();
  assert.is(own, 'session=1');
  assert.match(cleared ?? '', /Max-Age=0/);
});

flow('accepts the unchangeable response of Response.redirect', async () => {
  const app = setUpApp({ onConnected: () => Response.redirect('https://myapp.com/done', 303) });
  const { authorize, cookie } = await app.begin();
  const response = await app.finish(await app.consent(authorize), cookie);
  assert.is(response.headers.get('location'), 'https://myapp.com/done');
});

flow('lets the application answer instead of beginning', async () => {
  const app = setUpApp({ prepare: async () => new Response('sign in first', { status: 401 }) });
  const response = await app.handler(new Request(beginUrl));
  assert.is(response.status, 401);
  assert.is(response.headers.get('location'), null);
  assert.is(response.headers.get('set-cookie'), null);
  assert.equal(app.events, []);
});

flow('finishes on another machine with the same keys, also after a rotation', async () => {
  const first = setUpApp();
  const { authorize, cookie } = await first.begin();
  const callback = await first.consent(authorize);
  const connected: Connected[] = [];
  const second = createConnectHandler({
    hubrise: first.hubrise,
    keys: [{ id: 'k2', key: new Uint8Array(32).fill(9) }, ...keys],
    redirectUri,
    scope: { location: ['orders.write'] },
    clock: first.clock,
    onConnected: (one) => void connected.push(one),
  });
  const response = await second(new Request(callback, { headers: { cookie } }));
  assert.is(response.status, 200);
  assert.is(connected.length, 1);
});

for (const [path, method] of [
  ['/hubrise/connect', 'HEAD'],
  ['/hubrise/connect', 'POST'],
  ['/oauth_callback?code=a&state=b', 'HEAD'],
  ['/oauth_callback?code=a&state=b', 'POST'],
  ['/oauth_callback', 'OPTIONS'],
  ['/oauth_callback', 'DELETE'],
] as const) {
  flow(`answers ${method} ${path} with 405 and leaves the cookie alone`, async () => {
    const app = setUpApp();
    const response = await app.handler(new Request(`https://myapp.com${path}`, { method }));
    assert.is(response.status, 405);
    assert.is(response.headers.get('allow'), 'GET');
    assert.is(response.headers.get('set-cookie'), null);
    assert.equal(app.events, []);
  });
}

for (const path of ['/', '/hubrise', '/hubrise/connect/', '/oauth_callback/', '//oauth_callback', '/OAUTH_CALLBACK']) {
  flow(`knows nothing of ${path}`, async () => {
    assert.is((await setUpApp().handler(new Request(`https://myapp.com${path}`))).status, 404);
  });
}
flow.run();

const failing = suite('hubrise · createConnectHandler · failures');

failing('gives claims with an error only when the state proves the browser', async () => {
  for (const proven of [true, false]) {
    const app = setUpApp({ prepare: () => ({ claims: { user: 1 } }) });
    app.emulator.decideNext({ kind: 'deny' });
    const { authorize, cookie } = await app.begin();
    await app.finish(await app.consent(authorize), proven ? cookie : undefined);
    const [failure] = app.failures;
    assert.is(failure?.reason, 'denied');
    assert.is(failure?.providerError, 'access_denied');
    assert.equal(failure?.claims, proven ? { user: 1 } : undefined);
  }
});

failing('shows an error that HubRise sends without state', async () => {
  const app = setUpApp({}, { errorState: 'omitted' });
  app.emulator.decideNext({ kind: 'expire' });
  const { authorize, cookie } = await app.begin();
  await app.finish(await app.consent(authorize), cookie);
  assert.is(app.failures[0]?.reason, 'expired');
});

failing('hands over the live connection when the application could not store it', async () => {
  const thrown = new Error('disk full');
  const app = setUpApp({ onConnected: () => Promise.reject(thrown) });
  const { authorize, cookie } = await app.begin();
  const response = await app.finish(await app.consent(authorize), cookie);
  assert.is(response.status, 500);
  assert.match(await response.text(), /look whether HubRise is connected/);
  const [failure] = app.failures;
  assert.is(failure?.error, thrown);
  const token = failure?.connection?.accessToken.reveal() ?? '';
  assert.is((await app.hubrise.connect(token).location()).id, 'p4q8r-0');
  assert.equal(app.events.at(-1), {
    type: 'connect-failed',
    provider: 'hubrise',
    reason: 'on-connected-failed',
    code: undefined,
    exchanged: true,
  });
});

/** A response whose body somebody has read. */
async function readResponse(): Promise<Response> {
  const response = new Response('stored');
  await response.text();
  return response;
}

for (const [what, shown, told] of [
  ['has no status', () => Response.error(), /its status is 0/],
  ['was read', readResponse, /its body has been read/],
] as const) {
  failing(`says what is wrong with a response of onConnected that ${what}, and that it was called`, async () => {
    const app = setUpApp({ onConnected: shown });
    const { authorize, cookie } = await app.begin();
    assert.is((await app.finish(await app.consent(authorize), cookie)).status, 500);
    const [failure] = app.failures;
    assert.is(failure?.reason, 'response-unusable');
    assert.match(String(failure?.error), told);
    assert.ok(failure?.connection !== undefined);
    assert.equal(app.events.at(-1), {
      type: 'connect-failed',
      provider: 'hubrise',
      reason: 'response-unusable',
      code: undefined,
      exchanged: true,
    });
  });
}

failing('names the code of the error in the event', async () => {
  const app = setUpApp({ hubrise: createHubRise({ clientId, clientSecret: 'wrong', fetch: setUp().emulator.fetch }) });
  const { authorize, cookie } = await app.begin();
  assert.is((await app.finish(await app.consent(authorize), cookie)).status, 502);
  const event = app.events.at(-1);
  assert.ok(event?.type === 'connect-failed' && event.code === 'hubrise.invalid-client' && !event.exchanged);
});

const returnedRows: readonly object[] = [
  { id: 7 },
  { id: 7, status: 'active' },
  { status: 200, body: '<script>alert(1)</script>', headers: { 'content-type': 'text/html' } },
  { status: 200, headers: new Headers() },
  { status: 200, headers: {}, arrayBuffer: () => new ArrayBuffer(0) },
];
for (const row of returnedRows) {
  failing(`shows its own page where a callback returns the row ${JSON.stringify(row)}`, async () => {
    const app = setUpApp({ onConnected: () => row as never, onFailed: () => row as never });
    const { authorize, cookie } = await app.begin();
    const ended = await app.finish(await app.consent(authorize), cookie);
    assert.is(ended.status, 200);
    assert.match(await ended.text(), /HubRise is connected/);
    const failed = await app.finish(redirectUri);
    assert.is(failed.status, 400);
    assert.match(await failed.text(), /This attempt to connect HubRise failed/);
  });
}

failing('takes a preparation with a status of its own for a preparation', async () => {
  const app = setUpApp({ prepare: () => ({ status: 'trial', claims: { user: 7 } }) as never });
  const { authorize, cookie } = await app.begin();
  await app.finish(await app.consent(authorize), cookie);
  assert.equal(app.connected[0]?.claims, { user: 7 });
});

for (const nothing of [false, 0, 'sign in first']) {
  failing(`begins nothing where prepare gives ${JSON.stringify(nothing)}`, async () => {
    const app = setUpApp({ prepare: () => nothing as never });
    const response = await app.handler(new Request(beginUrl));
    assert.equal([response.status, response.headers.get('location')], [500, null]);
    assert.is(app.failures[0]?.reason, 'prepare-failed');
  });
}

failing('shows what the application answers to a failure', async () => {
  const app = setUpApp({ onFailed: ({ reason }) => Response.redirect(`https://myapp.com/failed?why=${reason}`, 303) });
  const response = await app.finish(`${redirectUri}?error=access_denied`);
  assert.is(response.headers.get('location'), 'https://myapp.com/failed?why=denied');
});

failing('ends the flow in the browser when HubRise answers with its state', async () => {
  const app = setUpApp();
  const { state, cookie } = await app.begin();
  const response = await app.finish(`${redirectUri}?error=access_denied&state=${state}`, cookie);
  assert.is(app.failures[0]?.reason, 'denied');
  assert.match(response.headers.get('set-cookie') ?? '', /^__Host-hubrise-connect=; Max-Age=0/);
});

for (const query of ['', '?error=access_denied', '?code=a&state=b', 'of the older tab']) {
  failing(
    `leaves the newest flow of a browser alone when it is sent to the callback ${query || 'without query'}`,
    async () => {
      const app = setUpApp();
      const older = await app.consent((await app.begin()).authorize);
      const newest = await app.begin();
      const stray = query === 'of the older tab' ? older : `${redirectUri}${query}`;
      const response = await app.finish(stray, newest.cookie);
      assert.is(response.status, 400);
      assert.is(response.headers.get('set-cookie'), null);
      assert.is((await app.finish(await app.consent(newest.authorize), newest.cookie)).status, 200);
    },
  );
}

failing('leaves the flow of another tab alone when it does not begin one', async () => {
  const app = setUpApp({ prepare: () => Promise.reject(new Error('database')) });
  assert.is((await app.handler(new Request(beginUrl))).headers.get('set-cookie'), null);
});

failing('shows the neutral page when onFailed fails as well', async () => {
  const app = setUpApp({
    onFailed: () => {
      throw new Error('again');
    },
  });
  const response = await app.finish(redirectUri);
  assert.is(response.status, 400);
  assert.equal(
    app.events.map(({ type }) => type),
    ['connect-failed', 'connect-on-failed-threw'],
  );
});

const unpreparable: [name: string, prepare: CreateConnectHandlerOptions['prepare']][] = [
  [
    'throws',
    () => {
      throw new Error('no session store');
    },
  ],
  ['gives claims that are not JSON', () => ({ claims: { at: new Date(0) } as unknown as JsonObject })],
  ['gives claims that are too long', () => ({ claims: { text: 'x'.repeat(5000) } })],
  ['gives a country that is none', () => ({ country: 'France' })],
];
for (const [name, prepare] of unpreparable) {
  failing(`answers 500 when prepare ${name}`, async () => {
    const app = setUpApp({ prepare });
    const response = await app.handler(new Request(beginUrl));
    assert.is(response.status, 500);
    assert.is(response.headers.get('location'), null);
    assert.is(app.failures[0]?.reason, 'prepare-failed');
  });
}

failing('gives up on an application that does not come back', async () => {
  let aborted: AbortSignal | undefined;
  const app = setUpApp({
    deadlineMs: 5,
    onConnected: ({ signal }) => {
      aborted = signal;
      return new Promise<undefined>(() => {});
    },
  });
  const { authorize, cookie } = await app.begin();
  assert.is((await app.finish(await app.consent(authorize), cookie)).status, 503);
  assert.is(app.failures[0]?.reason, 'deadline');
  assert.ok(app.failures[0]?.connection);
  assert.is(aborted?.aborted, true);
});

const marker = 'm4rk3r-of-the-application';

/** What an answer shows, everything included. */
async function shownBy(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text());
}

for (const [name, callback] of misbehaviours(marker)) {
  for (const where of ['prepare', 'onConnected'] as const) {
    failing(`answers for a ${where} that ${name}, and shows nothing of it`, async () => {
      const app = setUpApp({ deadlineMs: 20, [where]: callback });
      let response: Response;
      if (where === 'prepare') response = await app.handler(new Request(beginUrl));
      else {
        const { authorize, cookie } = await app.begin();
        response = await app.finish(await app.consent(authorize), cookie);
      }
      assert.ok([500, 503].includes(response.status), String(response.status));
      assert.not.match(await shownBy(response), marker);
      const isLate = name === 'never comes back';
      const reason = isLate ? 'deadline' : where === 'prepare' ? 'prepare-failed' : 'on-connected-failed';
      assert.is(app.failures[0]?.reason, reason);
      assert.is(app.events.at(-1)?.type, 'connect-failed');
      assert.not.match(JSON.stringify(app.events), marker);
    });
  }

  failing(`shows the neutral page for an onFailed that ${name}`, async () => {
    const app = setUpApp({ deadlineMs: 20, onFailed: callback });
    const response = await app.finish(redirectUri);
    assert.is(response.status, 400);
    assert.not.match(await shownBy(response), marker);
    const event = app.events.at(-1);
    assert.is(event?.type, 'connect-on-failed-threw');
    const { error } = event as { error?: unknown };
    if (/nothing|never/.test(name)) assert.is(error, undefined);
    else assert.match(error instanceof Error ? error.message : String(error), marker);
  });

  failing(`answers for a store that ${name}`, async () => {
    const store = { ...memoryStore(), compareAndSet: callback };
    const app = setUpApp({ deadlineMs: 20, store });
    const { authorize, cookie } = await app.begin();
    const response = await app.finish(await app.consent(authorize), cookie);
    assert.is(response.status, 500);
    assert.not.match(await shownBy(response), marker);
    assert.is(app.failures[0]?.reason, 'store-failed');
  });
}

failing('answers for a clock that throws', async () => {
  let isBroken = false;
  const app = setUpApp({
    clock: () => {
      if (isBroken) throw new Error(marker);
      return Date.UTC(2026, 0, 1);
    },
  });
  const { authorize, cookie } = await app.begin();
  const url = await app.consent(authorize);
  isBroken = true;
  const response = await app.finish(url, cookie);
  assert.is(response.status, 500);
  assert.not.match(await shownBy(response), marker);
  assert.is(app.failures[0]?.reason, 'internal-error');
});

failing('gives up on a token endpoint that does not answer', async () => {
  const app = setUpApp({ deadlineMs: 5 });
  const { authorize, cookie } = await app.begin();
  const url = await app.consent(authorize);
  app.emulator.faults.add({ kind: 'latency', ms: 60_000 }, { path: '/oauth2/v1/token' });
  assert.is((await app.finish(url, cookie)).status, 503);
  assert.is(app.failures[0]?.connection, undefined);
  assert.equal(app.connected, []);
});

failing('does not hand over a connection that comes after the deadline', async () => {
  const { emulator, hubrise } = setUp();
  let came: (() => void) | undefined;
  const late = new Promise<void>((resolve) => {
    came = resolve;
  });
  const app = setUpApp({
    deadlineMs: 5,
    hubrise: {
      ...hubrise,
      async exchange(code, options) {
        await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
        const connection = await hubrise.exchange(code);
        came?.();
        return connection;
      },
    },
  });
  const { authorize, cookie } = await app.begin();
  const response = await app.finish((await emulator.fetch(authorize)).headers.get('location') ?? '', cookie);
  assert.is(response.status, 503);
  await late;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(app.connected, []);
});

failing('survives a listener that throws', async () => {
  const app = setUpApp({
    onEvent: () => {
      throw new Error('log full');
    },
  });
  const { authorize, cookie } = await app.begin();
  assert.is((await app.finish(await app.consent(authorize), cookie)).status, 200);
});
failing.run();

const replay = suite('hubrise · createConnectHandler · replay');

replay('without a store, a second presentation fails at the code', async () => {
  const app = setUpApp();
  const { authorize, cookie } = await app.begin();
  const url = await app.consent(authorize);
  assert.is((await app.finish(url, cookie)).status, 200);
  assert.is((await app.finish(url)).status, 400);
  assert.is((await app.finish(url, cookie)).status, 400);
  assert.equal(
    app.failures.map(({ reason }) => reason),
    ['binding-missing', 'exchange-failed'],
  );
});

replay('with a store, a state counts once even with another code', async () => {
  const clock = manualClock();
  const app = setUpApp({ store: memoryStore({ clock }) });
  const { authorize, state, cookie } = await app.begin();
  assert.is((await app.finish(await app.consent(authorize), cookie)).status, 200);
  const url = await app.consent(authorize);
  url.searchParams.set('state', state);
  assert.is((await app.finish(url, cookie)).status, 400);
  assert.is(app.failures[0]?.reason, 'state-replayed');
  assert.is(app.connected.length, 1);
});

for (const given of [undefined, null, 1]) {
  replay(`with a store that says ${given} of a state, it counts for used`, async () => {
    const store = { ...memoryStore(), compareAndSet: async () => given as never };
    const app = setUpApp({ store });
    const { authorize, cookie } = await app.begin();
    assert.is((await app.finish(await app.consent(authorize), cookie)).status, 400);
    assert.is(app.failures[0]?.reason, 'state-replayed');
    assert.is(app.connected.length, 0);
  });
}

replay('with a store, a used state is remembered for as long as it would be valid', async () => {
  const clock = manualClock();
  const app = setUpApp({ clock, store: memoryStore({ clock }) });
  const { authorize, cookie } = await app.begin();
  const url = await app.consent(authorize);
  await app.finish(url, cookie);
  for (const [waitMs, reason] of [
    [599_999, 'state-replayed'],
    [1, 'state-expired'],
  ] as const) {
    clock.advance(waitMs);
    await app.finish(url, cookie);
    assert.is(app.failures.at(-1)?.reason, reason);
  }
});

replay('with a store, a state counts once also when the machine that began is ahead', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const ahead = setUpApp({ clock: () => clock() + 50_000 });
  const app = setUpApp({ clock, store });
  const { authorize, cookie } = await ahead.begin();
  const url = await app.consent(authorize);
  assert.is((await app.finish(url, cookie)).status, 200);
  clock.advance(600_000);
  await app.finish(url, cookie);
  assert.is(app.failures.at(-1)?.reason, 'state-replayed');
});

replay('with a store, one of two presentations at once wins', async () => {
  const app = setUpApp({ store: memoryStore() });
  const { authorize, cookie } = await app.begin();
  const url = await app.consent(authorize);
  const answers = await Promise.all([app.finish(url, cookie), app.finish(url, cookie)]);
  assert.equal(answers.map(({ status }) => status).sort(), [200, 400]);
  assert.is(app.connected.length, 1);
});

replay('does not go on without the store that it was given', async () => {
  const store: Store = { ...memoryStore(), compareAndSet: () => Promise.reject(new Error('store down')) };
  const app = setUpApp({ store });
  const { authorize, cookie } = await app.begin();
  assert.is((await app.finish(await app.consent(authorize), cookie)).status, 500);
  assert.is(app.failures[0]?.reason, 'store-failed');
  assert.equal(app.connected, []);
});
replay.run();

const construction = suite('hubrise · createConnectHandler · options');

const mistakes: [options: object, type: typeof TypeError | typeof RangeError, message: RegExp][] = [
  [{ redirectUri: 'urn:ietf:wg:oauth:2.0:oob' }, TypeError, /^redirectUri must be a URL/],
  [{ redirectUri: '/callback' }, TypeError, /^redirectUri must be an absolute URL/],
  [{ redirectUri: 'http://myapp.com/callback' }, TypeError, /^redirectUri must be an https: URL/],
  [{ scope: undefined }, TypeError, /^scope must be given/],
  [{ scope: { location: [] } }, TypeError, /^scope\.location/],
  [{ onConnected: undefined }, TypeError, /^onConnected is missing/],
  [{ onConnected: 5 }, TypeError, /^onConnected must be a function/],
  [{ keys: [] }, TypeError, /^keys must hold/],
  [{ beginPath: 'connect' }, TypeError, /^beginPath must be a path/],
  [{ beginPath: '/connect?x=1' }, TypeError, /^beginPath must be a path/],
  [{ beginPath: '/oauth_callback' }, TypeError, /^beginPath must be another path/],
  [{ beginPath: '/connect hubrise' }, TypeError, /^beginPath must be a path as URLs write it/],
  [{ beginPath: '/anschließen' }, TypeError, /^beginPath must be a path as URLs write it/],
  [{ beginPath: '/a/../connect' }, TypeError, /^beginPath must be a path as URLs write it/],
  [{ beginPath: '//a' }, TypeError, /^beginPath must be a path as URLs write it/],
  [{ beginPath: 5 }, TypeError, /^beginPath must be a path/],
  [{ hubrise: undefined }, TypeError, /^hubrise is missing/],
  [{ hubrise: { clientId: 'x' } }, TypeError, /^hubrise\.authorizeUrl is missing/],
  [{ store: {} }, TypeError, /^store must have get/],
  [{ prepare: 'x' }, TypeError, /^prepare must be a function/],
  [{ onFailed: 5 }, TypeError, /^onFailed must be a function/],
  [{ onEvent: 5 }, TypeError, /^onEvent must be a function/],
  [{ onFail: 5 }, TypeError, /^onFail is no option/],
  [{ context: 'tenant' }, TypeError, /^context must be a list of texts/],
  [{ clock: 5 }, TypeError, /^clock must be a function/],
  [{ cookieName: 'connect' }, TypeError, /^cookieName must begin with __Host-/],
  [{ ttlMs: 0 }, RangeError, /ttlMs/],
  [{ deadlineMs: 0 }, RangeError, /^deadlineMs/],
  [{ deadlineMs: Number.NaN }, TypeError, /^deadlineMs must be from 1 to 600000 milliseconds/],
  [{ deadlineMs: '100' }, TypeError, /^deadlineMs must be from 1 to 600000 milliseconds/],
];
for (const [options, type, message] of mistakes) {
  construction(`names the mistake in ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => setUpApp(options),
      (error: unknown) => error instanceof type && message.test(error.message),
    );
  });
}

construction('takes a begin path and a cookie name of its own', async () => {
  const { handler } = setUpApp({ beginPath: '/till/connect', cookieName: '__Host-till' });
  const response = await handler(new Request('https://myapp.com/till/connect'));
  assert.is(response.status, 303);
  assert.match(response.headers.get('set-cookie') ?? '', /^__Host-till=/);
});
construction.run();
