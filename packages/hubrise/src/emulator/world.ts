/** Something with an id and a display name. */
export interface EmulatedThing {
  readonly id: string;
  readonly name: string;
}

/** An OAuth client. */
export interface EmulatedClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `app`: listed in HubRise's store, so that its connections have an `app_instance_id`. Default `client`. */
  readonly kind?: 'client' | 'app';
}

/** A person who can consent. */
export interface EmulatedUser {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** An outlet. */
export interface EmulatedLocation extends EmulatedThing {
  readonly catalogs?: readonly EmulatedThing[];
  readonly customerLists?: readonly EmulatedThing[];
  readonly orders?: readonly { readonly id: string }[];
}

/** A business with its outlets. */
export interface EmulatedAccount extends EmulatedThing {
  readonly currency: string;
  readonly locations: readonly EmulatedLocation[];
  readonly catalogs?: readonly EmulatedThing[];
  readonly customerLists?: readonly EmulatedThing[];
}

/** Everything that exists besides connections. */
export interface World {
  readonly clients: readonly EmulatedClient[];
  readonly users: readonly EmulatedUser[];
  readonly accounts: readonly EmulatedAccount[];
}

/** A small world with invented ids: one client, one user, one account with two locations. */
export const defaultWorld: World = {
  clients: [{ clientId: '100000000001.clients.hubrise.com', clientSecret: 'test_client_secret' }],
  users: [{ id: 'u1x7k', firstName: 'Ada', lastName: 'Moreau', email: 'ada@shop.example' }],
  accounts: [
    {
      id: 'p4q8r',
      name: 'Aux Délices',
      currency: 'EUR',
      catalogs: [{ id: 'cat0a', name: 'Common menu' }],
      customerLists: [{ id: 'lst0a', name: 'Everybody' }],
      locations: [
        {
          id: 'p4q8r-0',
          name: 'Paris',
          catalogs: [{ id: 'cat1p', name: 'Paris menu' }],
          customerLists: [{ id: 'lst1p', name: 'Paris guests' }],
          orders: [{ id: 'ord1p' }],
        },
        { id: 'p4q8r-1', name: 'Lyon', catalogs: [{ id: 'cat2l', name: 'Lyon menu' }] },
      ],
    },
  ],
};

/** What a connection is bound to. */
export interface Target {
  readonly account: EmulatedAccount;
  /** Absent at account level. */
  readonly location: EmulatedLocation | undefined;
}

/** Finds a location; ids compare without case. */
export function findLocation({ accounts }: World, id: string): Target | undefined {
  for (const account of accounts) {
    const location = account.locations.find((one) => sameId(one.id, id));
    if (location !== undefined) return { account, location };
  }
  return undefined;
}

/** Finds an account; ids compare without case. */
export function findAccount({ accounts }: World, id: string): EmulatedAccount | undefined {
  return accounts.find((one) => sameId(one.id, id));
}

/** Whether two ids mean the same; people type them in capitals (HubRise fact sheet §2). */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Catalogs or customer lists that a target leads to: those below it, then those of its account. */
export function reachable(kind: 'catalogs' | 'customerLists', { account, location }: Target): readonly EmulatedThing[] {
  const below = location === undefined ? account.locations : [location];
  return [...below.flatMap((one) => one[kind] ?? []), ...(account[kind] ?? [])];
}
