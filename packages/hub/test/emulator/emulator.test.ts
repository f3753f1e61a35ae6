import { manualClock, rejects, spendsLatencyBySleep } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attackNames, createEmulator, type EmulatorApp } from '../../src/emulator/index.ts';

const hub = 'https://core.broadsoftlabs.com';
const nowMs = manualClock()();

/** An app as careless as the samples of 2016: it trusts everyone. */
function careless(answers: Partial<Record<string, () => Response>> = {}): EmulatorApp {
  const handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (request.method === 'OPTIONS') return new Response(null, { status: 200 });
    const answer = answers[pathname.split('/').at(-1) ?? ''];
    if (answer !== undefined) return answer();
    return pathname.endsWith('authenticate') ? new Response('<p>welcome</p>') : Response.json({ count: 1 });
  };
  return { name: 'acme', baseUrl: 'https://acme.example', handle };
}

function setUp(app: Partial<EmulatorApp> = {}, answers?: Parameters<typeof careless>[0]) {
  const clock = manualClock();
  const users = [{ login: 'ann', usernames: ['ann', 'ann+1'] }, { login: 'bob' }, { login: 'cleo' }];
  return createEmulator({ apps: [{ ...careless(answers), ...app }], users, clock });
}

function handOver(
  emulator: ReturnType<typeof createEmulator>,
  username: string,
  body: string,
  type = 'application/json',
) {
  const url = `${hub}/v1/acme/${username}/auth`;
  return emulator.fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
}

const b1 = suite('emulator · hand-over');

for (const [page, status] of [
  ['linked', 200],
  ['link-failed', 200],
  ['other', 404],
  ['constructor', 404],
  ['toString', 404],
  ['__proto__', 404],
] as const) {
  b1(`answers ${status} for Hub's page ${page}`, async () => {
    assert.is((await setUp().fetch(`${hub}/hub/${page}`)).status, status);
  });
}

b1('takes a token for the user who is linking', async () => {
  const emulator = setUp();
  await emulator.enable('ann');
  const response = await handOver(emulator, 'ann', '{"auth":"v4.local.x"}');
  assert.equal(await response.json(), { url: `${hub}/hub/linked` });
  assert.ok(emulator.isLinked('ann'));
  assert.not(emulator.isLinked('bob'));
  const [entry] = emulator.journal.entries;
  assert.equal(
    entry?.checks.map(({ name, ok }) => `${name} ${ok}`),
    ['app true', 'private true', 'username true', 'auth true', 'linking true'],
  );
  assert.match(entry?.checks[3]?.detail ?? '', /^sha256:[\da-f]{8}$/);
  assert.equal(emulator.journal.warnings(), []);
});

const refusals: readonly [what: string, app: Partial<EmulatorApp>, path: string, body: string, status: number][] = [
  ['an unknown app', { name: 'other' }, 'ann', '{"auth":1}', 404],
  ['a public app', { visibility: 'public' }, 'ann', '{"auth":1}', 409],
  ['a malformed username', {}, '%E0%A4', '{"auth":1}', 400],
  ['no JSON', {}, 'ann', 'auth=1', 400],
  ['an array', {}, 'ann', '[]', 400],
  ['null', {}, 'ann', 'null', 400],
  ['no auth', {}, 'ann', '{}', 400],
  ['an inherited auth', {}, 'ann', '{"__proto__":{"auth":1}}', 400],
];

for (const [what, app, path, body, status] of refusals) {
  b1(`refuses ${what}`, async () => assert.is((await handOver(setUp(app), path, body)).status, status));
}

b1('takes a token of null, which is any JSON', async () => {
  const emulator = setUp();
  await emulator.enable('bob');
  assert.is((await handOver(emulator, 'bob', '{"auth":null}')).status, 200);
  assert.ok(emulator.isLinked('bob'));
});

b1('knows by the list of usernames who is meant, and else takes the latest', async () => {
  const emulator = setUp();
  await emulator.enable('ann');
  await emulator.enable('bob');
  await emulator.enable('cleo');
  await handOver(emulator, 'ann%2B1', '{"auth":"1"}');
  assert.equal([emulator.isLinked('ann'), emulator.isLinked('cleo')], [true, false]);
  await handOver(emulator, 'whoever', '{"auth":"2"}');
  assert.equal([emulator.isLinked('bob'), emulator.isLinked('cleo')], [false, true]);
});

