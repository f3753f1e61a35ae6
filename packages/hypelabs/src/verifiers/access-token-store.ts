import { type Clock, digest, encodeHex, type JsonObject, type JsonValue, sha256, systemClock } from '@x/crypto';
import { type Store, storeKey } from '@x/http/store';
import * as v from 'valibot';
import { readToken } from '../token-form.ts';
import { isUserIdentifier } from '../user-identifier.ts';

/** What an access token is good for. */
export interface AccessTokenGrant {
  /** Whom your authorization server knows the user as. */
  readonly subject: string;
  /** The SDK's user identifier that belongs to the user; see `ActiveToken`. */
  readonly userIdentifier?: number | undefined;
  /** Separated by spaces. */
  readonly scope?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** A token as it is stored: its SHA-256, never itself. */
export interface StoredAccessToken extends AccessTokenGrant {
  /** In hex. */
  readonly digest: string;
}

const StoredAccessTokenShape: v.GenericSchema<unknown, StoredAccessToken> = v.object({
  digest: v.string(),
  subject: v.string(),
  userIdentifier: v.optional(v.custom<number>(isUserIdentifier)),
  scope: v.optional(v.string()),
  expiresAtMs: v.number(),
});

/** Any type but the usual one, which then counts as a prefix. */
const presentable = { allowedTokenTypes: new Set(['any', 'bearer']), acceptCombinedToken: false };

/** Records outlive their tokens by this much, so that a late one is known to be expired. */
const graceMs = 300_000;

/** The SHA-256 of an access token, in hex. */
export function accessTokenDigest(accessToken: string): string {
  return encodeHex(digest(sha256, accessToken));
}

/** The key under which a store holds a token. */
export function accessTokenKey(accessToken: string): string {
  return storeKey('hypelabs', 'access-token', accessTokenDigest(accessToken));
}

/**
 * Stores an access token that your authorization server has issued, for `storeVerifier` to find.
 *
 * @param accessToken As a device presents it: without its type, and of characters that the handler lets pass.
 * @throws {TypeError} When the token could never be presented, or `subject` or `scope` is no text.
 * @throws {RangeError} When the grant has no user identifier in range or no time of expiry, or is expired.
 */
export async function saveAccessToken(
  store: Pick<Store, 'set'>,
  accessToken: string,
  options: AccessTokenGrant & { readonly clock?: Clock | undefined },
): Promise<void> {
  const { clock = systemClock, subject, userIdentifier, scope, expiresAtMs } = options;
  if (userIdentifier !== undefined && !isUserIdentifier(userIdentifier)) {
    throw new RangeError('userIdentifier must be an integer from 0 to 2147483647');
  }
  if (typeof accessToken !== 'string' || !readToken({ accessToken, tokenType: 'any' }, presentable).ok) {
    throw new TypeError('accessToken must be up to 8,192 characters of printable ASCII that do not begin with a type');
  }
  if (typeof subject !== 'string') throw new TypeError('subject must be text');
  if (scope !== undefined && typeof scope !== 'string') throw new TypeError('scope must be text');
  const ttlMs = expiresAtMs - clock();
  if (!(ttlMs > 0 && Number.isFinite(ttlMs))) throw new RangeError('expiresAtMs must lie in the future');
  const record: JsonObject = {
    digest: accessTokenDigest(accessToken),
    subject,
    expiresAtMs,
    ...(userIdentifier === undefined ? {} : { userIdentifier }),
    ...(scope === undefined ? {} : { scope }),
  };
  await store.set(accessTokenKey(accessToken), record, { ttlMs: Math.ceil(ttlMs) + graceMs });
}

/** Forgets an access token: it is then unknown. A certificate that was issued on it lives on until it expires. */
export async function removeAccessToken(store: Pick<Store, 'delete'>, accessToken: string): Promise<void> {
  await store.delete(accessTokenKey(accessToken));
}

/** Reads a record; undefined when it is not one. */
export function parseStoredAccessToken(value: JsonValue): StoredAccessToken | undefined {
  const result = v.safeParse(StoredAccessTokenShape, value);
  return result.success ? result.output : undefined;
}
