import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { type Answer, baseError, isoSeconds } from './answers.ts';
import { createAuthenticateKey } from './authenticate.ts';
import { watchStorm } from './session-routes.ts';
import { type EmulatorState, type LiveApplication, openSession } from './state.ts';

/**
 * Tokens of users, minted and withdrawn with an API key.
 *
 * Minting is documented. That tokens can be deleted is documented too, at which paths is a guess (QuickBlox fact
 * sheet §2.1).
 */
export function userTokenRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const authenticate = createAuthenticateKey(state, answer);

  /** The application and the user that a path names, or the refusal. A `QB-Token` is ignored here (§2). */
  function find(exchange: Exchange): { application: LiveApplication; userId: number } | Response {
    const { headers } = exchange.request;
    if (headers.has('qb-token')) exchange.warn('a QB-Token was sent where an API key alone counts');
    const caller = authenticate(exchange);
    if (caller instanceof Response) return caller;
    const { application } = caller;
    const userId = Number(exchange.params['id']);
    if (exchange.check('user known', application.users.has(userId))) return { application, userId };
    return answer(exchange, { status: 404, body: baseError('User not found') });
  }

  function mint(exchange: Exchange): Response {
    const found = find(exchange);
    if (found instanceof Response) return found;
    watchStorm(exchange, found.application, `token of user ${found.userId}`, state.settings.stormLimit);
    const timestampSeconds = Math.floor(exchange.nowMs / 1000);
    const { token, expiresAtMs } = openSession(state, { ...found, nonce: 0, timestampSeconds }, exchange.nowMs);
    return answer(exchange, { status: 201, body: { token, expires_at: isoSeconds(expiresAtMs) } });
  }

  function withdraw(exchange: Exchange): Response {
    const found = find(exchange);
    if (found instanceof Response) return found;
    for (const session of [...state.sessions.values()]) {
      const theirs = session.application === found.application && session.userId === found.userId;
      const named = [undefined, session.token].includes(exchange.params['token']);
      if (theirs && named) state.sessions.delete(session.token);
    }
    return answer(exchange, { status: 200 });
  }

  return [
    { method: 'POST', path: '/users/:id/tokens', handle: mint },
    { method: 'DELETE', path: '/users/:id/tokens', handle: withdraw },
    { method: 'DELETE', path: '/users/:id/tokens/:token', handle: withdraw },
  ];
}
