import type { Clock, RandomSource } from '@x/crypto';
import { systemRandom } from '@x/crypto';
import { assertOptionNames, createScaffold, type Scaffold, type Sleep } from '@x/http/emulator';
import { apiRoutes } from './api.ts';
import { routingError } from './api-access.ts';
import { authorizeRoute } from './authorize.ts';
import type { AuthorizationAsk, Decision } from './decision.ts';
import { type ConnectionState, createGrants, type Grant } from './grants.ts';
import { revokeRoute, tokenRoute } from './token.ts';
import { defaultWorld, type World } from './world.ts';

export type { AuthorizationAsk, Decision } from './decision.ts';
export type { ConnectionState } from './grants.ts';
export type {
  EmulatedAccount,
  EmulatedClient,
  EmulatedLocation,
  EmulatedThing,
  EmulatedUser,
  World,
} from './world.ts';
export { defaultWorld };

/** Options of {@link createEmulator}. */
export interface CreateEmulatorOptions extends Partial<World> {
  /** Plays the user when no decision was queued; default: approves with the first of everything. */
  readonly decide?: ((ask: AuthorizationAsk) => Decision | Promise<Decision>) | undefined;
  /** `seed`: the token endpoint answers as it first did, with the token and three ids. Default `today`. */
  readonly era?: 'today' | 'seed' | undefined;
  /** Whether a redirect with an error carries `state`, which HubRise does not say; default `echoed`. */
  readonly errorState?: 'echoed' | 'omitted' | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /** How latency waits, as for `createScaffold` of @x/http/emulator; default by the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

/** A connection as the emulator's controls show it, without its token. */
export interface EmulatedConnection {
  readonly id: string;
  readonly clientId: string;
  readonly level: 'location' | 'account' | 'profile';
  readonly accountId: string | undefined;
  readonly locationId: string | undefined;
  readonly catalogId: string | undefined;
  readonly customerListId: string | undefined;
  readonly userId: string | undefined;
  readonly deviceId: string | undefined;
  readonly state: ConnectionState;
}

/** HubRise in memory: its OAuth server below `/oauth2/v1` and its API below `/v1`, whatever the host. */
export interface Emulator extends Pick<Scaffold, 'fetch' | 'journal' | 'faults' | 'serve'> {
  /** Queues what the user does at the next authorization. */
  decideNext(decision: Decision): void;
  /** All connections, oldest first. */
  connections(): readonly EmulatedConnection[];
  /**
   * Lets a connection die or live again.
   *
   * @param connection Its id, or its access token.
   * @throws {RangeError} When there is no such connection.
   */
  setConnectionState(connection: string, state: ConnectionState): void;
}

const optionNames: Readonly<Record<keyof CreateEmulatorOptions, true>> = {
  clients: true,
  users: true,
  accounts: true,
  decide: true,
  era: true,
  errorState: true,
  clock: true,
  random: true,
  sleep: true,
};

/**
 * Makes HubRise's side of the OAuth flows and the part of the API that shows what a connection leads to.
 *
 * Whether a behaviour is documented or assumed is noted where it is written. Not modelled: consent that is skipped
 * for a known grant, writes, callbacks, pagination and rate limits.
 *
 * @see HubRise fact sheet §15.
 */
export function createEmulator(options: CreateEmulatorOptions = {}): Emulator {
  assertOptionNames(options, optionNames);
  const { clients, users, accounts } = { ...defaultWorld, ...options };
  const { clock, random = systemRandom, era = 'today', errorState = 'echoed' } = options;
  const { decide = (): Decision => ({ kind: 'approve' }) } = options;
  const world: World = { clients, users, accounts };
  const grants = createGrants(random);
  const queued: Decision[] = [];

  const { fetch, journal, faults, serve } = createScaffold({
    clock,
    random,
    sleep: options.sleep,
    routes: [
      authorizeRoute({ world, grants, errorState, decide: (ask) => queued.shift() ?? decide(ask) }),
      tokenRoute({ world, grants, era }),
      revokeRoute({ world, grants, era }),
      ...apiRoutes({ world, grants }),
    ],
    notFound: ({ url }) => (url.pathname.startsWith('/v1/') ? routingError() : new Response(null, { status: 404 })),
  });

  return {
    fetch,
    journal,
    faults,
    serve,
    decideNext: (decision) => void queued.push(decision),
    connections: () => grants.all().map(toConnection),
    setConnectionState(connection, state) {
      const grant = grants.byId(connection) ?? grants.byToken(connection);
      if (grant === undefined) throw new RangeError('there is no such connection');
      grant.state = state;
    },
  };
}

function toConnection(grant: Grant): EmulatedConnection {
  const { id, clientId, level, accountId, locationId, catalogId, customerListId, userId, deviceId, state } = grant;
  return { id, clientId, level, accountId, locationId, catalogId, customerListId, userId, deviceId, state };
}
