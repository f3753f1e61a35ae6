import type { Exchange } from '@x/http/emulator';
import type { Grant, Grants } from './grants.ts';

/** What every call of a dead connection is told. @see HubRise fact sheet §9 (documented). */
const deaths = {
  revoked: 'The access token is invalid or the connection has been revoked',
  blocked: 'The connection has been blocked',
  suspended: 'The account/location has been suspended for non payment of the subscription',
} as const;

/**
 * Finds the live connection that a request belongs to, or the answer that refuses it.
 *
 * Only `X-Access-Token` counts (HubRise fact sheet §10: documented; 401 for `Authorization: Bearer`: assumed).
 */
export function authenticate(exchange: Exchange, grants: Grants): Grant | Response {
  const { request, url } = exchange;
  if (url.searchParams.has('access_token')) exchange.warn('secret in URL: access_token');
  if (request.headers.has('authorization')) {
    exchange.warn('Authorization was sent: the API reads X-Access-Token, whatever token_type says');
  }
  const token = request.headers.get('x-access-token');
  if (!exchange.check('access-token-sent', token !== null)) return unauthorized('revoked');
  const grant = grants.byToken(token ?? '');
  const state = grant?.state ?? 'revoked';
  const live = exchange.check('connection-live', state === 'live', grant === undefined ? 'unknown' : state);
  if (live && grant !== undefined) return grant;
  return unauthorized(state === 'live' ? 'revoked' : state);
}

/**
 * Refuses a connection that has the right for none of the resources.
 *
 * @see HubRise fact sheet §3.2 (message observed).
 */
export function lacksRight(
  exchange: Exchange,
  grant: Grant,
  resources: readonly [string, ...string[]],
): Response | undefined {
  const held = resources.some((resource) => grant.scope.rights.has(resource));
  if (exchange.check('scope', held, `${resources[0]}.read`)) return undefined;
  return forbidden(`A '${resources[0]}' read scope is required`);
}

/** Refuses a path that is not for the token's level. @see HubRise fact sheet §10 (403: assumed). */
export function wrongLevel(): Response {
  return forbidden('The access token is not valid at this level');
}

/** Refuses with a message. @see HubRise fact sheet §11.2 (documented), §3.2 (status observed). */
export function forbidden(message: string): Response {
  return failure(403, { message, error_type: 'forbidden' });
}

/** Answers for a resource that does not exist. @see HubRise fact sheet §11.2 (documented). */
export function notFound(): Response {
  return failure(404, { error_type: 'not_found' });
}

/** Answers for a path that does not exist. @see HubRise fact sheet §11.2 (documented). */
export function routingError(): Response {
  return failure(404, { error_type: 'routing_error' });
}

/** Gives a resource. The API, unlike the OAuth server, allows every origin (HubRise fact sheet §11, documented). */
export function success(body: unknown): Response {
  return toResponse(200, body);
}

/**
 * Answers a browser that asks before it sends a token.
 *
 * That every origin may call is documented (HubRise fact sheet §11), the other fields are assumed from what it implies.
 */
export function allowBrowsers(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'X-Access-Token, Content-Type',
    },
  });
}

function unauthorized(state: keyof typeof deaths): Response {
  return failure(401, { message: deaths[state], error_type: 'unauthorized' });
}

function failure(status: number, body: object): Response {
  return toResponse(status, body);
}

function toResponse(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' },
  });
}
