const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Tells whether tokens and keys may travel to a URL.
 *
 * @returns Whether it is an absolute https: URL, or http: on loopback, without user info and fragment.
 */
export function isSecureUrl(value: unknown): boolean {
  const text = String(value);
  if (/[\s\p{Cc}#]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
  return isPrivate && username === '' && password === '';
}
