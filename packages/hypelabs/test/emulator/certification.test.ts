import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { manualClock, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AuthorizationService, createEmulator, type StartResult } from '../../src/emulator/index.ts';

const appId = '00000000';
const app = { appId, apiUser: 'hype-caller', apiSecret: 'marker-secret-of-the-app' };

function setUp(authorization: AuthorizationService | string, options: object = {}) {
  const clock = manualClock();
  const emulator = createEmulator({
    apps: [{ ...app, authorization }],
    clock,
    random: seededRandom(),
    callTimeoutMs: 60_000,
    ...options,
  });
  const start = (): Promise<StartResult> =>
    emulator.device(appId, { userIdentifier: 7, accessToken: () => 'Bearer marker-token' }).start();
  return { clock, emulator, start };
}

const production = suite('hypelabs · emulator · production');

const answers: readonly [name: string, service: AuthorizationService, reason: string | undefined, status?: number][] = [
  ['200', async () => new Response(null, { status: 200 }), undefined],
  ['200 with an error in its body', async () => Response.json({ error: 'unauthorized' }), undefined],
  ['201', async () => new Response(null, { status: 201 }), 'denied', 201],
  ['202', async () => new Response(null, { status: 202 }), 'denied', 202],
  ['204', async () => new Response(null, { status: 204 }), 'denied', 204],
  ['401', async () => new Response(null, { status: 401 }), 'denied', 401],
  ['500', async () => new Response(null, { status: 500 }), 'denied', 500],
  ['302', async () => Response.redirect('https://app.example/yes'), 'redirected', 302],
  ['silence', () => new Promise(() => {}), 'timed-out'],
  ['a broken connection', () => Promise.reject(new TypeError('fetch failed')), 'unreachable'],
];
for (const [name, service, reason, status] of answers) {
  production(`takes ${name} for ${reason ?? 'a yes'}`, async () => {
    const result = await setUp(service, name === 'silence' ? { callTimeoutMs: 30 } : {}).start();
    if (reason === undefined) assert.is(result.outcome, 'running');
    else assert.equal(result, { outcome: 'failed', code: 'emulator.not-authorized', reason, status });
  });
}

production('warns of a redirect, a slow answer, and denials that differ', async () => {
  let calls = 0;
  const { clock, emulator, start } = setUp(async () => {
    calls += 1;
    if (calls === 1) return Response.redirect('https://app.example/');
    if (calls === 2) {
      clock.advance(5001);
      return new Response(null, { status: 401 });
    }
    return Response.json({ error: 'wrong token' }, { status: 401 });
  });
  for (let index = 0; index < 3; index += 1) await start();
  const warnings = emulator.journal.warnings();
  assert.is(warnings.length, 3);
  for (const [index, pattern] of [/redirect/, /5 seconds/, /denials differ/].entries()) {
    assert.match(warnings[index] ?? '', pattern);
  }
});

production('warns of a URL that is not https:, unless on loopback', async () => {
  const yes = async (): Promise<Response> => new Response();
  for (const [url, count] of [
    ['http://app.example/authorize', 1],
    ['https://app.example/authorize', 0],
    ['http://127.0.0.1:1/authorize', 0],
  ] as const) {
    const { emulator, start } = setUp(url, { fetch: yes });
    assert.is((await start()).outcome, 'running');
    assert.is(emulator.journal.warnings().length, count);
  }
});

production('writes calls down without secrets', async () => {
  const { emulator, start } = setUp(async () => new Response(null, { status: 401 }));
  await start();
  const [incoming, outgoing] = emulator.journal.entries;
  assert.equal([incoming?.direction, incoming?.path, incoming?.status], ['in', '/certificates', 403]);
  assert.equal([outgoing?.direction, outgoing?.method, outgoing?.status], ['out', 'POST', 401]);
  assert.match(
    outgoing?.checks[0]?.detail ?? '',
    /^api_user=hype-caller api_secret=sha256:[0-9a-f]{8} token_type=Bearer access_token=sha256:[0-9a-f]{8} user_identifier=7$/,
  );
  for (const text of [JSON.stringify(emulator.journal.entries), inspect(emulator, { depth: 9 })]) {
    assert.not.match(text, /marker-/);
  }
});

