import type { Secret } from '@x/crypto';
import { createServerTime, staticCredential, withRateLimit } from '@x/http';
import { getAccountSettings, toSettingsUrl } from './account-settings.ts';
import { type CallOptions, createApiClient, type QuickBloxClient } from './client.ts';
import { createDiscovery } from './discovery.ts';
import { createSessionIssuer } from './issue-session.ts';
import type { Login, LoginSource } from './login.ts';
import { assertNoDocument } from './no-document.ts';
import { type CreateQuickBloxOptions, type QuickBloxOptions, readOptions } from './options.ts';
import type { AccountSettings } from './schemas/account-settings.ts';
import type { UserToken } from './schemas/user-token.ts';
import { createSession, type QuickBloxSession } from './session.ts';
import { toSubject } from './subject.ts';
import { assertUserId, mintUserToken, withdrawUserToken } from './user-token.ts';

/** Options of {@link QuickBlox.server}. */
export interface ServerOptions {
  /** QuickBlox's id of the user to act for; absent: the application acts, with full rights. */
  readonly onBehalfOf?: number | undefined;
}

/** One application of QuickBlox's. */
export interface QuickBlox {
  /** As it was given, in digits. */
  readonly applicationId: string;
  /** Where requests go, with a slash at the end; the shared host, where the account's own is discovered. */
  readonly baseUrl: string;
  /** Whether there is an `apiKey`, for `server()` and `createUserToken()`. */
  readonly hasApiKey: boolean;
  /** QuickBlox's time, as far as its answers have told it, milliseconds since 1970. */
  nowMs(): number;
  /**
   * Asks QuickBlox's shared host where the account's servers are, the chat server among them. With a `baseUrl` that is
   * not QuickBlox's, that is asked. Requests go by the answer on their own.
   *
   * @throws {TypeError} When there is no `accountKey`.
   */
  accountSettings(options?: CallOptions): Promise<AccountSettings>;
  /**
   * Makes a session; nothing is sent before it is first used.
   *
   * @param login Who it is for; default the application itself.
   * @throws {TypeError} When the login is incomplete or mixes kinds, or there is no `authKey`.
   */
  session(login?: Login | LoginSource): QuickBloxSession;
  /**
   * Makes a client with the API key, for back ends.
   *
   * @throws {TypeError} When there is no `apiKey`, and where there is a `window` or a `document`.
   * @throws {RangeError} When `onBehalfOf` is not a positive integer.
   */
  server(options?: ServerOptions): { readonly client: QuickBloxClient };
  /**
   * Mints a token of a user's with the API key, to be handed to that user's client.
   *
   * @throws {ResponseError} `http.not-found` when there is no such user, `quickblox.bad-api-key`.
   */
  createUserToken(userId: number, options?: CallOptions): Promise<UserToken>;
  /**
   * Ends one token of a user's with the API key. QuickBlox lists the call and does not tell its path.
   *
   * @throws {TypeError} Without the option `unconfirmed`.
   */
  deleteUserToken(userId: number, token: string | Secret, options?: CallOptions): Promise<void>;
  /**
   * Ends all tokens of a user's with the API key. QuickBlox lists the call and does not tell its path.
   *
   * @throws {TypeError} Without the option `unconfirmed`.
   */
  flushUserTokens(userId: number, options?: CallOptions): Promise<void>;
}

/**
 * Makes the entrance to one application of QuickBlox's; as many as needed live side by side.
 *
 * @throws {TypeError | RangeError} Naming the option that is missing or wrong.
 */
export function createQuickBlox(options: CreateQuickBloxOptions): QuickBlox {
  const checked = readOptions(options);
  const serverTime = createServerTime(checked.clock); // learnt by all clients; sessions are signed and expire by it
  const known: QuickBloxOptions = {
    ...checked,
    platform: { ...checked.platform, serverTime, fetch: limited(checked, routed(checked)) },
  };
  const unsigned = createApiClient(known);

  function server({ onBehalfOf }: ServerOptions = {}): { readonly client: QuickBloxClient } {
    const { apiKey } = known;
    if (apiKey === undefined) throw new TypeError('apiKey must be given for server() and createUserToken()');
    assertNoDocument();
    if (onBehalfOf !== undefined) assertUserId('onBehalfOf', onBehalfOf);
    const credential = staticCredential({
      Authorization: `ApiKey ${apiKey.reveal()}`,
      ...(onBehalfOf === undefined ? {} : { 'On-Behalf-Of': String(onBehalfOf) }),
    });
    return { client: createApiClient(known, credential) };
  }

  function unconfirmed(call: 'deleteUserToken' | 'flushUserTokens'): string {
    const path = known.unconfirmed?.[call];
    if (path === undefined) throw new TypeError(`unconfirmed must be given for ${call}(), whose path is a guess`);
    return path;
  }

  return {
    applicationId: known.applicationId,
    baseUrl: known.baseUrl.href,
    hasApiKey: known.apiKey !== undefined,
    nowMs: () => serverTime.nowMs(),
    server,
    async accountSettings(call) {
      if (known.accountKey === undefined) throw new TypeError('accountKey must be given for accountSettings()');
      const asked = { ...checked, baseUrl: toSettingsUrl(checked.baseUrl) };
      const platform = { ...asked.platform, fetch: limited(asked, asked.platform.fetch) };
      return getAccountSettings(createApiClient({ ...asked, platform }), known.accountKey, call);
    },
    session(login = { kind: 'application' }) {
      const { keys } = known;
      if (keys === undefined) throw new TypeError('authKey and authSecret must be given for session()');
      return createSession({
        options: known,
        subject: toSubject(login, keys),
        toSubject: (later) => toSubject(later, keys),
        issueSession: createSessionIssuer({ options: known, keys, client: unsigned, serverTime }),
        serverTime,
      });
    },
    createUserToken: async (userId, call) => mintUserToken(server().client, userId, call),
    async deleteUserToken(userId, token, call) {
      await withdrawUserToken(server().client, unconfirmed('deleteUserToken'), { userId, token }, call);
    },
    async flushUserTokens(userId, call) {
      await withdrawUserToken(server().client, unconfirmed('flushUserTokens'), { userId }, call);
    },
  };
}

type Fetch = QuickBloxOptions['platform']['fetch'];

/** A fetch that finds the account's own host, where it is to be found. */
function routed(options: QuickBloxOptions): Fetch {
  const { accountKey, endpoint, platform } = options;
  return accountKey === undefined || endpoint === 'fixed' ? platform.fetch : createDiscovery(options, accountKey);
}

/** A fetch that keeps the limiter's pace with what goes to QuickBlox, and with nothing else. */
function limited({ rateLimiter, baseUrl, clock }: QuickBloxOptions, fetch: Fetch): Fetch {
  if (rateLimiter === undefined) return fetch;
  const send: NonNullable<Fetch> = fetch ?? ((input, init) => globalThis.fetch(input, init));
  const keyOf = ({ url }: { readonly url: string }): string | undefined =>
    new URL(url).origin === baseUrl.origin ? 'quickblox' : undefined;
  return withRateLimit(send, rateLimiter, { keyOf, clock });
}
