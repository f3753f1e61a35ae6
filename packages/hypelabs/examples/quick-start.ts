import { randomToken } from '@x/crypto';
import { memoryStore } from '@x/http/store';
import { createAuthorizationHandler, saveAccessToken, storeVerifier } from '@x/hypelabs';
import { createEmulator } from '@x/hypelabs/emulator';

const store = memoryStore(); // in production one that your machines share
const apiSecret = randomToken(); // in production that of the HypeLabs dashboard

// What you mount at the authorization URL of the dashboard.
const authorization = createAuthorizationHandler({
  apps: [{ name: 'mesh-chat', apiUser: 'hypelabs', apiSecret, verifier: storeVerifier({ store }) }],
  requireUserIdentifier: true,
  requireBoundUserIdentifier: true,
  requiredScopes: ['mesh'],
  onEvent: ({ reason, tokenFingerprint }) => console.log(`token ${tokenFingerprint}: ${reason}`),
});

// What your authorization server does when user 7 signs in.
const accessToken = randomToken();
const expiresAtMs = Date.now() + 60_000;
await saveAccessToken(store, accessToken, { subject: 'ada', userIdentifier: 7, scope: 'mesh', expiresAtMs });

// What HypeLabs and two phones do.
const emulator = createEmulator({ apps: [{ appId: '0badcafe', apiUser: 'hypelabs', apiSecret, authorization }] });
for (const userIdentifier of [7, 8]) {
  const phone = emulator.device('0badcafe', { userIdentifier, accessToken: () => `Bearer ${accessToken}` });
  console.log(`user ${userIdentifier}: ${(await phone.start()).outcome}`);
}
