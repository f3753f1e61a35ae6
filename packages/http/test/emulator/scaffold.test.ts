import { getEventListeners } from 'node:events';
import { manualClock, property, rejects, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import { isDropped } from '../../src/emulator/broken-connection.ts';
import { createScaffold, type EmulatorRoute, type Scaffold } from '../../src/emulator/scaffold.ts';
import { ContractError, RequestError, ResponseError } from '../../src/errors.ts';

const origin = 'https://api.example.com';
const echo: EmulatorRoute = {
  method: 'POST',
  path: '/echo',
  handle: async ({ body }) => new Response(`${await body()}${await body()}`),
};
const user: EmulatorRoute = { method: 'GET', path: '/users/:id', handle: ({ params }) => Response.json(params) };
const withRoutes = (...routes: EmulatorRoute[]): Scaffold => createScaffold({ routes, clock: manualClock(1000) });
/** Waits long enough for a test to notice that it is not waited for. */
const long = 60_000;

const routes = suite('scaffold · routes');

routes('answers by method and path', async () => {
  const emulator = withRoutes(user, echo);
  assert.equal(await (await emulator.fetch(`${origin}/users/7?x=y`)).json(), { id: '7' });
  assert.is((await emulator.fetch(`${origin}/users/7`, { method: 'DELETE' })).status, 404);
  assert.is((await emulator.fetch(new URL(`${origin}/other`))).status, 404);
});

routes('the body is read once and given as often as asked for', async () => {
  const emulator = withRoutes(echo);
  const response = await emulator.fetch(new Request(`${origin}/echo`, { method: 'POST', body: 'ab' }));
  assert.is(await response.text(), 'abab');
});

const paths: readonly [path: string, pattern: string, params: Record<string, string>][] = [
  ['/users/a%2Fb', '/users/:id', { id: 'a%2Fb' }],
  ['/users/%E2%82%AC', '/users/:id', { id: '%E2%82%AC' }],
  ['/users/a+b', '/users/:id', { id: 'a+b' }],
  ['/users/__proto__', '/users/:id', { id: '__proto__' }],
  ['/v1/a/b/c', `/v1/${'**:rest'}`, { rest: 'a/b/c' }],
  ['//Install', '//Install', {}],
];
for (const [path, pattern, params] of paths) {
  routes(`${path} fits ${pattern}, as it came`, async () => {
    let seen: unknown;
    const emulator = withRoutes({
      method: 'GET',
      path: pattern,
      handle(exchange) {
        seen = { params: { ...exchange.params }, pathname: exchange.url.pathname };
        return new Response();
      },
    });
    assert.is((await emulator.fetch(`${origin}${path}`)).status, 200);
    assert.equal(seen, { params, pathname: path });
  });
}

routes('a route that never answers, or never ends its body, is waited for no longer than the signal', async () => {
  const emulator = withRoutes(
    { method: 'GET', path: '/silent', handle: () => new Promise(() => {}) },
    { method: 'GET', path: '/endless', handle: () => new Response(new ReadableStream({})) },
  );
  for (const path of ['silent', 'endless']) {
    const controller = new AbortController();
    const answer = emulator.fetch(`${origin}/${path}`, { signal: controller.signal });
    const text = answer.then((response) => response.text());
    setTimeout(() => controller.abort(new RangeError('mine')), 5);
    await rejects(text, RangeError, /^mine$/);
  }
});

routes('a fault of a route that there is not is refused', () => {
  const { faults } = withRoutes(user, echo);
  faults.add({ kind: 'drop' }, { route: '/users/:id' });
  assert.throws(() => faults.add({ kind: 'drop' }, { route: '/users/:name' }), /route must be one of the emulator's/);
});

routes('what no route answers, notFound does', async () => {
  const emulator = createScaffold({
    routes: [],
    notFound: ({ url, check }) => new Response(url.pathname, { status: check('path', false, 'unknown') ? 200 : 410 }),
  });
  const response = await emulator.fetch(`${origin}/nowhere`);
  assert.equal([response.status, await response.text()], [410, '/nowhere']);
  assert.equal(emulator.journal.entries[0]?.checks, [{ name: 'path', ok: false, detail: 'unknown' }]);
});

routes('checks and warnings of a route go into the journal with the status', async () => {
  const emulator = withRoutes({
    method: 'GET',
    path: '/a/:token',
    handle({ check, warn, nowMs }) {
      warn('a token in the path');
      return new Response(null, { status: check('time', nowMs === 1000) && check('signature', false) ? 200 : 401 });
    },
  });
  await emulator.fetch(`${origin}/a/0123456789abcdef01234567?secret=hush`);
  assert.equal(emulator.journal.entries, [
    {
      number: 1,
      atMs: 1000,
      direction: 'in',
      method: 'GET',
      path: '/a/…',
      status: 401,
      checks: [
        { name: 'time', ok: true },
        { name: 'signature', ok: false },
      ],
      warnings: ['a token in the path'],
    },
  ]);
});

routes('a mistake in a route comes out as it is', async () => {
  const emulator = withRoutes({
    method: 'GET',
    path: '/a',
    handle() {
      throw new RangeError('mine');
    },
  });
  await rejects(emulator.fetch(`${origin}/a`), RangeError, /mine/);
  assert.is(emulator.journal.entries[0]?.status, undefined);
});

routes('clock and random source are those given, or the platform’s', () => {
  const [clock, random] = [manualClock(), seededRandom(1)];
  const given = createScaffold({ routes: [], clock, random });
  assert.is(given.clock, clock);
  assert.is(given.random, random);
  const own = createScaffold({ routes: [] });
  const before = Date.now();
  const told = own.clock();
  assert.ok(before <= told && told <= Date.now());
  assert.is(own.random(4).length, 4);
});

routes('a caller who has aborted is not answered', async () => {
  const emulator = withRoutes(user);
  const asked = emulator.fetch(`${origin}/users/7`, { signal: AbortSignal.abort(new Error('enough')) });
  await rejects(asked, Error, /enough/);
  assert.is(emulator.journal.entries.length, 0);
});

routes('no path and no method makes it throw', async () => {
  const emulator = withRoutes(user, echo);
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'PURGE', '__proto__', 'constructor');
  await property(
    fc.asyncProperty(fc.webPath(), method, async (path, name) => {
      const { status } = await emulator.fetch(`${origin}${path}`, { method: name });
      assert.ok(status === 200 || status === 404);
    }),
  );
});

routes.run();

const faults = suite('scaffold · faults');

/** A route that counts how often it was reached. */
function counted(body = '{"some":"body"}', headers: Record<string, string> = {}): Scaffold & { reached: () => number } {
  let reached = 0;
  const handle = (): Response => {
    reached += 1;
    return new Response(body, { headers: { 'content-type': 'application/json', ...headers } });
  };
  return { ...withRoutes({ method: 'GET', path: '/a', handle }), reached: () => reached };
}
const clientOf = (emulator: Scaffold): ReturnType<typeof createClient> =>
  createClient({ provider: 'sample', baseUrl: origin, fetch: emulator.fetch, retry: { limit: 0 } });

faults('a status is answered in place of the route, with header fields and body', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, body: 'slow down' });
  const error = await rejects(clientOf(emulator).get('a').json(), ResponseError, 'http.rate-limited');
  assert.is(error.retryAfterMs, 7000);
  assert.is(emulator.reached(), 0);
  assert.is(emulator.journal.entries[0]?.status, 429);
  assert.equal(await clientOf(emulator).get('a').json(), { some: 'body' }, 'once');
});

