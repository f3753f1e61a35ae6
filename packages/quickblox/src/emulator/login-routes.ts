import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { type Answer, baseError, userBody } from './answers.ts';
import { createAuthenticateSession } from './authenticate.ts';
import { logIn } from './credentials.ts';
import { type Received, readParameters } from './parameters.ts';
import { loginFailure } from './session-routes.ts';
import type { EmulatorState } from './state.ts';

/**
 * `POST` and `DELETE /login.json`: unsigned and unnested, on the session of the token.
 *
 * @see QuickBlox fact sheet §5. That a session which has a user already may be upgraded again is assumed.
 */
export function loginRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const authenticate = createAuthenticateSession(state, answer);

  async function create(exchange: Exchange): Promise<Response> {
    const caller = authenticate(exchange);
    if (caller instanceof Response) return caller;
    const { session, application } = caller;
    const { expiresAtMs } = session;
    const received = await readParameters(exchange);
    exchange.check('body', received !== undefined);
    if (received === undefined) return answer(exchange, { status: 400, body: baseError('Bad request'), expiresAtMs });
    if (received.has('signature')) exchange.warn('a login was signed; only session requests are');
    if (session.userId !== 0) exchange.warn('a session that has a user was upgraded again');

    const result = logIn(application, toNested(received));
    exchange.check('credentials', result.ok);
    if (!result.ok) return loginFailure(exchange, answer, result, expiresAtMs);
    const user = application.users.get(result.userId);
    if (user === undefined) return answer(exchange, { status: 404, body: baseError('User not found'), expiresAtMs });
    session.userId = user.id;
    return answer(exchange, { status: state.settings.loginStatus, body: userBody(user), expiresAtMs });
  }

  function destroy(exchange: Exchange): Response {
    const caller = authenticate(exchange);
    if (caller instanceof Response) return caller;
    caller.session.userId = 0;
    return answer(exchange, { status: 200, expiresAtMs: caller.session.expiresAtMs });
  }

  return [
    { method: 'POST', path: '/login.json', handle: create },
    { method: 'DELETE', path: '/login.json', handle: destroy },
  ];
}

/** A login names `login`, where a session request names `user[login]`, which counts for nothing here. */
function toNested(received: Received): Received {
  const own = ['login', 'email', 'password'];
  return new Map(
    [...received]
      .filter(([name]) => !name.startsWith('user['))
      .map(([name, value]) => [own.includes(name) ? `user[${name}]` : name, value]),
  );
}
