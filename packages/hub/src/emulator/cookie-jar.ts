import type { Clock } from '@x/crypto';
import { isLoopback } from '@x/http/options';

/** How a request comes about, which decides about cookies. */
export interface CookieContext {
  readonly url: URL;
  readonly method: string;
  /** Whether another site made the browser send it. */
  readonly isCrossSite: boolean;
}

/** A browser's cookies. */
export interface CookieJar {
  /** Takes the `Set-Cookie` fields of an answer; what browsers reject is dropped. */
  take(response: Response, url: URL): void;
  /** The `Cookie` field for a request; empty when there is none. */
  fieldFor(context: CookieContext): string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly expiresAtMs: number;
}

/** Whether browsers treat a URL as secure: https, and loopback, where nobody can listen. */
function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url.hostname);
}

/**
 * Makes a cookie jar for top-level pages with a browser's rules: Secure, SameSite, `__Host-` and `__Secure-`, expiry, path and domain.
 *
 * @see RFC 6265bis §5
 */
export function createCookieJar(clock: Clock): CookieJar {
  const cookies = new Map<string, Cookie>();

  return {
    take(response, url) {
      for (const field of response.headers.getSetCookie()) {
        const cookie = parseCookie(field, url, clock());
        if (cookie === undefined) continue;
        const key = JSON.stringify([cookie.name, cookie.domain, cookie.path]);
        if (cookie.expiresAtMs <= clock()) cookies.delete(key);
        else cookies.set(key, cookie);
      }
    },
    fieldFor(context) {
      return [...cookies.values()]
        .filter((cookie) => isSent(cookie, context, clock()))
        .sort((a, b) => b.path.length - a.path.length)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },
  };
}

function parseCookie(field: string, url: URL, nowMs: number): Cookie | undefined {
  const [pair = '', ...rest] = field.split(';');
  const split = pair.indexOf('=');
  if (split < 1) return undefined;
  const name = pair.slice(0, split).trim();
  const attributes = new Map(
    rest.map((text) => {
      const [key = '', ...value] = text.split('=');
      return [key.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  const path = attributes.get('path');
  const isSecure = attributes.has('secure');
  const sameSite = sameSiteOf(attributes.get('samesite'));
  if (isSecure && !isTrustworthy(url)) return undefined;
  if (sameSite === 'none' && !isSecure) return undefined;
  if (name.startsWith('__Secure-') && !isSecure) return undefined;
  if (name.startsWith('__Host-') && (!isSecure || path !== '/' || domain !== undefined)) return undefined;
  if (domain !== undefined && !isWithin(url.hostname, domain)) return undefined;
  const expiresAtMs = expiryOf(attributes, nowMs);
  const isHostOnly = domain === undefined;
  const defaultPath = url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/')));
  return {
    name,
    value: pair.slice(split + 1).trim(),
    domain: domain ?? url.hostname,
    isHostOnly,
    path: path?.startsWith('/') === true ? path : defaultPath,
    isSecure,
    sameSite,
    expiresAtMs,
  };
}

/** Without the attribute browsers assume Lax. */
function sameSiteOf(text: string | undefined): Cookie['sameSite'] {
  const lower = text?.toLowerCase();
  return lower === 'strict' || lower === 'none' ? lower : 'lax';
}

function expiryOf(attributes: ReadonlyMap<string, string>, nowMs: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return nowMs + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

function isSent(cookie: Cookie, { url, method, isCrossSite }: CookieContext, nowMs: number): boolean {
  if (cookie.expiresAtMs <= nowMs) return false;
  if (cookie.isSecure && !isTrustworthy(url)) return false;
  if (cookie.isHostOnly ? url.hostname !== cookie.domain : !isWithin(url.hostname, cookie.domain)) return false;
  const { path } = cookie;
  const isOnPath = url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  if (!isOnPath) return false;
  if (!isCrossSite || cookie.sameSite === 'none') return true;
  return cookie.sameSite === 'lax' && isSafe(method);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
