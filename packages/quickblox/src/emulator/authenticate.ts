import { constantTimeEqual } from '@x/crypto';
import type { Exchange } from '@x/http/emulator';
import { type Answer, bareError, baseError } from './answers.ts';
import { type EmulatorState, type LiveApplication, type LiveSession, useSession } from './state.ts';

/** Who is calling. */
export interface Caller {
  readonly application: LiveApplication;
  /** 0: the application itself. */
  readonly userId: number;
  /** Undefined with an API key. */
  readonly session: LiveSession | undefined;
}

/** Finds the caller, or the answer that refuses it. */
export type Authenticate = (exchange: Exchange) => Caller | Response;

/**
 * Accepts `QB-Token`, or `Authorization: ApiKey` with an optional `On-Behalf-Of`.
 *
 * Which of the two counts when both are sent is unknown; here it is the token, with a warning (QuickBlox fact
 * sheet §2).
 */
export function createAuthenticate(state: EmulatorState, answer: Answer): Authenticate {
  const byKey = createAuthenticateKey(state, answer);
  const bySession = createAuthenticateSession(state, answer);
  return (exchange) => {
    const { headers } = exchange.request;
    if (!headers.has('authorization')) return bySession(exchange);
    if (!headers.has('qb-token')) return byKey(exchange);
    exchange.warn('QB-Token and Authorization were sent together');
    return bySession(exchange);
  };
}

/** Accepts `QB-Token` alone. @see QuickBlox fact sheet §3.2 and §6.3. */
export function createAuthenticateSession(state: EmulatorState, answer: Answer) {
  return (exchange: Exchange): (Caller & { readonly session: LiveSession }) | Response => {
    const { headers } = exchange.request;
    const token = headers.get('qb-token');
    if (headers.has('on-behalf-of')) exchange.warn('On-Behalf-Of was sent with a QB-Token; it belongs to an API key');
    if (!exchange.check('token present', token !== null)) {
      return answer(exchange, { status: 401, body: bareError('Token is required') });
    }
    const session = useSession(state, token ?? '', exchange.nowMs);
    exchange.check('session alive', session !== undefined);
    if (session !== undefined) return { application: session.application, userId: session.userId, session };
    const { goneShape } = state.settings;
    const text = 'Required session does not exist';
    return answer(exchange, { status: 401, body: goneShape === 'array' ? bareError(text) : baseError(text) });
  };
}

/**
 * Accepts an API key alone.
 *
 * @see QuickBlox fact sheet §2. Documented: 401 and 404 in this shape, a text that begins with `Authoriz`; the rest
 *   of the text is assumed.
 */
export function createAuthenticateKey({ applications }: EmulatorState, answer: Answer): Authenticate {
  return (exchange) => {
    const { headers } = exchange.request;
    if (headers.has('origin')) exchange.warn('an API key was sent by a browser');
    const key = /^ApiKey (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
    const application = applications.find(({ settings }) =>
      (settings.apiKeys ?? []).some((known) => constantTimeEqual(known, key)),
    );
    exchange.check('API key known', application !== undefined);
    if (application === undefined) {
      return answer(exchange, { status: 401, body: baseError('Authorization is not valid') });
    }
    const onBehalfOf = headers.get('on-behalf-of');
    if (onBehalfOf === null) return { application, userId: 0, session: undefined };
    const userId = /^[1-9]\d{0,14}$/.test(onBehalfOf) ? Number(onBehalfOf) : 0;
    if (!exchange.check('on-behalf-of user known', application.users.has(userId))) {
      return answer(exchange, { status: 404, body: baseError('User not found') });
    }
    return { application, userId, session: undefined };
  };
}
