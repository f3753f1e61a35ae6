import { type Secret, toSecret } from '@x/crypto';
import { isSecretText } from '@x/http/options';
import * as v from 'valibot';
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
  /** Tells the user from others in the store, for example your own id of the user; always the same for one user. */
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

const required = 'must be text that is not empty';
const Text = v.custom<string>((value) => typeof value === 'string' && isSecretText(value), required);
const Hidden = v.custom<string | Secret>(isSecretText, 'must be text that is not empty, or a Secret');

const group = 'must be an object with parameters by name';
const Parameters = v.custom<SessionParameters>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  group,
);

const shapes = [
  v.strictObject({ kind: v.literal('application') }),
  v.strictObject({ kind: v.literal('login'), login: Text, password: Hidden }),
  v.strictObject({ kind: v.literal('email'), email: Text, password: Hidden }),
  v.strictObject({
    kind: v.literal('facebook'),
    token: Hidden,
    secret: v.optional(Hidden),
    scope: v.optional(Text),
  }),
  v.strictObject({ kind: v.literal('twitter'), token: Hidden, secret: Hidden }),
  v.strictObject({ kind: v.literal('firebase-phone'), projectId: Text, accessToken: Hidden }),
  v.strictObject({
    kind: v.literal('identity-provider'),
    userId: v.optional(Text),
    email: v.optional(Text),
    token: Hidden,
  }),
  v.strictObject({ kind: v.literal('provider'), provider: Text, parameters: Parameters }),
  v.strictObject({ kind: v.literal('custom'), parameters: Parameters }),
] as const;

const kinds = shapes.map(({ entries }) => entries.kind.literal);
const oneOfKinds = `one of ${kinds.join(', ')}`;
const LoginShape = v.variant('kind', shapes, `must be ${oneOfKinds}`);

/**
 * Checks a login, so that a user who was meant never silently becomes the application.
 *
 * @throws {TypeError} Naming the member that is missing, empty or of another kind. A value is never told.
 */
export function assertLogin(login: Login): void {
  const checked = v.safeParse(LoginShape, withoutAbsent(login));
  if (!checked.success) {
    const [issue] = checked.issues;
    if (issue.path === undefined) throw new TypeError(`login must be an object whose kind is ${oneOfKinds}`);
    const path = ['login', v.getDotPath(issue)].filter((step) => step !== null).join('.');
    if (issue.type !== 'strict_object') throw new TypeError(`${path} ${issue.message}`);
    const missing = path === 'login.parameters' ? group : required;
    throw new TypeError(`${path} ${issue.expected === 'never' ? `does not belong to kind '${login.kind}'` : missing}`);
  }
  if (login.kind === 'identity-provider') assertOneName(login);
  if (login.kind === 'provider') assertProvider(login);
  if (login.kind === 'custom') assertParameters(login.parameters);
}

/** What is undefined is not there, as in the spread of a form with fields that were left empty. */
function withoutAbsent(login: unknown): unknown {
  if (typeof login !== 'object' || login === null) return login;
  return Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined));
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
