import { createOAuthState, type JsonObject } from '@x/crypto';
import { emit } from '@x/http/events';
import {
  amendResponse,
  clearCookie,
  isResponse,
  page,
  problem,
  readCookie,
  redirect,
  refuseMethod,
  runCallback,
  setCookie,
} from '@x/http/server';
import { storeKey } from '@x/http/store';
import { outOfBand } from './authorize.ts';
import { type ConnectEvent, type ConnectFailure, statusOf, toFailedEvent } from './connect-failure.ts';
import { type CreateConnectHandlerOptions, checkHandlerOptions } from './handler-options.ts';
import type { Connection } from './schemas/connection.ts';

export type { ConnectEvent, ConnectFailure, ConnectFailureReason } from './connect-failure.ts';
export type { Connected, CreateConnectHandlerOptions, Preparation } from './handler-options.ts';

const defaultTtlMs = 600_000;
/** How far ahead of ours the clock of a machine may be whose state is taken. */
const clockToleranceMs = 60_000;

/**
 * Makes the handler of the web flow: it begins at `beginPath` and ends at the path of `redirectUri`.
 *
 * Beginning sends the browser to HubRise with a sealed `state` and leaves a `__Host-` cookie; ending needs both, so any
 * machine with the keys can finish, and no other browser can. Every failure is answered with the same page, whatever
 * the reason, and the cookie is cleared once its own flow has come back. The newest flow of a browser is the one that can
 * finish.
 *
 * A state can be presented again while it lasts, but hardly in vain: the cookie is gone after the first time and a
 * code counts once. With a `store` the second time is refused outright.
 *
 * @returns A handler for GET at the two paths; 405 for other methods, 404 elsewhere. It never rejects.
 * @throws {TypeError | RangeError} Naming the option.
 * @see HubRise fact sheet §4, §5; RFC 9700 §4.7.
 */
