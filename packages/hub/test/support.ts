// An app as a user of the package would write it, an emulated Hub, and a clock that both share.
import type { JsonObject } from '@x/crypto';
import { generateKey } from '@x/crypto';
import { type ManualClock, manualClock, seededRandom } from '@x/testing';
import { createEmulator, type Emulator, type EmulatorApp, type LinkDriver } from '../src/emulator/index.ts';
import { createHub, type Hub } from '../src/hub.ts';
import type { HubRoutes } from '../src/hub-routes.ts';
import type { CreateHubOptions, HubEvent } from '../src/index.ts';

export const hubOrigin = 'https://core.broadsoftlabs.com';
export const appUrl = 'https://acme.example';
export const keys: CreateHubOptions['keys'] = [{ id: 'k1', key: generateKey(seededRandom(7)) }];

export interface Parts {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly hub: Hub;
  /** What `hub.handler` made. */
  readonly handler: (request: Request) => Promise<Response>;
  /** The handler with the app's own login and confirmation pages around it. */
  readonly app: (request: Request) => Promise<Response>;
  readonly events: HubEvent[];
}

export interface SetUpOptions {
  readonly hub?: Partial<CreateHubOptions>;
  readonly routes?: Partial<HubRoutes>;
  readonly paths?: EmulatorApp['paths'];
  readonly claims?: JsonObject;
}

/** The page on which a user types a name; the name stands for what a login would have proved. */
export const loginRoute: HubRoutes['login'] = ({ state }) =>
  form('/login', { state, username: '' }, 'the user types a name here');

export function setUp({ hub: options, routes, paths, claims = { plan: 'pro' } }: SetUpOptions = {}): Parts {
  const clock = manualClock();
  const random = seededRandom(1);
  const events: HubEvent[] = [];
  const emulator = createEmulator({ clock, users: [{ login: 'ann' }, { login: 'bob' }, { login: 'cleo' }] });
  const hub = createHub({
    app: 'acme',
    keys,
    clock,
    random,
    fetch: emulator.fetch,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const handler = hub.handler({
    login: loginRoute,
    notifications: () => ({ count: 3 }),
    timeline: () => ({ items: [{ id: 'o-1', title: 'Order 1', dateMs: clock() }] }),
    action: { properties: { done: 'boolean', note: 'any' }, perform: () => {} },
    ...routes,
  });
  const app = appAround({ hub, handler, claims });
  emulator.registerApp({ name: options?.app ?? 'acme', baseUrl: appUrl, handle: app, paths });
  return { clock, emulator, hub, handler, app, events };
}

export function appAround({
  hub,
  handler,
  claims,
}: {
  hub: Hub;
  handler: (request: Request) => Promise<Response>;
  claims: JsonObject;
}): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== '/login' && pathname !== '/confirm') return handler(request);
    const posted = new URLSearchParams(await request.text());
    const state = posted.get('state') ?? undefined;
    const username = posted.get('username') ?? '';
    if (pathname === '/login') {
      const confirmed = hub.confirmLink(request, { state, username });
      if (!confirmed.ok) return confirmed.response;
      const { confirmation } = confirmed;
      return form('/confirm', { state, username, confirmation }, `Link to ${confirmed.hub}?`);
    }
    const confirmation = posted.get('confirmation') ?? undefined;
    return (await hub.finishLink(request, { state, username, confirmation, claims })).response;
  };
}

export async function link(
  { emulator }: Pick<Parts, 'emulator'>,
  user = 'ann',
  username = `${user}@example.com`,
): Promise<LinkDriver> {
  const driver = await emulator.enable(user);
  await driver.submit({ username });
  await driver.submit();
  return driver;
}

/** The cookie and state with which a link begins. */
export async function beginLink(
  { handler }: Pick<Parts, 'handler'>,
  app = 'acme',
): Promise<{ cookie: string; state: string }> {
  const response = await handler(new Request(startUrl(hubOrigin, app)));
  const [field = ''] = response.headers.getSetCookie();
  const state = /name="state" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
  return { cookie: field.split(';')[0] ?? '', state };
}

export function startUrl(hubUrl: string, app = 'acme'): string {
  return `${appUrl}/v1/${app}/authenticate?hubUrl=${encodeURIComponent(hubUrl)}`;
}

/** A request of the app's own pages, with the browser's cookie. */
export function fromBrowser(cookie?: string): Request {
  return new Request(`${appUrl}/confirm`, { method: 'POST', ...(cookie === undefined ? {} : { headers: { cookie } }) });
}

/** A data request of Hub. */
export function ask(path: string, body: unknown, init: RequestInit = {}): Request {
  return new Request(`${appUrl}${path}`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
}

function form(action: string, fields: Record<string, string | undefined>, text: string): Response {
  const inputs = Object.entries(fields).map(
    ([name, value = '']) =>
      `<input name="${name}" value="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">`,
  );
  return new Response(`<p>${text}</p><form method="post" action="${action}">${inputs.join('')}</form>`, {
    headers: { 'content-type': 'text/html' },
  });
}
