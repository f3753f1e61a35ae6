import type { JsonObject } from '@x/crypto';
import { emit } from '@x/http/events';
import { acceptFields, amendResponse, fixedJson, isResponse, json, refuseMethod, runCallback } from '@x/http/server';
import * as v from 'valibot';
import { readActionValue, readProperties } from './action.ts';
import type { AnswerResult } from './answer-check.ts';
import { withCors } from './cors.ts';
import { answerOf, mediaTypes, type RequestReason, readDataRequest } from './data-request.ts';
import type { HubOccurrence, HubRouteName } from './events.ts';
import { checkRoutes, type HubRequest, type HubRoutes } from './hub-routes.ts';
import { checkLinkStart } from './link-start.ts';
import type { LinkState } from './link-state.ts';
import { formatNotifications } from './notifications.ts';
import type { HubSettings } from './options.ts';
import type { Pushes } from './push.ts';
import { bodyOf, refuse } from './refusal.ts';
import { matchRoute, type Route } from './route.ts';
import { TimelineRequest } from './schema.ts';
import { createTimelineFormat } from './timeline.ts';
import type { HubTokens } from './token.ts';

/** What {@link createHandler} works with. */
export interface HandlerParts {
  readonly settings: HubSettings;
  readonly tokens: HubTokens;
  readonly linkState: LinkState;
  readonly pushes: Pushes;
}

type Fields = Readonly<Record<string, string>>;
type DataRoute = Exclude<Route, { kind: 'authenticate' }>;

/** Written once a callback has answered. */
type Answer = AnswerResult<object>;

/** One request on its way to an answer. */
interface Work {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Tells the subscriber, unless the request was answered meanwhile: then it is told that alone. */
  readonly tell: (event: HubOccurrence) => void;
}

/**
 * Makes the function that answers Hub and the browsers that Hub sends.
 *
 * It answers with status and error code in every case and never rejects.
 *
 * @throws {TypeError} Naming the route that is missing, unknown or wrong, or a property that cannot be used.
 * @see Hub fact sheet §9.6, §11
 */