b1('shows its error page for a username that nobody has, and warns', async () => {
  const emulator = setUp();
  await emulator.enable('ann');
  const response = await handOver(emulator, 'mallory', '{"auth":"1"}');
  assert.equal(await response.json(), { url: `${hub}/hub/link-failed` });
  assert.match(emulator.journal.warnings()[0] ?? '', /nobody with that username was linking/);
});

b1('lets a link be renewed without the user', async () => {
  const emulator = setUp();
  await emulator.enable('ann');
  await handOver(emulator, 'ann', '{"auth":"1"}');
  await handOver(emulator, 'ann', '{"auth":"2"}');
  assert.equal(emulator.journal.warnings(), []);
});

const careful: readonly [what: string, body: string, warning: RegExp, type?: string][] = [
  ['the username itself', '{"auth":"bob"}', /anyone can forge/],
  ['the username in base64', `{"auth":"${btoa('bob')}"}`, /anyone can forge/],
  ['a very long token', JSON.stringify({ auth: 'x'.repeat(2049) }), /longer than 2048/],
  ['another content type', '{"auth":"1"}', /application\/json/, 'text/plain'],
];

for (const [what, body, warning, type] of careful) {
  b1(`warns about ${what}`, async () => {
    const emulator = setUp();
    await emulator.enable('bob');
    assert.is((await handOver(emulator, 'bob', body, type)).status, 200);
    assert.match(emulator.journal.warnings()[0] ?? '', warning);
  });
}

b1('warns about one token for two users', async () => {
  const emulator = setUp();
  await emulator.enable('ann');
  await handOver(emulator, 'ann', '{"auth":"static"}');
  await emulator.enable('bob');
  await handOver(emulator, 'bob', '{"auth":"static"}');
  assert.match(emulator.journal.warnings()[0] ?? '', /same for two users/);
});

b1('warns when the app calls another host, and drops the call', async () => {
  const emulator = setUp();
  await rejects(
    emulator.fetch('https://attacker.example/v1/acme/ann/auth', { method: 'POST' }),
    TypeError,
    /fetch failed/,
  );
  assert.match(emulator.journal.warnings()[0] ?? '', /not Hub/);
});

b1('answers as told, as often as told', async () => {
  const emulator = setUp();
  emulator.answerHandOver('failure', 2);
  const statuses: number[] = [];
  await emulator.enable('ann');
  for (let count = 0; count < 3; count += 1) statuses.push((await handOver(emulator, 'ann', '{"auth":"1"}')).status);
  assert.equal(statuses, [500, 500, 200]);
});

b1('does not answer at all until the app gives up', async () => {
  const emulator = setUp();
  emulator.answerHandOver('slow');
  const controller = new AbortController();
  const url = `${hub}/v1/acme/ann/auth`;
  const answer = emulator.fetch(url, { method: 'POST', body: '{"auth":1}', signal: controller.signal });
  controller.abort();
  await rejects(answer, DOMException, /aborted/);
});

b1('refuses options that there are not, which would leave it as it is', () => {
  assert.throws(
    () => createEmulator({ user: [] } as never),
    (error: unknown) => error instanceof TypeError && error.message === 'user is no option',
  );
});

b1.run();

const asking = suite('emulator · data requests');

async function linked(auth: string, app?: Partial<EmulatorApp>, answers?: Parameters<typeof careless>[0]) {
  const requests: string[] = [];
  const inner = careless(answers).handle;
  const handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    requests.push(`${request.method} ${pathname} ${await request.clone().text()}`);
    return inner?.(request) ?? new Response(null, { status: 500 });
  };
  const emulator = setUp({ handle, ...app }, answers);
  await emulator.enable('ann');
  await handOver(emulator, 'ann%2B1', `{"auth":${auth}}`);
  requests.length = 0;
  return { emulator, requests };
}

asking('replays auth byte for byte, or as another JSON library writes it', async () => {
  const auth = '{"b": 1.0, "2":9007199254740993}';
  const { emulator, requests } = await linked(auth);
  await emulator.notifications('ann');
  await emulator.notifications('ann', { auth: 'reserialized' });
  assert.equal(requests, [
    `POST /v1/acme/notifications {"auth":${auth}}`,
    'POST /v1/acme/notifications {"auth":{"2":9007199254740992,"b":1}}',
  ]);
});

