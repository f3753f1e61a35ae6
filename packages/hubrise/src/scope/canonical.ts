import {
  type AccessLevel,
  accessLevels,
  type Permission,
  profiles,
  resources,
  type Scope,
  splitPermission,
} from './model.ts';

/**
 * Brings a scope to the one form that equal scopes share.
 *
 * Permissions stand in the order of the grammar, each resource once with its strongest right. `catalog` next to
 * `all_catalogs` and `customer_list` next to `all_customer_lists` stay, because HubRise lets the user choose the
 * single one only when it is named.
 *
 * @throws {TypeError} When the value is no scope, which typed code cannot build.
 * @see HubRise fact sheet §3.1.
 */
export function canonicalizeScope(scope: Scope): Scope {
  const { profile } = scope;
  if (profile !== undefined && !profiles.includes(profile)) {
    throw new TypeError(`scope.profile must be ${profiles.join(' or ')}`);
  }
  if (scope.location !== undefined && scope.account !== undefined) {
    throw new TypeError('scope must name location or account, not both');
  }
  const level = levelOf(scope);
  if (level !== undefined) {
    const permissions = canonicalizePermissions(level, scope[level] ?? []);
    // the cast: a computed key loses its literal type, and the list is known not to be empty
    return { [level]: permissions, ...(profile === undefined ? {} : { profile }) } as unknown as Scope;
  }
  if (profile === undefined) throw new TypeError('scope must name location, account or profile');
  return { profile };
}

/** The level of a scope's access set; undefined for a scope that only asks for a profile. */
export function levelOf(scope: Scope): AccessLevel | undefined {
  return accessLevels.find((level) => scope[level] !== undefined);
}

function canonicalizePermissions(level: AccessLevel, permissions: readonly Permission[]): readonly Permission[] {
  if (!Array.isArray(permissions) || permissions.length === 0) {
    throw new TypeError(`scope.${level} must list at least one permission`);
  }
  for (const permission of permissions) {
    if (typeof permission !== 'string' || splitPermission(permission) === undefined) {
      throw new TypeError(`scope.${level} must list permissions such as orders.write`);
    }
  }
  return resources.flatMap((resource): Permission[] => {
    if (permissions.includes(`${resource}.write`)) return [`${resource}.write`];
    return permissions.includes(`${resource}.read`) ? [`${resource}.read`] : [];
  });
}
