/** What a connection is bound to: one outlet, or a business with all its outlets. */
export type AccessLevel = 'location' | 'account';

/** What a permission is about. */
export type Resource = 'orders' | 'customer_list' | 'all_customer_lists' | 'catalog' | 'all_catalogs' | 'inventory';

/** How far a permission goes; `write` includes `read`. */
export type Right = 'read' | 'write';

/** One permission as HubRise writes it, for example `orders.write`. */
export type Permission = `${Resource}.${Right}`;

/** Permissions of an access set: HubRise refuses an empty one, so the type does as well. */
export type Permissions = readonly [Permission, ...Permission[]];

/** Access to the profile of the user who consents; `profile_with_email` includes `profile`. */
export type Profile = 'profile' | 'profile_with_email';

/**
 * What an application asks for: permissions at one access level, the user's profile, or both.
 *
 * A scope with both levels, with none of the three, or with an empty list of permissions does not compile. HubRise
 * advises against asking for a profile and permissions at once: the token would belong to one user, and others of
 * the same location could not share the connection.
 *
 * @see HubRise fact sheet §3.1, §3.2.
 */
export type Scope =
  | { readonly location: Permissions; readonly account?: never; readonly profile?: Profile }
  | { readonly account: Permissions; readonly location?: never; readonly profile?: Profile }
  | { readonly profile: Profile; readonly location?: never; readonly account?: never };

/** The levels, in the order in which failures list them. */
export const accessLevels: readonly AccessLevel[] = ['location', 'account'];

/** The resources, in the order in which the canonical form writes them. */
export const resources: readonly Resource[] = [
  'orders',
  'customer_list',
  'all_customer_lists',
  'catalog',
  'all_catalogs',
  'inventory',
];

/** The rights, in the order in which failures list them. */
export const rights: readonly Right[] = ['read', 'write'];

/** The general permissions, weakest first. */
export const profiles: readonly Profile[] = ['profile', 'profile_with_email'];

/** Splits a permission; undefined for text that is none. */
export function splitPermission(permission: string): { resource: Resource; right: Right } | undefined {
  const [resourceText, rightText, ...rest] = permission.split('.');
  const resource = resources.find((known) => known === resourceText);
  const right = rights.find((known) => known === rightText);
  return resource === undefined || right === undefined || rest.length > 0 ? undefined : { resource, right };
}
