import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultWorld } from '../src/emulator/index.ts';
import { clientId, clientSecret, obtainCode, setUp } from './support.ts';

const tokenUrl = 'https://manager.hubrise.com/oauth2/v1/token';
const revokeUrl = 'https://manager.hubrise.com/oauth2/v1/revoke';
const basic = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
const credentials = { client_id: clientId, client_secret: clientSecret };
const secondClient = { clientId: 'second.clients.hubrise.com', clientSecret: 'second_secret' };
const secondBasic = `Basic ${btoa(`${secondClient.clientId}:${secondClient.clientSecret}`)}`;

const token = suite('hubrise · emulator · token');

const encodings: [name: string, warnings: number, send: (code: string) => [url: string, init: RequestInit]][] = [
  [
    'a form and Basic',
    0,
    (code) => [tokenUrl, { headers: { authorization: basic }, body: new URLSearchParams({ code }) }],
  ],
  ['a form with credentials', 1, (code) => [tokenUrl, { body: new URLSearchParams({ code, ...credentials }) }]],
  [
    'JSON with credentials',
    1,
    (code) => [
      tokenUrl,
      {
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ code, ...credentials }),
      },
    ],
  ],
  ['a query with credentials', 3, (code) => [`${tokenUrl}?${new URLSearchParams({ code, ...credentials })}`, {}]],
  [
    'grant_type and redirect_uri, which it ignores',
    0,
    (code) => [
      tokenUrl,
      {
        headers: { authorization: basic },
        body: new URLSearchParams({ code, grant_type: 'authorization_code', redirect_uri: 'https://else.example/' }),
      },
    ],
  ],
];
for (const [name, warnings, send] of encodings) {
  token(`reads ${name}`, async () => {
    const { emulator, hubrise } = setUp();
    const [url, init] = send(await obtainCode(emulator, hubrise));
    const response = await emulator.fetch(url, { method: 'POST', ...init });
    assert.is(response.status, 200);
    assert.is(response.headers.get('access-control-allow-origin'), null);
    assert.is(emulator.journal.warnings().length, warnings);
  });
}

const unread: readonly [type: string, body: (code: string) => BodyInit][] = [
  ['multipart/form-data; boundary=x', (code) => `code=${code}`],
  ['text/plain', (code) => `code=${code}`],
  ['application/xml', (code) => `code=${code}`],
  ['application/jsonp', (code) => JSON.stringify({ code })],
];
for (const [type, body] of unread) {
  token(`does not read a body of ${type}, and says so`, async () => {
    const { emulator, hubrise } = setUp();
    const code = await obtainCode(emulator, hubrise);
    const headers = { authorization: basic, 'content-type': type };
    const response = await emulator.fetch(tokenUrl, { method: 'POST', headers, body: body(code) });
    assert.equal([response.status, await response.json()], [400, { error: 'invalid_grant' }]);
    assert.match(emulator.journal.warnings()[0] ?? '', /neither form nor JSON/);
    assert.ok((await hubrise.exchange(code)).accessToken, 'and the code is not used up');
  });
}

token('takes a code that is given twice for none', async () => {
  for (const where of ['body', 'query'] as const) {
    const { emulator, hubrise } = setUp();
    const code = await obtainCode(emulator, hubrise);
    const twice = new URLSearchParams([
      ['code', code],
      ['code', 'other'],
    ]);
    const init = { method: 'POST', headers: { authorization: basic } };
    const response = await (where === 'body'
      ? emulator.fetch(tokenUrl, { ...init, body: twice })
      : emulator.fetch(`${tokenUrl}?${twice}`, init));
    assert.is(response.status, 400);
    assert.ok((await hubrise.exchange(code)).accessToken);
  }
});

const unauthenticated: [name: string, init: RequestInit][] = [
  [
    'a Basic that cannot be read, beside good credentials in the body',
    { headers: { authorization: 'Basic !' }, body: new URLSearchParams(credentials) },
  ],
  ['no credentials', {}],
  ['a wrong secret', { headers: { authorization: `Basic ${btoa(`${clientId}:wrong`)}` } }],
  ['an unknown client', { headers: { authorization: `Basic ${btoa(`nobody:${clientSecret}`)}` } }],
  ['Basic without a colon', { headers: { authorization: `Basic ${btoa(clientId)}` } }],
  ['Basic that is no base64', { headers: { authorization: 'Basic %%%' } }],
  ['Basic of bytes that are no text', { headers: { authorization: 'Basic /w==' } }],
  ['a bearer token', { headers: { authorization: `Bearer ${clientSecret}` } }],
  ['half of the credentials', { body: new URLSearchParams({ client_id: clientId }) }],
  ['JSON that is none', { headers: { 'content-type': 'application/json' }, body: '{' }],
  ['JSON that is no object', { headers: { 'content-type': 'application/json' }, body: 'null' }],
];
for (const [name, init] of unauthenticated) {
  token(`answers 401 to ${name}, and leaves the code alone`, async () => {
    const { emulator, hubrise } = setUp();
    const code = await obtainCode(emulator, hubrise);
    const response = await emulator.fetch(`${tokenUrl}?code=${code}`, { method: 'POST', ...init });
    assert.is(response.status, 401);
    assert.equal(await response.json(), { error: 'invalid_client' });
    assert.ok(await hubrise.exchange(code));
  });
}

