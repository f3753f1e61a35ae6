import { type Clock, type RandomSource, type SealerKey, systemClock, systemRandom } from '@x/crypto';
import type { ClientEvent } from '@x/http';
import { checkOptions, isStore } from '@x/http/options';
import { memoryStore, type Store } from '@x/http/store';
import * as v from 'valibot';
import type { HubEvent, HubOccurrence } from './events.ts';
import { parseOrigin } from './origin.ts';
import { isSegment } from './segment.ts';
import { timedStore } from './timed-store.ts';
import type { HubGrant } from './token.ts';

/** Options of {@link createHub}. */
export interface CreateHubOptions {
  /** The app's name exactly as registered with Hub. */
  readonly app: string;
  /** Keys of 32 bytes that seal tokens and link states: the first seals, every key opens. */
  readonly keys: readonly SealerKey[];
  /** Tells deployments with the same keys apart, such as `sandbox`. Prefer separate keys. Default none. */
  readonly environment?: string | undefined;
  /** Origins of trusted Hubs, compared for equality. Default production, `https://core.broadsoftlabs.com`. */
  readonly hubs?: readonly string[] | undefined;
  /** Origins, beside that of the Hub itself, to which its answer may send the user. Default none. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Origins whose pages may call the data routes from a browser. Default `hubs`. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Accepts `http:` origins on 127.0.0.1, localhost and [::1] with a port, for an emulator. Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  /** Protocol revision; the paths of July 2016 are always accepted too. Default, and only one so far, `2016-11`. */
  readonly revision?: '2016-11' | undefined;
  /** Path of the registered base URL, such as `/hub`, without slash at the end. Default none. */
  readonly basePath?: string | undefined;
  /** Maps spellings of one user's name to one text before names are compared; must not throw. Default none. */
  readonly usernameCanonical?: ((username: string) => string) | undefined;
  /**
   * Where used-up link states, revocations and push intervals are kept. Default this process's memory, for at most a
   * million links under way and ten million revoked users.
   */
  readonly store?: Store | undefined;
  /** Takes tokens back by the app's own rules, besides `revoke`. */
  readonly isRevoked?: ((grant: HubGrant) => boolean | Promise<boolean>) | undefined;
  /** Milliseconds after which a token is refused, 1,000 to 315,360,000,000. Default never: Hub asks for no new one. */
  readonly tokenTtlMs?: number | undefined;
  /** Milliseconds that a user may take to link, 1,000 to 3,600,000. Default 600,000. */
  readonly linkTtlMs?: number | undefined;
  /** Milliseconds for one call to Hub, or to `store`, 1 to 600,000. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds in which the handler answers Hub, 1 to 600,000. Default 5,000. */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds between two pushes for one user, 0 to 3,600,000. Default 5,000. */
  readonly pushIntervalMs?: number | undefined;
  /** Whether a push may start while a data request of the same user is being answered. Default `refuse`. */
  readonly pushFromHandler?: 'refuse' | 'allow' | undefined;
  /** `None` (with `Partitioned`) for a login inside Hub's frame or a form post from an identity provider. Default `Lax`. */
  readonly cookieSameSite?: 'Lax' | 'None' | undefined;
  /** Whether HTML in texts shown by Hub is escaped. Default `escape`. */
  readonly itemText?: 'escape' | 'raw' | undefined;
  /** Schemes that links of timeline items may have. Default `https`. */
  readonly linkSchemes?: readonly ('https' | 'mailto' | 'tel')[] | undefined;
  /** Tells the time. Default the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Gives random bytes. Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /** Calls Hub. Default the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Told what happens; see {@link HubEvent}. */
  readonly onEvent?: ((event: HubEvent) => void) | undefined;
}

/** Where each kind of thing is kept: in the one store that the app gave, else in memories of their own. */
export interface HubStores {
  readonly links: Store;
  readonly revocations: Store;
  readonly pushes: Store;
}

/** Options with their defaults, checked. */
export interface HubSettings extends Omit<CreateHubOptions, 'isRevoked' | 'onEvent' | 'revision' | 'store'> {
  readonly hubs: readonly [string, ...string[]];
  readonly redirectOrigins: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly allowInsecureLoopback: boolean;
  readonly basePath: string;
  readonly usernameCanonical: (username: string) => string;
  readonly stores: HubStores;
  readonly isRevoked: (grant: HubGrant) => boolean | Promise<boolean>;
  readonly linkTtlMs: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly pushIntervalMs: number;
  readonly pushFromHandler: 'refuse' | 'allow';
  readonly cookieSameSite: 'Lax' | 'None';
  readonly itemText: 'escape' | 'raw';
  readonly linkSchemes: readonly ('https' | 'mailto' | 'tel')[];
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Adds the provider, as every event has it. */
  readonly onEvent: ((event: ClientEvent | HubOccurrence) => void) | undefined;
}

/** Hub's production origin. */
export const productionHub = 'https://core.broadsoftlabs.com';

