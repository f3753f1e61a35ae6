import { constantTimeEqual } from '@x/crypto';
import { type BasicCredentials, type EmulatorRoute, type Exchange, readBasic } from '@x/http/emulator';
import type { Grant, Grants } from './grants.ts';
import { type EmulatedClient, findAccount, findLocation, reachable, type World } from './world.ts';

/** What token and revocation endpoint work with. */
export interface TokenContext {
  readonly world: World;
  readonly grants: Grants;
  /** `seed`: answers as HubRise did at first, with the token and three ids. */
  readonly era: 'today' | 'seed';
}

/**
 * The token endpoint.
 *
 * Client first, code second, so that wrong credentials leave the code unused (HubRise fact sheet §15 item 3). Form,
 * JSON and query are read (§6.1), other bodies are not (assumed); `grant_type` and `redirect_uri` are ignored. Statuses
 * are documented (§6.3), the failure bodies assumed, and that a code given twice is none.
 */
export function tokenRoute({ world, grants, era }: TokenContext): EmulatorRoute {
  return {
    method: 'POST',
    path: '/oauth2/v1/token',
    async handle(exchange) {
      const parameters = await readBodyParameters(exchange);
      // a header that cannot be read is not made up for by the body (assumed)
      const given = exchange.request.headers.has('authorization')
        ? readBasic(exchange.request)
        : bodyCredentials(exchange, parameters);
      const client = findClient(world, given);
      if (!exchange.check('client-authenticated', client !== undefined) || client === undefined) {
        return answer(401, { error: 'invalid_client' });
      }
      const codes = parameters.getAll('code');
      if (!exchange.check('code-given-once', codes.length === 1)) return answer(400, { error: 'invalid_grant' });
      const redeemed = grants.redeem(codes[0] ?? '', client.clientId, exchange.nowMs);
      if (typeof redeemed === 'string') {
        exchange.check('code-accepted', false, redeemed);
        if (redeemed === 'used') exchange.warn('code reused: it counts once');
        return answer(400, { error: 'invalid_grant' });
      }
      exchange.check('code-accepted', true);
      return answer(200, describe(redeemed, client, world, era));
    },
  };
}

/**
 * The revocation endpoint: Basic only, the client's own tokens only, an empty 200.
 *
 * That unknown and foreign tokens get 200 as well, without effect, is assumed after RFC 7009 §2.2.
 *
 * @see HubRise fact sheet §9 (documented, emptiness and ownership observed).
 */
export function revokeRoute({ world, grants }: TokenContext): EmulatorRoute {
  return {
    method: 'POST',
    path: '/oauth2/v1/revoke',
    async handle(exchange) {
      const parameters = await readBodyParameters(exchange);
      const client = findClient(world, readBasic(exchange.request));
      if (!exchange.check('client-authenticated', client !== undefined) || client === undefined) {
        return answer(401, { error: 'invalid_client' });
      }
      const grant = grants.byToken(parameters.get('token') ?? '');
      const own = grant !== undefined && grant.clientId === client.clientId;
      exchange.check('token-own', own);
      if (own) grant.state = 'revoked';
      return new Response(null, { status: 200 });
    },
  };
}

async function readBodyParameters(exchange: Exchange): Promise<URLSearchParams> {
  const inUrl = ['code', 'token', 'client_secret'].filter((name) => exchange.url.searchParams.has(name));
  for (const name of inUrl) exchange.warn(`secret in URL: ${name}`);
  const parameters = readParameters(exchange, await exchange.body());
  for (const name of new Set(exchange.url.searchParams.keys())) {
    if (parameters.has(name)) continue;
    for (const value of exchange.url.searchParams.getAll(name)) parameters.append(name, value);
  }
  return parameters;
}

function readParameters(exchange: Exchange, body: string): URLSearchParams {
  const [type = ''] = (exchange.request.headers.get('content-type') ?? '').toLowerCase().split(/[;\s]/);
  if (type === 'application/json') return readJsonParameters(body);
  if (type === 'application/x-www-form-urlencoded') return new URLSearchParams(body);
  if (body !== '') exchange.warn('a body that is neither form nor JSON: it is not read');
  return new URLSearchParams();
}

function readJsonParameters(body: string): URLSearchParams {
  const parameters = new URLSearchParams();
  try {
    for (const [name, value] of Object.entries(JSON.parse(body) as object)) {
      if (typeof value === 'string') parameters.set(name, value);
    }
  } catch {
    return new URLSearchParams(); // nothing readable was sent, which the checks report
  }
  return parameters;
}

/** §6.1: accepted for backwards compatibility only (documented). */
function bodyCredentials(exchange: Exchange, parameters: URLSearchParams): BasicCredentials | undefined {
  const [userName, password] = [parameters.get('client_id'), parameters.get('client_secret')];
  if (userName === null || password === null) return undefined;
  exchange.warn('client credentials outside Authorization: accepted for backwards compatibility only');
  return { userName, password };
}

function findClient({ clients }: World, given: BasicCredentials | undefined): EmulatedClient | undefined {
  const client = clients.find(({ clientId }) => clientId === given?.userName);
  if (client === undefined || given === undefined) return undefined;
  return constantTimeEqual(client.clientSecret, given.password) ? client : undefined;
}

/** §6.2 (documented), §17 for the seed's time. Members without a value are left out. */
function describe(grant: Grant, client: EmulatedClient, world: World, era: 'today' | 'seed'): object {
  const { accountId, locationId, catalogId, customerListId } = grant;
  const ids = { location_id: locationId, catalog_id: catalogId, customer_list_id: customerListId };
  if (era === 'seed') return { access_token: grant.token, ...ids };
  const account = accountId === undefined ? undefined : findAccount(world, accountId);
  const location = locationId === undefined ? undefined : findLocation(world, locationId)?.location;
  const nameOf = (kind: 'catalogs' | 'customerLists', id: string | undefined): string | undefined =>
    account === undefined ? undefined : reachable(kind, { account, location }).find((one) => one.id === id)?.name;
  return {
    access_token: grant.token,
    token_type: 'Bearer',
    account_id: accountId,
    ...ids,
    account_name: account?.name,
    location_name: location?.name,
    catalog_name: nameOf('catalogs', catalogId),
    customer_list_name: nameOf('customerLists', customerListId),
    user_id: grant.userId,
    app_instance_id: client.kind === 'app' ? grant.id : undefined,
  };
}

/** The OAuth server sends no CORS fields (§6.1, documented). */
function answer(status: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}
