import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAuthorizationHandler, type Decision, type DecisionReason } from '../src/index.ts';
import { createLab } from './lab.ts';
import {
  apiSecret,
  apiUser,
  appearanceOf,
  authorizationRequest,
  otherSecret,
  otherUser,
  type RequestParts,
  streamOf,
  withMembers,
} from './requests.ts';

const lab = await createLab();
const apps = [
  { name: 'mesh-chat', apiUser, apiSecret, verifier: lab.verifier },
  { name: 'other', apiUser: otherUser, apiSecret: otherSecret, verifier: lab.verifier },
];

/** Deadlines that only what never ends meets. */
const patient = { deadlineMs: 60_000, verifierDeadlineMs: 60_000 };

/** A row of HypeLabs fact sheet §9: number, input, what comes of it. */
type Row = [row: number, name: string, parts: RequestParts, reason: DecisionReason, options?: object];

const userIdentifiers = (row: number, texts: readonly string[]): Row[] =>
  texts.map((text) => [
    row,
    `user_identifier ${text}`,
    { body: `${withMembers({ user_identifier: undefined }).slice(0, -1)},"user_identifier":${text}}` },
    'user-identifier-malformed',
  ]);
const token = (value: unknown): RequestParts => ({ members: { access_token: value } });
const type = (value: unknown): RequestParts => ({ members: { token_type: value } });
const secret = (value: unknown): RequestParts => ({ members: { api_secret: value } });
const composed = apiSecret.normalize('NFD');
const deep = Math.floor((16_000 - withMembers({}).length) / 2);
const { tokens } = lab;