asking('writes the paths and members of the revision', async () => {
  const items = { timeline: () => Response.json({ items: [] }) };
  const { emulator, requests } = await linked('"t"', { paths: '2016-07' }, items);
  await emulator.notifications('ann');
  await emulator.timeline('ann', { emails: ['a@b.example'], search: 'x' });
  await emulator.act('ann', { itemId: 'o 1', property: 'done', value: true });
  await emulator.act('ann', { itemId: 'o 1', property: 'done', value: true }, { member: 'value' });
  assert.equal(requests, [
    'POST /v1/acme/ann%2B1/notifications {"auth":"t"}',
    'POST /v1/acme/ann%2B1/timeline {"auth":"t","search":"x","context":{"emails":["a@b.example"],"phoneNumbers":[]}}',
    'PUT /v1/acme/ann%2B1/timeline/o%201/done {"auth":"t","done":true}',
    'PUT /v1/acme/ann%2B1/timeline/o%201/done {"auth":"t","value":true}',
  ]);
});

asking('asks a public app without token and username', async () => {
  const requests: string[] = [];
  const handle = async (request: Request): Promise<Response> => {
    requests.push(`${new URL(request.url).pathname} ${await request.text()}`);
    return Response.json({ count: 0 });
  };
  const emulator = setUp({ visibility: 'public', paths: '2016-07', handle });
  await emulator.notifications('ann');
  assert.equal(requests, ['/v1/acme/notifications {}']);
  await rejects(emulator.enable('ann'), TypeError, /public app/);
});

asking('reports what the real Hub might show wrongly', async () => {
  const { emulator } = await linked('"t"', {}, { notifications: () => Response.json({ message: 'no' }) });
  const result = await emulator.notifications('ann');
  assert.equal(result.violations, ['count is not a whole number']);
  assert.equal(emulator.journal.warnings(), result.violations);
});

for (const [what, answer, violation] of [
  ['another status', () => Response.json({ count: 1 }, { status: 201 }), /201, not 200/],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: '/' } }), /302, a redirect/],
  ['no JSON', () => new Response('ok'), /JSON object/],
] as const) {
  asking(`reports ${what}`, async () => {
    const { emulator } = await linked('"t"', {}, { notifications: answer });
    assert.match((await emulator.notifications('ann')).violations[0] ?? '', violation);
  });
}

asking('takes a refusal for what it is', async () => {
  const { emulator } = await linked('"t"', {}, { notifications: () => new Response(null, { status: 401 }) });
  const { status, violations } = await emulator.notifications('ann');
  assert.equal([status, violations], [401, []]);
});

const headers = (allow: Record<string, string>) => () => new Response(null, { status: 204, headers: allow });
const good = {
  'access-control-allow-origin': hub,
  'access-control-allow-methods': 'post, put',
  'access-control-allow-headers': 'content-type',
};

for (const [what, preflight, problem] of [
  ['no CORS headers', headers({}), /allow the origin/],
  ['any origin', headers({ ...good, 'access-control-allow-origin': '*' }), /allow the origin/],
  ['no header', headers({ ...good, 'access-control-allow-headers': 'accept' }), /allow Content-Type/],
  ['no method', headers({ ...good, 'access-control-allow-methods': 'GET' }), /allow PUT/],
  ['an error', () => new Response(null, { status: 404 }), /2xx/],
] as const) {
  asking(`goes no further than a preflight with ${what}`, async () => {
    const calls: string[] = [];
    const handle = async ({ method }: Request): Promise<Response> => {
      calls.push(method);
      return method === 'OPTIONS' ? preflight() : Response.json({ count: 1 });
    };
    const { emulator } = await linked('"t"');
    emulator.registerApp({ name: 'acme', baseUrl: 'https://acme.example', handle });
    const result = await emulator.act('ann', { itemId: '1', property: 'done', value: true }, { from: 'browser' });
    assert.equal([result.status, calls], [0, ['OPTIONS']]);
    assert.match(result.violations[0] ?? '', problem);
  });
}

