import { generateKey } from '@x/crypto';
import { isXError } from '@x/http';
import { type Connection, createHubRise } from '@x/hubrise';
import { createEmulator, defaultWorld } from '@x/hubrise/emulator';
import { createConnectHandler } from '@x/hubrise/handler';
import { createBrowser } from '../browser.ts';
import { createCheckCollector, observeJournal } from '../checks.ts';
import { expect } from '../expect.ts';
import { flip, withUrl } from '../flip.ts';
import { Caught, type Scenario } from '../scenario.ts';

const outOfBand = 'urn:ietf:wg:oauth:2.0:oob';

/** The web flow with a state bound to the browser, the installed flow, and the end of a connection. */
export const hubrise: Scenario = {
  provider: 'hubrise',
  title: 'OAuth 2.0 for web and installed apps, X-Access-Token, revocation',
  broken: 'the state of a callback',
  async tamper(request) {
    const url = new URL(request.url);
    const state = url.searchParams.get('state');
    if (url.pathname !== '/hubrise/callback' || state === null) return undefined;
    url.searchParams.set('state', flip(state, 60));
    return withUrl(request, url);
  },
  async play(stage) {
    const emulator = createEmulator();
    const provider = await stage.serveEmulator({
      party: 'HubRise',
      from: (request) => (request.url.includes('/authorize') ? 'browser' : 'product app'),
      observe: observeJournal(() => emulator.journal),
    });
    provider.mount((request) => emulator.fetch(request));
    const seen = createCheckCollector();
    const product = await stage.serveApp({
      from: () => 'browser',
      observe: () => seen.take,
    });

    const { clientId = '', clientSecret = '' } = defaultWorld.clients[0] ?? {};
    const client = createHubRise({
      clientId,
      clientSecret,
      oauthUrl: `${provider.url}/oauth2/v1`,
      apiUrl: `${provider.url}/v1`,
    });
    let connection: Connection | undefined;
    let refusal: string | undefined;
    const handler = createConnectHandler({
      hubrise: client,
      keys: [{ id: 'demo', key: generateKey() }],
      redirectUri: `${product.url}/hubrise/callback`,
      scope: { location: ['orders.write', 'catalog.read'] },
      onConnected: (done) => {
        connection = done.connection;
      },
      onEvent: (event) => {
        if (event.type === 'connect-begun') seen.add({ name: 'state sealed and bound to the browser', ok: true });
        else if (event.type === 'connect-completed')
          seen.add({ name: 'state', ok: true, detail: 'this browser began it' });
        else if ('reason' in event) {
          refusal = event.reason;
          seen.add({ name: 'callback', ok: false, detail: event.reason });
        }
      },
    });

    product.mount(handler);
    const shown = await createBrowser().open(`${product.url}/hubrise/connect`);
    if (refusal !== undefined) throw new Caught(`the product app refused the callback: ${refusal}`);
    expect(shown.status === 200 && connection !== undefined, 'the browser ends on a page that says so');
    const shop = client.connect(connection.accessToken);
    const location = await shop.location();
    expect(location.name === 'Paris', 'the API answers for the chosen location');

    const installedUrl = client.authorizeUrl({ redirectUri: outOfBand, scope: { account: ['orders.read'] } });
    const { text } = await createBrowser().open(installedUrl);
    const code = /[0-9a-f]{16,}/.exec(text)?.[0] ?? '';
    stage.note('product app', 'takes the code that the user copied from the page');
    const installed = await client.exchange(code);
    expect(installed.accessToken !== connection.accessToken, 'the installed app has a connection of its own');

    await client.revoke(connection.accessToken);
    const ended = await shop.location().catch((error: unknown) => error);
    expect(isXError(ended) && ended.code.startsWith('hubrise.'), 'a revoked token is told apart from other refusals');
    return ['web flow bound to one browser', 'installed flow by copied code', `revoked token: ${ended.code}`];
  },
};
