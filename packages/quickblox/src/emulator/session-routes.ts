import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { type Answer, baseError, sessionBody } from './answers.ts';
import { createAuthenticateSession } from './authenticate.ts';
import { logIn, namesBareUser, namesUser, subjectOf } from './credentials.ts';
import { type Received, readParameters } from './parameters.ts';
import { verifySignature } from './signature.ts';
import { type EmulatorState, type LiveApplication, openSession } from './state.ts';

const required = ['application_id', 'auth_key', 'timestamp', 'nonce', 'signature'];
const toleranceSeconds = 3600;

/**
 * `POST`, `GET` and `DELETE /session.json`.
 *
 * The order of the checks is assumed but for one thing: the application is found before the user is (QuickBlox fact
 * sheet §10).
 */
export function sessionRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const authenticate = createAuthenticateSession(state, answer);

  async function create(exchange: Exchange): Promise<Response> {
    const refuse = (status: number, text: string): Response => answer(exchange, { status, body: baseError(text) });
    const received = await readParameters(exchange);
    exchange.check('body', received !== undefined);
    if (received === undefined) return refuse(400, 'Bad request');

    const missing = required.filter((name) => (received.get(name) ?? '') === '');
    if (!exchange.check('parameters', missing.length === 0, missing.join(' ') || undefined)) {
      const errors = Object.fromEntries(missing.map((name) => [name, ['is required']]));
      return answer(exchange, { status: 422, body: { errors } }); // the wording is assumed
    }

    const application = state.applications.find(
      ({ settings }) =>
        String(settings.id) === received.get('application_id') && settings.authKey === received.get('auth_key'),
    );
    exchange.check('application', application !== undefined);
    if (application === undefined) return refuse(422, 'No application found');
    watchSecret(exchange, received, application);
    if (received.has('user[login]') && received.has('user[email]')) {
      exchange.warn('a user was named by login and by e-mail');
    }

    const timestamp = received.get('timestamp') ?? '';
    const offSeconds = /^\d{1,15}$/.test(timestamp)
      ? Number(timestamp) - Math.floor(exchange.nowMs / 1000)
      : Number.NaN;
    const inTime = Math.abs(offSeconds) <= toleranceSeconds;
    if (offSeconds > 1e11) exchange.warn('timestamp is in milliseconds, seconds are wanted');
    if (!exchange.check('timestamp', inTime, `${offSeconds} s off`)) return refuse(422, 'Bad timestamp');

    const nonce = received.get('nonce') ?? '';
    const fresh = rememberNonce(application, `${timestamp}/${nonce}`, exchange.nowMs);
    if (!fresh) exchange.warn('a pair of nonce and timestamp was used again');
    // that there is such a check is documented, the wording is ours
    if (!exchange.check('nonce', fresh)) return refuse(422, 'Nonce has already been used with this timestamp');

    const { authSecret, hash = 'sha1' } = application.settings;
    const verdict = verifySignature(received, authSecret, hash);
    if (!exchange.check('signature', verdict.ok, verdict.ok ? hash : verdict.detail)) {
      return refuse(422, 'Unexpected signature');
    }

    watchStorm(exchange, application, subjectOf(received), state.settings.stormLimit);
    const expiresAtMs = exchange.nowMs + state.settings.lifetimeSeconds * 1000;
    let userId = 0;
    if (namesBareUser(received)) exchange.warn('a user was named outside the group user, which counts for nothing');
    if (namesUser(received)) {
      const result = logIn(application, received);
      exchange.check('credentials', result.ok);
      if (!result.ok) return loginFailure(exchange, answer, result, expiresAtMs);
      userId = result.userId;
    }
    const given = { application, userId, nonce: integerIfSent(nonce), timestampSeconds: Number(timestamp) };
    const session = openSession(state, given, exchange.nowMs);
    return answer(exchange, { status: 201, body: sessionBody(session), expiresAtMs: session.expiresAtMs });
  }

  function get(exchange: Exchange): Response {
    const caller = authenticate(exchange);
    if (caller instanceof Response) return caller;
    const { session } = caller;
    return answer(exchange, { status: 200, body: sessionBody(session), expiresAtMs: session.expiresAtMs });
  }

  function destroy(exchange: Exchange): Response {
    const caller = authenticate(exchange);
    if (caller instanceof Response) return caller;
    state.sessions.delete(caller.session.token);
    return answer(exchange, { status: 200, expiresAtMs: caller.session.expiresAtMs });
  }

  return [
    { method: 'POST', path: '/session.json', handle: create },
    { method: 'GET', path: '/session.json', handle: get },
    { method: 'DELETE', path: '/session.json', handle: destroy },
  ];
}

/** Tells a refused login; what a custom identity provider said goes out unchanged. */
export function loginFailure(
  exchange: Exchange,
  answer: Answer,
  { status, body }: { readonly status: number; readonly body: object | string },
  expiresAtMs: number,
): Response {
  if (typeof body === 'object') return answer(exchange, { status, body, expiresAtMs });
  return new Response(body, { status, headers: answer(exchange, { status, expiresAtMs }).headers });
}

/** A response's nonce is an integer where an integer was sent (QuickBlox fact sheet §4.4). */
function integerIfSent(nonce: string): number | string {
  return /^-?\d{1,15}$/.test(nonce) ? Number(nonce) : nonce;
}

/** Keeps what was received for as long as its timestamp could be accepted again. */
function rememberNonce({ nonces }: LiveApplication, pair: string, nowMs: number): boolean {
  for (const [known, untilMs] of nonces) if (untilMs <= nowMs) nonces.delete(known);
  if (nonces.has(pair)) return false;
  nonces.set(pair, nowMs + 2 * toleranceSeconds * 1000 + 1000);
  return true;
}

function watchSecret(exchange: Exchange, received: Received, { settings }: LiveApplication): void {
  if ([...received.values()].includes(settings.authSecret)) exchange.warn('the authorization secret was sent');
}

/** Counts what was asked for one subject within a minute, granted or not. */
export function watchStorm(exchange: Exchange, { requests }: LiveApplication, subject: string, limit: number): void {
  const recent = [...(requests.get(subject) ?? []).filter((atMs) => exchange.nowMs - atMs < 60_000), exchange.nowMs];
  requests.set(subject, recent);
  if (recent.length > limit) exchange.warn(`${recent.length} sessions were asked for one subject within a minute`);
}
