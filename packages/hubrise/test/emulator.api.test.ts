import { spendsLatencyBySleep } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../src/emulator/index.ts';
import { obtainCode, setUp } from './support.ts';

const apiUrl = 'https://api.hubrise.com/v1';

/** Connects with a scope, and gives a raw call of the API. */
async function setUpApi(scope: object, decision: object = {}) {
  const { emulator, hubrise } = setUp();
  emulator.decideNext({ kind: 'approve', ...decision });
  const code = await obtainCode(emulator, hubrise, { scope } as never);
  const token = (await hubrise.exchange(code)).accessToken.reveal();
  emulator.journal.clear();
  const call = (path: string, headers: Record<string, string> = { 'x-access-token': token }): Promise<Response> =>
    emulator.fetch(`${apiUrl}${path}`, { headers });
  return { emulator, token, call };
}

const preflight = suite('hubrise · emulator · API preflight');

for (const path of ['/location', '/location/orders', '/catalogs/c1']) {
  preflight(`lets a browser send X-Access-Token to ${path}`, async () => {
    const headers = { origin: 'https://a.example', 'access-control-request-headers': 'x-access-token' };
    const { status, headers: answered } = await setUp().emulator.fetch(`${apiUrl}${path}`, {
      method: 'OPTIONS',
      headers,
    });
    assert.equal([status, answered.get('access-control-allow-origin')], [204, '*']);
    assert.match(answered.get('access-control-allow-headers') ?? '', /X-Access-Token/);
  });
}

preflight('answers none where there is no such path', async () => {
  assert.is((await setUp().emulator.fetch(`${apiUrl}/nowhere`, { method: 'OPTIONS' })).status, 404);
});
preflight('refuses options that there are not, which would leave it as it is', () => {
  assert.throws(
    () => createEmulator({ client: [] } as never),
    (error: unknown) => error instanceof TypeError && error.message === 'client is no option',
  );
});

preflight.run();

const scopes = {
  location: { location: ['orders.write', 'catalog.read'] },
  account: { account: ['orders.read', 'all_catalogs.write', 'all_customer_lists.read'] },
  profile: { profile: 'profile' },
} as const;

const access = suite('hubrise · emulator · API access');

// HubRise fact sheet §10, §12
const rows: [path: string, location: number, account: number, profile: number][] = [
  ['/user', 403, 403, 200],
  ['/location', 200, 403, 403],
  ['/locations/p4q8r-0', 200, 200, 403],
  ['/locations/P4Q8R-0', 200, 200, 403],
  ['/locations/p4q8r-1', 403, 200, 403],
  ['/locations/nowhere', 403, 403, 403],
  ['/account', 403, 200, 403],
  ['/accounts/p4q8r', 403, 200, 403],
  ['/accounts/other', 403, 403, 403],
  ['/locations', 403, 200, 403],
  ['/location/orders', 200, 403, 403],
  ['/locations/p4q8r-0/orders', 200, 200, 403],
  ['/account/orders', 403, 200, 403],
  ['/accounts/p4q8r/orders', 403, 200, 403],
  ['/location/catalogs', 200, 403, 403],
  ['/account/catalogs', 403, 200, 403],
  ['/location/customer_lists', 403, 403, 403],
  ['/account/customer_lists', 403, 200, 403],
  ['/catalogs/cat1p', 200, 200, 403],
  ['/catalogs/cat2l', 404, 200, 403],
  ['/customer_lists/lst0a', 403, 200, 403],
  ['/nothing', 404, 404, 404],
];
for (const [path, ...statuses] of rows) {
  for (const [index, level] of (['location', 'account', 'profile'] as const).entries()) {
    access(`answers ${statuses[index]} to a ${level} token at ${path}`, async () => {
      const { call } = await setUpApi(scopes[level]);
      assert.is((await call(path)).status, statuses[index]);
    });
  }
}

access('tells the missing scope as HubRise does', async () => {
  const { emulator, call } = await setUpApi({ location: ['catalog.read'] });
  const response = await call('/location/orders');
  assert.is(response.status, 403);
  assert.equal(await response.json(), { message: "A 'orders' read scope is required", error_type: 'forbidden' });
  assert.equal(emulator.journal.entries[0]?.checks.at(-1), { name: 'scope', ok: false, detail: 'orders.read' });
});

