import { parseSegment } from './segment.ts';

/** A request's place among the URLs that Hub calls. */
export type Route =
  | { readonly kind: 'authenticate' }
  /** `username` is there on the paths of July 2016. */
  | { readonly kind: 'notifications' | 'timeline'; readonly username: string | undefined }
  | {
      readonly kind: 'action';
      readonly username: string | undefined;
      readonly itemId: string;
      readonly property: string;
    };

/** The route, or: no such URL, or a name in it that cannot be read. */
export type RouteResult =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly reason: 'path-unknown' | 'path-malformed' };

const unknown: RouteResult = { ok: false, reason: 'path-unknown' };
const malformed: RouteResult = { ok: false, reason: 'path-malformed' };

/**
 * Finds the route of a path, in the form with a username (July 2016) and in that without (November 2016).
 *
 * The raw path is split first and decoded after, so that `%2F` stays inside its segment.
 *
 * @param pathname As `URL.pathname` gives it.
 * @returns Never throws.
 * @see Hub fact sheet §3.1, §9.4
 */
export function matchRoute(
  pathname: string,
  { app, basePath }: { readonly app: string; readonly basePath: string },
): RouteResult {
  if (!pathname.startsWith(`${basePath}/`)) return unknown;
  const [version, name, ...rest] = pathname.slice(basePath.length + 1).split('/');
  if (version !== 'v1' || name === undefined || parseSegment(name) !== app || rest.includes('')) return unknown;
  const [first = '', second = '', third = '', fourth = ''] = rest;
  switch (rest.length) {
    case 1:
      if (first === 'authenticate') return { ok: true, route: { kind: first } };
      return isData(first) ? { ok: true, route: { kind: first, username: undefined } } : unknown;
    case 2:
      return isData(second) ? withUsername(first, (username) => ({ kind: second, username })) : unknown;
    case 3:
      return first === 'timeline' ? toAction(undefined, second, third) : unknown;
    case 4: {
      if (second !== 'timeline') return unknown;
      const username = parseSegment(first);
      return username === undefined ? malformed : toAction(username, third, fourth);
    }
    default:
      return unknown;
  }
}

function isData(segment: string): segment is 'notifications' | 'timeline' {
  return segment === 'notifications' || segment === 'timeline';
}

function withUsername(raw: string, toRoute: (username: string) => Route): RouteResult {
  const username = parseSegment(raw);
  return username === undefined ? malformed : { ok: true, route: toRoute(username) };
}

function toAction(username: string | undefined, rawItem: string, rawProperty: string): RouteResult {
  const [itemId, property] = [parseSegment(rawItem), parseSegment(rawProperty)];
  if (itemId === undefined || property === undefined) return malformed;
  return { ok: true, route: { kind: 'action', username, itemId, property } };
}