export function createHandler(routes: HubRoutes, parts: HandlerParts): (request: Request) => Promise<Response> {
  const { settings, tokens, linkState, pushes } = parts;
  const { corsOrigins, deadlineMs, clock, onEvent, linkSchemes, itemText } = settings;
  checkRoutes(routes);
  const properties = readProperties(routes.action?.properties ?? {});
  const deny = fixedJson(bodyOf('unauthorized'), {
    status: 401,
    headers: { 'www-authenticate': challengeOf(settings.app) },
  });
  const formatTimeline = createTimelineFormat({ linkSchemes, itemText, properties: new Set(properties.keys()) });

  async function handle(request: Request): Promise<Response> {
    const matched = matchRoute(new URL(request.url).pathname, settings);
    if (!matched.ok) return refuseRequest(undefined, matched.reason);
    const { route } = matched;
    if (route.kind === 'authenticate') return within('authenticate', request, (work) => startLink(request, work));
    if (!isServed(route)) return refuseRequest(route.kind, 'path-unknown');
    if (route.kind === 'action' && !properties.has(route.property)) {
      return refuseRequest(route.kind, 'property-unknown');
    }
    const response = await within(route.kind, request, (work) => answerData(request, route, work));
    return withCors(response, request, corsOrigins);
  }

  /** Runs the work of a route up to the deadline, and turns what it throws into an answer. */
  async function within(
    route: HubRouteName,
    request: Request,
    run: (work: Work) => Promise<Response>,
  ): Promise<Response> {
    const done = await runCallback(
      (signal) => {
        const tell = (event: HubOccurrence): void => {
          if (!signal.aborted) emit(onEvent, event);
        };
        return run({ signal, tell });
      },
      { deadlineMs, signal: request.signal },
    );
    if (done.ok) return done.value;
    if (done.reason === 'failed') return failed(route, done.error);
    return refuseRequest(route, done.reason, { 'retry-after': '5' });
  }

  function failed(route: HubRouteName | undefined, error: unknown): Response {
    emit(onEvent, { type: 'handler-failed', route, error });
    return refuse(500, 'internal_error');
  }

  function refuseRequest(
    route: HubRouteName | undefined,
    reason: RequestReason,
    headers?: Fields,
    tell: Work['tell'] = (event) => emit(onEvent, event),
  ): Response {
    const [status, code] = answerOf(reason);
    tell({ type: 'request-refused', route, reason, status });
    return status === 401 ? deny() : refuse(status, code, headers);
  }

  async function startLink(request: Request, { signal, tell }: Work): Promise<Response> {
    if (refuseMethod(request, ['GET']) !== undefined) {
      return refuseRequest('authenticate', 'method-not-allowed', { allow: 'GET' }, tell);
    }
    const start = checkLinkStart(request, settings);
    if (!start.ok) {
      tell({ type: 'link-start-refused', reason: start.reason, status: start.status });
      return refuse(start.status, start.code);
    }
    const { hub } = start;
    const { state, cookie } = linkState.begin(hub);
    const shown = await routes.login({ request, state, hub, signal });
    if (!isResponse(shown)) throw new TypeError('login must return a Response');
    const response = amendResponse(shown, (headers) => {
      headers.append('set-cookie', cookie);
      headers.set('cache-control', 'no-store');
      headers.set('referrer-policy', 'no-referrer');
    });
    tell({ type: 'link-started', hub });
    return response;
  }

  async function answerData(request: Request, route: DataRoute, { signal, tell }: Work): Promise<Response> {
    const { kind, username } = route;
    const method = kind === 'action' ? 'PUT' : 'POST';
    const allow = `${method}, OPTIONS`;
    const accepts = acceptFields(method, mediaTypes);
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow, ...accepts } });
    if (refuseMethod(request, [method]) !== undefined) {
      return refuseRequest(kind, 'method-not-allowed', { allow }, tell);
    }
    const read = await readDataRequest(request, { tokens, username, signal });
    if (!read.ok) return refuseRequest(kind, read.reason, hintsOf(read.reason, accepts), tell);
    const { grant, body } = read;
    const common = { ...grant, extra: extraOf(body, route), request, signal };
    const run = prepare(route, body, common);
    if (run === undefined) return refuseRequest(kind, 'body-invalid', undefined, tell);

    const answer = await pushes.during(grant.username, signal, run);
    if (!answer.ok) {
      tell({ type: 'answer-invalid', route: kind, issues: answer.issues });
      return refuse(500, 'internal_error');
    }
    const { adjustments } = answer;
    if (adjustments.length > 0) tell({ type: 'answer-adjusted', route: kind, adjustments });
    tell({ type: 'request-answered', route: kind });
    return json(answer.answer);
  }

  /** Checks the rest of the body; undefined when it is not as documented. */
  function prepare(route: DataRoute, body: JsonObject, common: HubRequest): (() => Promise<Answer>) | undefined {
    const { notifications, timeline, action } = routes;
    if (route.kind === 'action') {
      const { itemId, property } = route;
      const read = readActionValue(body, property, properties.get(property) ?? 'any');
      if (!read.ok) return undefined;
      return async () => {
        await action?.perform({ ...common, itemId, property, value: read.value });
        return { ok: true, answer: {}, adjustments: [] };
      };
    }
    if (route.kind === 'notifications') {
      return async () => formatNotifications(await notifications?.(common), { nowMs: clock() });
    }
    const asked = v.safeParse(TimelineRequest, body);
    if (!asked.success) return undefined;
    const { search, context } = asked.output;
    return async () => formatTimeline(await timeline?.({ ...common, search, ...context }), { nowMs: clock() });
  }

  function isServed({ kind }: DataRoute): boolean {
    return routes[kind] !== undefined;
  }

  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      return failed(undefined, error);
    }
  };
}

/** What would have been taken instead of a body that is refused for how it is written. @see RFC 9110 §15.5.16 */
function hintsOf(reason: RequestReason, accepts: Fields): Fields | undefined {
  if (reason === 'body-encoded') return { 'accept-encoding': 'identity' };
  return reason === 'content-type-unsupported' ? accepts : undefined;
}

const known = new Set(['auth', 'username', 'csrf', 'search', 'context', 'value', '__proto__']);

/** Keeps what the documentation does not name, own members only. */
function extraOf(body: JsonObject, route: DataRoute): JsonObject {
  const property = route.kind === 'action' ? route.property : undefined;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !known.has(name) && name !== property));
}

/** The realm as a quoted string; names beyond ASCII are percent-encoded. @see RFC 9110 §11.5 */
function challengeOf(app: string): string {
  const realm = /^[ -~]*$/.test(app) ? app.replaceAll(/["\\]/g, (sign) => `\\${sign}`) : encodeURIComponent(app);
  return `HubAuth realm="${realm}"`;
}
