import type { Secret } from '@x/crypto';
import { isSecureUrl } from '@x/http/options';
import { type CallOptions, type QuickBloxClient, toCall } from './client.ts';
import { AccountSettings } from './schemas/account-settings.ts';

/**
 * Asks where an account's servers are.
 *
 * @param client Without a credential: the account key is all that this call takes.
 * @see QuickBlox fact sheet §1.
 */
export async function getAccountSettings(
  client: QuickBloxClient,
  accountKey: Secret,
  call: CallOptions = {},
): Promise<AccountSettings> {
  const headers = { 'QB-Account-Key': accountKey.reveal() };
  return client.get('account_settings.json', { headers, ...toCall(call) }).json(AccountSettings);
}

/**
 * Where an account's settings are asked for: the shared host, whatever host of QuickBlox's is the account's own.
 *
 * @see QuickBlox fact sheet §1, "Discovery": always on the shared host.
 */
export function toSettingsUrl(baseUrl: URL): URL {
  const isQuickBlox = baseUrl.protocol === 'https:' && baseUrl.hostname.endsWith('.quickblox.com');
  return isQuickBlox ? new URL('https://api.quickblox.com/') : baseUrl;
}

/**
 * Reads the REST endpoint of an account, which credentials will be sent to.
 *
 * @returns Undefined unless it is https, of quickblox.com, and nothing but a host: whoever could name another host
 *   would be sent every credential.
 * @see QuickBlox fact sheet §1: endpoints look like `https://api<customer>.quickblox.com`.
 */
export function toEndpoint({ api_endpoint }: AccountSettings): URL | undefined {
  if (!isSecureUrl(api_endpoint)) return undefined; // http passes there for loopback, which is no quickblox.com
  const url = new URL(api_endpoint);
  const isBare = url.pathname === '/' && url.search === '' && url.port === '';
  // its origin, because a URL keeps the mark of a query that is empty
  return isBare && /^[\w.-]+\.quickblox\.com$/.test(url.hostname) ? new URL(url.origin) : undefined;
}
