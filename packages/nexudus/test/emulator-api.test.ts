import { type ManualClock, manualClock, rejects, seededRandom, spendsLatencyBySleep } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { basicAuthorization, deriveAccessToken } from '../src/credential.ts';
import { createEmulator, documentedLimits, type Emulator, type Role } from '../src/emulator/index.ts';
import { Business, BusinessList, CommandResult } from '../src/schema.ts';
import { verifyDelivery } from '../src/webhook.ts';
import { v1, webhookSecret } from './vectors.ts';

interface Set {
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly installToken: string;
  /** Calls the API as the installation does, well-behaved. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
}

type Options = Parameters<typeof createEmulator>[0] & {
  readonly roles?: readonly Role[];
  readonly webAddress?: string;
};

function setUp({ roles, webAddress = 'northwind', ...options }: Options = {}): Set {
  const clock = manualClock();
  const emulator = createEmulator({ clock, random: seededRandom(7), ...options });
  emulator.registerApp({ installUrl: 'http://myapp.com/Install', key: v1.a, secret: v1.secret, roles });
  const { installToken } = emulator.install({ applicationKey: v1.a, webAddress });
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    emulator.fetch(`https://spaces.nexudus.com/api/${path}`, {
      ...init,
      headers: {
        accept: 'application/json',
        'user-agent': 'test',
        authorization: basicAuthorization(v1.a, deriveAccessToken(installToken, v1.secret)),
        ...init.headers,
      },
    });
  return { emulator, clock, installToken, call };
}

function lastChecks(emulator: Emulator): string[] {
  return (emulator.journal.entries.at(-1)?.checks ?? []).map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);
}

const gate = suite('nexudus · emulator · gate');

gate('lets Basic with key and derived token in, and notes every check', async () => {
  const { emulator, call } = setUp();
  assert.is((await call('sys/businesses')).status, 200);
  assert.equal(lastChecks(emulator), [
    'authorization ok',
    'application-key ok',
    'access-token ok',
    'installation ok',
    'limits ok',
    'role ok',
  ]);
  assert.equal(emulator.journal.warnings(), []);
});

const encode = (text: string): string => Buffer.from(text).toString('base64');
const good = (token: string): string => deriveAccessToken(token, v1.secret);
const credentials: readonly (readonly [what: string, field: (token: string) => string, failed: string])[] = [
  ['nothing', () => '', 'authorization'],
  ['Bearer', (token) => `Bearer ${good(token)}`, 'authorization'],
  ['no base64', () => 'Basic %%%', 'authorization'],
  ['no colon', () => `Basic ${encode('key')}`, 'authorization'],
  ['an unknown key', (token) => `Basic ${encode(`${v1.t}:${good(token)}`)}`, 'application-key'],
  ['the secret as user name', (token) => `Basic ${encode(`${v1.secret}:${good(token)}`)}`, 'application-key'],
  ['the install token as password', (token) => `Basic ${encode(`${v1.a}:${token}`)}`, 'access-token'],
  ['the secret as password', () => `Basic ${encode(`${v1.a}:${v1.secret}`)}`, 'access-token'],
  ['the token in capitals', (token) => `Basic ${encode(`${v1.a}:${good(token).toUpperCase()}`)}`, 'access-token'],
  [
    'secret before token',
    (token) => `Basic ${encode(`${v1.a}:${deriveAccessToken(v1.secret, token)}`)}`,
    'access-token',
  ],
];
for (const [what, field, failed] of credentials) {
  gate(`answers ${what} with an empty 401`, async () => {
    const { emulator, installToken, call } = setUp();
    const response = await call('sys/businesses', { headers: { authorization: field(installToken) } });
    assert.equal([response.status, await response.text()], [401, '']);
    assert.is(lastChecks(emulator).at(-1), `${failed} failed`);
  });
}

gate('answers a missing role with the same 401', async () => {
  const { emulator, call } = setUp({ roles: ['Business-Read'] });
  const response = await call('sys/businesses');
  assert.equal([response.status, await response.text()], [401, '']);
  assert.is(lastChecks(emulator).at(-1), 'role failed');
  assert.is((await call('sys/businesses/1414900001')).status, 200);
});

gate('takes the key as it was sent with the link', async () => {
  const { emulator, call } = setUp();
  const { installToken } = emulator.install({
    applicationKey: v1.a,
    webAddress: 'solo-loft',
    spelling: { key: 'upper', token: 'dashed' },
  });
  const authorization = basicAuthorization(v1.a.toUpperCase(), deriveAccessToken(installToken, v1.secret));
  assert.is((await call('sys/businesses', { headers: { authorization } })).status, 200);
});

gate('refuses removed and replaced installations, and warns of those who go on', async () => {
  const { emulator, call } = setUp();
  assert.is(emulator.uninstall({ applicationKey: v1.a, webAddress: 'northwind' }), true);
  assert.is(emulator.uninstall({ applicationKey: v1.a, webAddress: 'northwind' }), false);
  assert.is((await call('sys/businesses')).status, 401);
  assert.is(lastChecks(emulator).at(-1), 'installation failed');
  assert.equal(emulator.journal.warnings(), []);
  assert.is((await call('sys/businesses')).status, 401);
  assert.equal(emulator.journal.warnings(), ['went on calling after the app was removed']);
});

gate('lets an installation go on that got the same token again', async () => {
  const { emulator, call } = setUp();
  emulator.install({ applicationKey: v1.a, webAddress: 'northwind', spelling: { value: 'same' } });
  assert.is((await call('sys/businesses')).status, 200);
  emulator.install({ applicationKey: v1.a, webAddress: 'northwind' });
  assert.is((await call('sys/businesses')).status, 401);
});

gate('throttles with 409, Retry-After, the documented reason and no body', async () => {
  const { emulator, clock, call } = setUp({ limits: documentedLimits });
  assert.is((await call('sys/businesses')).status, 200);
  const response = await call('sys/businesses');
  assert.equal([response.status, response.headers.get('retry-after'), await response.text()], [409, '1', '']);
  assert.is(response.statusText, 'You must wait before accessing this url again.');
  assert.equal(emulator.journal.warnings(), []);
  await call('sys/businesses');
  assert.equal(emulator.journal.warnings(), ['came back before Retry-After had passed']);
  clock.advance(1_000);
  assert.is((await call('sys/businesses')).status, 200);
  assert.is(emulator.journal.warnings().length, 1);
});

gate('throttles on demand', async () => {
  const { emulator, clock, call } = setUp();
  emulator.throttleNext({ times: 2, retryAfterSeconds: 3 });
  const statuses = [];
  for (let count = 0; count < 3; count += 1) {
    statuses.push((await call('sys/businesses')).status);
    clock.advance(3_000);
  }
  assert.equal(statuses, [409, 409, 200]);
  emulator.throttleNext();
  assert.is((await call('sys/businesses')).headers.get('retry-after'), '1');
});

for (const given of [{ retryAfterSeconds: -3.5 }, { retryAfterSeconds: Number.NaN }, { times: 0.5 }, { times: -1 }]) {
  gate(`does not throttle by ${JSON.stringify(given)}`, () => {
    const [name = ''] = Object.keys(given);
    assert.throws(
      () => setUp().emulator.throttleNext(given),
      (error: unknown) => error instanceof RangeError && error.message.startsWith(name),
    );
  });
}

gate('warns of secrets in URLs, wherever they are sent', async () => {
  const { emulator, installToken, call } = setUp();
  const paths = [
    `sys/businesses?token=${installToken}`,
    `sys/businesses?x=${encodeURIComponent(` ${v1.secret}`)}`,
    `nowhere/${deriveAccessToken(installToken, v1.secret)}`,
  ];
  for (const path of paths) await call(path);
  assert.is(emulator.journal.warnings().filter((warning) => warning === 'a secret in a URL').length, 3);
  await call('sys/businesses?Application_SecretKey=x');
  assert.ok(emulator.journal.warnings().includes('a secret in a URL: never filter by Application_SecretKey'));
  assert.not.ok(JSON.stringify(emulator.journal.entries).includes(installToken));
});

gate('warns of requests without User-Agent and Accept', async () => {
  const { emulator, call } = setUp();
  await call('sys/businesses', { headers: { accept: '*/*', 'user-agent': '' } });
  assert.equal(emulator.journal.warnings(), [
    'no User-Agent: the firewall may refuse it',
    'no Accept: application/json',
  ]);
});