production('calls a URL over HTTP and does not follow it elsewhere', async () => {
  const bodies: string[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, async (incoming, outgoing) => {
    let text = '';
    for await (const piece of incoming) text += piece;
    bodies.push(`${incoming.method} ${incoming.url} ${incoming.headers['content-type']} ${text}`);
    if (incoming.url === '/moved') outgoing.writeHead(302, { location: '/' }).end();
    else outgoing.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { emulator, start } = setUp(`http://127.0.0.1:${port}/`);
    assert.is((await start()).outcome, 'running');
    emulator.configure(appId, { authorization: new URL(`http://127.0.0.1:${port}/moved`) });
    const moved = await start();
    assert.is(moved.outcome === 'failed' && moved.reason, 'redirected');
  } finally {
    server.closeAllConnections();
    server.close();
  }
  assert.is(bodies.length, 2);
  assert.match(bodies[0] ?? '', /^POST \/ application\/json {"api_user":"hype-caller","api_secret":"marker-/);
});

production.run();

const development = suite('hypelabs · emulator · development');

development('compares with its token as it is and calls nobody, ten times', async () => {
  const { emulator } = setUp(() => assert.unreachable() as never);
  emulator.configure(appId, { mode: 'development' });
  const token = emulator.developmentToken(appId);
  assert.match(token, /^[0-9a-f]{16}$/);
  const start = (returned: string): Promise<StartResult> =>
    emulator.device(appId, { accessToken: () => returned }).start();
  for (const wrong of [`Bearer ${token}`, `${token} `, '', token.slice(1)]) {
    const result = await start(wrong);
    assert.is(result.outcome === 'failed' && result.reason, 'development-token-wrong');
  }
  for (let index = 0; index < 10; index += 1) assert.is((await start(token)).outcome, 'running');
  const result = await start(token);
  assert.is(result.outcome === 'failed' && result.reason, 'deployments-used-up');
});

development.run();

const settings = suite('hypelabs · emulator · settings');

const yes: AuthorizationService = async () => new Response();
for (const [name, options, message] of [
  ['no app', { apps: [] }, /apps must hold/],
  [
    'an id twice',
    {
      apps: [
        { ...app, authorization: yes },
        { ...app, authorization: yes },
      ],
    },
    /appId of its own/,
  ],
  ['an id of another form', { apps: [{ ...app, appId: '123', authorization: yes }] }, /appId must be eight hex/],
  ['production without a service', { apps: [app] }, /authorization is missing/],
  ['a service that is no URL', { apps: [{ ...app, authorization: '/authorize' }] }, /authorization must be a URL/],
  ['an empty secret', { apps: [{ ...app, apiSecret: '', authorization: yes }] }, /apiSecret/],
  ['an empty user', { apps: [{ ...app, apiUser: '', authorization: yes }] }, /apiUser/],
  ['another mode', { apps: [{ ...app, mode: 'test', authorization: yes }] }, /mode must be/],
  ['deployments below zero', { apps: [{ ...app, deploymentsLeft: -1, authorization: yes }] }, /deploymentsLeft/],
  ['no lifetime', { apps: [{ ...app, authorization: yes }], certificateLifetimeMs: 0 }, /certificateLifetimeMs/],
  ['no time ahead', { apps: [{ ...app, authorization: yes }], renewAheadMs: 0.5 }, /renewAheadMs/],
  ['an unknown option', { apps: [{ ...app, authorization: yes }], callTimeout: 5 }, /^callTimeout is no option/],
  ['an unknown setting', { apps: [{ ...app, authorization: yes, api_user: 'x' }] }, /^api_user is no option/],
  [
    'an unknown wire',
    { apps: [{ ...app, authorization: yes }], wire: { contentTyp: 'typo' } },
    /^contentTyp is no option/,
  ],
  ['no timeout', { apps: [{ ...app, authorization: yes }], callTimeoutMs: Number.NaN }, /callTimeoutMs/],
] as const) {
  settings(`refuses ${name}`, () => assert.throws(() => createEmulator(options as never), message));
}

settings('changes nothing when a change is refused', async () => {
  const { emulator, start } = setUp(yes);
  assert.throws(() => emulator.configure(appId, { apiUser: 'new', deploymentsLeft: -1 }), /deploymentsLeft/);
  await start();
  assert.match(emulator.journal.entries[1]?.checks[0]?.detail ?? '', /api_user=hype-caller/);
  assert.throws(() => emulator.configure('12345678', {}), /appId must be that of an app/);
});

settings.run();

const routes = suite('hypelabs · emulator · routes');

routes('lets a page look at the dashboard and start a phone, over HTTP', async () => {
  const { emulator } = setUp(yes);
  const server = await emulator.serve();
  const start = async (body: unknown): Promise<[number, Record<string, unknown>]> => {
    const response = await fetch(`${server.url}/devices/${appId}/start`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return [response.status, (await response.json()) as Record<string, unknown>];
  };
  try {
    const dashboard = await (await fetch(`${server.url}/apps/${appId}`)).json();
    assert.equal(dashboard, {
      appId,
      mode: 'production',
      authorizationUrl: 'https://app.example/hypelabs/authorize',
      apiUser: 'hype-caller',
      apiSecret: (dashboard as { apiSecret: string }).apiSecret,
    });
    assert.match((dashboard as { apiSecret: string }).apiSecret, /^sha256:/);
    assert.is((await fetch(`${server.url}/apps/12345678`)).status, 404);

    const [status, first] = await start({ accessToken: 'Bearer t', userIdentifier: 7 });
    assert.equal([status, first['outcome']], [200, 'running']);
    const [, again] = await start({ accessToken: 'Bearer t', userIdentifier: 7 });
    assert.equal(again, first);
    const [, other] = await start({ device: 'tablet', accessToken: 'Bearer t', userIdentifier: 7 });
    assert.not.equal(other, first);
    const [, nothing] = await start({ device: 'third' });
    assert.is(nothing['reason'], 'no-access-token');
    for (const malformed of [null, 'text', { device: 7 }, { accessToken: 7 }, { userIdentifier: '7' }]) {
      assert.is((await start(malformed))[0], 400);
    }
  } finally {
    await server.close();
  }
});

routes('shows the development token in development only', async () => {
  const { emulator } = setUp(yes);
  emulator.configure(appId, { mode: 'development', developmentToken: 'dev' });
  const dashboard = await (await emulator.fetch(`https://x.example/apps/${appId}`)).json();
  assert.equal([dashboard.mode, dashboard.developmentToken, dashboard.deploymentsLeft], ['development', 'dev', 10]);
});

routes('refuses a certificate request that it cannot read', async () => {
  const { emulator } = setUp(yes);
  for (const body of ['', '[]', '{"appId":"00000000"}', '{"appId":7,"authorization":"x"}']) {
    const response = await emulator.fetch('https://x.example/certificates', { method: 'POST', body });
    assert.is(response.status, 400);
  }
});

routes.run();
