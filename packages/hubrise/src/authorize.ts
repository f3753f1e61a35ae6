import { readSecureUrl } from '@x/http/options';
import { formatScope } from './scope/format.ts';
import type { Scope } from './scope/model.ts';

/**
 * The redirect URI of installed applications: HubRise shows the code instead of redirecting, and the user copies it.
 *
 * @see HubRise fact sheet §7.
 */
export const outOfBand = 'urn:ietf:wg:oauth:2.0:oob';

/** What the user is asked for: a scope, or access to an instance of a store app that is known already. */
export type AuthorizeTarget =
  | { readonly scope: Scope; readonly appInstanceId?: never }
  | {
      /** The instance that HubRise named when it opened the app. It is guessable and proves nothing by itself. */
      readonly appInstanceId: string;
      readonly scope?: never;
    };

/** Prefills HubRise's sign-up form for a person who has no account there yet. Empty texts are left out. */
export interface SignUpPrefill {
  /** Two letters of ISO 3166-1, for example `FR`. */
  readonly country?: string | undefined;
  readonly accountName?: string | undefined;
  readonly locationName?: string | undefined;
}

/** One authorization request. */
export type AuthorizeRequest = AuthorizeTarget &
  SignUpPrefill & {
    /** Where HubRise sends the user back: https:, or http: on loopback; or {@link outOfBand}. */
    readonly redirectUri: string | URL;
    /** Comes back unchanged with the code, and binds the answer to the browser that began. Out of band nothing comes back. */
    readonly state?: string | undefined;
    /**
     * Asks for a token of its own for each value. Without it, authorizing the same location again gives the same
     * token, re-pointed to the catalog and customer list that were chosen last.
     */
    readonly deviceId?: string | undefined;
  };

/** Who asks, and where. */
export interface AuthorizeClient {
  readonly clientId: string;
  /** Base of the OAuth server, with or without a trailing slash. */
  readonly oauthUrl: string | URL;
}

/**
 * Writes the URL that a user's browser opens to grant access.
 *
 * @returns A form-encoded query; no `response_type`, PKCE or client secret, which HubRise does not ask for.
 * @throws {TypeError} Naming the field that cannot be sent.
 * @see HubRise fact sheet §4.1, §4.3, §16.
 */
export function authorizeUrl(client: AuthorizeClient, request: AuthorizeRequest): URL {
  const url = new URL(`${String(client.oauthUrl).replace(/\/$/, '')}/authorize`);
  const { country, accountName, locationName } = request;
  if (country !== undefined && !/^(?:[A-Za-z]{2})?$/.test(country)) {
    throw new TypeError('country must be two letters');
  }
  const parameters: Readonly<Record<string, string | undefined>> = {
    redirect_uri: readRedirectUri(request.redirectUri),
    client_id: client.clientId,
    scope: readTarget(request),
    state: readFilled('state', request.state),
    country: country || undefined,
    account_name: accountName || undefined,
    location_name: locationName || undefined,
    device_id: readFilled('deviceId', request.deviceId),
    app_instance_id: readFilled('appInstanceId', request.appInstanceId),
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** Gives the redirect URI as it will be compared and called: the text that was passed, once it is known to be sound. */
function readRedirectUri(redirectUri: string | URL): string {
  if (redirectUri === outOfBand) return outOfBand;
  const { searchParams } = readSecureUrl('redirectUri', redirectUri);
  for (const name of ['code', 'error', 'state']) {
    if (searchParams.has(name))
      throw new TypeError(`redirectUri must not have the parameter ${name}, which HubRise adds`);
  }
  return String(redirectUri);
}

function readTarget({ scope, appInstanceId }: AuthorizeRequest): string | undefined {
  if (scope === undefined && appInstanceId === undefined) throw new TypeError('scope must be given');
  if (scope !== undefined && appInstanceId !== undefined) {
    throw new TypeError('scope must not be given with appInstanceId');
  }
  return scope === undefined ? undefined : formatScope(scope);
}

function readFilled(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new TypeError(`${name} must not be empty`);
  return value;
}
