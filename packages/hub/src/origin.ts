/** Options of {@link parseOrigin}. */
export interface ParseOriginOptions {
  /** Accepts `http:` for `127.0.0.1`, `localhost` and `[::1]` with a port, for an emulator. */
  readonly allowInsecureLoopback?: boolean | undefined;
}

const maxLength = 2048;
// Printable ASCII without space and backslash: URL parsers drop tabs and line breaks, trim spaces, turn a backslash
// into a slash and map full-width letters to ASCII.
const unambiguous = /^[!-[\]-~]*$/;
const bareOrigin = /^(?:https|http):\/\/[^/?#]+\/?$/i;
const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Tells whether a text means the same to every URL parser: at most 2,048 characters of printable ASCII. */
export function isUnambiguousUrl(text: string): boolean {
  return text.length <= maxLength && unambiguous.test(text);
}

/** Tells whether the scheme of a URL keeps others from reading along. */
export function isSecureUrl(url: URL, { allowInsecureLoopback = false }: ParseOriginOptions = {}): boolean {
  if (url.protocol === 'https:') return true;
  return allowInsecureLoopback && url.protocol === 'http:' && loopbackHosts.has(url.hostname) && url.port !== '';
}

/**
 * Reads a text that is an origin and nothing more: no user info, path, query or fragment.
 *
 * @returns The origin as browsers write it, with the default port folded; undefined for anything else. Never throws.
 * @see Hub fact sheet §9.1 steps 2 to 5
 */
export function parseOrigin(text: string, options: ParseOriginOptions = {}): string | undefined {
  if (!isUnambiguousUrl(text) || !bareOrigin.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isSecureUrl(url, options)) return undefined;
  const { username, password, pathname, search, hash, origin } = url;
  return username === '' && password === '' && pathname === '/' && search === '' && hash === '' ? origin : undefined;
}
