import { memoryStore } from '@x/http/store';
import { createAuthorizationHandler, saveAccessToken, storeVerifier } from '@x/hypelabs';

/** Where the handler is mounted. */
export const mountPath = '/hypelabs/authorize';

const apiSecret = 'a secret of enough length';

/** Makes a handler with everything that a server can spoil: methods, statuses, headers, bodies with a limit. */
export async function createMountedHandler(): Promise<(request: Request) => Promise<Response>> {
  const store = memoryStore();
  await saveAccessToken(store, 'a-token', { subject: 'ann', expiresAtMs: Date.now() + 600_000 });
  return createAuthorizationHandler({
    apps: [{ name: 'sample', apiUser: 'sample', apiSecret, verifier: storeVerifier({ store }) }],
  });
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
export const mountCases: readonly [name: string, init: RequestInit, status: number][] = [
  ['a valid token', { method: 'POST', headers: json, body: body({}) }, 200],
  ['an unknown token', { method: 'POST', headers: json, body: body({ access_token: 'other' }) }, 401],
  ['a wrong secret', { method: 'POST', headers: json, body: body({ api_secret: 'another of that length' }) }, 401],
  ['another method', { method: 'PUT', headers: json, body: body({}) }, 405],
  ['no JSON', { method: 'POST', headers: json, body: '{' }, 400],
  ['another content type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: body({}) }, 415],
  ['a body over the limit', { method: 'POST', headers: json, body: body({ padding: 'x'.repeat(20_000) }) }, 413],
];

const comparedFields = ['allow', 'www-authenticate', 'cache-control', 'content-type', 'x-content-type-options'];

/** Says where a mounted handler answers otherwise than the bare one; empty when nowhere. */
export async function differences(
  handler: (request: Request) => Promise<Response>,
  url: string,
  [name, init, status]: (typeof mountCases)[number],
): Promise<readonly string[]> {
  const bare = await handler(new Request(url, init));
  const mounted = await fetch(url, init);
  const pairs: readonly (readonly [what: string, seen: unknown, expected: unknown])[] = [
    ['bare status', bare.status, status],
    ['status', mounted.status, status],
    ['body', await mounted.text(), await bare.text()],
    ...comparedFields.map((field) => [field, mounted.headers.get(field), bare.headers.get(field)] as const),
  ];
  return pairs
    .filter(([, seen, expected]) => seen !== expected)
    .map(([what, seen, expected]) => `${name}: ${what} is ${String(seen)}, expected ${String(expected)}`);
}
