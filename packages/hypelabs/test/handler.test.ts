import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CreateAuthorizationHandlerOptions,
  createAuthorizationHandler,
  type Decision,
  fingerprintToken,
  type PresentedToken,
  type Verifier,
} from '../src/index.ts';
import {
  apiSecret,
  apiUser,
  appearanceOf,
  authorizationRequest,
  goodMembers,
  otherSecret,
  otherUser,
  type RequestParts,
  withMembers,
} from './requests.ts';

/** Accepts `good-token` of user 7 and remembers what it was asked. */
function recordingVerifier(): { readonly verifier: Verifier; readonly asked: PresentedToken[] } {
  const asked: PresentedToken[] = [];
  return {
    asked,
    verifier: (presented) => {
      asked.push(presented);
      return presented.accessToken === 'good-token'
        ? { active: true, subject: 'user-7', userIdentifier: 7, claims: { scope: 'mesh profile' } }
        : { active: false, reason: 'token-unknown' };
    },
  };
}

function setUp(options: Partial<CreateAuthorizationHandlerOptions> = {}) {
  const { verifier, asked } = recordingVerifier();
  const decisions: Decision[] = [];
  const handler = createAuthorizationHandler({
    apps: [
      { name: 'mesh-chat', apiUser, apiSecret, verifier },
      { name: 'other', apiUser: otherUser, apiSecret: otherSecret, verifier },
    ],
    onEvent: (decision) => decisions.push(decision),
    ...options,
  });
  const ask = (parts: RequestParts = {}): Promise<Response> => handler(authorizationRequest(parts));
  return { handler, ask, asked, decisions };
}

const handler = suite('hypelabs · createAuthorizationHandler');

const denials: Readonly<Record<string, RequestParts>> = {
  'wrong user': { members: { api_user: 'nobody' } },
  'wrong secret': { members: { api_secret: 'wrong' } },
  'no members': { body: '{}' },
  'wrong token': { members: { access_token: 'unknown' } },
  'no token': { members: { access_token: undefined } },
  'no type': { members: { token_type: '' } },
  'other user identifier': { members: { user_identifier: 8 } },
};

for (const deniedStatus of [401, 403] as const) {
  handler(`denies with the same bytes for every reason, ${deniedStatus}`, async () => {
    const { ask } = setUp({ deniedStatus, realm: 'mesh chat' });
    const seen = new Set<string>();
    for (const parts of Object.values(denials)) seen.add(await appearanceOf(await ask(parts)));
    assert.is(seen.size, 1);
    const response = await ask({ body: '{}' });
    assert.is(response.status, deniedStatus);
    assert.is(response.headers.get('www-authenticate'), deniedStatus === 401 ? 'Bearer realm="mesh chat"' : null);
  });
}

handler('asks no verifier for a caller that is not authenticated', async () => {
  const { ask, asked, decisions } = setUp();
  for (const members of [{ api_user: 'nobody' }, { api_secret: 'wrong' }, { api_secret: otherSecret }]) {
    assert.is((await ask({ members })).status, 401);
  }
  assert.is(asked.length, 0);
  for (const { app, tokenFingerprint, userIdentifier, reason } of decisions) {
    assert.equal([app, tokenFingerprint, userIdentifier, reason], [undefined, undefined, undefined, 'caller-unknown']);
  }
});

const malformed = [
  { access_token: 123456789 },
  { access_token: {} },
  { token_type: 7 },
  { user_identifier: -1 },
  { user_identifier: '01' },
  { user_identifier: true },
];
for (const members of malformed) {
  handler(`answers 400 for ${JSON.stringify(members)} only to an authenticated caller`, async () => {
    const { ask, asked } = setUp();
    assert.is((await ask({ members })).status, 400);
    assert.is((await ask({ members: { ...members, api_secret: 'wrong' } })).status, 401);
    assert.is(asked.length, 0);
  });
}

/** Two things wrong at once: the earlier check answers. HypeLabs fact sheet §9, last line. */
const order: readonly [name: string, parts: RequestParts, status: number][] = [
  ['method before content type', { method: 'PUT', contentType: 'text/html' }, 405],
  ['content type before size', { contentType: 'text/html', body: 'x'.repeat(20_000) }, 415],
  ['encoding before size', { headers: { 'content-encoding': 'br' }, body: 'x'.repeat(20_000) }, 415],
  ['size before JSON', { body: 'x'.repeat(20_000) }, 413],
  ['JSON before caller', { body: '{"api_user":' }, 400],
  ['object before caller', { body: '["x"]' }, 400],
  ['ambiguous secret before caller', { members: { api_user: 'nobody', api_password: 'x' } }, 400],
  ['caller before member types', { members: { api_user: 'nobody', access_token: 7 } }, 401],
  ['member types before token form', { members: { access_token: 'a b', user_identifier: true } }, 400],
];
for (const [name, parts, status] of order) {
  handler(`checks ${name}`, async () => assert.is((await setUp().ask(parts)).status, status));
}

