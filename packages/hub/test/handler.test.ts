import { manualClock, misbehaviours, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HubTimelineRequest } from '../src/hub-routes.ts';
import type { HubEvent } from '../src/index.ts';
import { createHubTokens } from '../src/token.ts';
import { appUrl, ask, hubOrigin, keys, loginRoute, setUp, startUrl } from './support.ts';

const clock = manualClock();
const sealing = { app: 'acme', keys, clock };
const token = createHubTokens(sealing).seal('ann@example.com', { plan: 'pro' });
const tokenOfBob = createHubTokens(sealing).seal('bob@example.com');
const { handler } = setUp({ hub: { deadlineMs: 60_000 } });

async function outcome(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: string };
  return `${response.status} ${body.error ?? 'no error'}`;
}

const start = suite('handler · link start');
const core = 'core.broadsoftlabs.com';

/** Rows 1 to 18 of §11. */
const starts: readonly [row: string, query: string, expected: string][] = [
  ['1: hubUrl missing', '', '400 bad_request'],
  ['1: another name', `?huburl=https://${core}`, '400 bad_request'],
  ['2: hubUrl empty', '?hubUrl=', '400 bad_request'],
  ['3: hubUrl twice', `?hubUrl=https://${core}&hubUrl=https://${core}`, '400 bad_request'],
  ['4: the bracketed value', `?hubUrl=[https://${core}](https://${core})`, '400 bad_request'],
  ['5: plain http', `?hubUrl=http://${core}`, '400 bad_request'],
  ['6: no scheme', `?hubUrl=${core}`, '400 bad_request'],
  ['6: scheme-relative', `?hubUrl=//${core}`, '400 bad_request'],
  ['7: user info', `?hubUrl=https://${core}@evil.example`, '400 bad_request'],
  ['8: suffix', `?hubUrl=https://${core}.evil.example`, '403 untrusted_hub'],
  ['9: encoded dot', `?hubUrl=https://${core}%252eevil.example`, '403 untrusted_hub'],
  ['10: trailing dot', `?hubUrl=https://${core}.`, '403 untrusted_hub'],
  ['11: another port', `?hubUrl=https://${core}:8443`, '403 untrusted_hub'],
  ['12: link-local address', '?hubUrl=https://169.254.169.254', '403 untrusted_hub'],
  ['12: address as a number', '?hubUrl=https://2130706433', '403 untrusted_hub'],
  ['12: IPv6 loopback', '?hubUrl=https://[::1]', '403 untrusted_hub'],
  ['13: Cyrillic look-alike', '?hubUrl=https://c%D0%BEre.broadsoftlabs.com', '400 bad_request'],
  ['14: its punycode', '?hubUrl=https://xn--cre-hed.broadsoftlabs.com', '403 untrusted_hub'],
  ['15: tab', `?hubUrl=https://core%09.broadsoftlabs.com`, '400 bad_request'],
  ['15: line break', `?hubUrl=https://${core}%0a`, '400 bad_request'],
  ['15: backslash', `?hubUrl=https://${core}%5c`, '400 bad_request'],
  ['15: leading space', `?hubUrl=+https://${core}`, '400 bad_request'],
  ['16: path', `?hubUrl=https://${core}/v1`, '400 bad_request'],
  ['16: query', `?hubUrl=https://${core}?x`, '400 bad_request'],
  ['16: fragment', `?hubUrl=https://${core}%23x`, '400 bad_request'],
  ['17: blob', `?hubUrl=blob:https://${core}/x`, '400 bad_request'],
  ['17: javascript', '?hubUrl=javascript:alert(1)', '400 bad_request'],
  ['17: data', '?hubUrl=data:text/html,x', '400 bad_request'],
  ['18: 5,000 characters', `?hubUrl=https://${'x'.repeat(5000)}`, '400 bad_request'],
];

for (const [row, query, expected] of starts) {
  start(`row ${row}`, async () => {
    const response = await handler(new Request(`${appUrl}/v1/acme/authenticate${query}`));
    assert.equal(response.headers.getSetCookie(), []);
    assert.is(await outcome(response), expected);
  });
}

start('row 19: another app name', async () => {
  const url = startUrl(hubOrigin).replace('acme/', 'other/');
  assert.is(await outcome(await handler(new Request(url))), '404 not_found');
});

for (const method of ['POST', 'HEAD', 'PUT', 'OPTIONS']) {
  start(`row 20: ${method}`, async () => {
    const response = await handler(new Request(startUrl(hubOrigin), { method }));
    assert.equal([response.status, response.headers.get('allow')], [405, 'GET']);
  });
}

