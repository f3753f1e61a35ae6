import { canonicalizeScope, levelOf } from './canonical.ts';
import { type AccessLevel, type Permission, type Resource, type Scope, splitPermission } from './model.ts';

const pluralOf: Partial<Record<Resource, Resource>> = {
  catalog: 'all_catalogs',
  customer_list: 'all_customer_lists',
};

/**
 * Tells whether a grant allows everything that another scope asks for.
 *
 * `write` covers `read`, `profile_with_email` covers `profile`, and `all_catalogs` and `all_customer_lists` cover the
 * single catalog or list, with one exception: at location level their `write` stops at what the location itself owns,
 * so it does not cover `catalog.write`, which may lead to a catalog of the account. A level covers only itself: an
 * account's token reads every location of the account, but has no `/location` paths. The access to inventories that
 * `catalog` still gives is deprecated and does not count.
 *
 * @param granted What the connection was authorized for; HubRise does not repeat it, so keep it with the token.
 * @param wanted What is about to be used.
 * @throws {TypeError} When what is wanted is no scope, which typed code cannot build: nothing would have to cover it.
 * @see HubRise fact sheet §3.1, §3.2, §10.
 */
export function coversScope(granted: Scope, wanted: Scope): boolean {
  canonicalizeScope(wanted);
  return coversProfile(granted, wanted) && coversPermissions(granted, wanted);
}

function coversProfile({ profile: held }: Scope, { profile: wanted }: Scope): boolean {
  return wanted === undefined || held === wanted || held === 'profile_with_email';
}

function coversPermissions(granted: Scope, wanted: Scope): boolean {
  const level = levelOf(wanted);
  if (level === undefined) return true;
  const held = granted[level] ?? [];
  return (wanted[level] ?? []).every((permission) => held.some((one) => coversPermission(level, one, permission)));
}

function coversPermission(level: AccessLevel, held: Permission, wanted: Permission): boolean {
  const has = splitPermission(held);
  const needs = splitPermission(wanted);
  if (has === undefined || needs === undefined) return false;
  const enough = needs.right === 'read' || has.right === 'write';
  if (has.resource === needs.resource) return enough;
  return has.resource === pluralOf[needs.resource] && enough && (needs.right === 'read' || level === 'account');
}
