import type { Scope } from '../src/scope/index.ts';

// Compiled, never run: what must and what must not be a scope.

export const allowed: readonly Scope[] = [
  { profile: 'profile' },
  { location: ['orders.write'] },
  { account: ['all_catalogs.write', 'inventory.read'], profile: 'profile_with_email' },
];

export const refused: readonly Scope[] = [
  // @ts-expect-error a scope asks for something
  {},
  // @ts-expect-error an access set has permissions
  { location: [] },
  // @ts-expect-error a permission names a right
  { location: ['orders'] },
  // @ts-expect-error a right is read or write
  { location: ['orders.delete'] },
  // @ts-expect-error a profile is no permission of an access set
  { location: ['profile'] },
  // @ts-expect-error there is one access set
  { location: ['orders.read'], account: ['orders.read'] },
  // @ts-expect-error there is no such general permission
  { profile: 'email' },
  // @ts-expect-error text has to be parsed first
  'location[orders.write]',
];
