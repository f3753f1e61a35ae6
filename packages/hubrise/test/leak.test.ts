import { inspect } from 'node:util';
import type { ClientEvent } from '@x/http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../src/emulator/index.ts';
import type { ConnectEvent, ConnectFailure } from '../src/handler.ts';
import { createHubRise } from '../src/hubrise.ts';
import { verifyCallback } from '../src/webhook.ts';
import { setUpApp } from './app.ts';
import { clientId, obtainCode, setUp } from './support.ts';

const secretMarker = 'm4rk3rs3cr3tm4rk3rs3cr3tm4rk3r';
const codeMarker = 'c0d3m4rk3rc0d3m4rk3rc0d3m4rk3r';
const tokenMarker = 't0k3nm4rk3rt0k3nm4rk3rt0k3nm4';
const markers = [
  secretMarker,
  codeMarker,
  tokenMarker,
  btoa(`${clientId}:${secretMarker}`),
  encodeURIComponent(codeMarker).slice(0, 20),
];

/** Everything that careless code may do with a value. */
function printsOf(value: unknown): string[] {
  const error = value instanceof Error ? [value.message, value.stack ?? '', ...printsOf(value.cause)] : [];
  return [String(value), JSON.stringify(value) ?? '', inspect(value, { depth: 10, showHidden: false }), ...error];
}

function assertSilent(what: string, value: unknown): void {
  for (const text of printsOf(value)) {
    for (const marker of markers) assert.not.ok(text.includes(marker), `${what} shows ${marker}`);
  }
}

const leak = suite('hubrise · leaks');

const echo = (status: number): Response =>
  Response.json(
    { error: codeMarker, message: `${codeMarker} ${secretMarker}`, error_description: tokenMarker },
    { status },
  );

const answers: [name: string, fetch: () => Promise<Response>][] = [
  ['400 that echoes', async () => echo(400)],
  ['401 that echoes', async () => echo(401)],
  ['422 that echoes', async () => echo(422)],
  ['500 that echoes', async () => echo(500)],
  ['success that is none', async () => Response.json({ access_token: [tokenMarker], echo: codeMarker })],
  ['HTML', async () => new Response(`<p>${tokenMarker}</p>`)],
  ['broken network', async () => Promise.reject(new TypeError(`fetch failed for ${secretMarker} ${codeMarker}`))],
  [
    'redirect',
    async () => new Response(null, { status: 302, headers: { location: `https://evil.example/?${tokenMarker}` } }),
  ],
];
for (const [name, fetch] of answers) {
  leak(`errors and events show no secret: ${name}`, async () => {
    const events: ClientEvent[] = [];
    const hubrise = createHubRise({
      clientId,
      clientSecret: secretMarker,
      fetch,
      retry: { limit: 0 },
      onEvent: (event) => void events.push(event),
    });
    const api = hubrise.connect(tokenMarker);
    const calls = [
      () => hubrise.exchange(codeMarker),
      () => hubrise.revoke(tokenMarker),
      () => api.location(),
      () => api.client.get(`catalogs?token=${tokenMarker}`).json(),
    ];
    let thrown = 0;
    for (const call of calls) {
      await call().catch((error: unknown) => {
        thrown += 1;
        assertSilent('the error', error);
      });
    }
    assert.ok(thrown >= 2);
    assert.ok(events.length >= calls.length);
    assertSilent('an event', events);
    assertSilent('the client', [hubrise, api]);
  });
}

leak('a connection prints without its token', async () => {
  const fetch = async (): Promise<Response> => Response.json({ access_token: tokenMarker });
  const connection = await createHubRise({ clientId, clientSecret: secretMarker, fetch }).exchange(codeMarker);
  assertSilent('the connection', connection);
  assert.is(connection.accessToken.reveal(), tokenMarker);
});

leak('pages and events of the handler show nothing of the request or of what was thrown', async () => {
  const events: ConnectEvent[] = [];
  const failures: ConnectFailure[] = [];
  const app = setUpApp({
    onEvent: (event) => void events.push(event),
    onFailed: (failure) => void failures.push(failure),
    onConnected: () => Promise.reject(new Error(secretMarker)),
  });
  const { authorize, cookie } = await app.begin();
  const good = await app.consent(authorize);
  const urls = [
    `${good.origin}${good.pathname}?code=${codeMarker}`,
    `${good.origin}${good.pathname}?error=${codeMarker}&error_description=${tokenMarker}`,
    `${good.origin}${good.pathname}?code=${codeMarker}&state=${good.searchParams.get('state')}`,
    good.href,
  ];
  const token = (): string => failures.at(-1)?.connection?.accessToken.reveal() ?? 'none yet';
  for (const url of urls) {
    const response = await app.finish(url, cookie);
    const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
    assertSilent('the page', text);
    for (const hidden of [token(), cookie.split('=')[1] ?? '', good.searchParams.get('code') ?? '']) {
      assert.not.ok(text.includes(hidden));
      assert.not.ok(JSON.stringify(events).includes(hidden));
    }
  }
  assert.is(failures.length, 4);
  assertSilent('an event', events);
});

leak("the emulator's journal holds no secret", async () => {
  const world = setUp(
    { clients: [{ clientId, clientSecret: secretMarker }] },
    { clientSecret: secretMarker, retry: { limit: 0 } },
  );
  const { emulator, hubrise } = world;
  const code = await obtainCode(emulator, hubrise);
  const token = (await hubrise.exchange(code)).accessToken.reveal();
  await hubrise.connect(token).location();
  await emulator.fetch(`https://api.hubrise.com/v1/location?access_token=${token}`);
  await emulator.fetch(`https://manager.hubrise.com/oauth2/v1/token?code=${code}&client_secret=${secretMarker}`, {
    method: 'POST',
  });
  await emulator.fetch(`https://api.hubrise.com/v1/catalogs/${token}`);
  await hubrise.revoke(token);
  const text = JSON.stringify([emulator.journal.entries, emulator.connections()]);
  for (const hidden of [secretMarker, code, token]) assert.not.ok(text.includes(hidden));
});

leak('options of the wrong kind are named, not shown', () => {
  const tries: (() => unknown)[] = [
    () => createHubRise({ clientId, clientSecret: `${secretMarker}\u0000` }),
    () => createHubRise({ clientId, clientSecret: [secretMarker] as never }),
    () => createHubRise({ clientId, clientSecret: secretMarker, oauthUrl: `https://x:${secretMarker}@h.example` }),
    () => createHubRise({ clientId, clientSecret: 's' }).connect(`${tokenMarker}\nx`),
    () => verifyCallback({ body: new Uint8Array(), headers: {} }, { secrets: [secretMarker, 7 as never] }),
  ];
  for (const attempt of tries) {
    let thrown: unknown;
    try {
      attempt();
    } catch (error) {
      thrown = error;
    }
    assert.instance(thrown, TypeError);
    assertSilent('the mistake', thrown);
  }
  assertSilent('an emulator', createEmulator({ clients: [{ clientId, clientSecret: secretMarker }] }));
});
leak.run();
