import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { type Answer, baseError, userBody } from './answers.ts';
import { type Authenticate, type Caller, createAuthenticate } from './authenticate.ts';
import { type Received, readParameters } from './parameters.ts';
import type { EmulatorState, LiveUser } from './state.ts';

/**
 * Enough resources to show what a token or an API key may do: users, and one that is the user's alone (dialogs).
 *
 * Rights are those of QuickBlox fact sheet §2 and §3.1; page numbers and wrapping those of §7. The wording of
 * refusals other than `Forbidden. Need user.` is assumed.
 */
export function userRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const authenticate = createAuthenticate(state, answer);

  const list = asCaller(authenticate, (exchange, { application, session }) => {
    const page = positive(exchange.url.searchParams.get('page'), 1);
    const perPage = positive(exchange.url.searchParams.get('per_page'), 10);
    const users = [...application.users.values()];
    const body = {
      current_page: page,
      per_page: perPage,
      total_entries: users.length,
      items: users.slice((page - 1) * perPage, page * perPage).map(userBody),
    };
    return answer(exchange, { status: 200, body, expiresAtMs: session?.expiresAtMs });
  });

  const get = asCaller(authenticate, (exchange, { application, session }) => {
    const user = application.users.get(idOf(exchange));
    const expiresAtMs = session?.expiresAtMs;
    return user === undefined
      ? answer(exchange, { status: 404, body: { code: 404, message: 'User not found' }, expiresAtMs })
      : answer(exchange, { status: 200, body: userBody(user), expiresAtMs });
  });

  const create = asCaller(authenticate, async (exchange, { application, session }) => {
    const expiresAtMs = session?.expiresAtMs;
    const received = await readParameters(exchange);
    if (received === undefined) return answer(exchange, { status: 400, body: baseError('Bad request'), expiresAtMs });
    const errors = validate(received, [...application.users.values()]);
    if (!exchange.check('values', Object.keys(errors).length === 0)) {
      return answer(exchange, { status: 422, body: { errors }, expiresAtMs });
    }
    const id = Math.max(0, ...application.users.keys()) + 1;
    const { nowMs } = exchange;
    const user: LiveUser = {
      id,
      login: received.get('user[login]'),
      email: received.get('user[email]'),
      password: received.get('user[password]'),
      fullName: received.get('user[full_name]'),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    application.users.set(id, user);
    return answer(exchange, { status: 201, body: userBody(user), expiresAtMs });
  });

  const update = asCaller(authenticate, async (exchange, { application, session, userId }) => {
    const expiresAtMs = session?.expiresAtMs;
    const id = idOf(exchange);
    const user = application.users.get(id);
    if (session !== undefined && userId === 0) return needUser(exchange, expiresAtMs);
    if (userId !== 0 && userId !== id)
      return answer(exchange, { status: 403, body: baseError('Forbidden'), expiresAtMs });
    if (user === undefined) return answer(exchange, { status: 404, body: baseError('User not found'), expiresAtMs });
    const received = await readParameters(exchange);
    if (received === undefined) return answer(exchange, { status: 400, body: baseError('Bad request'), expiresAtMs });
    const fullName = received.get('user[full_name]') ?? user.fullName;
    const changed = { ...user, fullName, updatedAtMs: exchange.nowMs };
    application.users.set(id, changed);
    return answer(exchange, { status: 200, body: userBody(changed), expiresAtMs });
  });

  const dialogs = asCaller(authenticate, (exchange, { session, userId }) => {
    if (userId === 0) return needUser(exchange, session?.expiresAtMs);
    const body = { total_entries: 0, skip: 0, limit: 100, items: [] };
    return answer(exchange, { status: 200, body, expiresAtMs: session?.expiresAtMs });
  });

  function needUser(exchange: Exchange, expiresAtMs: number | undefined): Response {
    exchange.check('user', false);
    return answer(exchange, { status: 422, body: baseError('Forbidden. Need user.'), expiresAtMs });
  }

  // the reference's paths end in .json, the guide's examples for API keys do not
  return [
    ...['/users.json', '/users'].flatMap((path) => [
      { method: 'GET', path, handle: list },
      { method: 'POST', path, handle: create },
    ]),
    { method: 'GET', path: '/users/:id', handle: get },
    { method: 'PUT', path: '/users/:id', handle: update },
    { method: 'GET', path: '/chat/Dialog.json', handle: dialogs },
  ];
}

function asCaller(
  authenticate: Authenticate,
  handle: (exchange: Exchange, caller: Caller) => Response | Promise<Response>,
): EmulatorRoute['handle'] {
  return (exchange) => {
    const caller = authenticate(exchange);
    return caller instanceof Response ? caller : handle(exchange, caller);
  };
}

function idOf({ params }: Exchange): number {
  return Number(/^([1-9]\d{0,14})(?:\.json)?$/.exec(params['id'] ?? '')?.[1] ?? 0);
}

function positive(text: string | null, fallback: number): number {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : fallback;
}

function validate(received: Received, users: readonly LiveUser[]): Record<string, string[]> {
  const login = received.get('user[login]');
  const email = received.get('user[email]');
  const errors: Record<string, string[]> = {};
  if (login === undefined && email === undefined) errors['base'] = ['login or email is required'];
  if (login !== undefined && users.some((user) => user.login === login)) errors['login'] = ['has already been taken'];
  if (email !== undefined && users.some((user) => user.email === email)) errors['email'] = ['has already been taken'];
  return errors;
}