handler('accepts each secret of a rotation and no other', async () => {
  const { verifier } = recordingVerifier();
  const apiSecrets = ['the-new-secret-of-2026', 'the-old-secret-of-2025'];
  const { ask } = setUp({ apps: [{ name: 'mesh-chat', apiUser, apiSecrets, verifier }] });
  for (const api_secret of apiSecrets) assert.is((await ask({ members: { api_secret } })).status, 200);
  assert.is((await ask({ members: { api_secret: 'the-odd-secret-of-2024' } })).status, 401);
});

handler('selects app and verifier by the user', async () => {
  const first = recordingVerifier();
  const second = recordingVerifier();
  const { ask, decisions } = setUp({
    apps: [
      { name: 'first', apiUser, apiSecret, verifier: first.verifier },
      { name: 'second', apiUser: otherUser, apiSecret: otherSecret, verifier: second.verifier },
    ],
  });
  await ask({ members: { api_user: otherUser, api_secret: otherSecret } });
  assert.is(first.asked.length, 0);
  assert.equal(
    second.asked.map(({ app }) => app),
    ['second'],
  );
  assert.is(decisions[0]?.app, 'second');
});

handler('hands the verifier the token, its type in lower case and the identifier as a number', async () => {
  const { ask, asked } = setUp();
  await ask({ members: { token_type: 'BEARER', user_identifier: '7' } });
  const [{ signal, ...presented } = { signal: undefined }] = asked;
  assert.equal(presented, { accessToken: 'good-token', tokenType: 'bearer', userIdentifier: 7, app: 'mesh-chat' });
  assert.instance(signal, AbortSignal);
});

const forms: readonly [body: string, status: number][] = [
  [new URLSearchParams(goodMembers as Record<string, string>).toString(), 200],
  [`${new URLSearchParams(goodMembers as Record<string, string>)}&access_token=bad`, 400],
  ['', 401],
  ['api_user=x&api_secret', 401],
  ['api_user=%FF&api_secret', 400],
  ['api_user=%zz&api_secret', 400],
];
for (const [body, status] of forms) {
  handler(`answers ${status} to the form ${body.slice(-24)} when forms are accepted`, async () => {
    const { ask } = setUp({ acceptForm: true });
    assert.is((await ask({ body, contentType: 'application/x-www-form-urlencoded' })).status, status);
  });
}

handler('says which types are taken when forms are accepted too', async () => {
  const { ask } = setUp({ acceptForm: true });
  const { headers, status } = await ask({ contentType: 'text/plain' });
  assert.is(status, 415);
  assert.is(headers.get('accept-post'), 'application/json, application/x-www-form-urlencoded');
});

handler('refuses a form that is not UTF-8 or too large', async () => {
  const { ask } = setUp({ acceptForm: true });
  const contentType = 'application/x-www-form-urlencoded';
  assert.is((await ask({ body: new Uint8Array([0x61, 0xff]), contentType })).status, 400);
  assert.is((await ask({ body: 'a'.repeat(16_385), contentType })).status, 413);
});

handler('reads a body of exactly 16 KiB and a byte-order mark', async () => {
  const { ask } = setUp();
  const filler = 'x'.repeat(16_384 - new TextEncoder().encode(withMembers({ filler: '' })).length);
  assert.is((await ask({ members: { filler } })).status, 200);
  assert.is((await ask({ members: { filler: `${filler}x` } })).status, 413);
  assert.is((await ask({ body: `\u{FEFF}${withMembers({})}` })).status, 200);
});

handler('refuses a body that was read before or breaks while it is read', async () => {
  const { handler: handle, decisions } = setUp();
  const used = authorizationRequest();
  await used.text();
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('broken')) });
  for (const request of [used, authorizationRequest({ body: broken })]) assert.is((await handle(request)).status, 400);
  assert.equal(
    decisions.map(({ reason }) => reason),
    ['body-unreadable', 'body-unreadable'],
  );
});

handler('gives up on a body that never ends', async () => {
  const { ask, decisions } = setUp({ deadlineMs: 30 });
  const response = await ask({ body: new ReadableStream<Uint8Array>() });
  assert.is(response.status, 503);
  assert.is(response.headers.get('retry-after'), '30');
  assert.is(decisions[0]?.reason, 'deadline');
});

