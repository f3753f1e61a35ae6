import * as v from 'valibot';
import { readUserIdentifier } from './user-identifier.ts';

/** The body that HypeLabs' certification service posts, as it is on the wire. */
export interface AuthorizationRequestWire {
  readonly api_user: string;
  /** The name in HypeLabs' example; its prose calls the same value `api_password`. */
  readonly api_secret?: string | undefined;
  /** Read in the absence of `api_secret`. */
  readonly api_password?: string | undefined;
  /** What follows the space of the text that the client app returned. */
  readonly access_token: string;
  /** What precedes the space, for example `Bearer`. */
  readonly token_type: string;
  /** 0 to 2,147,483,647; null, empty and absent mean that the client app set none. */
  readonly user_identifier?: number | string | null | undefined;
}

/** The body in this package's terms. */
export interface AuthorizationRequest {
  readonly apiUser: string;
  readonly apiSecret: string;
  readonly accessToken: string;
  readonly tokenType: string;
  readonly userIdentifier: number | undefined;
}

const UserIdentifier = v.pipe(
  v.union([v.number(), v.string(), v.null()]),
  v.check((value) => readUserIdentifier(value).ok, 'must be an integer from 0 to 2147483647 or its decimal text'),
);

/**
 * Describes a well-formed authorization request, for tests and documentation.
 *
 * The handler does not use it: the order of its checks decides which status a malformed request gets. Members that are
 * not named here are ignored.
 *
 * @see HypeLabs fact sheet §2.
 */
export const AuthorizationRequest: v.GenericSchema<AuthorizationRequestWire, AuthorizationRequest> = v.pipe(
  v.object({
    api_user: v.string(),
    api_secret: v.optional(v.string()),
    api_password: v.optional(v.string()),
    access_token: v.string(),
    token_type: v.string(),
    user_identifier: v.nullish(UserIdentifier),
  }),
  v.check(
    ({ api_secret, api_password }) => (api_secret ?? api_password) !== undefined,
    'must have api_secret or api_password',
  ),
  v.check(
    ({ api_secret, api_password }) => (api_password ?? api_secret) === (api_secret ?? api_password),
    'must not have an api_secret and an api_password that differ',
  ),
  v.transform(({ api_user, api_secret, api_password = '', access_token, token_type, user_identifier }) => {
    const read = readUserIdentifier(user_identifier);
    return {
      apiUser: api_user,
      apiSecret: api_secret ?? api_password,
      accessToken: access_token,
      tokenType: token_type,
      userIdentifier: read.ok ? read.value : undefined,
    };
  }),
);
