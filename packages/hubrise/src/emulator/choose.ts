import type { Decision } from './decision.ts';
import type { Choice } from './grants.ts';
import type { RequestedScope } from './requested-scope.ts';
import { findAccount, findLocation, reachable, sameId, type Target, type World } from './world.ts';

type Approval = Extract<Decision, { kind: 'approve' }>;

/**
 * Turns an approval into what HubRise would connect, filling in the first that fits.
 *
 * @throws {RangeError} When there is nothing to choose, or the decision names something that cannot be chosen: a mistake
 *   of the test.
 * @see HubRise fact sheet §3.2 (documented).
 */
export function choose(world: World, scope: RequestedScope, decision: Approval, deviceId: string | undefined): Choice {
  const target = scope.level === undefined ? undefined : chooseTarget(world, scope.level, decision);
  const offered = (kind: 'catalogs' | 'customerLists') => (target === undefined ? [] : reachable(kind, target));
  const { rights, profile } = scope;
  return {
    level: scope.level ?? 'profile',
    accountId: target?.account.id,
    locationId: target?.location?.id,
    catalogId: rights.has('catalog') ? pick('catalog', offered('catalogs'), decision.catalog) : undefined,
    customerListId: rights.has('customer_list')
      ? pick('customerList', offered('customerLists'), decision.customerList)
      : undefined,
    userId: profile === undefined ? undefined : pick('user', world.users, decision.user),
    deviceId,
    scope,
  };
}

function chooseTarget(world: World, level: 'location' | 'account', decision: Approval): Target {
  const account = decision.account === undefined ? world.accounts[0] : findAccount(world, decision.account);
  if (account === undefined) {
    throw new RangeError(
      decision.account === undefined
        ? 'accounts of the emulator must hold one that can be connected'
        : `the decision names account ${decision.account}, which does not exist`,
    );
  }
  if (level === 'account') return { account, location: undefined };
  if (decision.location !== undefined) {
    const found = findLocation(world, decision.location);
    if (found === undefined)
      throw new RangeError(`the decision names location ${decision.location}, which does not exist`);
    return found;
  }
  const [location] = account.locations;
  if (location === undefined) throw new RangeError(`account ${account.id} must have a location that can be connected`);
  return { account, location };
}

function pick(
  what: string,
  offered: readonly { readonly id: string }[],
  wanted: string | undefined,
): string | undefined {
  if (wanted === undefined) return offered[0]?.id;
  const found = offered.find(({ id }) => sameId(id, wanted));
  if (found === undefined)
    throw new RangeError(`the decision names ${what} ${wanted}, which the target does not lead to`);
  return found.id;
}
