import { encodeBase64Url, hmac, type Secret, sha256 } from '@x/crypto';
import { assertLogin, type Login, type LoginSource, toParameters } from './login.ts';
import { flattenParameters, type SessionParameters } from './parameters.ts';

/** A checked login: who it is for, and what proves it each time that a session is created. */
export interface Subject {
  /** Distinct for distinct logins, and nothing leads from it to a password. */
  readonly id: string;
  readonly kind: 'application' | 'user';
  /** The login's parameters in clear, as of now. */
  readonly parameters: (context: { readonly signal?: AbortSignal | undefined }) => Promise<SessionParameters>;
}

/** The application itself, which proves itself by the signature alone. */
export const applicationSubject: Subject = { id: 'application', kind: 'application', parameters: async () => ({}) };

/**
 * Checks a login and names it for the store.
 *
 * The name covers the password as well as the user: whoever has only half of it must not be given, out of a shared
 * store, the session of someone who had both. It is keyed with the authorization secret, so that a leaked list of
 * names does not let anyone try passwords.
 *
 * @throws {TypeError} When the login is incomplete or mixes kinds.
 */
export function toSubject(login: Login | LoginSource, authSecret: Secret): Subject {
  if (isSource(login)) return ofSource(login, authSecret);
  assertLogin(login);
  if (login.kind === 'application') return applicationSubject;
  // a copy: what the caller does to the login afterwards must not part the name from what is sent
  const proofs = flattenParameters(toParameters(login)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: nameOf(['login', ...proofs.flat()], authSecret),
    kind: 'user',
    parameters: async () => Object.fromEntries(proofs),
  };
}

function ofSource(source: LoginSource, authSecret: Secret): Subject {
  const { subject, read } = source;
  if (source.kind !== undefined) throw new TypeError('login.kind does not belong to a source, whose read() gives it');
  if (typeof read !== 'function') throw new TypeError('login.read must be a function');
  if (typeof subject !== 'string' || subject === '') throw new TypeError('login.subject must be text, not empty');
  return {
    id: nameOf(['source', subject], authSecret),
    kind: 'user',
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

function nameOf(parts: readonly string[], authSecret: Secret): string {
  return encodeBase64Url(hmac(sha256, authSecret.reveal(), JSON.stringify(parts)));
}
