import { type Secret, toSecret } from '@x/crypto';
import { isSecretText } from '@x/http/options';
import { flattenParameters, type SessionParameters } from './parameters.ts';

/** A session of the application itself: it may read, create users and log one in. */
export interface ApplicationLogin {
  readonly kind: 'application';
}

/** A user by login and password. */
export interface PasswordLogin {
  readonly kind: 'login';
  readonly login: string;
  readonly password: string | Secret;
}

/** A user by e-mail address and password. */
export interface EmailLogin {
  readonly kind: 'email';
  readonly email: string;
  readonly password: string | Secret;
}

/** A user by Facebook's access token. */
export interface FacebookLogin {
  readonly kind: 'facebook';
  readonly token: string | Secret;
  readonly secret?: string | Secret | undefined;
  /** Facebook permissions; sent only when given. */
  readonly scope?: string | undefined;
}

/** A user by Twitter's access token. QuickBlox has dropped it from its reference; old applications may still have it. */
export interface TwitterLogin {
  readonly kind: 'twitter';
  readonly token: string | Secret;
  readonly secret: string | Secret;
}

/** A user by telephone number, verified by Firebase. */
export interface FirebasePhoneLogin {
  readonly kind: 'firebase-phone';
  readonly projectId: string;
  /** The Firebase ID token. */
  readonly accessToken: string | Secret;
}

/**
 * A user whom the application's own identity provider knows (Enterprise plan): QuickBlox asks it at each login.
 *
 * What that provider answers to a wrong token is passed on unchanged, so a refusal can have any status and body.
 */
export type IdentityProviderLogin = {
  readonly kind: 'identity-provider';
  /** What the identity provider gave to the user as proof; travels as the password. */
  readonly token: string | Secret;
} & (
  | {
      /** The user's id at the identity provider; travels as the login. */
      readonly userId: string;
      readonly email?: undefined;
    }
  | { readonly email: string; readonly userId?: undefined }
);

/** A user by another company's proof that has no kind of its own here. */
export interface ProviderLogin {
  readonly kind: 'provider';
  /** The value of `provider`. Those that have a kind of their own are refused. */
  readonly provider: string;
  /** What goes with it, text or a `Secret`; groups are one level deep: `{ keys: { token } }`. */
  readonly parameters: SessionParameters;
}

/** A user by parameters that only the application's own set-up knows. */
export interface CustomLogin {
  readonly kind: 'custom';
  /** Everything but what every session request has; groups are one level deep: `{ user: { login, password } }`. */
  readonly parameters: SessionParameters;
}

/** Who a session is for. */
export type Login =
  | ApplicationLogin
  | PasswordLogin
  | EmailLogin
  | FacebookLogin
  | TwitterLogin
  | FirebasePhoneLogin
  | IdentityProviderLogin
  | ProviderLogin
  | CustomLogin;

/**
 * A login that is read each time a session is created: for tokens of Facebook or Firebase, which expire sooner than
 * the need for a new session ends.
 */
export interface LoginSource {
  /** Tells the user from others in the store, for example your own id of the user: always the same for one user. */
  readonly subject: string;
  /** Gives the login of a user as of now, within the option `timeoutMs`. */
  readonly read: (context: { readonly signal?: AbortSignal | undefined }) => UserLogin | Promise<UserLogin>;
  /** Not here: the login that `read` gives has it. */
  readonly kind?: undefined;
}

/** A login of a user. */
export type UserLogin = Exclude<Login, ApplicationLogin>;

const reserved = ['application_id', 'auth_key', 'nonce', 'timestamp', 'signature'];

/** Values of `provider` that have a kind of their own, which knows what must go with them. */
const kindOfProvider: Readonly<Record<string, Login['kind']>> = {
  facebook: 'facebook',
  twitter: 'twitter',
  firebase_phone: 'firebase-phone',
};

/** Says what a member of a login must be, unless it is that. */
type Rule = (value: unknown) => string | undefined;

const required = 'must be text that is not empty';
const text: Rule = (value) => (typeof value === 'string' && isSecretText(value) ? undefined : required);
const hidden: Rule = (value) => {
  if (value === undefined) return required;
  return isSecretText(value) ? undefined : `${required}, or a Secret`;
};
const parameters: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be an object with parameters by name';

/* @__NO_SIDE_EFFECTS__ */
function optional(rule: Rule): Rule {
  return (value) => (value === undefined ? undefined : rule(value));
}

/** What a kind is made of; nothing else may go with it. */
const membersOf: Readonly<Record<Login['kind'], Readonly<Record<string, Rule>>>> = {
  application: {},
  login: { login: text, password: hidden },
  email: { email: text, password: hidden },
  facebook: { token: hidden, secret: optional(hidden), scope: optional(text) },
  twitter: { token: hidden, secret: hidden },
  'firebase-phone': { projectId: text, accessToken: hidden },
  'identity-provider': { userId: optional(text), email: optional(text), token: hidden },
  provider: { provider: text, parameters },
  custom: { parameters },
};

