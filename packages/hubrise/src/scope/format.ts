import { canonicalizeScope, levelOf } from './canonical.ts';
import type { Scope } from './model.ts';

/**
 * Writes a scope in HubRise's notation, in canonical form, access set first.
 *
 * Items and permissions are separated by commas, where RFC 6749 §3.3 would have spaces.
 *
 * @returns For example `location[orders.write,customer_list.read],profile`.
 * @throws {TypeError} When the value is no scope, which typed code cannot build.
 * @see HubRise fact sheet §3.1, §16.
 */
export function formatScope(scope: Scope): string {
  const canonical = canonicalizeScope(scope);
  const level = levelOf(canonical);
  const accessSet = level === undefined ? [] : [`${level}[${canonical[level]?.join(',')}]`];
  return [...accessSet, ...(canonical.profile === undefined ? [] : [canonical.profile])].join(',');
}
