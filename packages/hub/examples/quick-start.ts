import { generateKey } from '@x/crypto';
import { createHub } from '@x/hub';
import { createEmulator } from '@x/hub/emulator';

const emulator = createEmulator({ users: [{ login: 'ann' }] }); // in production: Hub itself
const hub = createHub({ app: 'acme', keys: [{ id: '2026', key: generateKey() }], fetch: emulator.fetch });

const answerHub = hub.handler({
  login: ({ state }) => form('/login', { state }), // your own login page; carry the state through it
  notifications: ({ claims }) => ({ count: Number(claims['unread']) }),
  timeline: ({ emails }) => ({ items: emails.map((id) => ({ id, title: `Order of ${id}`, dateMs: Date.now() })) }),
});

async function app(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!['/login', '/confirm'].includes(pathname)) return answerHub(request);
  const posted = new URLSearchParams(await request.text());
  const state = posted.get('state') ?? undefined;
  const username = 'ann@example.com'; // from your own session: who has logged in, never what was typed
  if (pathname === '/login') {
    const link = hub.confirmLink(request, { state, username });
    return link.ok ? form('/confirm', { state, confirmation: link.confirmation }) : link.response;
  }
  const confirmation = posted.get('confirmation') ?? undefined;
  return (await hub.finishLink(request, { state, confirmation, username, claims: { unread: 3 } })).response;
}

function form(action: string, fields: Record<string, string | undefined>): Response {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  const html = `<form method="post" action="${action}">${inputs.join('')}<button>Go on</button></form>`;
  return new Response(html, { headers: { 'content-type': 'text/html' } });
}

emulator.registerApp({ name: 'acme', baseUrl: 'https://acme.example', handle: app });
const browser = await emulator.enable('ann'); // Ann switches the app on in Hub …
await browser.submit(); // … logs in to the app …
await browser.submit(); // … and confirms the link
console.log(browser.outcome, (await emulator.notifications('ann')).body);
