import { createHubClient } from './client.ts';
import { createHandler } from './handler.ts';
import type { HubRoutes } from './hub-routes.ts';
import {
  type ConfirmLinkOptions,
  type ConfirmLinkResult,
  createLinks,
  type FinishLinkOptions,
  type FinishLinkResult,
} from './link.ts';
import { createLinkState } from './link-state.ts';
import { type CreateHubOptions, resolveOptions } from './options.ts';
import { createPushes, type PushOptions, type PushResult } from './push.ts';
import { createRevocation } from './revocation.ts';
import { createHubTokens } from './token.ts';

/** An app's side of Hub. */
export interface Hub {
  /**
   * Makes the function that answers every URL that Hub or a browser sent by Hub calls. It never rejects.
   *
   * @throws {TypeError} Naming the route or property that is missing, unknown or wrong.
   */
  handler(routes: HubRoutes): (request: Request) => Promise<Response>;
  /**
   * Checks, after the login, that this browser began a link, and makes the token of the confirmation form.
   *
   * Show the page that names the account and the Hub, with `state` and `confirmation` in hidden fields of a POST form.
   *
   * @returns Never throws for a stranger's input; answer with `response` when `ok` is false.
   */
  confirmLink(request: Request, options: ConfirmLinkOptions): ConfirmLinkResult;
  /**
   * Hands the user's token to Hub, after the confirmation form came back.
   *
   * @returns The answer for the browser in every case: Hub's page, or one that says what to do. Never rejects.
   */
  finishLink(request: Request, options: FinishLinkOptions): Promise<FinishLinkResult>;
  /**
   * Asks Hub to request notifications and timeline of a user anew.
   *
   * Nothing secret is sent: anyone can do the same.
   *
   * @returns Whether it was sent; else why it was held back, and after what time it should be repeated.
   * @throws {RequestError} `http.network`, `http.timeout` or `http.aborted`.
   * @throws {ResponseError} When Hub answers with another status than 2xx.
   * @throws {RangeError} For a username that cannot be linked. @throws {TypeError} For a hub that is not listed.
   *   Rejects with what the store rejects with.
   */
  push(username: string, options?: PushOptions): Promise<PushResult>;
  /**
   * Takes back every token issued to a user so far; linking anew gives a good one. Hub is not told, it cannot be.
   *
   * @throws {RangeError} For a username that cannot be linked. Rejects with what the store rejects with.
   */
  revoke(username: string): Promise<void>;
}

/**
 * Makes an app's side of BroadSoft Hub: linking users, answering Hub's requests about them, pushing, revoking.
 *
 * Only private apps, whose requests carry a token, are supported; revision of November 2016, with the paths of July
 * 2016 beside it.
 *
 * @throws {TypeError} Naming the option that is missing, unknown or wrong. @throws {RangeError} Naming the duration.
 * @see Hub fact sheet §4
 */
export function createHub(options: CreateHubOptions): Hub {
  const settings = resolveOptions(options);
  const revocation = createRevocation(settings);
  const { app, keys, environment, tokenTtlMs, usernameCanonical, clock, random } = settings;
  const { isRevoked } = revocation;
  const tokens = createHubTokens({
    app,
    keys,
    environment,
    tokenTtlMs,
    usernameCanonical,
    isRevoked,
    clock,
    random,
  });
  const callHub = createHubClient(settings);
  const pushes = createPushes(settings, callHub);
  const linkState = createLinkState(settings);
  const links = createLinks({ settings, linkState, tokens, revocation, callHub });

  return Object.freeze({
    handler: (routes: HubRoutes) => createHandler(routes, { settings, tokens, linkState, pushes }),
    confirmLink: links.confirm,
    finishLink: links.finish,
    push: pushes.push,
    revoke: revocation.revoke,
  });
}