access('answers every origin', async () => {
  const { call } = await setUpApi(scopes.location);
  assert.is((await call('/location')).headers.get('access-control-allow-origin'), '*');
  assert.is((await call('/location', {})).headers.get('access-control-allow-origin'), '*');
});

access('knows missing routes from missing resources', async () => {
  const { call } = await setUpApi(scopes.location);
  assert.equal(await (await call('/nothing')).json(), { error_type: 'routing_error' });
  assert.equal(await (await call('/catalogs/none')).json(), { error_type: 'not_found' });
});

const unauthenticated: [
  name: string,
  headers: (token: string) => Record<string, string>,
  warning: RegExp | undefined,
][] = [
  ['nothing', () => ({}), undefined],
  ['an unknown token', () => ({ 'x-access-token': 'unknown' }), undefined],
  ['a bearer token', (token) => ({ authorization: `Bearer ${token}` }), /^Authorization was sent/],
];
for (const [name, headers, warning] of unauthenticated) {
  access(`answers 401 to ${name}`, async () => {
    const { emulator, token, call } = await setUpApi(scopes.location);
    const response = await call('/location', headers(token));
    assert.is(response.status, 401);
    assert.is(((await response.json()) as { error_type: string }).error_type, 'unauthorized');
    const [first = ''] = emulator.journal.warnings();
    assert.is(emulator.journal.warnings().length, warning === undefined ? 0 : 1);
    if (warning !== undefined) assert.match(first, warning);
  });
}

access('warns of a token in the URL, which it does not read', async () => {
  const { emulator, token, call } = await setUpApi(scopes.location);
  assert.is((await call(`/location?access_token=${token}`, {})).status, 401);
  assert.equal(emulator.journal.warnings(), ['secret in URL: access_token']);
});

for (const [state, message] of [
  ['revoked', 'The access token is invalid or the connection has been revoked'],
  ['blocked', 'The connection has been blocked'],
  ['suspended', 'The account/location has been suspended for non payment of the subscription'],
] as const) {
  access(`tells every call of a ${state} connection why`, async () => {
    const { emulator, token, call } = await setUpApi(scopes.location);
    emulator.setConnectionState(token, state);
    const response = await call('/location');
    assert.is(response.status, 401);
    assert.equal(await response.json(), { message, error_type: 'unauthorized' });
    emulator.setConnectionState(token, 'live');
    assert.is((await call('/location')).status, 200);
  });
}

access('lets latency take the time of its clock, where it is told so', () => spendsLatencyBySleep(createEmulator));

access.run();

const resources = suite('hubrise · emulator · API resources');

resources('shows the catalog that was chosen, or with all_catalogs every one within reach', async () => {
  const idsOf = async (response: Response): Promise<string[]> =>
    ((await response.json()) as { id: string }[]).map(({ id }) => id);
  const one = await setUpApi({ location: ['catalog.read'] }, { catalog: 'CAT0A' });
  assert.equal(await idsOf(await one.call('/location/catalogs')), ['cat0a']);
  const some = await setUpApi({ location: ['all_catalogs.read'] });
  assert.equal(await idsOf(await some.call('/location/catalogs')), ['cat1p', 'cat0a']);
  const all = await setUpApi({ account: ['all_catalogs.read'] });
  assert.equal(await idsOf(await all.call('/account/catalogs')), ['cat1p', 'cat2l', 'cat0a']);
});

resources('shows the e-mail address only where it was asked for', async () => {
  const without = await (await (await setUpApi({ profile: 'profile' })).call('/user')).json();
  assert.equal(without, { id: 'u1x7k', first_name: 'Ada', last_name: 'Moreau', locales: ['en'] });
  const withEmail = await (await (await setUpApi({ profile: 'profile_with_email' })).call('/user')).json();
  assert.is((withEmail as { email: string }).email, 'ada@shop.example');
});

resources('lists the orders of a location, and those of all locations', async () => {
  const near = await setUpApi(scopes.location, { location: 'p4q8r-1' });
  assert.equal(await (await near.call('/location/orders')).json(), []);
  const wide = await setUpApi(scopes.account);
  assert.equal(await (await wide.call('/account/orders')).json(), [{ id: 'ord1p' }]);
});
resources.run();
