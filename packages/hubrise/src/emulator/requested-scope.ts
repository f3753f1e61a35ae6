/** A scope as the server keeps it. */
export interface RequestedScope {
  readonly level: 'location' | 'account' | undefined;
  /** Right by resource; `write` where both were asked for. */
  readonly rights: ReadonlyMap<string, 'read' | 'write'>;
  readonly profile: 'profile' | 'profile_with_email' | undefined;
}

const permission = /(?:orders|customer_list|all_customer_lists|catalog|all_catalogs|inventory)\.(?:read|write)/.source;
const accessSet = new RegExp(`(location|account)\\[(${permission}(?:,${permission})*)\\]`);
const whole = new RegExp(
  `^(?:profile(?:_with_email)?,)*(?:${accessSet.source}|profile(?:_with_email)?)(?:,profile(?:_with_email)?)*$`,
);

/**
 * Reads a requested scope, or gives undefined for one that the grammar does not have.
 *
 * @see HubRise fact sheet §3.1 (documented; the collapsing of repetitions is assumed).
 */
export function readRequestedScope(text: string): RequestedScope | undefined {
  if (!whole.test(text)) return undefined;
  const [set = '', level, permissions = ''] = accessSet.exec(text) ?? [];
  const rights = new Map<string, 'read' | 'write'>();
  for (const one of permissions === '' ? [] : permissions.split(',')) {
    const [resource = '', right] = one.split('.');
    if (right === 'write' || !rights.has(resource)) rights.set(resource, right === 'write' ? 'write' : 'read');
  }
  const general = text.replace(set, '');
  const profile = general.includes('profile_with_email')
    ? 'profile_with_email'
    : general.includes('profile')
      ? 'profile'
      : undefined;
  return { level: level === 'location' || level === 'account' ? level : undefined, rights, profile };
}
