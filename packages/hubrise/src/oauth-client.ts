import { encodeBase64, encodeUtf8, Secret } from '@x/crypto/light';
import { createClient, type MapFault, staticCredential } from '@x/http';
import type { HubRiseOptions } from './options.ts';
import { userAgent } from './user-agent.ts';

/**
 * Makes a client of HubRise's OAuth server, which repeats nothing: what it asks for happens once or not at all.
 *
 * Id and secret go into `Authorization` as they are, not percent-encoded first.
 *
 * @see RFC 7617 §2; HubRise fact sheet §6.1, §9.
 */
export function createOAuthClient(options: HubRiseOptions, mapFault: MapFault): ReturnType<typeof createClient> {
  const { clientId, clientSecret, oauthUrl, platform } = options;
  const basic = encodeBase64(encodeUtf8(`${clientId}:${clientSecret.reveal()}`));
  return createClient({
    userAgent,
    ...platform,
    provider: 'hubrise',
    baseUrl: oauthUrl,
    credential: staticCredential({ authorization: new Secret(`Basic ${basic}`) }),
    retry: { limit: 0 },
    mapFault,
  });
}
