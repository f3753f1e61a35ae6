import { decodeBase64 } from '@x/crypto';
import { type Exchange, maskSecret } from '@x/http/emulator';
import { rawMember } from './raw-member.ts';
import type { EmulatorApp, EmulatorUser, Registry } from './registry.ts';
import { readSegment } from './segment.ts';

/**
 * How the emulated Hub answers a hand-over.
 *
 * Good: `success` and `error-page`, both 200 with a `url`. Bad: `refusal` (403), `failure` (500), `redirect` (307 to
 * another host), `foreign-url`, `scheme-relative-url`, `script-url`, `line-break-url`, `url-missing`, `url-number`, `url-empty`,
 * `html`, `empty`, `not-json`, `array`, `huge` (70,000 characters), `slow` (no answer until the app gives up), `drop`.
 */
export type HandOverAnswer =
  | 'success'
  | 'error-page'
  | 'refusal'
  | 'failure'
  | 'redirect'
  | 'foreign-url'
  | 'scheme-relative-url'
  | 'script-url'
  | 'line-break-url'
  | 'url-missing'
  | 'url-number'
  | 'url-empty'
  | 'html'
  | 'empty'
  | 'not-json'
  | 'array'
  | 'huge'
  | 'slow'
  | 'drop';

/** What {@link answerHandOver} works with. */
export interface HandOverParts {
  readonly registry: Registry;
  /** The next answer. */
  readonly takeAnswer: () => HandOverAnswer;
  readonly origin: () => string;
}

/**
 * Takes a token: `POST /v1/{app}/{username}/auth`.
 *
 * Documented: path and body. Assumed: the order and the statuses of the checks, and that a username which Hub does
 * not accept leads to its error page.
 *
 * @see Hub fact sheet §3.2 B1, §13
 */
export async function answerHandOver(
  exchange: Exchange,
  { registry, takeAnswer, origin }: HandOverParts,
): Promise<Response> {
  const username = readSegment(exchange.params['username']);
  const app = registry.app(readSegment(exchange.params['app']) ?? '');
  if (!exchange.check('app', app !== undefined) || app === undefined) return status(404);
  if (!exchange.check('private', app.visibility !== 'public')) return status(409);
  if (!exchange.check('username', username !== undefined) || username === undefined) return status(400);
  const text = await exchange.body();
  const auth = readAuth(text);
  if (!exchange.check('auth', auth !== undefined, auth && maskSecret(auth)) || auth === undefined) return status(400);
  judge(exchange, auth, username, app, registry);

  const answer = takeAnswer();
  if (answer !== 'success' && answer !== 'error-page') return misbehave(answer, origin());
  const user = whoIs(registry.pending(app), username) ?? registryUser(registry, app, username);
  if (!exchange.check('linking', user !== undefined)) {
    exchange.warn('a token was handed over while nobody with that username was linking');
  }
  if (answer === 'error-page' || user === undefined) return Response.json({ url: `${origin()}/hub/link-failed` });
  registry.keep({ app, login: user.login, username, auth });
  return Response.json({ url: app.redirectUrl ?? `${origin()}/hub/linked` });
}

/** Who is meant: a person who is linking and has that username, else the latest who may have any. */
function whoIs(pending: readonly EmulatorUser[], username: string): EmulatorUser | undefined {
  return (
    pending.find(({ usernames }) => usernames?.includes(username) === true) ??
    pending.find(({ usernames }) => usernames === undefined)
  );
}

/** A later hand-over for a link that exists renews it. */
function registryUser(registry: Registry, app: EmulatorApp, username: string): EmulatorUser | undefined {
  const login = registry.linkByUsername(app, username)?.login;
  return login === undefined ? undefined : registry.requireUser(login);
}

function readAuth(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    return Object.hasOwn(body, 'auth') ? rawMember(text, 'auth') : undefined;
  } catch {
    return undefined;
  }
}

/** What works but should not be done. */
function judge(exchange: Exchange, auth: string, username: string, app: EmulatorApp, registry: Registry): void {
  const type = exchange.request.headers.get('content-type')?.split(';')[0]?.trim();
  if (type !== 'application/json') exchange.warn('the hand-over is not sent as application/json');
  if (auth.length > 2050) exchange.warn('auth is longer than 2048 characters');
  if (exchange.url.search !== '') exchange.warn('the hand-over has a query');
  const value: unknown = JSON.parse(auth);
  if (value === username || fromBase64(value) === username) exchange.warn('auth is the username: anyone can forge it');
  const isShared = registry
    .links()
    .some((link) => link.app.name === app.name && link.username !== username && link.auth === auth);
  if (isShared) exchange.warn('auth is the same for two users');
}

function fromBase64(value: unknown): string | undefined {
  try {
    return new TextDecoder().decode(decodeBase64(String(value)));
  } catch {
    return undefined;
  }
}

function misbehave(
  answer: Exclude<HandOverAnswer, 'success' | 'error-page'>,
  origin: string,
): Response | Promise<Response> {
  const page = `${origin}/hub/linked`;
  switch (answer) {
    case 'refusal':
      return status(403);
    case 'failure':
      return status(500);
    case 'redirect':
      return new Response(null, { status: 307, headers: { location: 'https://attacker.example/v1/auth' } });
    case 'foreign-url':
      return Response.json({ url: 'https://attacker.example/linked' });
    case 'scheme-relative-url':
      return Response.json({ url: '//attacker.example/linked' });
    case 'script-url':
      return Response.json({ url: 'javascript:alert(1)' });
    case 'line-break-url':
      return Response.json({ url: `${page}\r\nset-cookie: planted=1` });
    case 'url-missing':
      return Response.json({ status: 'ok' });
    case 'url-number':
      return Response.json({ url: 1 });
    case 'url-empty':
      return Response.json({ url: '' });
    case 'html':
      return new Response('<h1>Linked</h1>', { headers: { 'content-type': 'text/html' } });
    case 'empty':
      return new Response('', { headers: { 'content-type': 'application/json' } });
    case 'not-json':
      return new Response('{"url":', { headers: { 'content-type': 'application/json' } });
    case 'array':
      return Response.json([{ url: page }]);
    case 'huge':
      return Response.json({ url: page, padding: 'x'.repeat(70_000) });
    case 'slow':
      return new Promise(() => {}); // the exchange ends when whoever asked gives up
    case 'drop':
      throw new TypeError('fetch failed');
  }
}

function status(code: number): Response {
  return new Response(null, { status: code });
}
