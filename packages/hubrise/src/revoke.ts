import { type Secret, toSecret } from '@x/crypto/light';
import { type CallOptions, toKyOptions } from './call-options.ts';
import { mapRevokeFault } from './fault.ts';
import { createOAuthClient } from './oauth-client.ts';
import type { HubRiseOptions } from './options.ts';

/** Revokes an access token of this client. */
export type Revoke = (token: string | Secret, options?: CallOptions) => Promise<void>;

/**
 * Makes the revocation of one client.
 *
 * It is not repeated by itself. When it fails, keep the token and mark it as pending: reconnecting gives the same token
 * again, and a token that nobody holds can no longer be revoked.
 *
 * @see HubRise fact sheet §9.
 */
export function createRevoke(options: HubRiseOptions): Revoke {
  const client = createOAuthClient(options, mapRevokeFault);
  return async (token, callOptions) => {
    const body = new URLSearchParams({ token: toSecret(token).reveal() });
    await client.post('revoke', { body, ...toKyOptions(callOptions) });
  };
}
