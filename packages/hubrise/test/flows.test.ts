import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outOfBand } from '../src/authorize.ts';
import { parseCode } from '../src/code.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { createConnectHandler } from '../src/handler.ts';
import { createHubRise } from '../src/hubrise.ts';
import type { Connection } from '../src/schemas/connection.ts';
import { clientId, clientSecret, follow, redirectUri, setUp } from './support.ts';

const flows = suite('hubrise · flows');

flows('web: authorize, exchange, call, revoke', async () => {
  const { emulator, hubrise } = setUp();
  const scope = { location: ['orders.write', 'customer_list.write', 'catalog.read'] } as const;
  emulator.decideNext({ kind: 'approve', location: 'p4q8r-0', catalog: 'cat0a' });
  const back = hubrise.parseRedirect(await follow(emulator, hubrise.authorizeUrl({ redirectUri, scope, state: 's1' })));
  assert.ok(back.ok);
  assert.is(back.state, 's1');

  const connection = await hubrise.exchange(back.code);
  assert.equal(connection.account, { id: 'p4q8r', name: 'Aux Délices' });
  assert.equal(connection.location, { id: 'p4q8r-0', name: 'Paris' });
  assert.equal(connection.catalog, { id: 'cat0a', name: 'Common menu' });
  assert.equal(connection.customerList, { id: 'lst1p', name: 'Paris guests' });

  const api = hubrise.connect(connection.accessToken);
  assert.is((await api.location()).name, 'Paris');
  assert.equal(await api.client.get('location/orders').json(), [{ id: 'ord1p' }]);
  await rejects(api.account(), ResponseError, 'http.forbidden');
  await rejects(api.user(), ResponseError, 'http.forbidden');

  await hubrise.revoke(connection.accessToken);
  await rejects(api.location(), ResponseError, 'hubrise.connection-revoked');
  await rejects(hubrise.exchange(back.code), ResponseError, 'hubrise.invalid-code');
  assert.equal(emulator.journal.warnings(), ['code reused: it counts once']);
});

flows('out of band: the user pastes the code', async () => {
  const { emulator, hubrise } = setUp();
  const url = hubrise.authorizeUrl({ redirectUri: outOfBand, scope: { account: ['all_catalogs.write'] } });
  const shown = await (await emulator.fetch(url)).text();
  const pasted = parseCode(`  ${/[0-9a-f]{64}/.exec(shown)?.[0]}\n`);
  assert.ok(pasted.ok);
  const { accessToken, account, location } = await hubrise.exchange(pasted.code);
  assert.equal(account, { id: 'p4q8r', name: 'Aux Délices' });
  assert.is(location, undefined);
  assert.is((await hubrise.connect(accessToken).account()).currency, 'EUR');
  assert.equal(emulator.journal.warnings(), []);
});

flows('profile: the token opens the user and nothing else', async () => {
  const { emulator, hubrise } = setUp();
  const request = { redirectUri, scope: { profile: 'profile_with_email' }, state: 's' } as const;
  const back = hubrise.parseRedirect(await follow(emulator, hubrise.authorizeUrl(request)));
  assert.ok(back.ok);
  const { accessToken, userId } = await hubrise.exchange(back.code);
  assert.is(userId, 'u1x7k');
  assert.is((await hubrise.connect(accessToken).user()).email, 'ada@shop.example');
  await rejects(hubrise.connect(accessToken).location(), ResponseError, 'http.forbidden');
});

flows('refused and too old: the error and the state come back', async () => {
  const { emulator, hubrise } = setUp();
  for (const [kind, reason] of [
    ['deny', 'denied'],
    ['expire', 'expired'],
  ] as const) {
    emulator.decideNext({ kind });
    const url = hubrise.authorizeUrl({ redirectUri, scope: { profile: 'profile' }, state: 's' });
    const back = hubrise.parseRedirect(await follow(emulator, url));
    assert.ok(!back.ok && back.reason === reason && 'state' in back && back.state === 's');
  }
});

flows('dead connections are told apart, and a blocked one lives again', async () => {
  const { emulator, hubrise } = setUp();
  const connectOnce = async (): Promise<Connection> => {
    const url = hubrise.authorizeUrl({ redirectUri, scope: { location: ['orders.read'] }, state: 's' });
    const back = hubrise.parseRedirect(await follow(emulator, url));
    assert.ok(back.ok);
    return hubrise.exchange(back.code);
  };
  const { accessToken } = await connectOnce();
  const api = hubrise.connect(accessToken);
  for (const state of ['blocked', 'suspended', 'revoked'] as const) {
    emulator.setConnectionState(accessToken.reveal(), state);
    await rejects(api.location(), ResponseError, `hubrise.connection-${state}`);
  }
  emulator.setConnectionState(accessToken.reveal(), 'blocked');
  await connectOnce();
  assert.is((await api.location()).id, 'p4q8r-0');
});

flows('a lost answer of the token endpoint costs the code, and authorizing again gives a token', async () => {
  const { emulator, hubrise } = setUp();
  const url = hubrise.authorizeUrl({ redirectUri, scope: { location: ['orders.read'] }, state: 's' });
  const code = (await follow(emulator, url)).searchParams.get('code') ?? '';
  emulator.faults.add({ kind: 'drop-after' }, { path: '/oauth2/v1/token' });
  await rejects(hubrise.exchange(code), Error, 'http.network');
  await rejects(hubrise.exchange(code), ResponseError, 'hubrise.invalid-code');
  const again = (await follow(emulator, url)).searchParams.get('code') ?? '';
  assert.ok((await hubrise.exchange(again)).accessToken);
});

flows('the whole web flow over HTTP, with both servers on one loopback port', async () => {
  const emulator = createEmulator();
  const { url, close } = await emulator.serve();
  try {
    const urls = { oauthUrl: `${url}/oauth2/v1`, apiUrl: `${url}/v1` };
    const hubrise = createHubRise({ clientId, clientSecret, ...urls, timeoutMs: 60_000 });
    let connected: Connection | undefined;
    const handler = createConnectHandler({
      hubrise,
      keys: [{ id: 'k1', key: new Uint8Array(32).fill(1) }],
      redirectUri: 'http://localhost:4321/callback',
      scope: { location: ['orders.read'] },
      deadlineMs: 60_000,
      onConnected: ({ connection }) => {
        connected = connection;
      },
    });
    const begun = await handler(new Request('http://localhost:4321/hubrise/connect'));
    const page = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const ended = await handler(new Request(page.headers.get('location') ?? '', { headers: { cookie } }));
    assert.is(ended.status, 200);
    assert.is((await hubrise.connect(connected?.accessToken ?? '').location()).name, 'Paris');
    assert.equal(
      emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`),
      ['GET /oauth2/v1/authorize 302', 'POST /oauth2/v1/token 200', 'GET /v1/location 200'],
    );
    assert.equal(emulator.journal.warnings(), []);
  } finally {
    await close();
  }
});
flows.run();