asking('wants the answer itself to be readable by a page', async () => {
  const { emulator } = await linked('"t"');
  const handle = async ({ method }: Request) =>
    method === 'OPTIONS' ? headers(good)() : Response.json({ count: 1, refreshAt: nowMs });
  emulator.registerApp({ name: 'acme', baseUrl: 'https://acme.example', handle });
  const result = await emulator.notifications('ann', { from: 'browser' });
  assert.match(result.violations[0] ?? '', /let the page read/);
});

asking.run();

const push = suite('emulator · push');

push('knows apps and users, and warns about a body', async () => {
  const { emulator } = await linked('"t"');
  const post = (path: string, body?: string) =>
    emulator.fetch(`${hub}/v1/${path}/push`, { method: 'POST', ...(body === undefined ? {} : { body }) });
  assert.is((await post('other/ann')).status, 404);
  assert.is((await post('acme/bob')).status, 404);
  assert.is((await post('acme/%E0%A4')).status, 404);
  assert.is((await post('acme/ann%2B1', '{}')).status, 200);
  assert.equal(emulator.journal.warnings(), []);
  await post('acme/ann%2B1', '{"auth":"t"}');
  assert.match(emulator.journal.warnings()[0] ?? '', /carries a body/);
  assert.is((await emulator.run()).length, 2);
});

push.run();

const attacks = suite('emulator · attacks');

attacks('find out an app that trusts everyone', async () => {
  const { emulator } = await linked('"some token"');
  for (const name of attackNames) {
    const { held, attack } = await emulator.attack(name, 'ann');
    assert.equal([attack, held], [name, false]);
  }
  assert.is(emulator.journal.warnings().length, attackNames.length);
  await rejects(emulator.attack('other' as never, 'ann'), TypeError, /attack must be one of/);
});

attacks.run();

const set = suite('emulator · set-up');

set('refuses base URLs that Hub would not take', () => {
  const emulator = createEmulator();
  for (const baseUrl of ['http://acme.example', 'acme.example', 'ftp://127.0.0.1']) {
    assert.throws(() => emulator.registerApp({ name: 'acme', baseUrl }), /baseUrl/);
  }
  assert.throws(() => emulator.registerApp({ name: '', baseUrl: 'https://a.example' }), /name/);
  assert.throws(() => emulator.addUser({ login: '' }), /login/);
  emulator.registerApp({ name: 'acme', baseUrl: 'http://[::1]:3000/' });
});

set('names the app or user that is missing', async () => {
  const emulator = createEmulator({ users: [{ login: 'ann' }] });
  await rejects(emulator.enable('ann'), TypeError, /app must name/);
  emulator.registerApp(careless());
  await rejects(emulator.enable('bob'), TypeError, /user must be one/);
  emulator.registerApp({ ...careless(), name: 'other' });
  await rejects(emulator.enable('ann'), TypeError, /app must name/);
  assert.is((await emulator.enable('ann', 'other')).page.status, 200);
  assert.throws(() => emulator.notifications('ann', { app: 'acme' }), /linked the app first/);
});

set('gives a base URL with a path its place, and shows its pages', async () => {
  const emulator = setUp({ baseUrl: 'https://acme.example/hub/' });
  assert.is((await emulator.enable('ann')).trail[0], 'https://acme.example/hub/v1/acme/authenticate');
  assert.match(await (await emulator.fetch(`${hub}/hub/linked`)).text(), /Linked/);
  assert.is((await emulator.fetch(`${hub}/hub/other`)).status, 404);
  assert.is((await emulator.fetch(`${hub}/v1/user/login`)).status, 404);
});

set('reaches other hosts by its transport', async () => {
  const transport = async ({ url }: Request) => new Response(`<p>${new URL(url).hostname}</p>`);
  const idp = {
    authenticate: () => new Response(null, { status: 302, headers: { location: 'https://idp.example/' } }),
  };
  const emulator = createEmulator({ apps: [careless(idp)], users: [{ login: 'ann' }], transport });
  assert.is((await emulator.enable('ann')).page.html, '<p>idp.example</p>');
});

set('lets latency take the time of its clock, where it is told so', () =>
  spendsLatencyBySleep(createEmulator, 'https://core.broadsoftlabs.com/nowhere'),
);

set.run();
