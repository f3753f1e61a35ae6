import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { page, redirect } from '@x/http/server';
import { choose } from './choose.ts';
import type { AuthorizationAsk, Decision } from './decision.ts';
import type { Choice, Grants } from './grants.ts';
import { type RequestedScope, readRequestedScope } from './requested-scope.ts';
import type { EmulatedClient, World } from './world.ts';

const outOfBand = 'urn:ietf:wg:oauth:2.0:oob';

/** What the authorize page works with. */
export interface AuthorizeContext {
  readonly world: World;
  readonly grants: Grants;
  readonly decide: (ask: AuthorizationAsk) => Decision | Promise<Decision>;
  /** Whether errors carry `state`, which HubRise does not say. */
  readonly errorState: 'echoed' | 'omitted';
}

interface Asked {
  readonly client: EmulatedClient;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly ask: AuthorizationAsk;
  /** What an approval gives. */
  readonly toChoice: (decision: Extract<Decision, { kind: 'approve' }>) => Choice;
}

/**
 * The authorize page, with the user's part played by `decide`.
 *
 * An unknown client, a malformed scope or a missing parameter is answered with a page and status 400, without a
 * redirect (HubRise fact sheet §5: assumed). `response_type` and the sign-up prefill are ignored (§4.1).
 */
export function authorizeRoute(context: AuthorizeContext): EmulatorRoute {
  return {
    method: 'GET',
    path: '/oauth2/v1/authorize',
    async handle(exchange) {
      const asked = readAsk(exchange, context);
      if (asked === undefined) return refusalPage('This authorization request is not valid.', 400);
      judge(exchange, asked);
      const decision = await context.decide(asked.ask);
      exchange.check('user-consents', decision.kind === 'approve', decision.kind);
      if (decision.kind !== 'approve') return refuse(asked, decision.kind, context);

      const choice = asked.toChoice(decision);
      if (context.grants.existing(asked.client.clientId, choice)?.state === 'suspended') {
        // §9: reconnecting does not help and the page says why (documented; that it is 403: assumed)
        return refusalPage('The account/location has been suspended for non payment of the subscription', 403);
      }
      const code = context.grants.issueCode(asked.client.clientId, choice, exchange.nowMs);
      // §7: out of band the page shows the code (documented; the page itself: assumed)
      if (asked.redirectUri === outOfBand)
        return page({ status: 200, title: 'Your authorization code', message: code });
      return sendBack(asked.redirectUri, { code, state: asked.state });
    },
  };
}

function readAsk(exchange: Exchange, { world, grants }: AuthorizeContext): Asked | undefined {
  const { searchParams } = exchange.url;
  const names = ['client_id', 'redirect_uri', 'scope', 'state', 'device_id', 'app_instance_id'];
  const once = names.every((name) => searchParams.getAll(name).length <= 1);
  if (!exchange.check('parameters-given-once', once)) return undefined;
  // an empty value counts as none: some query builders write a bare `scope` (§18 item 28, documented by a client)
  const read = (name: string): string | undefined => searchParams.get(name) || undefined;

  const client = world.clients.find(({ clientId }) => clientId === read('client_id'));
  if (!exchange.check('client-known', client !== undefined) || client === undefined) return undefined;
  const redirectUri = read('redirect_uri');
  const usable = redirectUri !== undefined && (redirectUri === outOfBand || isReachable(redirectUri));
  if (!exchange.check('redirect-uri-usable', usable) || redirectUri === undefined) return undefined;

  const [scopeText, appInstanceId, deviceId] = [read('scope'), read('app_instance_id'), read('device_id')];
  const { clientId } = client;
  const state = read('state');
  if (appInstanceId !== undefined && scopeText === undefined) {
    // §4.3: gives access to a known instance again
    const grant = grants.byId(appInstanceId);
    const own = grant?.clientId === clientId && client.kind === 'app' && grant.state !== 'revoked';
    if (!exchange.check('app-instance-known', own) || grant === undefined) return undefined;
    const ask = { clientId, scope: undefined, level: grant.level, redirectUri, appInstanceId };
    return { client, redirectUri, state, ask, toChoice: () => grant };
  }
  const scope = readRequestedScope(scopeText ?? '');
  if (!exchange.check('scope-valid', scope !== undefined) || scope === undefined) return undefined;
  warnOfMix(exchange, scope);
  const ask = { clientId, scope: scopeText, level: scope.level ?? ('profile' as const), redirectUri, appInstanceId };
  return { client, redirectUri, state, ask, toChoice: (decision) => choose(world, scope, decision, deviceId) };
}

/** Any URI is taken (§4.1, observed) but those that hold or run what they show, to which nothing can be sent (assumed). */
function isReachable(redirectUri: string): boolean {
  return URL.canParse(redirectUri) && !/^(?:about|blob|data|javascript|vbscript):$/.test(new URL(redirectUri).protocol);
}

function judge(exchange: Exchange, { redirectUri, state }: Asked): void {
  if (exchange.url.searchParams.has('client_secret')) exchange.warn('secret in URL: client_secret');
  if (redirectUri !== outOfBand && state === undefined) {
    exchange.warn('missing state: the answer is not bound to the browser that began');
  }
}

function warnOfMix(exchange: Exchange, { level, profile }: RequestedScope): void {
  if (level !== undefined && profile !== undefined) {
    exchange.warn('profile next to an access set: the token belongs to one user');
  }
}

/** §5: refused (documented) and too old (documented in the seed's time); out of band the page alone shows it (§7, assumed). */
function refuse({ redirectUri, state }: Asked, kind: 'deny' | 'expire', { errorState }: AuthorizeContext): Response {
  if (redirectUri === outOfBand) return refusalPage('The application was not given access.', 200);
  const error = kind === 'deny' ? 'access_denied' : 'expired';
  return sendBack(redirectUri, { error, state: errorState === 'echoed' ? state : undefined });
}

function sendBack(redirectUri: string, parameters: Readonly<Record<string, string | undefined>>): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.append(name, value);
  }
  return redirect(url, { status: 302 });
}

function refusalPage(message: string, status: number): Response {
  return page({ status, title: 'HubRise', message });
}
