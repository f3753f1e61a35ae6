import { ownMember, readParameters } from '@x/http/server';
import { type CodeReason, parseCode } from './code.ts';

/** Why a redirect carries no code, in HubRise's own words: what the user or HubRise decided. */
export type RedirectError = 'denied' | 'expired' | 'provider-error';

/** Why a redirect is not one that HubRise sends. */
export type RedirectReason =
  | CodeReason
  | 'method-not-allowed'
  | 'redirect-too-long'
  | 'parameter-repeated'
  /** A percent sequence in it is none, or spells no UTF-8. */
  | 'parameter-malformed'
  | 'code-and-error';

/** What the browser brought back. */
export type RedirectResult =
  | {
      readonly ok: true;
      /** To be exchanged once, within ten minutes. */
      readonly code: string;
      readonly state: string | undefined;
    }
  | {
      readonly ok: false;
      readonly reason: RedirectError;
      /** The raw `error`; for `provider-error` any text at all, so never show it as it is. */
      readonly error: string;
      /** The raw `error_description`, which is not documented. */
      readonly description: string | undefined;
      /** Undefined where HubRise left it out, which it may do with errors. */
      readonly state: string | undefined;
    }
  | { readonly ok: false; readonly reason: RedirectReason };

const maxQueryLength = 16_384;

const errors: Readonly<Record<string, RedirectError>> = { access_denied: 'denied', expired: 'expired' };

/**
 * Reads what HubRise added to the redirect URI.
 *
 * Whoever can make the browser follow a link can write all of it: compare `state` before the code is used.
 *
 * @param redirect The URL, also as a path with query such as `request.url` of Node; or the browser's GET request.
 * @returns The code and state, HubRise's error, or why it is neither. Never throws for any text.
 * @see HubRise fact sheet §5.
 */
export function parseRedirect(redirect: string | URL | Request): RedirectResult {
  if (typeof redirect === 'object' && 'method' in redirect && redirect.method !== 'GET') {
    return { ok: false, reason: 'method-not-allowed' };
  }
  const query = queryOf(redirect);
  if (query.length > maxQueryLength) return { ok: false, reason: 'redirect-too-long' };
  const read = readParameters(query, { required: [], optional: ['code', 'state', 'error', 'error_description'] });
  if (!read.ok) {
    return { ok: false, reason: read.reason === 'parameter-repeated' ? read.reason : 'parameter-malformed' };
  }
  const { code, state, error, error_description: description } = read.values;
  if (error === undefined) return readCode(code, state);
  if (code !== undefined) return { ok: false, reason: 'code-and-error' };
  return { ok: false, reason: toRedirectError(error), error, description, state };
}

function queryOf(redirect: string | URL | Request): string {
  const text = typeof redirect === 'string' ? redirect : 'href' in redirect ? redirect.href : redirect.url;
  const [beforeFragment = ''] = text.split('#', 1);
  const start = beforeFragment.indexOf('?');
  return start === -1 ? '' : beforeFragment.slice(start + 1);
}

function readCode(code: string | undefined, state: string | undefined): RedirectResult {
  const read = parseCode(code ?? '');
  return read.ok ? { ok: true, code: read.code, state } : read;
}

function toRedirectError(error: string): RedirectError {
  return ownMember(errors, error) ?? 'provider-error';
}