const rows: readonly Row[] = [
  [1, 'GET', { method: 'GET' }, 'method-not-allowed'],
  ...['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].map((method): Row => [2, method, { method }, 'method-not-allowed']),
  [3, 'charset utf-8', { contentType: 'application/json; charset=utf-8' }, 'allowed'],
  [3, 'quoted charset and another parameter', { contentType: 'application/json;v=1; charset="UTF-8"' }, 'allowed'],
  [4, 'the typo', { contentType: 'appliation/json' }, 'allowed'],
  [5, 'capitals', { contentType: 'APPLICATION/JSON' }, 'allowed'],
  [6, 'no content type', { contentType: null }, 'allowed'],
  ...['text/plain', 'text/html', 'multipart/form-data', 'application/json, text/html', 'json', 'application/jsonx'].map(
    (contentType): Row => [7, contentType, { contentType }, 'media-type-unsupported'],
  ),
  [8, 'form', { contentType: 'application/x-www-form-urlencoded' }, 'media-type-unsupported'],
  [9, 'utf-16', { contentType: 'application/json; charset=utf-16' }, 'charset-unsupported'],
  [9, 'latin-1', { contentType: 'application/json; charset=ISO-8859-1' }, 'charset-unsupported'],
  [10, 'gzip', { headers: { 'content-encoding': 'gzip' } }, 'body-encoded'],
  [11, '17 KiB without length', { body: streamOf(withMembers({ more: 'x'.repeat(17_000) })) }, 'body-too-large'],
  [
    12,
    'a length that lies',
    { body: streamOf(withMembers({ more: 'x'.repeat(17_000) })), headers: { 'content-length': '10' } },
    'body-too-large',
  ],
  [13, 'empty', { body: '' }, 'body-not-json'],
  [14, 'truncated', { body: withMembers({}).slice(0, -3) }, 'body-not-json'],
  [14, 'names without quotes', { body: '{ api_user: "...", api_secret: "..." }' }, 'body-not-json'],
  [15, 'invalid UTF-8', { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 'body-not-utf8'],
  ...['null', '[]', '"x"', '7', 'true'].map((body): Row => [16, body, { body }, 'body-not-object']),
  [17, 'empty object', { body: '{}' }, 'caller-unknown'],
  [18, 'no api_user', { members: { api_user: undefined } }, 'caller-unknown'],
  [18, 'wrong api_user', { members: { api_user: 'Hype-caller' } }, 'caller-unknown'],
  [19, 'no secret', secret(undefined), 'caller-unknown'],
  [20, 'wrong', secret('no secret of anybody'), 'caller-unknown'],
  [20, 'one short', secret(apiSecret.slice(0, -1)), 'caller-unknown'],
  [20, 'one long', secret(`${apiSecret}3`), 'caller-unknown'],
  [20, 'other case', secret(apiSecret.toUpperCase()), 'caller-unknown'],
  [21, 'empty secret', secret(''), 'caller-unknown'],
  ...[7, [apiSecret], { apiSecret }, null].map(
    (value): Row => [22, `secret ${typeof value}`, secret(value), 'caller-unknown'],
  ),
  [23, 'api_password alone', { members: { api_secret: undefined, api_password: apiSecret } }, 'allowed'],
  [23, 'api_password wrong', { members: { api_secret: undefined, api_password: 'wrong' } }, 'caller-unknown'],
  [24, 'both, equal', { members: { api_password: apiSecret } }, 'allowed'],
  [25, 'both, different', { members: { api_password: 'another' } }, 'secret-ambiguous'],
  [25, 'both, secret null', { members: { api_secret: null, api_password: apiSecret } }, 'secret-ambiguous'],
  [26, 'secret of B with user of A', secret(otherSecret), 'caller-unknown'],
  [27, 'space after the secret', secret(`${apiSecret} `), 'caller-unknown'],
  [27, 'accent composed differently', secret(composed), 'caller-unknown'],
  [27, 'lone surrogate', secret(`${apiSecret}\ud800`), 'caller-unknown'],
  ...[undefined, null, ''].map((value): Row => [28, String(value), token(value), 'token-missing']),
  [29, 'token a number', token(123456789), 'access-token-not-text'],
  [30, 'token an object', token({}), 'access-token-not-text'],
  [30, 'token a list', token(['x']), 'access-token-not-text'],
  [30, 'token true', token(true), 'access-token-not-text'],
  [31, '9,000 characters', token('x'.repeat(9000)), 'token-too-long'],
  ...['a b', 'a\nb', 'a\0b', 'a\u00e9', ' good-token', 'good-token ', 'good-token\n', '=', 'a=b'].map(
    (value): Row => [32, JSON.stringify(value), token(value), 'token-malformed'],
  ),
  [33, 'prefix twice', token('Bearer good-token'), 'token-malformed'],
  ...[undefined, null, ''].map((value): Row => [34, String(value), type(value), 'token-type-missing']),
  [
    34,
    'a development token in production',
    { members: { access_token: '0123456789abcdef', token_type: undefined } },
    'token-type-missing',
  ],
  [35, 'bearer', type('bearer'), 'allowed'],
  [35, 'BEARER', type('BEARER'), 'allowed'],
  [36, 'space after the type', type('Bearer '), 'token-type-refused'],
  [36, 'Bearer123', type('Bearer123'), 'token-type-refused'],
  [37, 'type a number', type(7), 'token-type-not-text'],
  [37, 'type a list', type(['Bearer']), 'token-type-not-text'],
  ...['DPoP', 'mac', 'Basic', 'N_A'].map((value): Row => [38, value, type(value), 'token-type-refused']),
  ...[undefined, null, ''].flatMap((value): Row[] => [
    [39, `${JSON.stringify(value)}`, { members: { user_identifier: value } }, 'allowed'],
    [
      39,
      `${JSON.stringify(value)} where required`,
      { members: { user_identifier: value } },
      'user-identifier-missing',
      { requireUserIdentifier: true },
    ],
  ]),
  ...[0, '0', 2147483647, '2147483647', 7, 7.0, '7'].map((value): Row => {
    const ofToken = Number(value) === 7;
    const members = { user_identifier: value, access_token: ofToken ? 'good-token' : `owned-by-${value}` };
    return [40, JSON.stringify(value), { members }, 'allowed'];
  }),
  ...userIdentifiers(41, ['2147483648', '-1', '1.5', '1e400', '"2147483648"']),
  ...userIdentifiers(42, ['"01"', '"+1"', '" 1"', '"0x1"', '"abc"', '"\u0661"', '"1e3"', '"-0"', '"7 "', '"00"']),
  ...userIdentifiers(43, ['true', 'false', '{}', '[1]']),
  [44, 'of another user', { members: { user_identifier: 8 } }, 'user-identifier-mismatch'],
  [45, 'expired', token(tokens.expired), 'token-expired'],
  [45, 'not yet valid', token(tokens['not-yet-valid']), 'token-not-yet-valid'],
  [45, 'revoked', token(tokens.revoked), 'token-unknown'],
  [46, 'alg none', token(tokens['jwt-alg-none']), 'token-untrusted'],
  [46, 'HS256 with the public key', token(tokens['jwt-public-key-as-secret']), 'token-untrusted'],
  [46, 'unknown kid', token(tokens['jwt-unknown-key']), 'token-untrusted'],
  [46, 'typ JWT', token(tokens['jwt-typ']), 'token-untrusted'],
  [46, 'ID token', token(tokens['jwt-id-token']), 'token-untrusted'],
  [47, 'no exp', token(tokens['jwt-no-expiry']), 'token-incomplete'],
  [47, 'wrong iss', token(tokens['jwt-wrong-issuer']), 'token-misdirected'],
  [47, 'wrong aud', token(tokens['jwt-wrong-audience']), 'token-misdirected'],
  [47, 'aud list without us', token(tokens['jwt-audience-list-without-us']), 'token-misdirected'],
  [48, 'jku of a foreign host', token(tokens['jwt-foreign-key-set']), 'token-untrusted'],
  [49, 'cnf', token(tokens['sender-constrained']), 'token-sender-constrained'],
  [50, 'active as text', token(tokens['introspection-active-as-text']), 'token-inactive'],
  [50, 'empty object', token(tokens['introspection-empty-object']), 'token-inactive'],
  [50, 'list', token(tokens['introspection-list']), 'verifier-failed'],
  [51, '401', token(tokens['introspection-unauthorized']), 'verifier-failed'],
  [51, '500', token(tokens['introspection-error']), 'verifier-failed'],
  [51, 'HTML', token(tokens['introspection-html']), 'verifier-failed'],
  [51, 'redirect', token(tokens['introspection-redirect']), 'verifier-failed'],
  [52, 'introspection too slow', token(tokens['introspection-slow']), 'verifier-too-slow', { verifierDeadlineMs: 30 }],
  [52, 'keys too slow', token(tokens['key-set-slow']), 'verifier-too-slow', { verifierDeadlineMs: 30 }],
  [
    52,
    'whole deadline',
    token(tokens['verifier-slow']),
    'deadline',
    { deadlineMs: 30, verifierDeadlineMs: 30, isSourceAllowed: () => new Promise(() => {}) },
  ],
  [53, 'throws', token(tokens['verifier-throws']), 'verifier-failed'],
  [53, 'rejects', token(tokens['verifier-rejects']), 'verifier-failed'],
  [53, 'undefined', token(tokens['verifier-undefined']), 'verifier-result-malformed'],
  [
    55,
    '__proto__ and constructor',
    { body: `{"__proto__":{"api_user":"x"},"constructor":1,${withMembers({}).slice(1)}` },
    'allowed',
  ],
  [
    55,
    '50 unknown members',
    { members: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x${index}`, index])) },
    'allowed',
  ],
  [55, 'credentials inherited from __proto__', { body: `{"__proto__":${withMembers({})}}` }, 'caller-unknown'],
  [56, 'last token bad', { body: `${withMembers({}).slice(0, -1)},"access_token":"bad"}` }, 'token-unknown'],
  [56, 'last token good', { body: `{"access_token":"bad",${withMembers({}).slice(1)}` }, 'allowed'],
  [
    57,
    'deep arrays',
    { body: `${withMembers({}).slice(0, -1)},"x":${'['.repeat(deep)}${']'.repeat(deep)}}` },
    'body-too-deep',
  ],
  [57, '10,000 open brackets', { body: `{"x":${'['.repeat(10_000)}` }, 'body-too-deep'],
  [58, 'Authorization of somebody else', { headers: { authorization: 'Bearer other' } }, 'allowed'],
  [60, 'source check throws', {}, 'internal-error', { isSourceAllowed: () => Promise.reject(new Error('broken')) }],
  [
    60,
    'clock throws',
    {},
    'internal-error',
    {
      clock: () => {
        throw new Error('broken');
      },
    },
  ],
];

/** Statuses, bodies and headers of the last paragraphs of §9, by what the reason begins with. */
const answers: Readonly<Record<string, [status: number, body: string, headers: Readonly<Record<string, string>>]>> = {
  allowed: [200, '{}', {}],
  denied: [401, '{"error":"unauthorized"}', { 'www-authenticate': 'Bearer realm="hypelabs"' }],
  malformed: [400, '{"error":"bad_request"}', {}],
  'method-not-allowed': [405, '{"error":"method_not_allowed"}', { allow: 'POST' }],
  'body-too-large': [413, '{"error":"payload_too_large"}', {}],
  unsupported: [
    415,
    '{"error":"unsupported_media_type"}',
    { accept: 'application/json', 'accept-post': 'application/json', 'accept-encoding': 'identity' },
  ],
  unavailable: [503, '{"error":"temporarily_unavailable"}', { 'retry-after': '30' }],
  'internal-error': [500, '{"error":"internal_error"}', {}],
};
const kinds: readonly [kind: string, rows: readonly number[]][] = [
  ['allowed', [3, 4, 5, 6, 23, 24, 35, 39, 40, 54, 55, 56, 58]],
  ['method-not-allowed', [1, 2]],
  ['unsupported', [7, 8, 9, 10]],
  ['body-too-large', [11, 12]],
  ['malformed', [13, 14, 15, 16, 25, 29, 30, 37, 41, 42, 43, 57]],
  ['denied', [17, 18, 19, 20, 21, 22, 23, 26, 27, 28, 31, 32, 33, 34, 36, 38, 39, 44, 45, 46, 47, 48, 49, 50, 55, 56]],
  ['unavailable', [50, 51, 52, 53]],
  ['internal-error', [60]],
];
/** Reasons that a row with two kinds of outcome tells apart. */
const kindByReason: Partial<Record<DecisionReason, string>> = {
  allowed: 'allowed',
  'caller-unknown': 'denied',
  'user-identifier-missing': 'denied',
  'token-unknown': 'denied',
  'token-inactive': 'denied',
  'verifier-failed': 'unavailable',
};

function expectedAnswer(row: number, reason: DecisionReason): (typeof answers)[string] {
  const possible = kinds.filter(([, numbers]) => numbers.includes(row)).map(([kind]) => kind);
  const kind = possible.length === 1 ? possible[0] : possible.find((one) => one === kindByReason[reason]);
  const answer = answers[kind ?? ''];
  if (answer === undefined) throw new Error(`row ${row} has no answer for ${reason}`);
  return answer;
}

/** Knows the tokens of row 40 besides the lab's. */
const verifier: typeof lab.verifier = (presented) => {
  const owner = /^owned-by-(\d+)$/.exec(presented.accessToken)?.[1];
  return owner === undefined ? lab.verifier(presented) : { active: true, userIdentifier: Number(owner) };
};

const table = suite('hypelabs · handler · rows of §9');

for (const [row, name, parts, reason, options] of rows) {
  table(`row ${row}, ${name}: ${reason}`, async () => {
    const decisions: Decision[] = [];
    const handler = createAuthorizationHandler({
      apps: apps.map((app) => ({ ...app, verifier })),
      clock: lab.clock,
      onEvent: (decision) => decisions.push(decision),
      ...patient,
      ...options,
    });
    const response = await handler(authorizationRequest(parts));
    const [status, body, headers] = expectedAnswer(row, reason);
    assert.is(decisions.length, 1);
    assert.is(decisions[0]?.reason, reason);
    assert.is(decisions[0]?.allowed, status === 200);
    assert.is(decisions[0]?.status, status);
    assert.is(
      await appearanceOf(response),
      await appearanceOf(
        new Response(body, {
          status,
          headers: {
            'content-type': 'application/json',
            'cache-control': 'no-store',
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer',
            ...headers,
          },
        }),
      ),
    );
  });
}

table('row 54, a listener that throws or rejects changes nothing', async () => {
  const listeners = [
    () => {
      throw new Error('broken');
    },
    () => Promise.reject(new Error('broken')),
  ];
  for (const onEvent of listeners) {
    const handler = createAuthorizationHandler({ apps, clock: lab.clock, onEvent: onEvent as () => void });
    assert.is((await handler(authorizationRequest())).status, 200);
    assert.is((await handler(authorizationRequest(token('unknown')))).status, 401);
  }
});

table('row 59, a caller that goes away aborts the verifier and is not answered 200', async () => {
  const caller = new AbortController();
  const reasons: string[] = [];
  const handler = createAuthorizationHandler({ apps, ...patient, onEvent: ({ reason }) => reasons.push(reason) });
  const answered = handler(authorizationRequest({ ...token(tokens['verifier-slow']), signal: caller.signal }));
  while (lab.asked.at(-1)?.accessToken !== tokens['verifier-slow']) await new Promise(setImmediate);
  const signal = lab.asked.at(-1)?.signal;
  assert.is(signal?.aborted, false);
  caller.abort();
  assert.is((await answered).status, 503);
  assert.is(signal?.aborted, true);
  assert.equal(reasons, ['aborted']);
});

table('every row of §9 is here', () => {
  const numbers = new Set([...rows.map(([row]) => row), 54, 59]);
  assert.equal(
    [...numbers].sort((a, b) => a - b),
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
});

table('no row made a request to a host that a token named', () => {
  assert.not(lab.fetched.some((fetched) => fetched.includes('evil')));
  assert.ok(lab.fetched.length > 0);
});

table.run();
