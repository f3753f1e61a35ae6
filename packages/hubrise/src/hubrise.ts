import type { Secret } from '@x/crypto/light';
import { type AuthorizeRequest, authorizeUrl } from './authorize.ts';
import { type ConnectedClient, connect, createApiClient } from './client.ts';
import { type CreateHubRiseOptions, readOptions } from './options.ts';
import { parseRedirect, type RedirectResult } from './redirect.ts';
import { createRevoke, type Revoke } from './revoke.ts';
import { createExchange, type Exchange } from './token.ts';

/** One client of HubRise. */
export interface HubRise {
  readonly clientId: string;
  /** The URL that the user's browser opens; see {@link AuthorizeRequest}. @throws {TypeError} Naming the field. */
  authorizeUrl(request: AuthorizeRequest): URL;
  /** What the browser brought back. Compare `state` before the code is used. Never throws for any text. */
  parseRedirect(redirect: string | URL | Request): RedirectResult;
  /**
   * Turns a code into a connection, once.
   *
   * @throws {XError} `hubrise.invalid-code` when it is expired, used or unknown; `hubrise.invalid-client`;
   *   `http.contract-broken` when the answer is not as documented; the codes of every client.
   * @throws {TypeError} When the text cannot be a code, see `parseCode`.
   */
  readonly exchange: Exchange;
  /**
   * Ends a connection. Remove its callback first: a revoked token cannot.
   *
   * @throws {XError} `hubrise.invalid-client`; the codes of every client.
   */
  readonly revoke: Revoke;
  /** The API, with the token of one connection. */
  connect(token: string | Secret): ConnectedClient;
}

/**
 * Ties the protocol's steps to one client's credentials.
 *
 * @throws {TypeError | RangeError} Naming the option.
 */
export function createHubRise(options: CreateHubRiseOptions): HubRise {
  const read = readOptions(options);
  createApiClient(read); // a retry policy that cannot be is told now, not with the first token
  return Object.freeze({
    clientId: read.clientId,
    authorizeUrl: (request: AuthorizeRequest) => authorizeUrl(read, request),
    parseRedirect,
    exchange: createExchange(read),
    revoke: createRevoke(read),
    connect: (token: string | Secret) => connect(token, read),
  });
}
