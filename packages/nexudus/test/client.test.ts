import { type ClientEvent, ContractError, RequestError, ResponseError } from '@x/http';
import { rejects, type ScriptedAnswer, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateNexudusOptions, createNexudus, type Installation, type NexudusFault } from '../src/index.ts';
import { authorizationVectors, v1 } from './vectors.ts';

function connect(
  answers: readonly ScriptedAnswer[],
  options: Partial<CreateNexudusOptions> = {},
): {
  readonly installation: Installation;
  readonly fetch: ReturnType<typeof scriptedFetch>;
  readonly events: ClientEvent[];
} {
  const fetch = scriptedFetch(answers);
  const events: ClientEvent[] = [];
  const nexudus = createNexudus({
    applicationKey: v1.a,
    secret: v1.secret,
    fetch,
    retry: { limit: 2, baseDelayMs: 0 },
    timeoutMs: 60_000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { installation: nexudus.installation(v1.t), fetch, events };
}

const empty = { Records: [], HasNextPage: false };
const throttled = (seconds = '0'): Response => new Response(null, { status: 409, headers: { 'retry-after': seconds } });
const refused = { Status: 409, Message: 'Already checked in', Value: null, Errors: null, WasSuccessful: false };

const client = suite('nexudus · client');

client('sends credentials, Accept and User-Agent to the documented address', async () => {
  const { installation, fetch } = connect([Response.json(empty)]);
  await installation.businesses();
  const [request] = fetch.requests;
  assert.is(request?.url, 'https://spaces.nexudus.com/api/sys/businesses?page=1&size=100&orderBy=Id');
  assert.is(request?.headers.get('authorization'), authorizationVectors[0]?.header);
  assert.is(request?.headers.get('accept'), 'application/json');
  assert.is(request?.headers.get('user-agent'), '@x/nexudus');
});

client('is a ky instance below apiUrl', async () => {
  const { installation, fetch } = connect([Response.json([{ Id: 1, Name: 'one' }])], {
    apiUrl: 'http://127.0.0.1:9/base',
    userAgent: 'lockers/2.1 (ops@example.com)',
  });
  const answer = await installation.client.get('utils/enums', { searchParams: { name: 'eSomething' } }).json();
  assert.equal(answer, [{ Id: 1, Name: 'one' }]);
  assert.is(fetch.requests[0]?.url, 'http://127.0.0.1:9/base/utils/enums?name=eSomething');
  assert.is(fetch.requests[0]?.headers.get('user-agent'), 'lockers/2.1 (ops@example.com)');
});

client('takes an empty 409 for throttling and comes back when it may', async () => {
  const { installation, fetch, events } = connect([throttled(), throttled(), Response.json(empty)]);
  assert.equal(await installation.businesses(), []);
  fetch.assertConsumed();
  assert.equal(
    events.flatMap((event) => (event.type === 'retry' ? [event.reason] : [])),
    ['409', '409'],
  );
});

client('gives up throttled requests as rate-limited, with the wait', async () => {
  for (const status of [409, 429]) {
    const { installation } = connect([new Response(null, { status, headers: { 'retry-after': '7' } })], {
      retry: { limit: 0 },
    });
    const error = await rejects(installation.businesses(), ResponseError, 'http.rate-limited');
    assert.is(error.status, status);
    assert.is(error.retryAfterMs, 7_000);
    assert.is(error.provider, 'nexudus');
  }
});

client('repeats throttled requests also when no statuses are named', async () => {
  for (const retry of [
    { limit: 1, baseDelayMs: 0 },
    { limit: 1, baseDelayMs: 0, statusCodes: undefined },
  ]) {
    const { installation } = connect([throttled(), Response.json(empty)], { retry: retry as { limit: number } });
    assert.equal(await installation.businesses(), []);
  }
});

client('does not wait longer than it may', async () => {
  const { installation, fetch } = connect([throttled('31')]);
  await rejects(installation.businesses(), ResponseError, 'http.rate-limited');
  fetch.assertConsumed();
});

client('takes a 409 with a result for a refusal and does not repeat it', async () => {
  for (const type of ['application/json', 'text/plain']) {
    const body = JSON.stringify(refused);
    const { installation, fetch } = connect([new Response(body, { status: 409, headers: { 'content-type': type } })]);
    const error = await rejects(installation.businesses(), ResponseError, 'nexudus.refused');
    assert.equal((error.fault as NexudusFault).message, 'Already checked in');
    fetch.assertConsumed();
  }
});

client('does not repeat a throttled POST', async () => {
  const { installation, fetch } = connect([throttled()]);
  const command = installation.command({ method: 'post', path: 'spaces/checkins', json: {} });
  await rejects(command, ResponseError, 'http.rate-limited');
  fetch.assertConsumed();
});

client('does not repeat a 401, which need not mean the end', async () => {
  const { installation, fetch } = connect([new Response(null, { status: 401 })]);
  const error = await rejects(installation.businesses(), ResponseError, 'nexudus.credentials-refused');
  assert.is(error.status, 401);
  assert.match(error.message, /role/);
  fetch.assertConsumed();
});

client('tries a server error three times, as for an id that is gone', async () => {
  const { installation, fetch } = connect([500, 500, 500].map((status) => new Response(null, { status })));
  await rejects(installation.business(7), ResponseError, 'http.server');
  fetch.assertConsumed();
});

client('replays a POST under the older secret after a 401', async () => {
  const { installation, fetch } = connect([new Response(null, { status: 401 }), new Response(null)], {
    secret: ['newest-of-the-secrets', v1.secret],
  });
  await installation.command({ method: 'post', path: 'sys/webhooks', json: { Name: 'x' } });
  assert.is(fetch.requests[1]?.headers.get('authorization'), authorizationVectors[0]?.header);
  assert.equal(await fetch.requests[1]?.json(), { Name: 'x' });
});

const unauthorized = (): Response => new Response(null, { status: 401 });

client('goes through all secrets of a rotation, each once', async () => {
  const secret = ['newest-of-the-secrets', 'newer', 'new', v1.secret];
  const refusals = [unauthorized, unauthorized, unauthorized];
  for (const run of [
    (installation: Installation) => installation.businesses(),
    (installation: Installation) => installation.command({ method: 'post', path: 'sys/webhooks', json: {} }),
  ]) {
    const { installation, fetch } = connect([...refusals, Response.json({ ...empty, WasSuccessful: true })], {
      secret,
    });
    await run(installation);
    assert.is(new Set(fetch.requests.map(({ headers }) => headers.get('authorization'))).size, 4);
    assert.is(fetch.requests[3]?.headers.get('authorization'), authorizationVectors[0]?.header);
  }
});

client('gives up when every secret was refused', async () => {
  const { installation, fetch } = connect([unauthorized, unauthorized, unauthorized, unauthorized], {
    secret: ['newest-of-the-secrets', 'newer', 'new'],
  });
  await rejects(installation.businesses(), ResponseError, 'nexudus.credentials-refused');
  assert.is(new Set(fetch.requests.map(({ headers }) => headers.get('authorization'))).size, 3);
  assert.ok(fetch.requests.length <= 4);
});

client('tries all secrets anew when a role was given to a user who lacked it', async () => {
  let hasRole = false;
  const accepted = authorizationVectors[0]?.header;
  const answer = (request: Request): Response =>
    hasRole && request.headers.get('authorization') === accepted ? Response.json(empty) : unauthorized();
  for (let position = 0; position < 3; position += 1) {
    hasRole = false;
    const secret = ['newest-of-the-secrets', 'newer-of-the-secrets', 'new-of-the-secrets'].with(position, v1.secret);
    const { installation } = connect(
      Array.from({ length: 8 }, () => answer),
      { secret },
    );
    await rejects(installation.businesses(), ResponseError, 'nexudus.credentials-refused');
    hasRole = true;
    await installation.businesses();
  }
});

client('keeps its credentials from another origin', async () => {
  const { installation, fetch } = connect([
    new Response(null, { status: 302, headers: { location: 'https://cdn.example/x' } }),
    new Response('file'),
  ]);
  await installation.client.get('content/files').text();
  assert.is(fetch.requests[1]?.headers.has('authorization'), false);
});

client('can be aborted', async () => {
  const controller = new AbortController();
  const { installation } = connect([
    () => {
      controller.abort();
      throw new DOMException('aborted', 'AbortError');
    },
  ]);
  await rejects(installation.businesses({ signal: controller.signal }), RequestError, 'http.aborted');
});

client.run();

const resources = suite('nexudus · resources');

const page = (ids: readonly number[], HasNextPage: boolean): Response =>
  Response.json({ Records: ids.map((Id) => ({ Id, Name: `Location ${Id}` })), HasNextPage });

resources('lists all pages, each location once, in its newest version', async () => {
  const { installation, fetch } = connect([page([1, 2], true), page([2, 3], true), page([], true)]);
  const businesses = await installation.businesses();
  assert.equal(
    businesses.map(({ Id }) => Id),
    [1, 2, 3],
  );
  assert.equal(
    fetch.requests.map(({ url }) => new URL(url).searchParams.get('page')),
    ['1', '2', '3'],
  );
});

resources('refuses a list without end', async () => {
  const { installation } = connect(Array.from({ length: 1_000 }, () => () => page([1], true)));
  const error = await rejects(installation.businesses(), ContractError, 'http.contract-broken');
  assert.equal(error.issues, [{ path: 'HasNextPage', expected: 'false within 1000 pages' }]);
});

const broken: readonly (readonly [what: string, answer: Response])[] = [
  ['HTML with success', new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ['an empty body', new Response(null)],
  ['records without ids', Response.json({ Records: [{ Name: 'marker' }], HasNextPage: false })],
  ['a list as it is not', Response.json([])],
];
for (const [what, answer] of broken) {
  resources(`takes ${what} for no list`, async () => {
    const { installation } = connect([answer]);
    const error = await rejects(installation.businesses(), ContractError, 'http.contract-broken');
    assert.not.ok(JSON.stringify(error).includes('marker'));
  });
}

resources('reads one location with all its fields', async () => {
  const { installation, fetch } = connect([Response.json({ Id: 7, AboutUs: 'long' })]);
  assert.equal(await installation.business(7), { Id: 7, AboutUs: 'long' });
  assert.is(new URL(fetch.requests[0]?.url ?? '').pathname, '/api/sys/businesses/7');
});

for (const id of [0, -1, 1.5, Number.NaN, '7/../8' as never]) {
  resources(`does not ask for location ${id}`, async () => {
    const { installation } = connect([]);
    await rejects(installation.business(id), RangeError, /id must be/);
  });
}

resources('gives the result of a command', async () => {
  const { installation, fetch } = connect([
    Response.json({ Status: 200, Value: { Id: 9 }, WasSuccessful: true, OpenInDialog: false }),
  ]);
  const result = await installation.command({ method: 'post', path: 'sys/webhooks', json: { Name: 'x' } });
  assert.equal(result?.Value, { Id: 9 });
  assert.is(fetch.requests[0]?.method, 'POST');
});

for (const path of [
  'https://evil.example/x',
  '//evil.example/x',
  '\\\\evil.example/x',
  'ht\ntps://evil.example/x',
  '/sys/businesses',
  '../x',
]) {
  resources(`sends no command to ${JSON.stringify(path)}`, async () => {
    const { installation } = connect([]);
    await rejects(installation.command({ method: 'post', path, json: {} }), TypeError, /^path must be relative/);
  });
}

resources('takes success without a word', async () => {
  const { installation } = connect([new Response(null), new Response(' \n'), new Response(null, { status: 204 })]);
  for (let count = 0; count < 3; count += 1) {
    assert.is(await installation.command({ method: 'delete', path: 'sys/webhooks/9' }), undefined);
  }
});

resources('believes the result rather than the status', async () => {
  const { installation } = connect([
    Response.json({ ...refused, Errors: [{ PropertyName: 'Id', Message: 'no', AttemptedValue: 'x' }] }),
  ]);
  const command = installation.command({ method: 'put', path: 'spaces/checkins', json: { Id: 1 } });
  const error = await rejects(command, ResponseError, 'nexudus.refused');
  assert.is(error.status, 200);
  assert.equal(error.fault, { message: 'Already checked in', issues: [{ property: 'Id', message: 'no' }] });
});

const loose: readonly (readonly [errors: unknown, issues: readonly object[]])[] = [
  [['too late'], [{ property: undefined, message: 'too late' }]],
  [
    [7, { PropertyName: 7, Message: 'no' }],
    [
      { property: undefined, message: undefined },
      { property: undefined, message: 'no' },
    ],
  ],
  ['too late', []],
];
for (const [Errors, issues] of loose) {
  resources(`believes a result also with ${JSON.stringify(Errors)} for errors`, async () => {
    const result = { Errors, Status: 'OK', Message: ['x'], RedirectURL: 7 };
    const { installation } = connect([
      Response.json({ ...result, WasSuccessful: true }),
      Response.json({ ...result, WasSuccessful: false }),
    ]);
    const request = { method: 'put', path: 'sys/webhooks', json: {} } as const;
    assert.is((await installation.command(request))?.WasSuccessful, true);
    const error = await rejects(installation.command(request), ResponseError, 'nexudus.refused');
    assert.equal((error.fault as NexudusFault).issues, issues);
  });
}

resources('refuses an answer that is neither empty nor a result', async () => {
  for (const answer of [new Response('<html>'), Response.json({ Id: 1 }), new Response('{"WasSucc')]) {
    const { installation } = connect([answer]);
    await rejects(installation.command({ method: 'put', path: 'x', json: {} }), ContractError, 'http.contract-broken');
  }
});

resources.run();
