import { createNexudus } from '@x/nexudus';
import { createEmulator } from '@x/nexudus/emulator';
import { createInstallHandler } from '@x/nexudus/handler';
import { createBrowser } from '../browser.ts';
import { createCheckCollector, observeJournal } from '../checks.ts';
import { expect } from '../expect.ts';
import { flip, withUrl } from '../flip.ts';
import { Caught, type Scenario } from '../scenario.ts';

/** The install callback, the derived credential, and what is left after an uninstall. */
export const nexudus: Scenario = {
  provider: 'nexudus',
  title: 'install callback verified by MD5, derived Basic credential',
  broken: 'the check value h of an install callback',
  async tamper(request) {
    const url = new URL(request.url);
    const h = url.searchParams.get('h');
    if (h === null) return undefined;
    url.searchParams.set('h', flip(h, 5));
    return withUrl(request, url);
  },
  async play(stage) {
    const emulator = createEmulator();
    const provider = await stage.serveEmulator({
      party: 'Nexudus',
      from: (request) => (request.url.includes('/install') ? 'browser' : 'product app'),
      observe: observeJournal(() => emulator.journal),
    });
    provider.mount((request) => emulator.fetch(request));
    const seen = createCheckCollector();
    const product = await stage.serveApp({
      from: () => 'browser',
      observe: () => seen.take,
    });

    const app = emulator.registerApp({ name: 'Demo', installUrl: `${product.url}/Install` });
    const client = createNexudus({ applicationKey: app.key, secret: app.secret, apiUrl: `${provider.url}/api` });
    const installed: { readonly token: string; readonly names: readonly string[] }[] = [];
    let refusal: string | undefined;
    const handler = createInstallHandler({
      nexudus: client,
      path: '/Install',
      onInstalled: ({ installToken, businesses }) => {
        installed.push({ token: installToken, names: businesses.map(({ Name }) => String(Name)) });
      },
      onEvent: (event) => {
        if (event.type === 'install-verified') seen.add({ name: 'h', ok: true, detail: `MD5, order ${event.order}` });
        if (event.type === 'install-repeated') seen.add({ name: 'seen before, nothing done', ok: true });
        if (event.type === 'install-completed') seen.add({ name: 'identity from the API', ok: true });
        if (event.type === 'install-refused') {
          refusal = event.reason;
          seen.add({ name: 'callback', ok: false, detail: event.reason });
        }
      },
    });

    product.mount(handler);
    const browser = createBrowser();
    const consent = new URLSearchParams({ business: 'northwind', email: '', decision: 'accept' });
    const answer = await browser.fetch(`${provider.url}/apps/${app.key}/install`, { method: 'POST', body: consent });
    const link = answer.headers.get('location') ?? '';
    const shown = await browser.open(link);
    if (refusal !== undefined) throw new Caught(`the product app refused the install callback: ${refusal}`);
    expect(shown.status === 200, 'the administrator sees that it is installed');
    const [install] = installed;
    expect(install !== undefined && install.names.length === 3, 'the API tells which locations it is for');

    await browser.open(link);
    expect(installed.length === 1, 'a reload of the install link installs nothing twice');

    const installation = client.installation(install.token);
    expect((await installation.businesses()).length === 3, 'the derived credential works');
    emulator.uninstall({ applicationKey: app.key, webAddress: 'northwind' });
    stage.note('Nexudus', 'the customer removes the app');
    const gone = await installation.businesses().then(
      () => 'still accepted',
      (error: { code: string }) => error.code,
    );
    expect(gone !== 'still accepted', 'the credential ends with the installation');
    return ['install callback verified', 'identity taken from the API, not from the link', `after uninstall: ${gone}`];
  },
};