async function exchangeRaw(fetch: ReturnType<typeof setUp>['emulator']['fetch'], code: string, authorization = basic) {
  return fetch(tokenUrl, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ code }) });
}

token('gives a token for a code until ten minutes have passed', async () => {
  for (const [waitMs, status] of [
    [599_999, 200],
    [600_000, 400],
  ] as const) {
    const { clock, emulator, hubrise } = setUp();
    const code = await obtainCode(emulator, hubrise);
    clock.advance(waitMs);
    assert.is((await exchangeRaw(emulator.fetch, code)).status, status);
  }
});

token('takes a code once, and warns of the second time', async () => {
  const { emulator, hubrise } = setUp();
  const code = await obtainCode(emulator, hubrise);
  assert.is((await exchangeRaw(emulator.fetch, code)).status, 200);
  const again = await exchangeRaw(emulator.fetch, code);
  assert.is(again.status, 400);
  assert.equal(await again.json(), { error: 'invalid_grant' });
  assert.equal(emulator.journal.warnings(), ['code reused: it counts once']);
});

token('gives nothing for an unknown code, and nothing for the code of another client', async () => {
  const { emulator, hubrise } = setUp({ clients: [...defaultWorld.clients, secondClient] });
  assert.is((await exchangeRaw(emulator.fetch, 'guess')).status, 400);
  assert.is((await exchangeRaw(emulator.fetch, '')).status, 400);
  const code = await obtainCode(emulator, hubrise);
  assert.is((await exchangeRaw(emulator.fetch, code, secondBasic)).status, 400);
  assert.is((await exchangeRaw(emulator.fetch, code)).status, 200);
});

const today = {
  token_type: 'Bearer',
  account_id: 'p4q8r',
  account_name: 'Aux Délices',
};
const answers: [name: string, scope: object, options: object, expected: object][] = [
  ['a location', { location: ['orders.write'] }, {}, { ...today, location_id: 'p4q8r-0', location_name: 'Paris' }],
  [
    'a location with catalog and list',
    { location: ['catalog.read', 'customer_list.write'] },
    {},
    {
      ...today,
      location_id: 'p4q8r-0',
      location_name: 'Paris',
      catalog_id: 'cat1p',
      catalog_name: 'Paris menu',
      customer_list_id: 'lst1p',
      customer_list_name: 'Paris guests',
    },
  ],
  ['an account', { account: ['all_catalogs.read'] }, {}, today],
  ['a profile', { profile: 'profile' }, {}, { token_type: 'Bearer', user_id: 'u1x7k' }],
  [
    "a location in the seed's time",
    { location: ['catalog.read', 'customer_list.write'] },
    { era: 'seed' },
    { location_id: 'p4q8r-0', catalog_id: 'cat1p', customer_list_id: 'lst1p' },
  ],
  [
    'a store app',
    { location: ['orders.read'] },
    { clients: [{ clientId, clientSecret, kind: 'app' }] },
    { ...today, location_id: 'p4q8r-0', location_name: 'Paris', app_instance_id: 'hr1' },
  ],
];
for (const [name, scope, options, expected] of answers) {
  token(`describes ${name}`, async () => {
    const { emulator, hubrise } = setUp(options);
    const code = await obtainCode(emulator, hubrise, { scope } as never);
    const body = (await (await exchangeRaw(emulator.fetch, code)).json()) as Record<string, unknown>;
    assert.match(String(body['access_token']), /^[0-9a-f]{40}$/);
    const { access_token: _, ...rest } = body;
    assert.equal(rest, expected);
  });
}
token.run();

const identity = suite('hubrise · emulator · token identity');

async function connect(
  { emulator, hubrise }: ReturnType<typeof setUp>,
  decision: object = {},
  request: object = {},
): Promise<{ token: string; catalog: string | undefined }> {
  emulator.decideNext({ kind: 'approve', ...decision });
  const { accessToken, catalog } = await hubrise.exchange(await obtainCode(emulator, hubrise, request));
  return { token: accessToken.reveal(), catalog: catalog?.id };
}

