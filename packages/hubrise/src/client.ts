import { type Secret, toSecret } from '@x/crypto/light';
import { type Credential, createClient, staticCredential } from '@x/http';
import { type CallOptions, toKyOptions } from './call-options.ts';
import { mapApiFault } from './fault.ts';
import type { HubRiseOptions } from './options.ts';
import { Account } from './schemas/account.ts';
import { Location } from './schemas/location.ts';
import { User } from './schemas/user.ts';
import { untilNextWindow } from './throttling.ts';
import { userAgent } from './user-agent.ts';

/** A ky instance for HubRise's API. */
export type HubRiseClient = ReturnType<typeof createClient>;

/** The API as one connection sees it. Each function is also the cheapest test of its kind of token. */
export interface ConnectedClient {
  /** For every other resource: `client.get('location/orders').json()`. */
  readonly client: HubRiseClient;
  /** The location of a location-level token. */
  location(options?: CallOptions): Promise<Location>;
  /** The account of an account-level token. */
  account(options?: CallOptions): Promise<Account>;
  /** The user of a token with a `profile` scope. */
  user(options?: CallOptions): Promise<User>;
}

/**
 * Makes the API client of one connection. The token travels in `X-Access-Token`, whatever `token_type` said.
 *
 * @throws {TypeError} When the token cannot be a header field's value.
 * @see HubRise fact sheet §9, §10.
 */
export function connect(token: string | Secret, options: HubRiseOptions): ConnectedClient {
  const client = createApiClient(options, staticCredential({ 'x-access-token': toSecret(token) }));
  return {
    client,
    location: (callOptions) => client.get('location', toKyOptions(callOptions)).json(Location),
    account: (callOptions) => client.get('account', toKyOptions(callOptions)).json(Account),
    user: (callOptions) => client.get('user', toKyOptions(callOptions)).json(User),
  };
}

/**
 * Makes a client of HubRise's API.
 *
 * @throws {RangeError} Naming the field of `retry`, or `timeoutMs`, that is out of range.
 */
export function createApiClient({ apiUrl, retry, platform }: HubRiseOptions, credential?: Credential): HubRiseClient {
  return createClient({
    userAgent,
    ...platform,
    fetch: untilNextWindow(platform),
    provider: 'hubrise',
    retry,
    baseUrl: apiUrl,
    credential,
    mapFault: mapApiFault,
  });
}
