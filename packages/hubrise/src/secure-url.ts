const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads a URL that secrets will travel to or come back to.
 *
 * @param name The option, for the error.
 * @throws {TypeError} Unless it is an absolute https: URL, or http: on loopback, without user info and fragment.
 */
export function readSecureUrl(name: string, value: string | URL): URL {
  const text = String(value);
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) throw new TypeError(`${name} must be an absolute URL`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) {
    throw new TypeError(`${name} must be an https: URL; http: is accepted on loopback only`);
  }
  if (url.username !== '' || url.password !== '' || text.includes('#')) {
    throw new TypeError(`${name} must have neither user info nor a fragment`);
  }
  return url;
}
