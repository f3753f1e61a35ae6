import type { Clock, JsonObject, RandomSource, SealerKey } from '@x/crypto';
import { checkOptions, isStore } from '@x/http/options';
import type { Store } from '@x/http/store';
import * as v from 'valibot';
import type { SignUpPrefill } from './authorize.ts';
import type { ConnectEvent, ConnectFailure } from './connect-failure.ts';
import type { HubRise } from './hubrise.ts';
import type { Connection } from './schemas/connection.ts';
import type { Scope } from './scope/model.ts';

/** What one flow begins with. */
export interface Preparation extends SignUpPrefill {
  /** Sealed into `state` and given to `onConnected`: who is connecting, where to go on. JSON, about 2 kB at most. */
  readonly claims?: JsonObject | undefined;
  /** See `AuthorizeRequest`. */
  readonly deviceId?: string | undefined;
}

/** A flow that ended well. */
export interface Connected {
  readonly connection: Connection;
  /** What `prepare` put into the flow; empty without it. */
  readonly claims: JsonObject;
  /** The browser's request, for its session. The cookie of the flow binds a browser, not a signed-in user. */
  readonly request: Request;
  /** Aborted when the deadline passes. */
  readonly signal: AbortSignal;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing can be passed as it is
type Answer = Response | undefined | void;

/** Options of `createConnectHandler`. */
export interface CreateConnectHandlerOptions {
  /** Made by `createHubRise`. */
  readonly hubrise: Pick<HubRise, 'clientId' | 'authorizeUrl' | 'parseRedirect' | 'exchange'>;
  /** Seal `state`; the first seals, all open. See `generateKey` of @x/crypto. */
  readonly keys: readonly SealerKey[];
  /** More words that the state is bound to, besides the client id and the redirect URI: an environment, a tenant. */
  readonly context?: readonly string[] | undefined;
  /** The public URL of the callback. Requests to its path end the flow. */
  readonly redirectUri: string | URL;
  /** What every flow asks for. */
  readonly scope: Scope;
  /** Requests to this path begin the flow; default `/hubrise/connect`. */
  readonly beginPath?: string | undefined;
  /** Decides whether and how a flow begins: gives its start, or a response, such as a redirect to the sign-in page. */
  readonly prepare?: ((request: Request) => Preparation | Response | Promise<Preparation | Response>) | undefined;
  /**
   * Stores the connection. Its response is shown to the browser, best a redirect; without one a short page is, whatever
   * else it returns.
   */
  readonly onConnected: (connected: Connected) => Answer | Promise<Answer>;
  /** Told every failure. Its response is shown instead of the neutral page. */
  readonly onFailed?: ((failure: ConnectFailure) => Answer | Promise<Answer>) | undefined;
  /** Told what became of each request, without secrets. */
  readonly onEvent?: ((event: ConnectEvent) => void) | undefined;
  /** Remembers which states were used, so that each counts once. Shared by all machines that serve the callback. */
  readonly store?: Store | undefined;
  /** Milliseconds that the user may take, from 1; default 600,000. */
  readonly ttlMs?: number | undefined;
  /**
   * Milliseconds, 1 to 600,000, for each of: `prepare`; `store`; exchange and `onConnected` together; and `onFailed`, which
   * has its own time for a connection that came too late. Default 20,000.
   */
  readonly deadlineMs?: number | undefined;
  /** Default `__Host-hubrise-connect`; handlers that share an origin need one each. */
  readonly cookieName?: string | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

const fromHubRise = 'must come from createHubRise';
const OptionalFunction = v.optional(v.function('must be a function'));
const OptionalAny = v.optional(v.any());
const deadlineMessage = 'must be from 1 to 600000 milliseconds';

const OptionsShape = v.strictObject({
  hubrise: v.object(
    {
      clientId: v.string(fromHubRise),
      authorizeUrl: v.function(fromHubRise),
      parseRedirect: v.function(fromHubRise),
      exchange: v.function(fromHubRise),
    },
    fromHubRise,
  ),
  // these are checked by what they are for
  keys: OptionalAny,
  redirectUri: OptionalAny,
  scope: OptionalAny,
  ttlMs: OptionalAny,
  context: v.optional(v.array(v.string('must be text'), 'must be a list of texts')),
  beginPath: v.optional(v.custom<string>(isUrlPath, 'must be a path as URLs write it, without query')),
  prepare: OptionalFunction,
  onConnected: v.function('must be a function'),
  onFailed: OptionalFunction,
  onEvent: OptionalFunction,
  store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
  deadlineMs: v.optional(
    v.pipe(v.number(deadlineMessage), v.minValue(1, deadlineMessage), v.maxValue(600_000, deadlineMessage)),
    20_000,
  ),
  cookieName: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^__Host-[\w!#$%&'*+.^`|~-]+$/, 'must begin with __Host- and be a token')),
  ),
  clock: OptionalFunction,
  random: OptionalFunction,
});

/**
 * Checks the kind of each option.
 *
 * @returns What has a default of its own.
 * @throws {TypeError} Naming the option that is missing, unknown or wrong. @throws {RangeError} For `deadlineMs`.
 */
export function checkHandlerOptions(options: CreateConnectHandlerOptions): { readonly deadlineMs: number } {
  return { deadlineMs: checkOptions(OptionsShape, options).deadlineMs };
}

/** Requests come with the path as URLs write it, so another spelling would never be met. */
function isUrlPath(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\/(?!\/)/.test(value)) return false;
  return new URL(value, 'https://app.invalid').pathname === value;
}