faults('a status without body', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'status', status: 204 });
  assert.is((await emulator.fetch(`${origin}/a`)).status, 204);
});

for (const [kind, reached] of [
  ['drop', 0],
  ['drop-after', 1],
] as const) {
  faults(`${kind} is a network failure; the route was reached ${reached} times`, async () => {
    const emulator = counted();
    emulator.faults.add({ kind }, { times: 2 });
    const error = await rejects(emulator.fetch(`${origin}/a`), TypeError, /fetch failed/);
    assert.ok(isDropped(error));
    await rejects(clientOf(emulator).get('a').json(), RequestError, 'http.network');
    assert.is(emulator.reached(), 2 * reached);
    assert.equal(
      emulator.journal.entries.map(({ status }) => status),
      [undefined, undefined],
    );
  });
}

faults('a malformed body is half of the body, whatever its length field says', async () => {
  const emulator = counted('{"some":"body"}', { 'content-length': '15', 'x-other': 'kept' });
  emulator.faults.add({ kind: 'malformed-body' }, { times: 2 });
  const response = await emulator.fetch(`${origin}/a`);
  assert.equal([response.headers.get('content-length'), response.headers.get('x-other')], [null, 'kept']);
  assert.is(await response.text(), '{"some"');
  await rejects(clientOf(emulator).get('a').json(), ContractError, 'http.contract-broken');
  assert.is(emulator.reached(), 2);
});

faults('a malformed body of an answer without one is none', async () => {
  const emulator = withRoutes({ method: 'GET', path: '/a', handle: () => new Response(null, { status: 204 }) });
  emulator.faults.add({ kind: 'malformed-body' });
  assert.is((await emulator.fetch(`${origin}/a`)).status, 204);
});

faults('latency delays the answer', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'latency', ms: 30 });
  const startedMs = performance.now();
  assert.is((await emulator.fetch(`${origin}/a`)).status, 200);
  assert.ok(performance.now() - startedMs >= 25);
});

faults('latency that has passed leaves nothing on the signal', async () => {
  let signal: AbortSignal | undefined;
  const emulator = withRoutes({
    method: 'GET',
    path: '/a',
    handle({ request }) {
      signal = request.signal;
      return new Response();
    },
  });
  emulator.faults.add({ kind: 'latency', ms: 1 });
  await emulator.fetch(`${origin}/a`);
  assert.is(signal === undefined ? undefined : getEventListeners(signal, 'abort').length, 0);
});

faults('latency ends with its caller', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'latency', ms: long });
  const controller = new AbortController();
  const asked = emulator.fetch(`${origin}/a`, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 5);
  await rejects(asked, Error, /enough/);
  assert.is(emulator.reached(), 0);
});

faults('latency longer than a client waits is its timeout', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'latency', ms: long });
  const client = clientOf(emulator).extend({ timeout: 20 });
  await rejects(client.get('a').json(), RequestError, 'http.timeout');
});

faults.run();
