import { wholeInRange } from '../number-options.ts';

/** Options of {@link setCookie}. */
export interface SetCookieOptions {
  /** Begins with `__Host-`, so that no other host and no plain-text page can set or shadow it. */
  readonly name: string;
  /** Characters of base64url and the like; no spaces, quotes, commas, semicolons or backslashes. */
  readonly value: string;
  /** Seconds until the browser drops it, 0 to 34,560,000. */
  readonly maxAgeSeconds: number;
  /** `Lax` (default) survives a link from another site, `None` also its forms and frames, `Strict` neither. */
  readonly sameSite?: 'Lax' | 'Strict' | 'None' | undefined;
}

const hostName = /^__Host-[\w!#$%&'*+.^`|~-]+$/;
const sameSites: readonly unknown[] = ['Lax', 'Strict', 'None'];
const octets = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * Writes a `Set-Cookie` field that scripts cannot read and plain HTTP cannot carry.
 *
 * @throws {TypeError} When name or value does not fit a cookie, or `sameSite` is another. @throws {RangeError} For the age.
 * @see RFC 6265bis §4.1.1, §4.1.3.2 (`__Host-`).
 */
export function setCookie({ name, value, maxAgeSeconds, sameSite = 'Lax' }: SetCookieOptions): string {
  if (!hostName.test(name)) {
    throw new TypeError(`a cookie's name must begin with __Host- and be a token, got ${JSON.stringify(name)}`);
  }
  if (!octets.test(value)) throw new TypeError(`the value of cookie ${name} has characters that cookies do not allow`);
  if (!sameSites.includes(sameSite)) throw new TypeError(`the sameSite of cookie ${name} must be Lax, Strict or None`);
  wholeInRange('maxAgeSeconds', maxAgeSeconds, 0, 34_560_000);
  return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=${sameSite}`;
}

/** Writes the `Set-Cookie` field that makes a browser drop a cookie. */
export function clearCookie(name: string): string {
  return setCookie({ name, value: '', maxAgeSeconds: 0 });
}

/**
 * Reads one cookie of a request.
 *
 * @returns Its value; undefined when it is absent, and also when it comes twice, because nobody can say which is meant.
 */
export function readCookie(request: Request, name: string): string | undefined {
  const values = (request.headers.get('cookie') ?? '')
    .split(';')
    .map(trimBlanks)
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/** Unlike `trim`, leaves what only Unicode calls a space: to a browser it is part of the name, which is another one. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
