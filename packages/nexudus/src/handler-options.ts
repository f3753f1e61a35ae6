import { type Clock, systemClock } from '@x/crypto';
import { checkOptions, isStore } from '@x/http/options';
import { memoryStore, type Store } from '@x/http/store';
import * as v from 'valibot';
import type { InstallOrder } from './install/check-value.ts';
import type { InstallHints } from './install/hints.ts';
import type { InstallParameter, VerifyInstallReason } from './install/verify-install.ts';
import type { Installation, Nexudus } from './nexudus.ts';
import type { Business } from './schemas/business.ts';

/** Why a visit to the install URL did not install anything. The browser is never told. */
export type InstallRefusalReason =
  | 'method-not-allowed'
  | 'path-unknown'
  | VerifyInstallReason
  /** Another visit with the same link is being carried out. */
  | 'in-progress'
  /** The replay store failed. */
  | 'store-failed'
  /** Nexudus does not accept the derived credentials, or the app lacks the role `Business-List`. */
  | 'confirmation-refused'
  /** Nexudus could not be asked, or its answer made no sense. */
  | 'confirmation-failed'
  /** The credentials work and see no location: there is nobody to install for. */
  | 'business-missing'
  /** `onInstalled` failed. */
  | 'on-installed-failed'
  | 'deadline'
  /** The installation is saved, and the response that `onInstalled` gave cannot be sent: `error` says why. */
  | 'response-unusable'
  /** Something else on this side failed, such as a clock. */
  | 'internal-error';

/** A visit that was refused. */
export interface InstallRefusal {
  readonly reason: InstallRefusalReason;
  /** The parameter that is wrong, where it is one. */
  readonly name?: InstallParameter | undefined;
  /** What failed, for reasons that have an error behind them: an `XError`, or what your own code threw. */
  readonly error?: unknown;
}

/** What an install handler tells its subscriber. Holds no secret, unless an error that your own code threw does. */
export type InstallEvent = { readonly provider: 'nexudus' } & (
  | {
      readonly type: 'install-verified';
      readonly order: InstallOrder;
      readonly isOrdinal: boolean;
      readonly secretIndex: number;
    }
  | { readonly type: 'install-repeated' }
  | { readonly type: 'install-completed'; readonly key: string; readonly businessIds: readonly number[] }
  /** The store did not take down that a link was carried out, or given back: until it does, reloads are `in-progress`. */
  | { readonly type: 'install-store-failed'; readonly error?: unknown }
  | ({ readonly type: 'install-refused' } & InstallRefusal)
);

/** An installation that Nexudus confirmed. */
export interface ConfirmedInstall {
  readonly applicationKey: string;
  /** Store it encrypted, in place of an earlier one of the same locations: all API access is derived from it. */
  readonly installToken: string;
  /** The customer, as the API tells: the only identity to rely on. At least one location. */
  readonly businesses: readonly Business[];
  /** What the link claims, unsigned; for display only. */
  readonly hints: InstallHints;
  readonly order: InstallOrder;
  readonly isOrdinal: boolean;
  /** When Nexudus made the link, milliseconds since 1970. */
  readonly issuedAtMs: number;
  /** The client of this installation. */
  readonly installation: Installation;
  readonly request: Request;
  /** Aborted when the deadline passes. */
  readonly signal: AbortSignal;
}

/** What `onInstalled` may return: a page or redirect to show, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: most callbacks save and return nothing
export type InstalledAnswer = Response | undefined | void;

/** Options of {@link createInstallHandler}. */
export interface CreateInstallHandlerOptions {
  /** Made by `createNexudus`. */
  readonly nexudus: Pick<Nexudus, 'verifyInstall' | 'installation'>;
  /**
   * Saves the installation; called once for each link, unless it goes on for longer than three times `deadlineMs` and
   * ten seconds: the link is then free again. It must be idempotent all the same: the person may install again, with
   * the same token or another. What it returns is shown, otherwise `installedUrl` or a page; a reload gets the latter.
   */
  readonly onInstalled: (install: ConfirmedInstall) => InstalledAnswer | Promise<InstalledAnswer>;
  /** The only path that is answered, compared after repeated slashes are collapsed; default any path. */
  readonly path?: string | undefined;
  /** Remembers links; default in memory, which several machines do not share. */
  readonly store?: Store | undefined;
  /** Where the browser goes afterwards, an absolute URL of the web or a path; default a page that says so. */
  readonly installedUrl?: string | URL | undefined;
  /** Milliseconds for confirming and `onInstalled` together, 1 to 120,000; default 20,000. */
  readonly deadlineMs?: number | undefined;
  /** Told every refusal with its reason. */
  readonly onRefused?: ((refusal: InstallRefusal) => void) | undefined;
  /** Told what became of each callback, without secrets. */
  readonly onEvent?: ((event: InstallEvent) => void) | undefined;
  /**
   * Keeps the platform going until an install is carried out and noted, also after the deadline. Needed where work ends
   * with the response, as on Cloudflare Workers: `waitUntil` of `cloudflare:workers`. Default none.
   */
  readonly waitUntil?: ((work: Promise<void>) => void) | undefined;
  /** Clock of the default store; default the platform's. */
  readonly clock?: Clock | undefined;
}

const fromNexudus = 'must come from createNexudus';
const deadlineMessage = 'must be from 1 to 120000 milliseconds';

const settingsSchema = v.strictObject({
  nexudus: v.object({ verifyInstall: v.function(fromNexudus), installation: v.function(fromNexudus) }, fromNexudus),
  onInstalled: v.function('must be a function'),
  path: v.optional(
    v.pipe(
      v.string('must be text'),
      v.regex(/^(?!.*\/\/)\/[^?#\\\p{Cc}]*$/u, 'must be a path without repeated slashes'),
      v.transform((path) => new URL(`https://base.invalid${path}`).pathname), // escaped, as that of a request is
    ),
  ),
  store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
  onRefused: v.optional(v.function('must be a function')),
  onEvent: v.optional(v.function('must be a function')),
  waitUntil: v.optional(v.function('must be a function')),
  clock: v.optional(v.function('must be a function')),
  installedUrl: v.optional(
    v.pipe(
      v.custom<string | URL>(isTarget, 'must be an http: or https: URL, or an escaped path that begins with one slash'),
      v.transform((value) => (isPath(value) ? value : new URL(value).href)),
    ),
  ),
  deadlineMs: v.optional(
    v.pipe(v.number(deadlineMessage), v.minValue(1, deadlineMessage), v.maxValue(120_000, deadlineMessage)),
    20_000,
  ),
});

/** What the handler needs beyond what it was given. */
export interface HandlerSettings {
  readonly deadlineMs: number;
  readonly store: Store;
  /** Escaped as the path of a request is. */
  readonly path: string | undefined;
  /** As a header field takes it. */
  readonly installedUrl: string | undefined;
}

/** Checks the options. @throws {TypeError} Naming the option. @throws {RangeError} For `deadlineMs`. */
export function resolveHandlerSettings(options: CreateInstallHandlerOptions): HandlerSettings {
  const { deadlineMs, path, installedUrl } = checkOptions(settingsSchema, options);
  const { clock = systemClock, store = memoryStore({ clock }) } = options;
  return { deadlineMs, store, path, installedUrl };
}

function isTarget(value: unknown): boolean {
  if (isPath(value)) return true;
  if (!(value instanceof URL || (typeof value === 'string' && !/[\s\p{Cc}]/u.test(value)))) return false;
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Browsers read a backslash as a slash, and two of them begin a host. */
function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(value);
}