/**
 * Checks a login, so that a user who was meant never silently becomes the application.
 *
 * @throws {TypeError} Naming the member that is missing, empty or of another kind. A value is never told.
 */
export function assertLogin(login: Login): void {
  const oneOfKinds = `one of ${Object.keys(membersOf).join(', ')}`;
  if (typeof login !== 'object' || login === null) {
    throw new TypeError(`login must be an object whose kind is ${oneOfKinds}`);
  }
  // what is undefined is not there, as in the spread of a form with fields that were left empty
  const left = new Map<string, unknown>(Object.entries(login).filter(([, value]) => value !== undefined));
  const members = Object.entries(membersOf).find(([kind]) => kind === left.get('kind'))?.[1];
  if (members === undefined) throw new TypeError(`login.kind must be ${oneOfKinds}`);
  left.delete('kind');
  for (const [name, rule] of Object.entries(members)) {
    const flaw = rule(left.get(name));
    if (flaw !== undefined) throw new TypeError(`login.${name} ${flaw}`);
    left.delete(name);
  }
  const [other] = left.keys();
  if (other !== undefined) throw new TypeError(`login.${other} does not belong to kind '${login.kind}'`);
  if (login.kind === 'identity-provider') assertOneName(login);
  if (login.kind === 'provider') assertProvider(login);
  if (login.kind === 'custom') assertCustom(login);
}

function assertCustom({ parameters }: CustomLogin): void {
  assertParameters(parameters);
  for (const [name] of flattenParameters(parameters)) {
    // `POST /login.json` takes it so, but the session that comes in its place does not
    if (/^(?:login|email|password)$/.test(name)) {
      throw new TypeError(`login.parameters.${name} must be in the group user: { user: { ${name} } }`);
    }
  }
}

function assertOneName({ userId, email }: IdentityProviderLogin): void {
  if (userId === undefined && email === undefined) throw new TypeError('login.userId or login.email must be given');
  if (userId !== undefined && email !== undefined) throw new TypeError('login.userId excludes login.email');
}

function assertProvider({ provider, parameters }: ProviderLogin): void {
  const kind = Object.hasOwn(kindOfProvider, provider) ? kindOfProvider[provider] : undefined;
  if (kind !== undefined) throw new TypeError(`login.provider must not be '${provider}', which is kind '${kind}'`);
  assertParameters(parameters);
  for (const [name] of flattenParameters(parameters)) {
    if (name === 'provider') throw new TypeError('login.parameters.provider is set by login.provider');
    if (/^user(?:\[|$)/.test(name)) throw new TypeError("login.parameters.user does not belong to kind 'provider'");
  }
}

function assertParameters(parameters: SessionParameters): void {
  const flat = flattenParameters(parameters);
  if (flat.length === 0) throw new TypeError('login.parameters must not be empty');
  for (const [name, value] of flat) {
    if (reserved.includes(name)) throw new TypeError(`login.parameters.${name} is set by the session request itself`);
    if (!isSecretText(value)) throw new TypeError(`login.parameters.${name} ${required}`);
  }
  const names = flat.map(([name]) => name);
  if (names.includes('user[login]') && names.includes('user[email]')) {
    // which of them counts is not known (QuickBlox fact sheet §4.2)
    throw new TypeError('login.parameters.user[login] excludes login.parameters.user[email]');
  }
}

/**
 * Writes a login as parameters of a session request.
 *
 * @returns The user's name, password and tokens in clear.
 * @see QuickBlox fact sheet §4.2 and §4.5.
 */
export function toParameters(login: Login): SessionParameters {
  switch (login.kind) {
    case 'application':
      return {};
    case 'login':
      return { user: { login: login.login, password: reveal(login.password) } };
    case 'email':
      return { user: { email: login.email, password: reveal(login.password) } };
    case 'facebook': {
      const { token, secret, scope } = login;
      const keys = { token: reveal(token), secret: secret === undefined ? undefined : reveal(secret) };
      return { provider: 'facebook', keys, scope };
    }
    case 'twitter':
      return { provider: 'twitter', keys: { token: reveal(login.token), secret: reveal(login.secret) } };
    case 'firebase-phone': {
      // the guide's list leaves `provider` out, but its worked example is only right with it
      const group = { project_id: login.projectId, access_token: reveal(login.accessToken) };
      return { provider: 'firebase_phone', firebase_phone: group };
    }
    case 'identity-provider': {
      const { userId, email, token } = login;
      return { user: { login: userId, email, password: reveal(token) } };
    }
    case 'provider':
      return { provider: login.provider, ...login.parameters };
    case 'custom':
      return login.parameters;
  }
}

/**
 * Writes a login's parameters as `POST /login.json` wants them: unsigned, and the user's without their group.
 *
 * @see QuickBlox fact sheet §5 and edge case 19.
 */
export function toLoginBody(parameters: SessionParameters): [name: string, value: string][] {
  return flattenParameters(parameters).map(([name, value]) => [/^user\[(.+)\]$/.exec(name)?.[1] ?? name, value]);
}

function reveal(value: string | Secret): string {
  return toSecret(value).reveal();
}
