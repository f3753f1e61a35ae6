import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { allowBrowsers, authenticate, forbidden, lacksRight, notFound, success, wrongLevel } from './api-access.ts';
import type { Grant, Grants } from './grants.ts';
import {
  type EmulatedAccount,
  type EmulatedThing,
  findAccount,
  findLocation,
  reachable,
  type Target,
  type World,
} from './world.ts';

/** What the API works with. */
export interface ApiContext {
  readonly world: World;
  readonly grants: Grants;
}

/** A request that may see a location or an account. */
interface Visit {
  readonly exchange: Exchange;
  readonly grant: Grant;
  readonly target: Target;
}

type Collection = 'catalogs' | 'customerLists';

const scopesOf = {
  catalogs: { one: 'catalog', all: 'all_catalogs', path: 'catalogs' },
  customerLists: { one: 'customer_list', all: 'all_customer_lists', path: 'customer_lists' },
} as const;

/**
 * The API, as far as it tells what a connection leads to: user, account, locations, and the lists that need a scope.
 *
 * Levels and paths are documented (HubRise fact sheet §10, §12), which scope each list needs is assumed (§12).
 */
export function apiRoutes({ world, grants }: ApiContext): EmulatorRoute[] {
  const route = (path: string, answer: (exchange: Exchange, grant: Grant) => Response): EmulatorRoute => ({
    method: 'GET',
    path: `/v1${path}`,
    handle(exchange) {
      const grant = authenticate(exchange, grants);
      return grant instanceof Response ? grant : answer(exchange, grant);
    },
  });

  /** A route below a target; `resolve` gives what the path names, if this connection may name it. */
  const below =
    (resolve: (grant: Grant, id: string) => Target | undefined) =>
    (path: string, answer: (visit: Visit) => Response): EmulatorRoute =>
      route(path, (exchange, grant) => {
        const target = resolve(grant, exchange.params['id'] ?? '');
        if (!exchange.check('level', target !== undefined) || target === undefined) return wrongLevel();
        return answer({ exchange, grant, target });
      });

  const ownLocation = below((grant) => (grant.level === 'location' ? targetOf(world, grant) : undefined));
  const ownAccount = below((grant) => (grant.level === 'account' ? targetOf(world, grant) : undefined));
  const namedLocation = below((grant, id) => {
    const found = findLocation(world, id);
    const own =
      grant.level === 'location' ? found?.location?.id === grant.locationId : found?.account.id === grant.accountId;
    return own ? found : undefined;
  });
  const namedAccount = below((grant, id) => {
    const own = grant.level === 'account' && findAccount(world, id)?.id === grant.accountId;
    return own ? targetOf(world, grant) : undefined;
  });
  const everywhere = (tail: string, answer: (visit: Visit) => Response): EmulatorRoute[] => [
    ownLocation(`/location${tail}`, answer),
    namedLocation(`/locations/:id${tail}`, answer),
    ownAccount(`/account${tail}`, answer),
    namedAccount(`/accounts/:id${tail}`, answer),
  ];

  const routes = [
    route('/user', (exchange, grant) => describeUser(world, exchange, grant)),
    ...everywhere('', ({ target }) => success(describe(target))),
    ownAccount('/locations', ({ target: { account } }) =>
      success(account.locations.map((location) => describe({ account, location }))),
    ),
    ...everywhere('/orders', ({ exchange, grant, target: { account, location } }) => {
      const orders = (location === undefined ? account.locations : [location]).flatMap((one) => one.orders ?? []);
      return lacksRight(exchange, grant, ['orders']) ?? success(orders);
    }),
    ...(['catalogs', 'customerLists'] as const).flatMap((kind) => {
      const { one, all, path } = scopesOf[kind];
      return [
        ...everywhere(
          `/${path}`,
          ({ exchange, grant, target }) =>
            lacksRight(exchange, grant, [one, all]) ?? success(visible(kind, grant, target)),
        ),
        route(`/${path}/:id`, (exchange, grant) => {
          const target = targetOf(world, grant);
          const seen = target === undefined ? [] : visible(kind, grant, target);
          const found = seen.find(({ id }) => id === exchange.params['id']);
          return lacksRight(exchange, grant, [one, all]) ?? (found === undefined ? notFound() : success(found));
        }),
      ];
    }),
  ];
  return routes.flatMap((one) => [one, { method: 'OPTIONS', path: one.path, handle: allowBrowsers }]);
}

function targetOf(world: World, grant: Grant): Target | undefined {
  if (grant.locationId !== undefined) return findLocation(world, grant.locationId);
  const account = findAccount(world, grant.accountId ?? '');
  return account === undefined ? undefined : { account, location: undefined };
}

/** With `all_…` everything that the target leads to, else the one that the user chose. */
function visible(kind: Collection, grant: Grant, target: Target): readonly EmulatedThing[] {
  const things = reachable(kind, target);
  if (grant.scope.rights.has(scopesOf[kind].all)) return things;
  const chosen = kind === 'catalogs' ? grant.catalogId : grant.customerListId;
  return things.filter(({ id }) => id === chosen);
}

/** HubRise fact sheet §13.1 (documented). */
function describe({ account, location }: Target): object {
  if (location === undefined) return describeAccount(account);
  return {
    id: location.id,
    name: location.name,
    account: describeAccount(account),
    timezone: { name: 'Europe/Paris' },
    cutoff_time: '06:00',
    order_acceptance: { mode: 'normal' },
    custom_fields: {},
  };
}

function describeAccount({ id, name, currency }: EmulatedAccount): object {
  return { id, name, currency };
}

function describeUser({ users }: World, exchange: Exchange, grant: Grant): Response {
  const user = users.find(({ id }) => id === grant.userId);
  if (!exchange.check('scope', user !== undefined, 'profile') || user === undefined) {
    return forbidden("A 'profile' scope is required");
  }
  const { id, firstName, lastName, email } = user;
  const shared = { id, first_name: firstName, last_name: lastName, locales: ['en'] };
  return success(grant.scope.profile === 'profile_with_email' ? { ...shared, email } : shared);
}
