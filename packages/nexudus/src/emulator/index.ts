import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto';
import {
  assertOptionNames,
  createScaffold,
  type FaultPlan,
  type Journal,
  type Scaffold,
  type Sleep,
} from '@x/http/emulator';
import { createGate, judgeRequest } from './api-gate.ts';
import { businessRoutes } from './businesses.ts';
import { consentRoutes } from './consent.ts';
import { type DeliverOptions, deliver } from './delivery.ts';
import { type LinkStyle, toTicks, writeInstallLink } from './install-link.ts';
import { createLocations, defaultBusinesses, type EmulatedBusiness } from './locations.ts';
import { createRegistry, type EmulatedApp, type InstallSpelling, type RegisterAppOptions } from './registry.ts';
import { createThrottle, type Limit } from './throttle.ts';

export type { Culture } from './culture-sort.ts';
export type { DeliverOptions } from './delivery.ts';
export type { LinkParameter, LinkStyle } from './install-link.ts';
export { defaultBusinesses, type EmulatedBusiness } from './locations.ts';
export type { EmulatedApp, InstallSpelling, RegisterAppOptions, Role } from './registry.ts';
export type { Spelling } from './spelling.ts';
export { documentedLimits, type Limit } from './throttle.ts';

/** Options of {@link createEmulator}. */
export interface CreateEmulatorOptions {
  /** Default {@link defaultBusinesses}. */
  readonly businesses?: readonly EmulatedBusiness[] | undefined;
  /** Milliseconds by which the clock behind `d` is ahead of UTC; default 0. The real zone is unknown (§3.6). */
  readonly zoneOffsetMs?: number | undefined;
  /** Limits of each installation; default none, `documentedLimits` are those of the newer documentation. */
  readonly limits?: readonly Limit[] | undefined;
  /** Status for an id that is not there; default 404. */
  readonly missingRecord?: 404 | 500 | undefined;
  /** Default the platform's. */
  readonly clock?: Clock | undefined;
  /** Default the platform's. */
  readonly random?: RandomSource | undefined;
  /** How latency waits, as for `createScaffold` of @x/http/emulator; default by the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

/** An installation to be made without the consent step. */
export interface InstallOptions {
  /** Of an application that was registered. */
  readonly applicationKey: string;
  /** The slug of the location. */
  readonly webAddress: string;
  /** Default the location's administrator. */
  readonly email?: string | undefined;
  /** Over the application's own style. */
  readonly link?: LinkStyle | undefined;
  /** In place of the application's own. */
  readonly spelling?: InstallSpelling | undefined;
  /** Milliseconds since 1970 for `d`; default the emulator's clock and zone. */
  readonly issuedAtMs?: number | undefined;
}

/** Nexudus's side of the protocol, in memory. */
export interface Emulator {
  /** API under `/api`, consent under `/apps/{key}/install`, on any origin. */
  readonly fetch: Scaffold['fetch'];
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly serve: Scaffold['serve'];
  registerApp(options: RegisterAppOptions): EmulatedApp;
  /**
   * Installs an application, as the consent step does.
   *
   * @returns The link that the administrator's browser would be sent to.
   * @throws {TypeError} For an application or location that is not there.
   */
  install(options: InstallOptions): { readonly url: string; readonly installToken: string };
  /** Removes an installation: its credentials are refused from now on (§5, assumed to be at once). */
  uninstall(at: { readonly applicationKey: string; readonly webAddress: string }): boolean;
  /** Throttles the next API requests: 409, empty body, `Retry-After`, default one second (§9). */
  throttleNext(options?: {
    readonly times?: number | undefined;
    readonly retryAfterSeconds?: number | undefined;
  }): void;
  /** Refuses the next update with status 200 and `WasSuccessful: false` (§8). */
  refuseNext(message: string): void;
  /** Calls a webhook once (§10). */
  deliver(options: DeliverOptions): Promise<Response>;
}

const optionNames: Readonly<Record<keyof CreateEmulatorOptions, true>> = {
  businesses: true,
  zoneOffsetMs: true,
  limits: true,
  missingRecord: true,
  clock: true,
  random: true,
  sleep: true,
};

/**
 * Makes an emulator of Nexudus: consent, install links, the API's gate and the locations behind it.
 *
 * Deterministic under `clock` and `random`. The journal tells for each request which checks it passed, and warns of
 * secrets in URLs, of coming back before `Retry-After`, of calls that go on after the app was removed, of updates that
 * clear fields and of filters that Nexudus ignores.
 */
export function createEmulator(options: CreateEmulatorOptions = {}): Emulator {
  assertOptionNames(options, optionNames);
  const { clock = systemClock, random = systemRandom, zoneOffsetMs = 0, missingRecord = 404, limits = [] } = options;
  const registry = createRegistry(random);
  const throttle = createThrottle(limits);
  const locations = createLocations(options.businesses ?? defaultBusinesses, { random, nowMs: clock() });
  const refusals: string[] = [];

  function install(given: InstallOptions): { url: string; installToken: string } | undefined {
    const app = registry.app(given.applicationKey);
    const business = locations.find(given.webAddress);
    if (app === undefined || business === undefined) return undefined;
    const { sentKey, sentToken } = registry.install(app, business.id, given.spelling ?? app.spelling);
    const [high = 0, low = 0] = random(2);
    const d = toTicks(given.issuedAtMs ?? clock() + zoneOffsetMs, ((high << 8) | low) % 10_000);
    const e = given.email ?? business.administrator;
    const values = { a: sentKey, t: sentToken, d, b: business.webAddress, e };
    const url = writeInstallLink(app.installUrl, values, app.secret, { ...app.link, ...given.link });
    return { url, installToken: sentToken };
  }

  const gate = createGate(registry, throttle);
  const scaffold = createScaffold({
    clock,
    random,
    sleep: options.sleep,
    routes: [
      ...consentRoutes(
        registry,
        ({ key }, webAddress, email) => install({ applicationKey: key, webAddress, email })?.url,
      ),
      ...businessRoutes(gate, { locations, missingRecord, takeRefusal: () => refusals.shift() }),
    ],
    notFound(exchange) {
      judgeRequest(exchange, registry);
      return new Response(null, { status: 404 });
    },
  });
  const { fetch, journal, faults, serve } = scaffold;

  return {
    fetch,
    journal,
    faults,
    serve,
    registerApp: registry.registerApp,
    install(given) {
      const installed = install(given);
      if (installed === undefined) throw new TypeError('applicationKey and webAddress must name what is registered');
      return installed;
    },
    uninstall({ applicationKey, webAddress }) {
      const app = registry.app(applicationKey);
      const business = locations.find(webAddress);
      return app !== undefined && business !== undefined && registry.uninstall(app, business.id);
    },
    throttleNext: ({ times = 1, retryAfterSeconds = 1 } = {}) => throttle.refuseNext(times, retryAfterSeconds),
    refuseNext: (message) => void refusals.push(message),
    deliver: (given) => deliver(given, journal),
  };
}