gate('lets latency take the time of its clock, where it is told so', () => spendsLatencyBySleep(createEmulator));

gate.run();

const routes = suite('nexudus · emulator · businesses');

const ids = (page: { readonly Records: readonly { readonly Id: number }[] }): number[] =>
  page.Records.map(({ Id }) => Id);
const list = async (call: Set['call'], search = ''): Promise<v.InferOutput<typeof BusinessList>> =>
  v.parse(BusinessList, await (await call(`sys/businesses${search}`)).json());

const visible: Readonly<Record<string, readonly number[]>> = {
  northwind: [1414900001, 1414900002, 1414900003],
  'northwind-harbour': [1414900002],
  'solo-loft': [1414900004],
};
for (const [webAddress, expected] of Object.entries(visible)) {
  routes(`shows an installation at ${webAddress} that location and those below`, async () => {
    const { call } = setUp({ webAddress });
    assert.equal(ids(await list(call)), expected);
  });
}

routes('leaves long fields out of lists and shows them alone', async () => {
  const { call } = setUp();
  const [first] = (await list(call)).Records;
  assert.not.ok(first !== undefined && 'AboutUs' in first);
  const whole = v.parse(Business, await (await call('sys/businesses/1414900001')).json());
  assert.is(whole['AboutUs'], 'Everything there is to know about Northwind Network.');
  assert.match(String(whole.UniqueId), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

routes('gives several as a bare list, with and without a slash at the end', async () => {
  const { call } = setUp();
  for (const path of [
    'sys/businesses/?id=[1414900003,1414900002,1414900004]',
    'sys/businesses?id=[1414900002,1414900003]',
  ]) {
    const records = (await (await call(path)).json()) as { Id: number; AboutUs: string }[];
    assert.equal(
      records.map(({ Id }) => Id),
      [1414900002, 1414900003],
    );
  }
});

const filters: readonly (readonly [search: string, expected: readonly number[], warning?: string])[] = [
  ['?Business_WebAddress=northwind-station', [1414900003]],
  ['?Business_RootLocation=1414900001', [1414900002, 1414900003]],
  ['?Id=1414900002', [1414900002]],
  ['?Business_Name=Nobody', []],
  ['?page=2&size=2', [1414900003]],
  ['?orderBy=Name&dir=1', [1414900003, 1414900001, 1414900002]],
  [
    '?Business_toString=x',
    [1414900001, 1414900002, 1414900003],
    'the filter Business_toString is unknown and was ignored',
  ],
  ['?UpdatedSince=2026', [1414900001, 1414900002, 1414900003], 'the filter UpdatedSince is unknown and was ignored'],
  [
    '?Business_Nothing=1',
    [1414900001, 1414900002, 1414900003],
    'the filter Business_Nothing is unknown and was ignored',
  ],
];
for (const [search, expected, warning] of filters) {
  routes(`lists ${search}`, async () => {
    const { emulator, call } = setUp();
    assert.equal(ids(await list(call, search)), expected);
    assert.equal(emulator.journal.warnings(), warning === undefined ? [] : [warning]);
  });
}

for (const missingRecord of [404, 500] as const) {
  routes(`answers an id that is not there, or not visible, with ${missingRecord}`, async () => {
    const { call } = setUp({ missingRecord, webAddress: 'solo-loft' });
    for (const id of ['7', '1414900001', 'x']) assert.is((await call(`sys/businesses/${id}`)).status, missingRecord);
    const put = await call('sys/businesses', { method: 'PUT', body: JSON.stringify({ Id: 1414900001, Name: 'x' }) });
    assert.is(put.status, missingRecord);
  });
}

routes('replaces a record, clears what is left out and warns of it', async () => {
  const { emulator, clock, call } = setUp();
  clock.advance(60_000);
  const body = JSON.stringify({ Id: 1414900002, Name: 'Harbour Two', WebAddress: 'northwind-harbour' });
  const response = await call('sys/businesses', { method: 'PUT', body });
  const result = v.parse(CommandResult, await response.json());
  assert.equal([response.status, result.WasSuccessful, result.Value], [200, true, { Id: 1414900002 }]);
  const after = v.parse(Business, await (await call('sys/businesses/1414900002')).json());
  assert.equal([after.Name, after['AboutUs'], after.RootLocationId], ['Harbour Two', null, 1414900001]);
  assert.is.not(after.UpdatedOn, after.CreatedOn);
  assert.match(emulator.journal.warnings().join(), /leaves out .*AboutUs.* clears them/);
});

routes('takes a whole record without a warning', async () => {
  const { emulator, call } = setUp();
  const whole = (await (await call('sys/businesses/1414900002')).json()) as Record<string, unknown>;
  const body = JSON.stringify({ ...whole, AboutUs: 'New text' });
  assert.is((await call('sys/businesses', { method: 'PUT', body })).status, 200);
  assert.equal(emulator.journal.warnings(), []);
});

for (const body of [
  '',
  'x',
  '[]',
  '{}',
  '{"Id":"1414900002","Name":"x"}',
  '{"Id":1414900002}',
  '{"Id":1414900002,"Name":""}',
  '{"Id":1414900002,"Name":"x","SystemId":{}}',
  '{"Id":1414900002,"Name":"x","WebAddress":7}',
]) {
  routes(`answers the update ${body || '(nothing)'} with 400`, async () => {
    const { call } = setUp();
    const response = await call('sys/businesses', { method: 'PUT', body });
    const result = v.parse(CommandResult, await response.json());
    assert.equal([response.status, result.WasSuccessful], [400, false]);
    assert.is(result.Errors?.length, 1);
  });
}

routes('refuses an update with 200 on demand', async () => {
  const { emulator, call } = setUp();
  emulator.refuseNext('The location is locked');
  const body = JSON.stringify({ Id: 1414900002, Name: 'x' });
  const response = await call('sys/businesses', { method: 'PUT', body });
  const result = v.parse(CommandResult, await response.json());
  assert.equal([response.status, result.WasSuccessful, result.Message], [200, false, 'The location is locked']);
});

routes('answers other paths with 404', async () => {
  assert.is((await setUp().call('sys/nothing')).status, 404);
});

routes.run();

const deliveries = suite('nexudus · emulator · deliveries');

const record = { Id: 1416023860, FullName: 'José Ñandú 😀', Active: true };

for (const [signedAs, signature] of [
  ['ascii', 'BFB70439A4B6FD40AD14C8BA05C200B8D3F47B75576EDD436FACE16EB11AEC35'],
  ['raw', 'B05C3ADA3D26C7AC86D96924CD80D0A5560531D2FFB0A028F0540DBA3B9FA542'],
] as const) {
  deliveries(`sign W2 as ${signedAs}, and it verifies as such`, async () => {
    const { emulator } = setUp();
    const response = await emulator.deliver({
      url: 'https://myapp.com/hooks?action=6',
      record,
      secret: webhookSecret,
      signedAs,
      fetch: async (request) => {
        assert.is(request.headers.get('x-nexudus-hook-signature'), signature);
        const body = new Uint8Array(await request.arrayBuffer());
        const result = verifyDelivery({ body, headers: request.headers }, { secret: webhookSecret });
        assert.equal(result.ok && [result.matched, result.record], [signedAs, record]);
        return new Response(null, { status: 204 });
      },
    });
    assert.is(response.status, 204);
    const entry = emulator.journal.entries.at(-1);
    assert.equal([entry?.direction, entry?.path, entry?.status], ['out', '/hooks', 204]);
  });
}

deliveries('are noted also when nobody is there', async () => {
  const { emulator } = setUp();
  const fetch = async (): Promise<never> => {
    throw new TypeError('fetch failed');
  };
  await rejects(emulator.deliver({ url: 'https://myapp.com/hooks', record, fetch }), TypeError, /fetch failed/);
  const entry = emulator.journal.entries.at(-1);
  assert.equal([entry?.path, entry?.status, entry?.checks[0]?.ok], ['/hooks', undefined, false]);
});

deliveries('are unsigned without a secret', async () => {
  const { emulator } = setUp();
  await emulator.deliver({
    url: 'https://myapp.com/hooks',
    record,
    fetch: async ({ headers }) => new Response(null, { status: headers.has('x-nexudus-hook-signature') ? 500 : 200 }),
  });
  assert.is(emulator.journal.entries.at(-1)?.status, 200);
});

deliveries.run();
