import { type Secret, toSecret } from '@x/crypto';
import { type CallOptions, type QuickBloxClient, toCall } from './client.ts';
import { UserToken } from './schemas/user-token.ts';

/**
 * Mints a token of a user's without the user's password.
 *
 * @param client A client with the API key and without on-behalf-of.
 * @param userId QuickBlox's id of the user, a positive integer.
 * @throws {RangeError} When `userId` is not a positive integer.
 * @see QuickBlox fact sheet §2.1.
 */
export async function mintUserToken(
  client: QuickBloxClient,
  userId: number,
  call: CallOptions = {},
): Promise<UserToken> {
  assertUserId('userId', userId);
  return client.post(`users/${userId}/tokens`, { json: {}, ...toCall(call) }).json(UserToken);
}

/** Where tokens are withdrawn, as far as anybody knows: QuickBlox lists both calls and tells no path. */
export interface UserTokenPaths {
  /** Of one token; default `users/{userId}/tokens/{token}`. */
  readonly deleteUserToken?: string;
  /** Of all of a user's; default `users/{userId}/tokens`. */
  readonly flushUserTokens?: string;
}

/**
 * Ends a token of a user's, or all of them. The guessed path of one holds the token, which proxies may log.
 *
 * @throws {RangeError} When `userId` is not a positive integer.
 * @throws {TypeError} For a token that would lead to another path.
 * @see QuickBlox fact sheet §2.1: the call exists, the path is a guess.
 */
export async function withdrawUserToken(
  client: QuickBloxClient,
  path: string,
  { userId, token }: { readonly userId: number; readonly token?: string | Secret },
  call: CallOptions = {},
): Promise<void> {
  assertUserId('userId', userId);
  const text = token === undefined ? '' : toSecret(token).reveal();
  // as segments of a path they lead to that of all tokens, or of the user
  if (text === '.' || text === '..') throw new TypeError('token must be that of a session');
  const named = path.replaceAll('{userId}', String(userId)).replaceAll('{token}', () => encodeURIComponent(text));
  await client.delete(named, toCall(call)).text();
}

/** @throws {RangeError} Naming the argument, when it is not a positive integer. */
export function assertUserId(name: string, userId: number): void {
  if (!Number.isSafeInteger(userId) || userId < 1) throw new RangeError(`${name} must be a positive integer`);
}
