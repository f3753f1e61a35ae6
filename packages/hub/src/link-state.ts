import { createOAuthState, createSealer, digest, encodeHex, type OAuthStateReason, sha256 } from '@x/crypto';
import { readCookie, setCookie } from '@x/http/server';
import { storeKey } from '@x/http/store';
import type { HubSettings } from './options.ts';

/** A link under way: which Hub asked for it, and its unique id. */
export interface PendingLink {
  readonly hub: string;
  readonly id: string;
}

/** Why a link cannot go on. */
export type LinkStateReason = OAuthStateReason | 'state-used' | 'confirmation-missing' | 'confirmation-invalid';

/** The state of links: begun for a browser, confirmed for a user, used up once. */
export interface LinkState {
  /** Begins a link: `state` for forms and URLs, `cookie` for this browser. */
  begin(hub: string): { readonly state: string; readonly cookie: string };
  /** Checks that a request belongs to a link that its browser began. Never throws for a stranger's input. */
  read(
    request: Request,
    state: string | undefined,
  ): { readonly ok: true; readonly link: PendingLink } | { readonly ok: false; readonly reason: OAuthStateReason };
  /** Makes the token of the confirmation form: for this link and this user only. */
  confirm(link: PendingLink, username: string): string;
  /** Tells whether the token was made by `confirm` for this link and this user. */
  isConfirmed(link: PendingLink, username: string, confirmation: string): boolean;
  /** Uses the link up; false when it was used before. */
  use(link: PendingLink): Promise<boolean>;
  /** The field that makes the browser forget the link. */
  readonly clearing: string;
}

/**
 * Makes the state of an app's links: sealed, bound to a cookie, short-lived, used once.
 *
 * @see Hub fact sheet §9.5
 */
export function createLinkState(settings: HubSettings): LinkState {
  const { app, environment = '', keys, clock, random, stores, cookieSameSite: sameSite, linkTtlMs } = settings;
  const state = createOAuthState({ keys, context: contextOf('link'), ttlMs: linkTtlMs, clock, random });
  const confirmations = createSealer({ keys, context: contextOf('confirmation'), clock, random });
  // Apps on one origin would forget each other's links; a digest, because an app's name may be no name of a cookie.
  const suffix = encodeHex(digest(sha256, storeKey(app, environment))).slice(0, 8);
  const cookieName = `__Host-hub-link-${suffix}`;
  // A frame of another site keeps its cookies apart only in a jar of its own.
  const partition = sameSite === 'None' ? '; Partitioned' : '';

  // The first part differs from that of tokens, so that neither opens as the other.
  function contextOf(purpose: string): string[] {
    return [`@x/hub ${purpose}`, app, ...(environment === '' ? [] : [environment])];
  }

  function writeCookie(value: string, maxAgeSeconds: number): string {
    return setCookie({ name: cookieName, value, maxAgeSeconds, sameSite }) + partition;
  }

  return {
    begin(hub) {
      const begun = state.begin({ hub });
      return { state: begun.state, cookie: writeCookie(begun.binding, Math.ceil(linkTtlMs / 1000)) };
    },
    read(request, presented) {
      const finished = state.finish({ state: presented, binding: readCookie(request, cookieName) });
      if (!finished.ok) return finished;
      const { hub } = finished.claims;
      // Only a Hub that is still listed may be sent a token, whatever was listed when the link began.
      const listed = settings.hubs.find((entry) => entry === hub);
      if (listed === undefined) return { ok: false, reason: 'state-malformed' };
      return { ok: true, link: { hub: listed, id: finished.id } };
    },
    confirm: ({ id }, username) => confirmations.seal(username, { link: id }, { expiresInMs: linkTtlMs }),
    isConfirmed({ id }, username, confirmation) {
      const opened = confirmations.open(confirmation);
      return opened.ok && opened.subject === username && opened.claims['link'] === id;
    },
    use: ({ id }) =>
      stores.links.compareAndSet(storeKey('@x/hub', app, environment, 'used-link', id), undefined, true, {
        ttlMs: linkTtlMs + 60_000,
      }),
    clearing: writeCookie('', 0),
  };
}