handler('asks about the source, and refuses it like any caller', async () => {
  const sources: string[] = [];
  const { ask, asked, decisions } = setUp({
    isSourceAllowed: (request) => {
      sources.push(request.headers.get('x-source') ?? '');
      return request.headers.get('x-source') === 'known';
    },
  });
  assert.is((await ask({ headers: { 'x-source': 'known' } })).status, 200);
  assert.is(await appearanceOf(await ask()), await appearanceOf(await ask({ body: '{}' })));
  assert.equal(sources, ['known', '', '']);
  assert.is(asked.length, 1);
  assert.is(decisions[1]?.reason, 'source-refused');
});

handler('names what a source check threw, without its message', async () => {
  const failure = Object.assign(new TypeError('secret-in-message'), { code: 'lists.unreachable' });
  for (const isSourceAllowed of [() => Promise.reject(failure), (): never => raise(failure)]) {
    const { ask, decisions } = setUp({ isSourceAllowed });
    const response = await ask();
    assert.is(response.status, 500);
    assert.equal([decisions[0]?.reason, decisions[0]?.detail], ['internal-error', 'lists.unreachable']);
    assert.not(JSON.stringify([decisions, await response.text(), [...response.headers]]).includes('secret-in'));
  }
});

function raise(error: Error): never {
  throw error;
}

handler('refuses a source unless the answer is true', async () => {
  for (const answer of [undefined, null, 1, 'yes', {}]) {
    const { ask } = setUp({ isSourceAllowed: () => answer as unknown as boolean });
    assert.is((await ask()).status, 401);
  }
});

handler('tells its decisions with fingerprint and time, and never a secret', async () => {
  let nowMs = 1000;
  const { verifier } = recordingVerifier();
  const { ask, decisions } = setUp({
    clock: () => nowMs,
    apps: [
      {
        name: 'mesh-chat',
        apiUser,
        apiSecret,
        verifier: (presented) => {
          nowMs += 25;
          return verifier(presented);
        },
      },
    ],
  });
  await ask();
  await ask({ members: { access_token: 'marker-of-a-leak' } });
  assert.equal(decisions[0], {
    allowed: true,
    reason: 'allowed',
    app: 'mesh-chat',
    userIdentifier: 7,
    tokenFingerprint: fingerprintToken('good-token'),
    type: 'authorization-decided',
    provider: 'hypelabs',
    detail: undefined,
    durationMs: 25,
    status: 200,
  });
  assert.match(fingerprintToken('good-token'), /^[0-9a-f]{16}$/);
  for (const text of [JSON.stringify(decisions), inspect(decisions, { depth: 9 })]) {
    for (const marker of ['good-token', 'marker-of-a-leak', apiSecret]) assert.not.ok(text.includes(marker));
  }
});

handler('tells what a verifier threw by code or class, and not what it said', async () => {
  const thrown: readonly [error: unknown, detail: string][] = [
    [Object.assign(new Error('good-token'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError('good-token'), 'TypeError'],
    [Object.assign(new Error('x'), { code: 'a code with good-token' }), 'Error'],
    ['good-token', 'Error'],
    [null, 'Error'],
    [new Proxy({}, { get: () => assert.unreachable() }), 'Error'],
  ];
  for (const [error, detail] of thrown) {
    const verifier: Verifier = () => Promise.reject(error);
    const { ask, decisions } = setUp({ apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier }] });
    assert.is((await ask()).status, 503);
    assert.is(decisions[0]?.detail, detail);
  }
});

