import type { JsonObject } from '@x/crypto';
import { emit } from '@x/http/events';
import { page, redirect } from '@x/http/server';
import type { CallHub } from './client.ts';
import { type HandOverReason, handOver } from './hand-over.ts';
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
    const { status, title, message } = pages[reason];
    emit(onEvent, { type: 'link-refused', reason, status });
    return { ok: false, reason, response: page({ status, title, message }) };
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

interface LinkPage {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const startAgain: LinkPage = {
  status: 400,
  title: 'Please start again from Hub',
  message:
    'This attempt to link your account has expired or belongs to another window. Close it and switch the app on in Hub again.',
};
const notConfirmed: LinkPage = {
  status: 403,
  title: 'Not confirmed',
  message:
    'Your account has not been linked. Switch the app on in Hub again and confirm the link on the page that follows.',
};
const ourFault: LinkPage = {
  status: 500,
  title: 'Something went wrong',
  message: 'Your account has not been linked, because of an error on our side.',
};
const interrupted: LinkPage = {
  status: 503,
  title: 'Interrupted',
  message: 'Your account has not been linked. Confirm the link again.',
};
const takenBack: LinkPage = {
  status: 409,
  title: 'The link was taken back',
  message: 'The links of your account were taken back while this one was made. Switch the app on in Hub again.',
};
const notTaken: LinkPage = {
  status: 502,
  title: 'Hub did not accept the link',
  message: 'Your account has not been linked. Switch the app on in Hub again in a while.',
};
const handedOver: LinkPage = {
  status: 502,
  title: 'The link was handed over to Hub',
  message: 'Hub did not say where to go from here. Close this window and look in Hub whether the app is on.',
};
const unknownOutcome: LinkPage = {
  status: 502,
  title: 'Hub could not be reached',
  message:
    'Nobody can say whether your account has been linked. Close this window and look in Hub whether the app is on.',
};

const pages: Readonly<Record<LinkReason | HandOverReason, LinkPage>> = {
  'state-missing': startAgain,
  'binding-missing': startAgain,
  'state-malformed': startAgain,
  'state-expired': startAgain,
  'state-mismatch': startAgain,
  'state-used': startAgain,
  'username-invalid': { ...ourFault, status: 400, message: 'Hub cannot link an account of this name.' },
  'confirmation-missing': notConfirmed,
  'confirmation-invalid': notConfirmed,
  'claims-invalid': ourFault,
  'store-failed': ourFault,
  aborted: interrupted,
  revoked: takenBack,
  'hub-refused': notTaken,
  'hub-redirected': notTaken,
  'hub-answer-too-large': handedOver,
  'hub-answer-invalid': handedOver,
  'hub-url-untrusted': handedOver,
  'hub-unreachable': unknownOutcome,
  'hub-timeout': { ...unknownOutcome, status: 504, title: 'Hub did not answer in time' },
};