const name = v.custom<string>(isSegment, 'must be 1 to 256 characters without control characters');
const origins = v.array(v.string('must be an origin'), 'must be a list of origins');
const schema = v.strictObject({
  app: name,
  keys: v.array(v.any(), 'must be a list of keys'),
  environment: v.optional(name),
  hubs: v.optional(
    v.pipe(
      origins,
      v.check((list) => list.length > 0, 'must be at least one origin'),
    ),
    [productionHub],
  ),
  redirectOrigins: v.optional(origins, []),
  corsOrigins: v.optional(origins),
  allowInsecureLoopback: v.optional(v.boolean('must be true or false'), false),
  revision: v.optional(v.literal('2016-11', "must be '2016-11', the only revision supported so far")),
  basePath: v.optional(v.custom<string>(isBasePath, 'must be a path such as /hub, without slash at the end'), ''),
  usernameCanonical: v.optional(aFunction<HubSettings['usernameCanonical']>(), () => (username: string) => username),
  store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
  isRevoked: v.optional(aFunction<HubSettings['isRevoked']>(), () => () => false),
  tokenTtlMs: v.optional(milliseconds(1000, 315_360_000_000)),
  linkTtlMs: v.optional(milliseconds(1000, 3_600_000), 600_000),
  timeoutMs: v.optional(milliseconds(1, 600_000), 10_000),
  deadlineMs: v.optional(milliseconds(1, 600_000), 5000),
  pushIntervalMs: v.optional(milliseconds(0, 3_600_000), 5000),
  pushFromHandler: v.optional(v.picklist(['refuse', 'allow'], 'must be refuse or allow'), 'refuse'),
  cookieSameSite: v.optional(v.picklist(['Lax', 'None'], 'must be Lax or None'), 'Lax'),
  itemText: v.optional(v.picklist(['escape', 'raw'], 'must be escape or raw'), 'escape'),
  linkSchemes: v.optional(
    v.array(v.picklist(['https', 'mailto', 'tel'], 'must be https, mailto or tel'), 'must be a list'),
    ['https'],
  ),
  clock: v.optional(aFunction<Clock>(), () => systemClock),
  random: v.optional(aFunction<RandomSource>(), () => systemRandom),
  fetch: v.optional(aFunction<typeof globalThis.fetch>()),
  onEvent: v.optional(aFunction<(event: HubEvent) => void>()),
});

/**
 * Checks the options once and fills in the defaults.
 *
 * @throws {TypeError} Naming the option that is missing, unknown or of the wrong kind. Values are not shown.
 * @throws {RangeError} Naming the duration that is out of range.
 */
export function resolveOptions(options: CreateHubOptions): HubSettings {
  const { corsOrigins, store, onEvent, revision: _, ...given } = checkOptions(schema, options);
  const { allowInsecureLoopback } = given;
  const read = (option: string, list: readonly string[]): readonly string[] =>
    list.map((entry, index) => readOrigin(`${option}[${index}]`, entry, allowInsecureLoopback));
  const [hub = productionHub, ...others] = read('hubs', given.hubs);
  return Object.freeze({
    ...given,
    hubs: [hub, ...others] as const,
    redirectOrigins: read('redirectOrigins', given.redirectOrigins),
    corsOrigins: corsOrigins === undefined ? [hub, ...others] : read('corsOrigins', corsOrigins),
    onEvent: onEvent && ((event: ClientEvent | HubOccurrence) => onEvent({ provider: 'hub', ...event })),
    stores: store === undefined ? memoryStores(given.clock) : sharedStores(timedStore(store, given.timeoutMs)),
  });
}

/** A full memory forgets: a push sent twice does no harm, while a forgotten revocation opens a token again. */
function memoryStores(clock: Clock): HubStores {
  return {
    links: memoryStore({ clock, maxEntries: 1_000_000 }),
    revocations: memoryStore({ clock, maxEntries: 10_000_000 }),
    pushes: memoryStore({ clock }),
  };
}

function sharedStores(store: Store): HubStores {
  return { links: store, revocations: store, pushes: store };
}

function readOrigin(option: string, text: string, allowInsecureLoopback: boolean): string {
  const origin = parseOrigin(text, { allowInsecureLoopback });
  if (origin === undefined) {
    const loopback = 'http: is accepted with allowInsecureLoopback, on loopback with a port';
    throw new TypeError(`${option} must be an https: origin without path or user info; ${loopback}`);
  }
  return origin;
}

function aFunction<T>() {
  return v.custom<T>((value) => typeof value === 'function', 'must be a function');
}

function milliseconds(least: number, most: number) {
  const message = `must be a whole number of milliseconds from ${least} to ${most}`;
  return v.pipe(
    v.number('must be a number of milliseconds'),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
}

function isBasePath(value: unknown): boolean {
  if (value === '') return true;
  if (typeof value !== 'string' || !value.startsWith('/') || /\/$|\/\/|[?#]/.test(value)) return false;
  return new URL(value, 'https://app.invalid').pathname === value;
}
