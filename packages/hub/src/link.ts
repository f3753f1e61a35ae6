import type { JsonObject } from '@x/crypto';
import { emit } from '@x/http/events';
import { page, redirect } from '@x/http/server';
import type { CallHub } from './client.ts';
import { type HandOverReason, handOver } from './hand-over.ts';
import { linkPages } from './link-page.ts';
import type { LinkState, LinkStateReason } from './link-state.ts';
import type { HubSettings } from './options.ts';
import type { Revocation } from './revocation.ts';
import { isSegment } from './segment.ts';
import type { HubTokens } from './token.ts';

/** Why the app's own part of a link failed; a {@link HandOverReason} tells about Hub's. */
export type LinkReason =
  | LinkStateReason
  | 'username-invalid'
  | 'claims-invalid'
  | 'store-failed'
  | 'aborted'
  /** The user was revoked while Hub was being handed the token, which is no longer good. */
  | 'revoked';

/** What the confirmation page needs. */
export interface ConfirmLinkOptions {
  /** What `login` was given. Undefined or empty when the browser did not bring it back. */
  readonly state: string | undefined;
  /** Who logged in, as verified by the app; never what the user typed. */
  readonly username: string;
}

/** What a link is finished with. */
export interface FinishLinkOptions extends ConfirmLinkOptions {
  /** What `confirmLink` gave, back from the confirmation form. */
  readonly confirmation: string | undefined;
  /** Sealed into the token and given to every callback: plain JSON, little. Default none. */
  readonly claims?: JsonObject | undefined;
  /** Aborts the call to Hub. When it is aborted before the token is under way, the link can be finished later. */
  readonly signal?: AbortSignal | undefined;
}

/** A hidden field for the confirmation form and the Hub to name on it, or the page that says why there is none. */
export type ConfirmLinkResult =
  | { readonly ok: true; readonly confirmation: string; readonly hub: string }
  | { readonly ok: false; readonly reason: LinkReason; readonly response: Response };

/**
 * The answer for the user's browser.
 *
 * `ok` means that Hub took the token, not that the user is linked: only the page that Hub shows knows. `error` is what
 * the call to Hub or the store rejected with, where one did.
 */
export type FinishLinkResult =
  | { readonly ok: true; readonly response: Response }
  | {
      readonly ok: false;
      readonly reason: LinkReason | HandOverReason;
      readonly response: Response;
      readonly error?: unknown;
    };

/** The second half of linking: after the login, up to Hub's own page. */
export interface Links {
  confirm(request: Request, options: ConfirmLinkOptions): ConfirmLinkResult;
  finish(request: Request, options: FinishLinkOptions): Promise<FinishLinkResult>;
}

/** What {@link createLinks} works with. */
export interface LinkParts {
  readonly settings: HubSettings;
  readonly linkState: LinkState;
  readonly tokens: HubTokens;
  readonly revocation: Pick<Revocation, 'lastOf'>;
  readonly callHub: CallHub;
}

/**
 * Makes the two steps that an app takes after its login: a confirmation that names the account, then the hand-over.
 *
 * Without the confirmation, a user who is logged in already would be linked by one click on a foreign link.
 *
 * @see Hub fact sheet §9.2, §9.4, §9.5; §11 rows 23 to 35
 */
export function createLinks({ settings, linkState, tokens, revocation, callHub }: LinkParts): Links {
  const { onEvent } = settings;

  function refuse<Reason extends LinkReason | HandOverReason>(
    reason: Reason,
  ): { readonly ok: false; readonly reason: Reason; readonly response: Response } {
    const shown = linkPages[reason];
    emit(onEvent, { type: 'link-refused', reason, status: shown.status });
    return { ok: false, reason, response: page(shown) };
  }

  /** Lets the browser forget the link, which is used up. */
  function forgetting<Refused extends { readonly response: Response }>(refused: Refused): Refused {
    refused.response.headers.append('set-cookie', linkState.clearing);
    return refused;
  }

  /** Whether the user was revoked after the token's time was chosen. Where nobody can say, each request asks again. */
  async function isRevokedSince(username: string, knownMs: number | undefined): Promise<boolean> {
    return revocation.lastOf(username).then(
      (lastMs) => lastMs !== knownMs,
      () => false,
    );
  }

  /** The checks that both steps share, in the order of the table of bad inputs. */
  function read(request: Request, { state, username }: ConfirmLinkOptions) {
    const found = linkState.read(request, state);
    if (!found.ok) return found;
    return isSegment(username) ? found : { ok: false as const, reason: 'username-invalid' as const };
  }

  return {
    confirm(request, options) {
      const found = read(request, options);
      if (!found.ok) return refuse(found.reason);
      return { ok: true, confirmation: linkState.confirm(found.link, options.username), hub: found.link.hub };
    },

    async finish(request, options) {
      const found = read(request, options);
      if (!found.ok) return refuse(found.reason);
      const { link } = found;
      const { username, confirmation = '', claims = {}, signal } = options;
      if (confirmation === '') return refuse('confirmation-missing');
      if (!linkState.isConfirmed(link, username, confirmation)) return refuse('confirmation-invalid');
      let issuedAfterMs: number | undefined;
      try {
        issuedAfterMs = await revocation.lastOf(username);
      } catch (error) {
        return { ...refuse('store-failed'), error };
      }
      let token: string;
      try {
        token = tokens.seal(username, claims, { issuedAfterMs });
      } catch (error) {
        return { ...refuse('claims-invalid'), error };
      }
      if (signal?.aborted === true) return refuse('aborted');
      try {
        if (!(await linkState.use(link))) return refuse('state-used');
      } catch (error) {
        return { ...refuse('store-failed'), error };
      }

      const handed = await handOver({ hub: link.hub, username, token, signal }, { callHub, settings });
      if (!handed.ok) {
        const refused = forgetting(refuse(handed.reason));
        return handed.error === undefined ? refused : { ...refused, error: handed.error };
      }
      if (await isRevokedSince(username, issuedAfterMs)) return forgetting(refuse('revoked'));
      emit(onEvent, { type: 'link-accepted', hub: link.hub });
      return { ok: true, response: redirect(handed.url, { headers: { 'set-cookie': linkState.clearing } }) };
    },
  };
}
