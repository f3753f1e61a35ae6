import { type CallOptions, toKyOptions } from './call-options.ts';
import { parseCode } from './code.ts';
import { mapTokenFault } from './fault.ts';
import { createOAuthClient } from './oauth-client.ts';
import type { HubRiseOptions } from './options.ts';
import { Connection } from './schemas/connection.ts';

/** Exchanges an authorization code. */
export type Exchange = (code: string, options?: CallOptions) => Promise<Connection>;

/**
 * Makes the exchange of one client: a form with nothing but the code.
 *
 * It is never repeated. A code counts once, so when an answer is lost the user has to authorize again, which gives the
 * same token.
 *
 * @see HubRise fact sheet §6, §8.
 */
export function createExchange(options: HubRiseOptions): Exchange {
  const client = createOAuthClient(options, mapTokenFault);
  return async (text, callOptions) => {
    const read = parseCode(text);
    if (!read.ok) throw new TypeError('code must be 1 to 512 visible ASCII characters; see parseCode');
    const body = new URLSearchParams({ code: read.code });
    return client.post('token', { body, ...toKyOptions(callOptions) }).json(Connection);
  };
}