for (const mode of ['no-cors', 'cors', 'same-origin', '']) {
  start(`row 21: Sec-Fetch-Mode ${mode || 'empty'}`, async () => {
    const response = await handler(new Request(startUrl(hubOrigin), { headers: { 'sec-fetch-mode': mode } }));
    assert.is(response.status, 403);
  });
}

start('calls the login with the state and the listed Hub, and binds the state to the browser', async () => {
  const parts = setUp({ routes: { login: ({ hub, state }) => new Response(`${hub} ${state.slice(0, 9)}`) } });
  const url = startUrl(`HTTPS://${core.toUpperCase()}:443/`);
  const response = await parts.handler(new Request(url, { headers: { 'sec-fetch-mode': 'navigate' } }));
  assert.is(await response.text(), `${hubOrigin} v4.local.`);
  assert.is(response.status, 200);
  const [cookie] = response.headers.getSetCookie();
  assert.match(
    cookie ?? '',
    /^__Host-hub-link-[0-9a-f]{8}=[\w-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  );
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.is(response.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(parts.events, [{ provider: 'hub', type: 'link-started', hub: hubOrigin }]);
});

start("keeps the login's own status, headers and cookies", async () => {
  const login = () => {
    const response = Response.redirect('https://idp.example/login', 302);
    return new Response(response.body, { status: 302, headers: [...response.headers, ['set-cookie', 'own=1']] });
  };
  for (const each of [login, () => Response.redirect('https://idp.example/login', 302)]) {
    const response = await setUp({ routes: { login: each } }).handler(new Request(startUrl(hubOrigin)));
    assert.equal([response.status, response.headers.get('location')], [302, 'https://idp.example/login']);
    assert.ok(response.headers.getSetCookie().some((field) => field.startsWith('__Host-hub-link-')));
  }
});

start('answers 500 when the login fails, and 503 when it takes too long', async () => {
  const failing = () => Promise.reject(new Error('marker'));
  const response = await setUp({ routes: { login: failing } }).handler(new Request(startUrl(hubOrigin)));
  assert.is(await outcome(response), '500 internal_error');
  for (const given of [undefined, null, {}, { id: 7, status: 200 }, 'Log in']) {
    const noResponse = setUp({ routes: { login: () => given as never } });
    assert.is((await noResponse.handler(new Request(startUrl(hubOrigin)))).status, 500, String(given));
  }
  const endless = setUp({ hub: { deadlineMs: 5 }, routes: { login: () => new Promise(() => {}) } });
  assert.is((await endless.handler(new Request(startUrl(hubOrigin)))).status, 503);
});

start.run();

const data = suite('handler · data requests');
const path = '/v1/acme/notifications';
const gzip = { headers: { 'content-encoding': 'gzip' } };
const long = '/v1/acme/ann%40example.com/notifications';
const nested = (depth: number) => `{"auth":${JSON.stringify(token)},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Rows 37 to 53 of §11. */
const requests: readonly [row: string, request: () => Request, expected: string][] = [
  ['36: GET', () => new Request(`${appUrl}${path}`), '405 method_not_allowed'],
  ['36: PUT', () => ask(path, { auth: token }, { method: 'PUT' }), '405 method_not_allowed'],
  ['36: DELETE', () => new Request(`${appUrl}${path}`, { method: 'DELETE' }), '405 method_not_allowed'],
  [
    '37: text/plain',
    () => ask(path, { auth: token }, { headers: { 'content-type': 'text/plain' } }),
    '415 unsupported_media_type',
  ],
  [
    '37: multipart',
    () => ask(path, { auth: token }, { headers: { 'content-type': 'multipart/form-data' } }),
    '415 unsupported_media_type',
  ],
  [
    '37: form',
    () => ask(path, 'auth=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    '415 unsupported_media_type',
  ],
  [
    '37: another charset',
    () => ask(path, { auth: token }, { headers: { 'content-type': 'application/json; charset=utf-16' } }),
    '415 unsupported_media_type',
  ],
  [
    '37: not a media type',
    () => ask(path, { auth: token }, { headers: { 'content-type': 'json' } }),
    '415 unsupported_media_type',
  ],
  [
    '37: no content type',
    () => new Request(`${appUrl}${path}`, { method: 'POST', body: new Blob([JSON.stringify({ auth: token })]) }),
    '415 unsupported_media_type',
  ],
  ['38: gzip', () => ask(path, { auth: token }, gzip), '415 unsupported_media_type'],
  ['39: too large', () => ask(path, { auth: 'x'.repeat(65_536) }), '413 payload_too_large'],
  [
    '39: too large, streamed',
    () => ask(path, '', { body: new Blob(['x'.repeat(65_537)]).stream(), duplex: 'half' } as RequestInit),
    '413 payload_too_large',
  ],
  [
    '39: too large by its own word',
    () => ask(path, '{}', { headers: { 'content-length': '65537' } }),
    '413 payload_too_large',
  ],
  ['40: invalid JSON', () => ask(path, '{"auth":'), '400 bad_request'],
  ['40: invalid UTF-8', () => ask(path, new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), '400 bad_request'],
  ['41: null', () => ask(path, 'null'), '400 bad_request'],
  ['41: array', () => ask(path, '[]'), '400 bad_request'],
  ['41: string', () => ask(path, '"x"'), '400 bad_request'],
  ['41: number', () => ask(path, '1'), '400 bad_request'],
  ['42: nested deeper than 32', () => ask(path, nested(32)), '400 bad_request'],
  ['42: nested 60,000 deep', () => ask(path, `{"auth":${'['.repeat(30_000)}${']'.repeat(30_000)}}`), '400 bad_request'],
  ['43: no body', () => new Request(`${appUrl}${path}`, { method: 'POST' }), '401 unauthorized'],
  ['43: empty body', () => ask(path, ''), '401 unauthorized'],
  ['43: no auth', () => ask(path, {}), '401 unauthorized'],
  ['43: inherited auth', () => ask(path, `{"__proto__":{"auth":${JSON.stringify(token)}}}`), '401 unauthorized'],
  ['44: null', () => ask(path, { auth: null }), '401 unauthorized'],
  ['44: number', () => ask(path, { auth: 1 }), '401 unauthorized'],
  ['44: boolean', () => ask(path, { auth: true }), '401 unauthorized'],
  ['44: object', () => ask(path, { auth: { token } }), '401 unauthorized'],
  ['44: empty text', () => ask(path, { auth: '' }), '401 unauthorized'],
  ['44: JSON in a text', () => ask(path, { auth: JSON.stringify(token) }), '401 unauthorized'],
  [
    '45: one character changed',
    () => ask(path, { auth: token.replace(/.(?=.{60}$)/, (sign) => (sign === 'A' ? 'B' : 'A')) }),
    '401 unauthorized',
  ],
  ['46: padding', () => ask(path, { auth: `${token}=` }), '401 unauthorized'],
  [
    '47: unknown key',
    () =>
      ask(path, {
        auth: createHubTokens({ ...sealing, keys: [{ ...keys[0], id: 'k9', key: keys[0]?.key ?? '' }] }).seal('ann'),
      }),
    '401 unauthorized',
  ],
  ['47: 3,000 characters', () => ask(path, { auth: 'x'.repeat(3000) }), '401 unauthorized'],
  [
    '48: another app',
    () => ask(path, { auth: createHubTokens({ ...sealing, app: 'other' }).seal('ann') }),
    '401 unauthorized',
  ],
  ['49: user A on the path of B', () => ask(long, { auth: tokenOfBob }), '401 unauthorized'],
  [
    '50: expired',
    () => ask(path, { auth: createHubTokens({ ...sealing, clock: manualClock(0), tokenTtlMs: 1000 }).seal('ann') }),
    '401 unauthorized',
  ],
  [
    '50: future-dated',
    () => ask(path, { auth: createHubTokens({ ...sealing, clock: manualClock(clock() + 60_001) }).seal('ann') }),
    '401 unauthorized',
  ],
  ['51: malformed escape', () => ask('/v1/acme/%E0%A4/notifications', { auth: token }), '400 bad_request'],
  ['52: collapsed path without token', () => ask('/v1/acme/%2e/notifications', {}), '401 unauthorized'],
  ['53: another user in the body', () => ask(path, { auth: token, username: 'bob@example.com' }), '401 unauthorized'],
  ['53: body and path differ', () => ask(long, { auth: token, username: 'bob@example.com' }), '401 unauthorized'],
  ['53: a username that is no text', () => ask(path, { auth: token, username: null }), '401 unauthorized'],
  [
    '53: another user in the query',
    () => ask(`${path}?username=bob%40example.com`, { auth: token }),
    '401 unauthorized',
  ],
  ['43: auth only in the query', () => ask(`${path}?auth=${token}`, {}), '401 unauthorized'],
];

for (const [row, request, expected] of requests) {
  data(`row ${row}`, async () => {
    const response = await handler(request());
    assert.is(response.headers.get('content-type'), 'application/json');
    assert.is(response.headers.get('cache-control'), 'no-store');
    assert.is(response.headers.get('x-content-type-options'), 'nosniff');
    if (response.status === 401) assert.is(response.headers.get('www-authenticate'), 'HubAuth realm="acme"');
    if (response.status === 405) assert.is(response.headers.get('allow'), 'POST, OPTIONS');
    assert.is(await outcome(response), expected);
  });
}

data('every denial is the same, to the last byte and header field', async () => {
  const seen = new Set<string>();
  for (const [, request, expected] of requests.filter(([, , each]) => each.startsWith('401'))) {
    const response = await handler(request());
    assert.is(await outcome(response.clone()), expected);
    seen.add(JSON.stringify([[...response.headers], await response.text()]));
  }
  assert.is(seen.size, 1);
});

for (const [what, headers, expected] of [
  ['another type', { 'content-type': 'text/plain' }, { accept: 'application/json', 'accept-post': 'application/json' }],
  ['another coding', gzip.headers, { 'accept-encoding': 'identity' }],
] as const) {
  data(`says what would have been taken instead of ${what}`, async () => {
    const response = await handler(ask(path, { auth: token }, { headers }));
    assert.is(response.status, 415);
    const told = [...response.headers].filter(([name]) => name.startsWith('accept'));
    assert.equal(Object.fromEntries(told), expected);
  });
}

data('says so for PUT without the field that is for POST alone', async () => {
  const request = ask('/v1/acme/timeline/o-1/done', 'x', { method: 'PUT', headers: { 'content-type': 'text/plain' } });
  const response = await handler(request);
  assert.equal(
    [response.status, response.headers.get('accept'), response.headers.get('accept-post')],
    [415, 'application/json', null],
  );
});

/** Everything that a good request may look like. */
const accepted: readonly [what: string, request: () => Request][] = [
  ['the short path', () => ask(path, { auth: token })],
  ['the long path', () => ask(long, { auth: token })],
  ['the long path, unescaped', () => ask('/v1/acme/ann@example.com/notifications', { auth: token })],
  [
    'the same user everywhere',
    () => ask(`${long}?username=ann@example.com`, { auth: token, username: 'ann@example.com' }),
  ],
  ['a charset', () => ask(path, { auth: token }, { headers: { 'content-type': 'Application/JSON; charset="UTF-8"' } })],
  ['a byte-order mark', () => ask(path, `\ufeff${JSON.stringify({ auth: token })}`)],
  ['members nobody knows', () => ask(path, { auth: token, csrf: 'x', page: 2 })],
  ['31 levels beside the outer one', () => ask(path, nested(31))],
  [
    'duplicate members, of which parsers keep the last',
    () => ask(path, `{"auth":"x","auth":${JSON.stringify(token)}}`),
  ],
];

for (const [what, request] of accepted) {
  data(`answers ${what}`, async () => {
    const response = await handler(request());
    assert.is(response.status, 200);
    assert.equal(await response.json(), { count: 3 });
    assert.is(response.headers.get('cache-control'), 'no-store');
  });
}

data('gives callbacks who asks, and what nobody documented', async () => {
  let seen: unknown;
  const parts = setUp({
    routes: {
      notifications: ({ username, claims, issuedAtMs, extra, signal, request }) => {
        seen = { username, claims, issuedAtMs, extra, aborted: signal.aborted, path: new URL(request.url).pathname };
        return { count: 0 };
      },
    },
  });
  const body = `{"auth":${JSON.stringify(token)},"csrf":"x","page":2,"__proto__":{"admin":true}}`;
  await parts.handler(ask(path, body));
  assert.equal(seen, {
    username: 'ann@example.com',
    claims: { plan: 'pro' },
    issuedAtMs: clock(),
    extra: { page: 2 },
    aborted: false,
    path,
  });
  assert.is((seen as { extra: { admin?: boolean } }).extra.admin, undefined);
});

data.run();

const timeline = suite('handler · timeline');
const timelinePath = '/v1/acme/timeline';
const context = { emails: [], phoneNumbers: [] };

/** Rows 54 to 56 of §11. */
const shapes: readonly [row: string, members: object, status: number][] = [
  ['54: context missing', {}, 400],
  ['54: context null', { context: null }, 400],
  ['54: context a text', { context: 'x' }, 400],
  ['54: context an array', { context: [] }, 400],
  ['55: emails a text', { context: { ...context, emails: 'a@b.example' } }, 400],
  ['55: emails null', { context: { ...context, emails: null } }, 400],
  ['55: emails an object', { context: { ...context, emails: {} } }, 400],
  ['55: a number among the emails', { context: { ...context, emails: ['a@b.example', 1] } }, 400],
  ['55: 201 emails', { context: { ...context, emails: Array.from({ length: 201 }, String) } }, 400],
  ['55: 201 phone numbers', { context: { ...context, phoneNumbers: Array.from({ length: 201 }, String) } }, 400],
  ['56: search a number', { context, search: 1 }, 400],
  ['56: search null', { context, search: null }, 400],
  ['56: search too long', { context, search: 'x'.repeat(1025) }, 400],
  ['56: the longest search', { context, search: 'x'.repeat(1024) }, 200],
  ['55: 200 emails', { context: { ...context, emails: Array.from({ length: 200 }, String) } }, 200],
  ['55: no lists', { context: {} }, 200],
];

for (const [row, members, status] of shapes) {
  timeline(`row ${row}`, async () => {
    assert.is((await handler(ask(timelinePath, { auth: token, ...members }))).status, status);
    assert.is((await handler(ask(timelinePath, members))).status, 401, 'the token is checked first');
  });
}

timeline('gives the callback the people and the search, and Hub the items', async () => {
  let seen: Pick<HubTimelineRequest, 'emails' | 'phoneNumbers' | 'search' | 'extra'> | undefined;
  const parts = setUp({
    routes: {
      timeline: ({ emails, phoneNumbers, search, extra }) => {
        seen = { emails, phoneNumbers, search, extra };
        return { items: [{ id: '1', title: 'A & B', dateMs: 0, url: 'https://acme.example/1' }] };
      },
    },
  });
  const people = { emails: ['bob@example.com'], phoneNumbers: ['+33123'] };
  const body = { auth: token, search: 'pizza', context: { ...people, more: 1 }, offset: 30 };
  const response = await parts.handler(ask('/v1/acme/ann@example.com/timeline', body));
  assert.equal(seen, { ...people, search: 'pizza', extra: { offset: 30 } });
  const url = 'https://acme.example/1';
  assert.equal(await response.json(), {
    items: [{ id: '1', timelineId: '1', title: 'A &amp; B', date: 0, url, webLink: url }],
  });
});

timeline.run();

const action = suite('handler · action');
const put = (to: string, body: unknown) => ask(to, body, { method: 'PUT' });

/** Rows 57 and 58 of §11, and what is good. */
const actions: readonly [row: string, request: () => Request, status: number][] = [
  ['57: undeclared property', () => put('/v1/acme/timeline/o-1/other', { auth: token, other: true }), 404],
  ['57: __proto__', () => put('/v1/acme/timeline/o-1/__proto__', { auth: token, value: true }), 404],
  ['57: constructor', () => put('/v1/acme/timeline/o-1/constructor', { auth: token, value: true }), 404],
  ['58: value missing', () => put('/v1/acme/timeline/o-1/done', { auth: token }), 400],
  ['58: wrong type', () => put('/v1/acme/timeline/o-1/done', { auth: token, done: 'true' }), 400],
  ['58: two different values', () => put('/v1/acme/timeline/o-1/done', { auth: token, done: true, value: false }), 400],
  ['58: no token', () => put('/v1/acme/timeline/o-1/done', {}), 401],
  ['36: POST', () => ask('/v1/acme/timeline/o-1/done', { auth: token, done: true }), 405],
  ['49: another user', () => put('/v1/acme/bob/timeline/o-1/done', { auth: token, done: true }), 401],
  ['good, named', () => put('/v1/acme/timeline/o-1/done', { auth: token, done: true }), 200],
  ['good, value', () => put('/v1/acme/timeline/o-1/done', { auth: token, value: false }), 200],
  ['good, long path', () => put('/v1/acme/ann%40example.com/timeline/o-1/done', { auth: token, done: true }), 200],
];

for (const [row, request, status] of actions) {
  action(`row ${row}`, async () => assert.is((await handler(request())).status, status));
}

action('tells the callback item, property and value', async () => {
  let seen: unknown;
  const parts = setUp({
    routes: {
      action: {
        properties: { note: 'object' },
        perform: ({ username, itemId, property: name, value, extra }) => {
          seen = { username, itemId, name, value, extra };
        },
      },
    },
  });
  const body = { auth: token, note: { text: 'hi' }, page: 1 };
  const response = await parts.handler(put('/v1/acme/timeline/o%2F1/note', body));
  assert.equal(await response.json(), {});
  assert.equal(seen, {
    username: 'ann@example.com',
    itemId: 'o/1',
    name: 'note',
    value: { text: 'hi' },
    extra: { page: 1 },
  });
});

action.run();

const preflight = suite('handler · CORS');
const preflightFrom = (origin: string | undefined, to = path) =>
  new Request(`${appUrl}${to}`, { method: 'OPTIONS', headers: origin === undefined ? {} : { origin } });

preflight('answers a listed origin', async () => {
  for (const to of [path, long, '/v1/acme/timeline', '/v1/acme/timeline/o-1/done']) {
    const { status, headers } = await handler(preflightFrom(hubOrigin, to));
    assert.is(status, 204);
    assert.is(headers.get('access-control-allow-origin'), hubOrigin);
    assert.is(headers.get('access-control-allow-methods'), 'GET, POST, PUT, OPTIONS');
    assert.is(headers.get('access-control-allow-headers'), 'Content-Type');
    assert.is(headers.get('access-control-allow-credentials'), null);
    assert.is(headers.get('vary'), 'Origin');
  }
});

for (const origin of [
  'https://evil.example',
  'null',
  `${hubOrigin}.evil.example`,
  `${hubOrigin}:8443`,
  '*',
  undefined,
]) {
  preflight(`row 59: gives ${origin ?? 'no origin'} nothing`, async () => {
    const { status, headers } = await handler(preflightFrom(origin));
    assert.is(status, 204);
    assert.equal(
      [...headers.keys()].filter((name) => name.startsWith('access-control')),
      [],
    );
    assert.is(headers.get('vary'), 'Origin');
  });
}

preflight('lets pages of a listed origin read answers and refusals', async () => {
  for (const [body, status] of [
    [{ auth: token }, 200],
    [{}, 401],
  ] as const) {
    const response = await handler(ask(path, body, { headers: { origin: hubOrigin } }));
    assert.equal([response.status, response.headers.get('access-control-allow-origin')], [status, hubOrigin]);
    const foreign = await handler(ask(path, body, { headers: { origin: 'https://evil.example' } }));
    assert.is(foreign.headers.get('access-control-allow-origin'), null);
  }
});

preflight('lists other origins by option', async () => {
  const parts = setUp({ hub: { corsOrigins: ['https://panel.example'] } });
  const answered = await parts.handler(preflightFrom('https://panel.example'));
  assert.is(answered.headers.get('access-control-allow-origin'), 'https://panel.example');
  assert.is((await parts.handler(preflightFrom(hubOrigin))).headers.get('access-control-allow-origin'), null);
});

preflight.run();

const callbacks = suite('handler · callbacks');

async function answerTo(notifications: () => unknown, options: object = {}) {
  const parts = setUp({ hub: options, routes: { notifications: notifications as never } });
  const response = await parts.handler(ask(path, { auth: token }));
  return { response, text: await response.text(), events: parts.events };
}

callbacks('row 60: answers 500 without a word when a callback throws', async () => {
  for (const failing of [
    () => {
      throw new Error('marker');
    },
    () => Promise.reject('marker'),
  ]) {
    const { response, text, events } = await answerTo(failing);
    assert.equal([response.status, text], [500, '{"error":"internal_error"}']);
    assert.is(events.at(-1)?.type, 'handler-failed');
  }
});

const marker = 'm4rk3r-of-the-application';
type Ends = readonly ((value: unknown) => void)[];

for (const [name, callback] of misbehaviours(marker)) {
  for (const where of ['login', 'notifications', 'timeline', 'action'] as const) {
    callbacks(`answers for a ${where} that ${name}, and shows nothing of it`, async () => {
      const route = where === 'action' ? { properties: { done: 'boolean' as const }, perform: callback } : callback;
      const parts = setUp({ hub: { deadlineMs: 20 }, routes: { [where]: route } });
      const requests = {
        login: () => new Request(startUrl(hubOrigin)),
        notifications: () => ask(path, { auth: token }),
        timeline: () => ask(timelinePath, { auth: token, context }),
        action: () => ask('/v1/acme/timeline/o-1/done', { auth: token, value: true }, { method: 'PUT' }),
      };
      const response = await parts.handler(requests[where]());
      assert.is(response.status, name === 'never comes back' ? 503 : 500);
      assert.not.match(JSON.stringify([...response.headers]) + (await response.text()), marker);
      const event = parts.events.at(-1);
      assert.is(event?.type, name === 'never comes back' ? 'request-refused' : 'handler-failed');
    });
  }
}

for (const count of [-1, 1.5, Number.NaN, '3', undefined]) {
  callbacks(`row 61: answers 500 for count ${count} and reports it`, async () => {
    const { response, events } = await answerTo(() => ({ count }));
    assert.is(response.status, 500);
    const event = events.at(-1) as Extract<HubEvent, { type: 'answer-invalid' }>;
    assert.equal([event.type, event.route, event.issues[0]?.path], ['answer-invalid', 'notifications', 'count']);
  });
}

callbacks('row 62: sends the first 30 items and reports it', async () => {
  const items = Array.from({ length: 31 }, (_, index) => ({ id: `i${index}`, title: 'x', dateMs: 0 }));
  const parts = setUp({ routes: { timeline: () => ({ items }) } });
  const response = await parts.handler(ask(timelinePath, { auth: token, context }));
  const body = (await response.json()) as { items: unknown[] };
  assert.equal([response.status, body.items.length], [200, 30]);
  assert.equal(parts.events[0], {
    provider: 'hub',
    type: 'answer-adjusted',
    route: 'timeline',
    adjustments: ['items-cut'],
  });
});

callbacks('row 63: answers 503 with Retry-After when a callback takes too long, and tells it', async () => {
  let signal: AbortSignal | undefined;
  const parts = setUp({
    hub: { deadlineMs: 5 },
    routes: {
      notifications: (request) => {
        ({ signal } = request);
        return new Promise(() => {});
      },
    },
  });
  const response = await parts.handler(ask(path, { auth: token }));
  assert.equal([response.status, response.headers.get('retry-after')], [503, '5']);
  assert.ok(signal?.aborted);
  assert.equal(parts.events.at(-1), {
    provider: 'hub',
    type: 'request-refused',
    route: 'notifications',
    reason: 'deadline',
    status: 503,
  });
});

callbacks('tells of who went away that it did so, and not that the callback was slow', async () => {
  const gone = new AbortController();
  const parts = setUp({ routes: { notifications: () => new Promise(() => gone.abort()) } });
  await parts.handler(ask(path, { auth: token }, { signal: gone.signal }));
  const event = parts.events.at(-1);
  assert.is(event?.type === 'request-refused' && event.reason, 'aborted');
});

for (const [what, end] of [
  ['answers', ([resolve]: Ends) => resolve?.({ count: 1 })],
  ['answers what Hub cannot show', ([resolve]: Ends) => resolve?.({ count: -1 })],
  ['fails', ([, reject]: Ends) => reject?.(new Error('late'))],
] as const) {
  callbacks(`tells nothing more of a callback that ${what} too late`, async () => {
    let ends: Ends = [];
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const late = (): Promise<never> =>
      new Promise((...both) => {
        ends = both as Ends;
      });
    const parts = setUp({ hub: { deadlineMs: 5 }, routes: { notifications: late } });
    assert.is((await parts.handler(ask(path, { auth: token }))).status, 503);
    end(ends);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    assert.equal(unhandled, []);
    assert.equal(
      parts.events.map(({ type }) => type),
      ['request-refused'],
    );
  });
}

callbacks('answers 503 when a body never ends', async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) });
  const parts = setUp({ hub: { deadlineMs: 5 } });
  assert.is((await parts.handler(ask(path, '', { body, duplex: 'half' } as RequestInit))).status, 503);
});

callbacks('answers 500 when the store fails', async () => {
  const broken = () => Promise.reject(new Error('store'));
  const store = { get: broken, set: broken, delete: broken, compareAndSet: broken };
  const { response } = await answerTo(() => ({ count: 1 }), { store });
  assert.is(response.status, 500);
});

callbacks('takes no harm from a subscriber that throws', async () => {
  const onEvent = () => {
    throw new Error('subscriber');
  };
  assert.is((await answerTo(() => ({ count: 1 }), { onEvent })).response.status, 200);
});

callbacks('tells each verdict as an event without token and user', async () => {
  const parts = setUp();
  await parts.handler(ask(path, { auth: token }));
  await parts.handler(ask(long, { auth: tokenOfBob }));
  assert.equal(parts.events, [
    { provider: 'hub', type: 'request-answered', route: 'notifications' },
    { provider: 'hub', type: 'request-refused', route: 'notifications', reason: 'user-mismatch', status: 401 },
  ]);
});

callbacks.run();

const router = suite('handler · router');

/** Row 64 of §11. */
for (const to of [
  ...['/', '/v1/acme', '/v1/acme/', '/v1/acme/contextual', '/v1/acme/ann/contextual', '/v2/acme/notifications'],
  ...['/v1/acme//notifications', '//v1/acme/notifications', '/v1/acme/notifications/', '/v1/acme/timeline/o-1'],
  ...['/v1/ACME/notifications', '/v1/acme/a/b/notifications', '/notifications'],
]) {
  router(`row 64: ${to}`, async () =>
    assert.is(await outcome(await handler(ask(to, { auth: token }))), '404 not_found'),
  );
}

router('answers 404 where the app has no callback', async () => {
  const parts = setUp({ routes: { notifications: undefined, timeline: undefined, action: undefined } });
  for (const to of [path, timelinePath]) assert.is((await parts.handler(ask(to, { auth: token }))).status, 404);
  assert.is((await parts.handler(put('/v1/acme/timeline/o-1/done', { auth: token, done: true }))).status, 404);
  assert.is((await parts.handler(preflightFrom(hubOrigin))).status, 404);
});

router('compares the decoded app name exactly, and quotes it in the challenge', async () => {
  for (const [app, raw, realm] of [
    ['my app', 'my%20app', 'my app'],
    ['a"b\\c', 'a%22b%5Cc', 'a\\"b\\\\c'],
    ['café', 'caf%C3%A9', 'caf%C3%A9'],
  ] as const) {
    const parts = setUp({ hub: { app } });
    const response = await parts.handler(ask(`/v1/${raw}/notifications`, {}));
    assert.equal([response.status, response.headers.get('www-authenticate')], [401, `HubAuth realm="${realm}"`]);
    assert.is((await parts.handler(ask('/v1/My%20app/notifications', {}))).status, 404);
  }
});

router('serves a base URL with a path', async () => {
  const parts = setUp({ hub: { basePath: '/hub' } });
  assert.is((await parts.handler(ask(`/hub${path}`, { auth: token }))).status, 200);
  assert.is((await parts.handler(ask(path, { auth: token }))).status, 404);
});

for (const [routes, name] of [
  [{ login: undefined }, 'login'],
  [{ login: loginRoute, notifications: 3 }, 'notifications'],
  [{ login: loginRoute, timeline: {} }, 'timeline'],
  [{ login: loginRoute, notification: () => ({ count: 1 }) }, 'notification is no option'],
  [
    { login: loginRoute, action: { properties: {}, perform: () => {}, property: {} } },
    'action\\.property is no option',
  ],
  [{ login: loginRoute, action: () => {} }, 'action'],
  [undefined, 'options must be an object'],
  [{ login: loginRoute, action: { properties: {} } }, 'action\\.perform'],
  [{ login: loginRoute, action: { perform: () => {} } }, 'action\\.properties'],
  [{ login: loginRoute, action: { properties: { auth: 'any' }, perform: () => {} } }, 'action\\.properties'],
] as const) {
  router(`names ${name} when it cannot be used`, () =>
    assert.throws(
      () => setUp().hub.handler(routes as never),
      (error: unknown) => error instanceof TypeError && new RegExp(`^${name}`).test(error.message),
    ),
  );
}

router.run();

const properties = suite('handler · properties');
const anyPath = fc.oneof(
  fc.constantFrom(path, long, timelinePath, '/v1/acme/timeline/o-1/done', '/v1/acme/authenticate'),
  fc.webPath(),
);

properties('arbitrary bytes without a good token are never answered with success, and nothing rejects', () =>
  property(
    fc.asyncProperty(
      anyPath,
      fc.constantFrom('POST', 'PUT', 'GET', 'DELETE', 'PATCH'),
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
        fc.string().map((auth) => new TextEncoder().encode(JSON.stringify({ auth }))),
      ),
      fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-8', ''),
      async (to, method, bytes, type) => {
        const init = { method, headers: type === '' ? {} : { 'content-type': type } };
        const body = method === 'GET' ? {} : { body: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
        const response = await handler(new Request(`${appUrl}${to}`, { ...init, ...body }));
        assert.ok(response.status >= 400 && response.status < 500, `${method} ${to}: ${response.status}`);
      },
    ),
  ),
);

properties('a good token with arbitrary members beside it never brings down the handler', () =>
  property(
    fc.asyncProperty(
      fc.constantFrom(path, timelinePath),
      fc.dictionary(fc.string(), fc.jsonValue()),
      async (to, members) => {
        const response = await handler(ask(to, { ...members, auth: token }));
        assert.ok([200, 400, 401, 413].includes(response.status), String(response.status));
      },
    ),
  ),
);

properties.run();
