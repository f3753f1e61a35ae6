import { constantTimeEqual } from '@x/crypto';
import type { Received } from './parameters.ts';
import type { LiveApplication, LiveUser } from './state.ts';

/** What a login came to. */
export type LoginResult =
  | { readonly ok: true; readonly userId: number }
  /** An object is told as JSON, text is passed on as it is. */
  | { readonly ok: false; readonly status: number; readonly body: object | string };

const unauthorized: LoginResult = { ok: false, status: 401, body: { errors: ['Unauthorized'] } };
const refusedElsewhere: LoginResult = { ok: false, status: 422, body: { errors: ['Bad Authentication data'] } };

/** Whether parameters name a user, rather than ask for a session of the application. */
export function namesUser(received: Received): boolean {
  return [...received.keys()].some((name) => name === 'provider' || name.startsWith('user['));
}

/** Whether a user is named as `POST /login.json` wants it, or with a dot. @see QuickBlox fact sheet, edge case 19. */
export function namesBareUser(received: Received): boolean {
  return [...received.keys()].some((name) => /^(?:user\.)?(?:login|email|password)$/.test(name));
}

/** Names the user that is asked for, without the password, for counting attempts. */
export function subjectOf(received: Received): string {
  const names = ['provider', 'user[login]', 'user[email]', 'keys[token]', 'firebase_phone[access_token]'];
  return JSON.stringify(names.map((name) => received.get(name) ?? null));
}

/**
 * Logs a user in by the parameters of a session request.
 *
 * @see QuickBlox fact sheet §4.2 and §6.3. That an unknown provider is refused like a bad token is assumed.
 */
export function logIn({ settings, users }: LiveApplication, received: Received): LoginResult {
  const provider = received.get('provider');
  if (provider !== undefined) return byProvider([...users.values()], provider, received);
  const login = received.get('user[login]');
  const email = received.get('user[email]');
  const password = received.get('user[password]');
  if (password === undefined || (login === undefined && email === undefined)) return unauthorized;
  if (settings.identityProvider !== undefined) {
    const result = settings.identityProvider({ login, email, password });
    return 'userId' in result ? { ok: true, userId: result.userId } : { ok: false, ...result };
  }
  const found = [...users.values()].find((user) => (login === undefined ? user.email === email : user.login === login));
  const fits = constantTimeEqual(found?.password ?? '', password) && found?.password !== undefined;
  return fits ? { ok: true, userId: found.id } : unauthorized;
}

function byProvider(users: readonly LiveUser[], provider: string, received: Received): LoginResult {
  const token = received.get(provider === 'firebase_phone' ? 'firebase_phone[access_token]' : 'keys[token]');
  const second: Record<string, string> = { twitter: 'keys[secret]', firebase_phone: 'firebase_phone[project_id]' };
  const companion = Object.hasOwn(second, provider) ? second[provider] : undefined;
  if (token === undefined || (companion !== undefined && !received.has(companion))) return refusedElsewhere;
  const found = users.find((user) =>
    (user.identities ?? []).some((identity) => identity.provider === provider && identity.token === token),
  );
  return found === undefined ? refusedElsewhere : { ok: true, userId: found.id };
}
