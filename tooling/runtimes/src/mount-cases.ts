import { connect } from 'node:net';
import { page, redirect, setCookie } from '@x/http/server';
import { memoryStore } from '@x/http/store';
import { createAuthorizationHandler, saveAccessToken, storeVerifier } from '@x/hypelabs';

/** Where the handler is mounted, and whatever is below it. */
export const mountPath = '/hypelabs/authorize';
const cookiePath = `${mountPath}/begin`;
const pagePath = `${mountPath}/page`;

const apiSecret = 'a secret of enough length';

/**
 * Makes a handler with everything that a server can spoil: methods, statuses, headers, several cookies, a redirect, a
 * page, bodies with a limit.
 */
export async function createMountedHandler(): Promise<(request: Request) => Promise<Response>> {
  const store = memoryStore();
  await saveAccessToken(store, 'a-token', { subject: 'ann', expiresAtMs: Date.now() + 600_000 });
  const authorize = createAuthorizationHandler({
    apps: [{ name: 'sample', apiUser: 'sample', apiSecret, verifier: storeVerifier({ store }) }],
  });
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === cookiePath) return begin();
    if (pathname === pagePath) return page({ status: 403, title: 'No “entry”', message: '<b>Not you</b>, Zoë.' });
    return authorize(request);
  };
}

/** As a flow begins: a browser is sent elsewhere, with two cookies and a code in the URL. */
function begin(): Response {
  const headers = new Headers();
  headers.append('set-cookie', setCookie({ name: '__Host-flow', value: 'a=b', maxAgeSeconds: 600 }));
  headers.append('set-cookie', setCookie({ name: '__Host-old', value: '', maxAgeSeconds: 0 }));
  return redirect('https://provider.example/authorize?state=a%2Fb&scope=c+d', { headers });
}

const body = (fields: object): string =>
  JSON.stringify({
    api_user: 'sample',
    api_secret: apiSecret,
    token_type: 'Bearer',
    access_token: 'a-token',
    ...fields,
  });
const json = { 'content-type': 'application/json' };

/** What is asked of it, and the status of the answer. */
const mountCases: readonly [name: string, init: RequestInit, status: number, path?: string][] = [
  ['a valid token', { method: 'POST', headers: json, body: body({}) }, 200],
  ['an unknown token', { method: 'POST', headers: json, body: body({ access_token: 'other' }) }, 401],
  ['a wrong secret', { method: 'POST', headers: json, body: body({ api_secret: 'another of that length' }) }, 401],
  ['another method', { method: 'PUT', headers: json, body: body({}) }, 405],
  ['no JSON', { method: 'POST', headers: json, body: '{' }, 400],
  ['another content type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: body({}) }, 415],
  ['a body over the limit', { method: 'POST', headers: json, body: body({ padding: 'x'.repeat(20_000) }) }, 413],
  ['a redirect with two cookies', { method: 'POST', redirect: 'manual' }, 303, cookiePath],
  ['a page', { method: 'POST' }, 403, pagePath],
];

const comparedFields = [
  ...['allow', 'www-authenticate', 'cache-control', 'content-type', 'x-content-type-options', 'accept-post'],
  ...['location', 'referrer-policy', 'content-security-policy'],
];

/** Says where a mounted handler answers otherwise than the bare one; empty when nowhere. */
async function differences(
  handler: (request: Request) => Promise<Response>,
  origin: string,
  [name, init, status, path = mountPath]: (typeof mountCases)[number],
): Promise<readonly string[]> {
  const url = origin + path;
  const bare = await handler(new Request(url, init));
  const mounted = await fetch(url, init);
  const pairs: readonly (readonly [what: string, seen: unknown, expected: unknown])[] = [
    ['bare status', bare.status, status],
    ['status', mounted.status, status],
    ['body', await mounted.text(), await bare.text()],
    ['cookies', mounted.headers.getSetCookie().join('\n'), bare.headers.getSetCookie().join('\n')],
    ...comparedFields.map((field) => [field, mounted.headers.get(field), bare.headers.get(field)] as const),
  ];
  return pairs
    .filter(([, seen, expected]) => seen !== expected)
    .map(([what, seen, expected]) => `${name}: ${what} is ${String(seen)}, expected ${String(expected)}`);
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const long = body({ padding: 'x'.repeat(20_000) });
const [half, otherHalf] = [long.slice(0, 10_000), long.slice(10_000)];

/** What no `fetch` sends: the header fields of a body's framing, what follows them, and the status of the answer. */
const rawCases: readonly [name: string, framing: string, sent: string, status: number][] = [
  ['a chunked body', 'transfer-encoding: chunked', `${chunk(body({}))}0\r\n\r\n`, 200],
  ['a chunked body over the limit', 'transfer-encoding: chunked', `${chunk(half)}${chunk(otherHalf)}0\r\n\r\n`, 413],
  ['a chunked body over the limit that does not end', 'transfer-encoding: chunked', chunk(half) + chunk(half), 413],
  ['a length over the limit, and nothing of the body', 'content-length: 1000000', '', 413],
  ['a length over the limit for a short body', 'content-length: 20000', body({}), 413],
  ['a length that cuts the body short', 'content-length: 10', body({}), 400],
];

/** Sends bytes as they are, and says where the answer is another than expected; empty when nowhere. */
async function rawDifferences(
  origin: string,
  [name, framing, sent, status]: (typeof rawCases)[number],
): Promise<readonly string[]> {
  const { hostname, port } = new URL(origin);
  const head = [
    `POST ${mountPath} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'content-type: application/json',
    framing,
    'connection: close',
  ];
  const answer = await exchange(hostname, Number(port), `${head.join('\r\n')}\r\n\r\n${sent}`);
  const seen = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? `${answer.length} bytes without a status`;
  return seen === String(status) ? [] : [`${name}: status is ${seen}, expected ${status}`];
}

const patienceMs = 60_000;

/** Resolves with the head of the answer; with what there is of it when the connection ends, or after a minute. */
function exchange(host: string, port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let seen = '';
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(end, patienceMs);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (data) => {
      seen += String(data);
      if (seen.includes('\r\n\r\n')) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

/** Asks a mounted handler everything, and says how much of it was answered as by the bare one. */
export async function askMounted(
  handler: (request: Request) => Promise<Response>,
  origin: string,
): Promise<{ readonly passed: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  let passed = 0;
  const questions = [
    ...mountCases.map((one) => () => differences(handler, origin, one)),
    ...rawCases.map((one) => () => rawDifferences(origin, one)),
  ];
  for (const ask of questions) {
    const found = await ask();
    if (found.length === 0) passed += 1;
    failures.push(...found);
  }
  return { passed, failures };
}

/** How many questions {@link askMounted} asks. */
export const questionCount: number = mountCases.length + rawCases.length;