export function createConnectHandler(options: CreateConnectHandlerOptions): (request: Request) => Promise<Response> {
  const { deadlineMs } = checkHandlerOptions(options);
  const { hubrise, scope, store, onConnected } = options;
  const { ttlMs = defaultTtlMs, cookieName = '__Host-hubrise-connect' } = options;
  const { redirectUri, callbackPath, beginPath } = readPaths(options);
  const clearing = clearCookie(cookieName);
  const state = createOAuthState({
    keys: options.keys,
    context: ['@x/hubrise', 'connect', hubrise.clientId, redirectUri, ...(options.context ?? [])],
    ttlMs,
    clock: options.clock,
    random: options.random,
  });
  const tell = (event: ConnectEvent): void => emit(options.onEvent, event);

  async function begin(request: Request): Promise<Response> {
    const done = await runCallback(async () => (await options.prepare?.(request)) ?? {}, { deadlineMs });
    if (!done.ok) return fail(request, done.reason === 'failed' ? unprepared(done.error) : { reason: 'deadline' });
    try {
      const prepared = done.value;
      if (isResponse(prepared)) return prepared;
      if (typeof prepared !== 'object') throw new TypeError('prepare must give a preparation or a response');
      const { claims = {}, ...fields } = prepared;
      const { state: sealed, binding } = state.begin(claims);
      const url = hubrise.authorizeUrl({ ...fields, redirectUri, scope, state: sealed });
      const cookie = setCookie({ name: cookieName, value: binding, maxAgeSeconds: Math.ceil(ttlMs / 1000) });
      tell({ type: 'connect-begun', provider: 'hubrise' });
      return redirect(url, { headers: { 'set-cookie': cookie } });
    } catch (error) {
      return fail(request, unprepared(error));
    }
  }

  async function finish(request: Request): Promise<Response> {
    const result = hubrise.parseRedirect(request);
    const returned = 'state' in result ? result.state : undefined;
    const flow = state.finish({ state: returned, binding: readCookie(request, cookieName) });
    const claims = flow.ok ? flow.claims : undefined;
    if (!result.ok) {
      // HubRise does not say whether errors carry the state, so an error is shown without one
      return fail(request, {
        reason: result.reason,
        providerError: 'error' in result ? result.error : undefined,
        claims,
      });
    }
    if (!flow.ok) return fail(request, { reason: flow.reason });
    const used = await useUp(flow.id);
    if (used !== undefined) return fail(request, { ...used, claims });
    return complete(request, result.code, flow.claims);
  }

  /** Admits a state once, where there is a store. */
  async function useUp(id: string): Promise<(Pick<ConnectFailure, 'reason'> & { error?: unknown }) | undefined> {
    const first = await runCallback(
      async () => {
        const key = storeKey('@x/hubrise', 'connect', hubrise.clientId, id);
        const lifeMs = ttlMs + clockToleranceMs; // the machine that began may be ahead
        return store === undefined || (await store.compareAndSet(key, undefined, true, { ttlMs: lifeMs })) === true;
      },
      { deadlineMs },
    );
    if (first.ok) return first.value ? undefined : { reason: 'state-replayed' };
    return { reason: 'store-failed', error: first.reason === 'failed' ? first.error : undefined };
  }

  async function complete(request: Request, code: string, claims: JsonObject): Promise<Response> {
    let connection: Connection | undefined;
    const done = await runCallback(
      async (signal) => {
        connection = await hubrise.exchange(code, { signal });
        signal.throwIfAborted();
        return (await onConnected({ connection, claims, request, signal })) as unknown;
      },
      { deadlineMs },
    );
    if (done.ok) {
      try {
        const shown = closing(isResponse(done.value) ? done.value : connectedPage(), clearing);
        tell({ type: 'connect-completed', provider: 'hubrise' });
        return shown;
      } catch (error) {
        return fail(request, { reason: 'response-unusable', error, claims, connection });
      }
    }
    if (done.reason !== 'failed') return fail(request, { reason: 'deadline', claims, connection });
    const reason = connection === undefined ? 'exchange-failed' : 'on-connected-failed';
    return fail(request, { reason, error: done.error, claims, connection });
  }

  async function fail(
    request: Request,
    seen: Pick<ConnectFailure, 'reason'> & Partial<ConnectFailure>,
  ): Promise<Response> {
    const failure: ConnectFailure = {
      claims: undefined,
      providerError: undefined,
      error: undefined,
      connection: undefined,
      ...seen,
      request,
    };
    tell(toFailedEvent(failure));
    // a request without the cookie's state ends nothing: it may be that of an older tab, or anybody's
    const cookie = failure.claims === undefined ? undefined : clearing;
    const shown = await runCallback(
      async () => {
        const answer: unknown = await options.onFailed?.(failure);
        return closing(isResponse(answer) ? answer : failedPage(statusOf(failure)), cookie);
      },
      { deadlineMs },
    );
    if (shown.ok) return shown.value;
    const error = shown.reason === 'failed' ? shown.error : undefined;
    tell({ type: 'connect-on-failed-threw', provider: 'hubrise', error });
    return closing(failedPage(statusOf(failure)), cookie);
  }

  /** Keeps the callback's URL, which holds the code, out of referrers. */
  function closing(response: Response, cookie: string | undefined): Response {
    return amendResponse(response, (headers) => {
      if (cookie !== undefined) headers.append('set-cookie', cookie);
      headers.set('cache-control', 'no-store');
      headers.set('referrer-policy', 'no-referrer');
    });
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== beginPath && pathname !== callbackPath) return problem({ status: 404, code: 'not-found' });
    const refused = refuseMethod(request, ['GET']);
    if (refused !== undefined) return refused;
    try {
      return await (pathname === beginPath ? begin(request) : finish(request));
    } catch (error) {
      return fail(request, { reason: 'internal-error', error });
    }
  };
}

/** Checks what can be checked before the first request, the URL and scope by writing them once. */
function readPaths(options: CreateConnectHandlerOptions): {
  readonly redirectUri: string;
  readonly callbackPath: string;
  readonly beginPath: string;
} {
  const { hubrise, scope, beginPath = '/hubrise/connect' } = options;
  const redirectUri = String(options.redirectUri);
  if (redirectUri === outOfBand) throw new TypeError('redirectUri must be a URL: out of band, nothing comes back');
  hubrise.authorizeUrl({ redirectUri, scope });
  const callbackPath = new URL(redirectUri).pathname;
  if (beginPath === callbackPath) throw new TypeError('beginPath must be another path than that of redirectUri');
  return { redirectUri, callbackPath, beginPath };
}

function unprepared(error: unknown): Pick<ConnectFailure, 'reason' | 'error'> {
  return { reason: 'prepare-failed', error };
}

function connectedPage(): Response {
  return page({ status: 200, title: 'HubRise is connected', message: 'You can close this page.' });
}

/** Says nothing of the connection: a token may be live all the same, or an equal request may have got it before. */
function failedPage(status: number): Response {
  const message = 'Go back to the application and look whether HubRise is connected. If it is not, try again.';
  return page({ status, title: 'This attempt to connect HubRise failed', message });
}
