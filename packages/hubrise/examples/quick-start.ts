import { generateKey } from '@x/crypto';
import { createHubRise } from '@x/hubrise';
import { createEmulator } from '@x/hubrise/emulator';
import { createConnectHandler } from '@x/hubrise/handler';

// HubRise in memory; without `fetch` the real one is called, with the client that you made in its back office.
const { fetch } = createEmulator();
const clientId = '100000000001.clients.hubrise.com';
const hubrise = createHubRise({ clientId, clientSecret: 'test_client_secret', fetch });

const tokens = new Map<string, string>(); // in production your database, encrypted, as `sealedStore` of @x/http does

// Mount it at /hubrise/connect, where the flow begins, and at the path of redirectUri, where it ends.
const handler = createConnectHandler({
  hubrise,
  keys: [{ id: '2026-01', key: generateKey() }],
  redirectUri: 'https://shop.example/hubrise/callback',
  scope: { location: ['orders.write', 'catalog.read'] },
  onConnected: async ({ connection: { accessToken, location, catalog } }) => {
    tokens.set(String(location?.id), accessToken.reveal()); // printed or serialized it would be `[redacted]`
    const orders = await hubrise.connect(accessToken).client.get('location/orders').json();
    console.log(`connected ${location?.name} with its ${catalog?.name} and its orders`, orders);
  },
});

// What the user's browser does.
const begun = await handler(new Request('https://shop.example/hubrise/connect'));
const consent = await fetch(begun.headers.get('location') ?? '');
const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
const ended = await handler(new Request(consent.headers.get('location') ?? '', { headers: { cookie } }));
console.log(`the browser sees status ${ended.status}`);