const results: readonly [name: string, result: unknown, status: number][] = [
  ['active as text', { active: 'true' }, 503],
  ['active as a number', { active: 1 }, 503],
  ['nothing', undefined, 503],
  ['null', null, 503],
  ['true', true, 503],
  ['a list', [{ active: true }], 503],
  ['an identifier as text', { active: true, userIdentifier: '7' }, 503],
  ['an identifier out of range', { active: true, userIdentifier: -7 }, 503],
  ['claims as a list', { active: true, claims: [] }, 503],
  ['a subject that is no text', { active: true, subject: 7 }, 503],
  ['inactive with an unknown reason', { active: false, reason: 'because' }, 401],
  ['inactive without reason', { active: false }, 401],
  ['active and nothing else', { active: true }, 200],
  ['active and null for the rest', { active: true, userIdentifier: null, subject: null, claims: null }, 200],
  ['active with the identifier', { active: true, userIdentifier: 7 }, 200],
  ['DPoP in its claims', { active: true, claims: { token_type: 'dpop' } }, 401],
  ['cnf null in its claims', { active: true, claims: { cnf: null } }, 401],
  ['a throwing getter', Object.defineProperty({}, 'active', { get: () => assert.unreachable() }), 503],
];
const bindings: readonly [userIdentifier: number | undefined, result: object, reason: string][] = [
  [8, { active: true }, 'user-identifier-unbound'],
  [undefined, { active: true }, 'user-identifier-unbound'],
  [8, { active: true, userIdentifier: 7 }, 'user-identifier-mismatch'],
  [7, { active: true, userIdentifier: 7 }, 'allowed'],
  [undefined, { active: true, userIdentifier: 7 }, 'allowed'],
];
for (const [claimed, result, reason] of bindings) {
  handler(`says ${reason} to ${claimed} with ${JSON.stringify(result)} where a binding is required`, async () => {
    const decisions: Decision[] = [];
    const authorize = createAuthorizationHandler({
      apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier: (() => result) as unknown as Verifier }],
      requireBoundUserIdentifier: true,
      onEvent: (decision) => decisions.push(decision),
    });
    const { status } = await authorize(authorizationRequest({ members: { user_identifier: claimed } }));
    assert.equal([status, decisions[0]?.reason], [reason === 'allowed' ? 200 : 401, reason]);
  });
}

for (const [name, result, status] of results) {
  handler(`answers ${status} when the verifier answers ${name}`, async () => {
    const verifier = (() => result) as unknown as Verifier;
    const { ask } = setUp({ apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier }] });
    assert.is((await ask()).status, status);
  });
}

handler('asks for all required scopes', async () => {
  assert.is((await setUp({ requiredScopes: ['mesh'] }).ask()).status, 200);
  assert.is((await setUp({ requiredScopes: ['mesh', 'profile'] }).ask()).status, 200);
  for (const scope of ['mes', 'mesh,profile', 'Mesh']) {
    const { ask, decisions } = setUp({ requiredScopes: [scope] });
    assert.is((await ask()).status, 401);
    assert.is(decisions[0]?.reason, 'scope-missing');
  }
});

handler.run();

const properties = suite('hypelabs · createAuthorizationHandler · properties');

properties('answers and never 200 for arbitrary bytes, headers and methods', async () => {
  const { handler: handle } = setUp({ acceptForm: true, acceptCombinedToken: true });
  const statuses = new Set([400, 401, 405, 413, 415]);
  const contentTypes = fc.oneof(
    fc.constantFrom('application/json', 'appliation/json', 'application/x-www-form-urlencoded', null),
    fc.stringMatching(/^[\x20-\x7e]*$/),
  );
  await property(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      contentTypes,
      fc.constantFrom('POST', 'PUT', 'PATCH', 'OPTIONS'),
      async (bytes, contentType, method) => {
        const body = new Uint8Array(bytes);
        assert.ok(statuses.has((await handle(authorizationRequest({ method, body, contentType }))).status));
      },
    ),
  );
});

properties('allows the valid tuple and nothing else', async () => {
  const { ask } = setUp();
  const spoilable = fc.record({
    api_user: fc.oneof(fc.constant(apiUser), fc.constant(otherUser), fc.jsonValue()),
    api_secret: fc.oneof(fc.constant(apiSecret), fc.constant(otherSecret), fc.jsonValue()),
    access_token: fc.oneof(fc.constant('good-token'), fc.jsonValue()),
    token_type: fc.oneof(fc.constantFrom('Bearer', 'bearer', 'DPoP', 'Bearer '), fc.jsonValue()),
    user_identifier: fc.oneof(fc.constantFrom(7, '7', null, '', 8), fc.jsonValue()),
  });
  await property(
    fc.asyncProperty(spoilable, async (members) => {
      const { api_user, api_secret, access_token, token_type, user_identifier } = members;
      const isCaller =
        (api_user === apiUser && api_secret === apiSecret) || (api_user === otherUser && api_secret === otherSecret);
      const isToken = access_token === 'good-token' && (token_type === 'Bearer' || token_type === 'bearer');
      const isUser = [7, '7', null, ''].includes(user_identifier as string);
      assert.is((await ask({ members })).status === 200, isCaller && isToken && isUser);
    }),
    { runs: 500 },
  );
});

properties('never rejects for what is not even a request', async () => {
  const { handler: handle } = setUp();
  for (const value of [undefined, null, {}, { method: 'POST' }, 'POST', { method: 'POST', headers: new Headers() }]) {
    const { status } = await handle(value as never);
    assert.ok(status === 500 || status === 405 || status === 400, `${status}`);
  }
});

properties.run();
