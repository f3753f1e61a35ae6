import { generateKey } from '@x/crypto';
import { createHub } from '@x/hub';
import { createEmulator } from '@x/hub/emulator';
import { createCheckCollector, observeJournal } from '../checks.ts';
import { expect } from '../expect.ts';
import { flip, withBody } from '../flip.ts';
import { Caught, type Scenario } from '../scenario.ts';

const username = 'ann@example.com';

/** Linking, the hand-over of a sealed token, and its verification on both path forms. */
export const hub: Scenario = {
  provider: 'hub',
  title: 'linking with an origin allow list, sealed per-user tokens, verified data requests',
  broken: 'the sealed token of a notifications request',
  async tamper(request) {
    if (!request.url.endsWith('/notifications')) return undefined;
    const body = JSON.parse(await request.clone().text()) as { auth: string };
    return withBody(request, JSON.stringify({ ...body, auth: flip(body.auth, 80) }));
  },
  async play(stage) {
    const provider = await stage.serveEmulator({
      party: 'Hub',
      from: (request) => (request.method === 'GET' ? 'browser' : 'product app'),
      observe: () => observeJournal(() => core.journal)(),
    });
    const core = createEmulator({ origin: provider.url, users: [{ login: 'ann' }] });
    provider.mount((request) => core.fetch(request));

    const seen = createCheckCollector();
    const product = await stage.serveApp({
      from: (request) => (/notifications|timeline/.test(request.url) ? 'Hub' : 'browser'),
      observe: () => seen.take,
    });
    const app = createHub({
      app: 'acme',
      keys: [{ id: 'demo', key: generateKey() }],
      hubs: [provider.url],
      allowInsecureLoopback: true,
      onEvent: (event) => {
        if (event.type === 'link-started') seen.add({ name: 'hubUrl on the allow list', ok: true });
        if (event.type === 'link-accepted') seen.add({ name: 'state, confirmation and redirect', ok: true });
        if (event.type === 'request-answered') seen.add({ name: 'sealed token', ok: true, detail: username });
        if (event.type === 'link-refused' || event.type === 'link-start-refused') {
          seen.add({ name: 'link', ok: false, detail: event.reason });
        }
        if (event.type === 'request-refused') seen.add({ name: 'sealed token', ok: false, detail: event.reason });
      },
    });
    const answerHub = app.handler({
      login: ({ state }) => form('/login', { state }),
      notifications: () => ({ count: 3 }),
      timeline: ({ emails }) => ({ items: emails.map((id) => ({ id, title: `Order of ${id}`, dateMs: 0 })) }),
    });
    product.mount(async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname !== '/login' && pathname !== '/confirm') return answerHub(request);
      const posted = new URLSearchParams(await request.text());
      const state = posted.get('state') ?? undefined;
      if (pathname === '/login') {
        const link = app.confirmLink(request, { state, username });
        return link.ok ? form('/confirm', { state, confirmation: link.confirmation }) : link.response;
      }
      const confirmation = posted.get('confirmation') ?? undefined;
      return (await app.finishLink(request, { state, confirmation, username, claims: {} })).response;
    });

    core.registerApp({ name: 'acme', baseUrl: product.url });
    const browser = await core.enable('ann');
    await browser.submit();
    await browser.submit();
    expect(browser.outcome === 'success' && core.isLinked('ann'), 'Hub shows its own page of success');

    const short = await core.notifications('ann');
    if (short.status === 401) throw new Caught('the product app refused the sealed token of a notifications request');
    expect(short.status === 200, 'notifications are answered for the token');
    const timeline = await core.timeline('ann', { emails: ['bob@example.com'] });
    expect(timeline.status === 200 && timeline.violations.length === 0, 'the timeline is what Hub can show');

    core.registerApp({ name: 'acme', baseUrl: product.url, paths: '2016-07' });
    const long = await core.notifications('ann');
    expect(long.status === 200, 'the older path with the username is answered too');

    await app.revoke(username);
    stage.note('product app', 'takes back every token of the user');
    expect((await core.notifications('ann')).status === 401, 'a token that was taken back is refused');
    return ['linked through a checked hand-over', 'both path forms verified', 'taken-back token refused'];
  },
};

function form(action: string, fields: Record<string, string | undefined>): Response {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  const html = `<form method="post" action="${action}">${inputs.join('')}<button>Go on</button></form>`;
  return new Response(html, { headers: { 'content-type': 'text/html' } });
}
