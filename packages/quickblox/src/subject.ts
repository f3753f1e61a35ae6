import { encodeBase64Url, hmac, sha256 } from '@x/crypto';
import { assertLogin, type Login, type LoginSource, toParameters } from './login.ts';
import type { QuickBloxOptions } from './options.ts';
import { flattenParameters, type SessionParameters } from './parameters.ts';

/** A checked login: who it is for, and what proves it each time that a session is created. */
export interface Subject {
  /** Distinct for distinct logins, and nothing leads from it to a password. */
  readonly id: string;
  readonly kind: 'application' | 'user';
  /** The only user whose sessions count; absent as long as nobody knows. */
  readonly userId?: number | undefined;
  /** Whether the parameters are the same each time, or read from a source that may give others. */
  readonly proof: 'fixed' | 'read';
  /** The login's parameters in clear, as of now. */
  readonly parameters: (context: { readonly signal?: AbortSignal | undefined }) => Promise<SessionParameters>;
}

/** What a subject proves itself with beside its login: the pair that signs its session requests. */
export type SubjectKeys = NonNullable<QuickBloxOptions['keys']>;

/**
 * Checks a login and names it for the store.
 *
 * The name covers the password as well as the user, and the authorization key: whoever has only a part must not be
 * given, out of a shared store, the session of someone who had it all. It is keyed with the authorization secret, so
 * that a leaked list of names does not let anyone try passwords.
 *
 * @throws {TypeError} When the login is incomplete or mixes kinds.
 */
export function toSubject(login: Login | LoginSource, keys: SubjectKeys): Subject {
  if (isSource(login)) return ofSource(login, keys);
  assertLogin(login);
  if (login.kind === 'application') {
    return { id: nameOf(['application'], keys), kind: 'application', proof: 'fixed', parameters: async () => ({}) };
  }
  // a copy: what the caller does to the login afterwards must not part the name from what is sent
  const proofs = flattenParameters(toParameters(login)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: nameOf(['login', ...proofs.flat()], keys),
    kind: 'user',
    proof: 'fixed',
    parameters: async () => Object.fromEntries(proofs),
  };
}

function ofSource(source: LoginSource, keys: SubjectKeys): Subject {
  const { subject, read } = source;
  if (source.kind !== undefined) throw new TypeError('login.kind does not belong to a source, whose read() gives it');
  if (typeof read !== 'function') throw new TypeError('login.read must be a function');
  if (typeof subject !== 'string' || subject === '') throw new TypeError('login.subject must be text, not empty');
  return {
    id: nameOf(['source', subject], keys),
    kind: 'user',
    proof: 'read',
    async parameters(context) {
      const login = await read(context);
      assertLogin(login);
      if ((login as Login).kind === 'application') throw new TypeError('login.read must give the login of a user');
      return toParameters(login);
    },
  };
}

function isSource(login: Login | LoginSource): login is LoginSource {
  return typeof login === 'object' && login !== null && 'read' in login;
}

function nameOf(parts: readonly string[], { authKey, authSecret }: SubjectKeys): string {
  return encodeBase64Url(hmac(sha256, authSecret.reveal(), JSON.stringify([authKey, ...parts])));
}
