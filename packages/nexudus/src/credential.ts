import { digest, encodeBase64, encodeHex, encodeUtf8, md5, type Secret, toSecret } from '@x/crypto';

/**
 * Derives the password of an installation's API credentials: the MD5 of the installation token and the secret.
 *
 * The result has no expiry of its own. Store the installation token rather than this: after a change of the secret
 * the password must be derived anew.
 *
 * @param installToken `t` of the install callback, exactly as received.
 * @param secret The application's secret; hashed as UTF-8.
 * @returns 32 lower-case hex digits.
 * @throws {TypeError} When either is empty or not text. @throws {RangeError} For a lone surrogate.
 * @see Nexudus fact sheet §4; vectors V1 to V12.
 */
export function deriveAccessToken(installToken: string | Secret, secret: string | Secret): string {
  return encodeHex(digest(md5, toSecret(installToken).reveal() + toSecret(secret).reveal()));
}

/**
 * Builds the `Authorization` field of an installation: Basic, user name the application key, password the token.
 *
 * @param accessToken See {@link deriveAccessToken}.
 * @throws {TypeError} When the key is empty or holds a colon, which would end the user name early.
 * @see RFC 7617 §2; Nexudus fact sheet §4.
 */
export function basicAuthorization(applicationKey: string, accessToken: string | Secret): string {
  if (typeof applicationKey !== 'string' || applicationKey === '' || applicationKey.includes(':')) {
    throw new TypeError('applicationKey must be text that is not empty and has no colon');
  }
  return `Basic ${encodeBase64(encodeUtf8(`${applicationKey}:${toSecret(accessToken).reveal()}`))}`;
}