identity('the same client and location give the same token', async () => {
  const world = setUp();
  assert.is((await connect(world)).token, (await connect(world, { location: 'P4Q8R-0' })).token);
  assert.is(world.emulator.connections().length, 1);
});

identity('another location, level, device, client or user gives another token', async () => {
  const world = setUp({
    clients: [...defaultWorld.clients, secondClient],
    users: [...defaultWorld.users, { id: 'u2', firstName: 'B', lastName: 'C', email: 'b@c.example' }],
  });
  const tokens = [
    await connect(world),
    await connect(world, { location: 'p4q8r-1' }),
    await connect(world, {}, { scope: { account: ['orders.write'] } }),
    await connect(world, {}, { deviceId: 'till-1' }),
    await connect(world, {}, { deviceId: 'till-2' }),
    await connect(world, {}, { scope: { profile: 'profile' } }),
    await connect(world, { user: 'u2' }, { scope: { profile: 'profile' } }),
  ].map(({ token }) => token);
  assert.is(new Set(tokens).size, 7);
  assert.is((await connect(world, {}, { deviceId: 'till-1' })).token, tokens[3]);
  const other = setUp({}, { ...secondClient, fetch: world.emulator.fetch });
  assert.not.ok(tokens.includes((await connect({ ...world, hubrise: other.hubrise })).token));
});

identity('authorizing again with another catalog re-points the token that exists', async () => {
  const world = setUp();
  const scope = { location: ['catalog.read'] };
  const first = await connect(world, { catalog: 'cat1p' }, { scope });
  const second = await connect(world, { catalog: 'cat0a' }, { scope });
  assert.is(second.token, first.token);
  assert.is(second.catalog, 'cat0a');
  assert.is(world.emulator.connections()[0]?.catalogId, 'cat0a');
});

identity('reconnecting revives a blocked connection and replaces a revoked one', async () => {
  const world = setUp();
  const { token } = await connect(world);
  world.emulator.setConnectionState(token, 'blocked');
  assert.is((await connect(world)).token, token);
  assert.is(world.emulator.connections()[0]?.state, 'live');
  world.emulator.setConnectionState(token, 'revoked');
  assert.is.not((await connect(world)).token, token);
  assert.equal(
    world.emulator.connections().map(({ state }) => state),
    ['revoked', 'live'],
  );
});

identity('an app instance is authorized again without a scope', async () => {
  const world = setUp({ clients: [{ clientId, clientSecret, kind: 'app' }] });
  const { token } = await connect(world);
  const again = await connect(world, {}, { scope: undefined, appInstanceId: 'hr1' });
  assert.is(again.token, token);
  world.emulator.setConnectionState(token, 'revoked');
  const url = world.hubrise.authorizeUrl({ redirectUri: 'https://myapp.com/', appInstanceId: 'hr1', state: 's' });
  assert.is((await world.emulator.fetch(url)).status, 400);
});

identity('a connection that does not exist has no state to set', () => {
  const { emulator } = setUp();
  assert.throws(
    () => emulator.setConnectionState('hr1', 'blocked'),
    (error: unknown) => error instanceof RangeError,
  );
});
identity.run();

const revoke = suite('hubrise · emulator · revoke');

async function revokeRaw(fetch: ReturnType<typeof setUp>['emulator']['fetch'], token: string, authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  return fetch(revokeUrl, { method: 'POST', headers, body: new URLSearchParams({ token, ...credentials }) });
}

revoke('ends the connection at once, with an empty 200', async () => {
  const world = setUp();
  const { token } = await connect(world);
  const response = await revokeRaw(world.emulator.fetch, token, basic);
  assert.is(response.status, 200);
  assert.is(await response.text(), '');
  assert.is(world.emulator.connections()[0]?.state, 'revoked');
});

revoke('takes Basic only', async () => {
  const world = setUp();
  const { token } = await connect(world);
  assert.is((await revokeRaw(world.emulator.fetch, token)).status, 401);
  assert.is(world.emulator.connections()[0]?.state, 'live');
});

revoke("answers 200 for unknown and for another client's tokens, without effect", async () => {
  const world = setUp({ clients: [...defaultWorld.clients, secondClient] });
  const { token } = await connect(world);
  assert.is((await revokeRaw(world.emulator.fetch, 'unknown', basic)).status, 200);
  assert.is((await revokeRaw(world.emulator.fetch, token, secondBasic)).status, 200);
  assert.is(world.emulator.connections()[0]?.state, 'live');
});

revoke('warns of a token in the URL', async () => {
  const { emulator } = setUp();
  await emulator.fetch(`${revokeUrl}?token=t`, { method: 'POST', headers: { authorization: basic } });
  assert.equal(emulator.journal.warnings(), ['secret in URL: token']);
});
revoke.run();
