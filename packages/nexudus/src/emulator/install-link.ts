import { digest, encodeHex, md5 } from '@x/crypto';
import { type Culture, cultureSort } from './culture-sort.ts';

/** The parameters of an install link. */
export type LinkParameter = 'a' | 't' | 'd' | 'h' | 'b' | 'e';

/** How a link is written. Defaults are what the early documentation shows. */
export interface LinkStyle {
  /** `glued` (default): base URL and path keep a slash each, so there are two. `clean`: one. */
  readonly slashes?: 'glued' | 'clean' | undefined;
  /** Case of `h`; default `lower`. Nexudus prints other signatures in capitals. */
  readonly hashCase?: 'lower' | 'upper' | undefined;
  /** Culture that sorts the values before they are hashed; default `ordinal`. */
  readonly culture?: Culture | undefined;
  /** `raw` (default): `@` and `+` of the address as they are. `escaped`: percent-encoded. */
  readonly email?: 'raw' | 'escaped' | undefined;
  /** Changes parameters after they were hashed: a text replaces, null leaves out. */
  readonly tamper?: Partial<Record<LinkParameter, string | null>> | undefined;
  /** Parameters that come twice, with the same value. */
  readonly repeat?: readonly LinkParameter[] | undefined;
}

/** What a link says. */
export interface LinkValues {
  readonly a: string;
  readonly t: string;
  readonly d: string;
  readonly b: string;
  readonly e: string;
}

/**
 * Writes the link that sends a browser to an application.
 *
 * @param installUrl Where the application said it listens.
 * @see Nexudus fact sheet §3.2 and §3.3 (documented); that an existing query is continued with `&` is assumed.
 */
export function writeInstallLink(installUrl: string, values: LinkValues, secret: string, style: LinkStyle): string {
  const { slashes = 'glued', hashCase = 'lower', culture = 'ordinal', email = 'raw', tamper = {}, repeat = [] } = style;
  const canonical = cultureSort([values.t, values.a, values.d], culture).join('|');
  const hash = encodeHex(digest(md5, `${canonical}${secret}`));
  const all = { ...values, h: hashCase === 'upper' ? hash.toUpperCase() : hash };
  const pairs: string[] = [];
  for (const name of ['a', 't', 'd', 'h', 'b', 'e'] as const) {
    const value = tamper[name] === undefined ? all[name] : tamper[name];
    if (value === null) continue;
    const escaped = encodeURIComponent(value);
    const written = name === 'e' && email === 'raw' ? escaped.replaceAll('%40', '@').replaceAll('%2B', '+') : escaped;
    pairs.push(`${name}=${written}`, ...(repeat.includes(name) ? [`${name}=${written}`] : []));
  }
  const target = new URL(installUrl);
  const base = `${target.origin}${slashes === 'glued' ? '/' : ''}${target.pathname}${target.search}`;
  return `${base}${target.search === '' ? '?' : '&'}${pairs.join('&')}`;
}

/** .NET ticks of a moment, whose part below a millisecond does not count; `fraction` is the part below a millisecond, 0 to 9,999. */
export function toTicks(unixMs: number, fraction: number): string {
  return String((BigInt(Math.floor(unixMs)) + 62_135_596_800_000n) * 10_000n + BigInt(fraction));
}
