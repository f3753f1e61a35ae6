import { decodeBase64, decodeUtf8 } from '@x/crypto/light';

/** What a client presented as Basic credentials. */
export interface BasicCredentials {
  readonly userName: string;
  readonly password: string;
}

/**
 * Reads the Basic credentials that a request came with, for an emulator's own judgement of them.
 *
 * @returns What stands before and behind the first colon; undefined for any other scheme, and for what is not strict
 *   Base64 of UTF-8 with a colon.
 * @see RFC 7617 §2.
 */
export function readBasic({ headers }: Request): BasicCredentials | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (encoded === undefined) return undefined;
  try {
    const pair = decodeUtf8(decodeBase64(encoded));
    const colon = pair.indexOf(':');
    return colon === -1 ? undefined : { userName: pair.slice(0, colon), password: pair.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
