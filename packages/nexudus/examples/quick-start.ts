import { createNexudus } from '@x/nexudus';
import { createEmulator } from '@x/nexudus/emulator';
import { createInstallHandler } from '@x/nexudus/handler';

// Nexudus in memory. In production leave out `fetch`, and take key and secret from your configuration.
const emulator = createEmulator();
const app = emulator.registerApp({ installUrl: 'https://lockers.example/Install' });
const installTokens = new Map<number, string>();

const nexudus = createNexudus({ applicationKey: app.key, secret: app.secret, fetch: emulator.fetch });
const install = createInstallHandler({
  nexudus,
  path: '/Install',
  onInstalled({ installToken, businesses }) {
    for (const { Id } of businesses) installTokens.set(Id, installToken); // encrypted, in a database of yours
  },
});

// An administrator agrees to install the app, and Nexudus sends the browser to it.
const consent = await emulator.fetch(`https://spaces.nexudus.com/apps/${app.key}/install`, {
  method: 'POST',
  body: new URLSearchParams({ business: 'northwind', decision: 'accept' }),
});
const page = await install(new Request(consent.headers.get('location') ?? ''));
console.log(page.status, [...installTokens.keys()]);

// From now on the app calls the API for that customer.
const [[businessId, installToken] = [0, '']] = installTokens;
const business = await nexudus.installation(installToken).business(businessId);
console.log(business.Name, emulator.journal.warnings());
