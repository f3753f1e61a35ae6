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

/** @throws {RangeError} Naming the argument, when it is not a positive integer. */
export function assertUserId(name: string, userId: number): void {
  if (!Number.isSafeInteger(userId) || userId < 1) throw new RangeError(`${name} must be a positive integer`);
}
