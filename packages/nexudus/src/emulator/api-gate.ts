import { type EmulatorRoute, type Exchange, readBasic } from '@x/http/emulator';
import type { EmulatedInstallation, Registry, Role } from './registry.ts';
import type { Throttle } from './throttle.ts';

/** What an API route does once its caller is let in. */
export type ApiRoute = (exchange: Exchange, installation: EmulatedInstallation) => Response | Promise<Response>;

/** Puts a route behind the gate. */
export type Gate = (role: Role, route: ApiRoute) => EmulatorRoute['handle'];

/**
 * Makes the gate of the API: Basic credentials, then the limits, then the role.
 *
 * Wrong credentials and a missing role are both 401 (documented, §8); its empty body and the order of limits and role
 * are assumed. Throttling is 409 with an empty body and `Retry-After` (documented, §9).
 */
export function createGate(registry: Registry, throttle: Throttle): Gate {
  return (role, route) => async (exchange) => {
    judgeRequest(exchange, registry);
    const installation = authenticate(exchange, registry);
    if (installation === undefined) return new Response(null, { status: 401 });

    const isWrite = exchange.request.method !== 'GET';
    const { retryAfterSeconds, isEarly } = throttle.admit(installation.sentToken, isWrite, exchange.nowMs);
    if (isEarly) exchange.warn('came back before Retry-After had passed');
    if (!exchange.check('limits', retryAfterSeconds === undefined)) {
      return new Response(null, {
        status: 409,
        statusText: 'You must wait before accessing this url again.',
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    }
    if (!exchange.check('role', installation.app.roles.includes(role), role))
      return new Response(null, { status: 401 });
    return route(exchange, installation);
  };
}

/** Judges what works but should not be done. */
export function judgeRequest({ request, url, warn }: Exchange, registry: Registry): void {
  const written = `${url.pathname}${url.search}`;
  const texts = [written, decodeLeniently(written)];
  if (registry.secrets().some((secret) => texts.some((text) => text.includes(secret)))) warn('a secret in a URL');
  if (url.searchParams.has('Application_SecretKey')) warn('a secret in a URL: never filter by Application_SecretKey');
  if ((request.headers.get('user-agent') ?? '') === '') warn('no User-Agent: the firewall may refuse it');
  if (!(request.headers.get('accept') ?? '').includes('application/json')) warn('no Accept: application/json');
}

function authenticate(exchange: Exchange, registry: Registry): EmulatedInstallation | undefined {
  const pair = readBasic(exchange.request);
  if (!exchange.check('authorization', pair !== undefined, 'Basic') || pair === undefined) return undefined;
  const verdict = registry.judge(pair.userName, pair.password);
  if (!exchange.check('application-key', verdict.kind !== 'unknown-application')) return undefined;
  if (!exchange.check('access-token', verdict.kind !== 'wrong-token')) return undefined;
  if (verdict.kind === 'removed' && verdict.refusals > 1) exchange.warn('went on calling after the app was removed');
  exchange.check('installation', verdict.kind === 'accepted');
  return verdict.kind === 'accepted' ? verdict.installation : undefined;
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
