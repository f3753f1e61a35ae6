const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Tells whether a host is this machine: `localhost` and names below it, 127.0.0.0/8 and `[::1]`.
 *
 * @param hostname As `URL.hostname` writes it, which knows one spelling of an address.
 * @see RFC 6761 §6.3; RFC 1122 §3.2.1.3; RFC 4291 §2.5.3.
 */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname);
}

/**
 * Tells whether secrets may travel to a URL or come back to it; see {@link readSecureUrl}.
 *
 * @returns False for everything that is no such URL; never throws.
 */
export function isSecureUrl(value: unknown): boolean {
  return (typeof value === 'string' || value instanceof URL) && flawOf(String(value)) === undefined;
}

/**
 * Reads a URL that secrets will travel to or come back to.
 *
 * @param name The option, for the error. The value is not shown, which may hold a password.
 * @throws {TypeError} Unless it is an absolute https: URL, or http: on loopback, without user info and fragment.
 */
export function readSecureUrl(name: string, value: string | URL): URL {
  const text = String(value);
  const flaw = flawOf(text);
  if (flaw !== undefined) throw new TypeError(`${name} ${flaw}`);
  return new URL(text);
}

/**
 * Reads the URL of a server that secrets will travel to.
 *
 * @throws {TypeError} Naming the option, also when the URL has a query; see {@link readSecureUrl}.
 */
export function readBaseUrl(name: string, value: string | URL): URL {
  const url = readSecureUrl(name, value);
  if (url.search !== '') throw new TypeError(`${name} must not have a query`);
  return url;
}

/**
 * URL parsers drop line breaks, trim spaces, and write the slashes that are missing or turned round, so a text with such
 * is not the URL that it becomes: who reads it otherwise, reads another host.
 */
function flawOf(text: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return 'must be an absolute URL';
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    return 'must be an https: URL; http: is accepted on loopback only';
  }
  if (!/^https?:\/\/[^/\\][^?\\]*(?:\?|$)/i.test(text)) return 'must be an absolute URL';
  if (username !== '' || password !== '' || text.includes('#')) return 'must have neither user info nor a fragment';
  return undefined;
}
