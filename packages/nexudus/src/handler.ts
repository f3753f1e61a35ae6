import { type Clock, systemClock } from '@x/crypto';
import { page, redirect, withDeadline } from '@x/http/server';
import { memoryStore, type Store } from '@x/http/store';
import * as v from 'valibot';
import type { InstallOrder } from './install/check-value.ts';
import type { InstallHints } from './install/hints.ts';
import type { InstallParameter, VerifiedInstall, VerifyInstallReason } from './install/verify-install.ts';
import { claimInstall, type InstallClaim } from './install-claim.ts';
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
  | 'callback-failed'
  | 'deadline-exceeded';

/** A visit that was refused. */
export interface InstallRefusal {
  readonly reason: InstallRefusalReason;
  /** The parameter that is wrong, where it is one. */
  readonly name?: InstallParameter | undefined;
  /** What failed, for reasons that have an error behind them: an `XError`, or what your own code threw. */
  readonly cause?: unknown;
}

/** What an install handler tells its subscriber. Holds no secret. */
export type InstallEvent =
  | { readonly type: 'install-verified'; readonly order: InstallOrder; readonly isOrdinal: boolean; readonly secretIndex: number }
  | { readonly type: 'install-repeated' }
  | { readonly type: 'install-completed'; readonly key: string; readonly businessIds: readonly number[] }
  | ({ readonly type: 'install-refused' } & InstallRefusal);

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

/** Options of {@link createInstallHandler}. */
export interface CreateInstallHandlerOptions {
  /** Made by `createNexudus`. */
  readonly nexudus: Pick<Nexudus, 'verifyInstall' | 'installation'>;
  /**
   * Saves the installation; called once for each link. It must be idempotent all the same: the person may install
   * again, with the same token or another. What it returns is shown, otherwise `installedUrl` or a page.
   */
  readonly onInstalled: (install: ConfirmedInstall) => Response | undefined | void | Promise<Response | undefined | void>;
  /** The only path that is answered, compared after repeated slashes are collapsed; default any path. */
  readonly path?: string | undefined;
  /** Remembers links; default in memory, which several machines do not share. */
  readonly store?: Store | undefined;
  /** Where the browser goes afterwards, an absolute URL or a path; default a page that says so. */
  readonly installedUrl?: string | URL | undefined;
  /** Milliseconds for confirming and `onInstalled` together, 1 to 120,000; default 20,000. */
  readonly deadlineMs?: number | undefined;
  /** Told every refusal with its reason. */
  readonly onRefused?: ((refusal: InstallRefusal) => void) | undefined;
  readonly onEvent?: ((event: InstallEvent) => void) | undefined;
  /** Clock of the default store; default the platform's. */
  readonly clock?: Clock | undefined;
}

/** Statuses; what is not here is 400, so that a stranger does not learn which check a link failed. */
const statuses: Partial<Record<InstallRefusalReason, number>> = {
  'method-not-allowed': 405,
  'path-unknown': 404,
  'in-progress': 409,
  'store-failed': 503,
  'confirmation-refused': 502,
  'confirmation-failed': 503,
  'business-missing': 502,
  'callback-failed': 500,
  'deadline-exceeded': 503,
};

/**
 * Makes the handler of the install URL, to which Nexudus sends an administrator's browser.
 *
 * It verifies the link, claims it in the store, asks the API who the customer is, and only then calls `onInstalled`.
 * A link that was carried out before is answered as installed and calls nothing: people press reload. Every refusal
 * shows the same page; the reason goes to `onRefused` and `onEvent`. A failure after verification gives the link back.
 *
 * @throws {TypeError} Naming an option that is missing or of the wrong kind. @throws {RangeError} For `deadlineMs`.
 * @see Nexudus fact sheet §3.1 and §3.8.
 */
export function createInstallHandler(options: CreateInstallHandlerOptions): (request: Request) => Promise<Response> {
  checkOptions(options);
  const { nexudus, onInstalled, path, installedUrl, deadlineMs = 20_000, onRefused, onEvent } = options;
  const { store = memoryStore({ clock: options.clock ?? systemClock }) } = options;

  function refuse(refusal: InstallRefusal): Response {
    notify(onRefused, refusal);
    notify(onEvent, { type: 'install-refused', ...refusal });
    const headers: Record<string, string> = refusal.reason === 'method-not-allowed' ? { allow: 'GET' } : {};
    return page({
      status: statuses[refusal.reason] ?? 400,
      title: 'Not installed',
      message: 'The application was not installed. Reload this page, or start again from Nexudus.',
      headers,
    });
  }

  function installed(): Response {
    if (installedUrl !== undefined) return redirect(installedUrl);
    return page({ status: 200, title: 'Installed', message: 'The application is installed. You can close this page.' });
  }

  /** Confirms and saves. Runs on after the deadline, so it settles or releases the claim itself. */
  async function carryOut(
    install: VerifiedInstall,
    claim: InstallClaim,
    at: { readonly request: Request; readonly signal: AbortSignal },
  ): Promise<Response | InstallRefusal> {
    const { applicationKey, installToken, hints, order, isOrdinal, issuedAtMs } = install;
    const giveBack = async (refusal: InstallRefusal): Promise<InstallRefusal> => {
      await claim.release().catch(() => {}); // an unreleased claim ends with its lease
      return refusal;
    };
    const installation = nexudus.installation(installToken);
    let businesses: readonly Business[];
    try {
      businesses = await installation.businesses({ signal: at.signal });
    } catch (cause) {
      const isRefused = (cause as { code?: unknown } | undefined)?.code === 'nexudus.credentials-refused';
      return giveBack({ reason: isRefused ? 'confirmation-refused' : 'confirmation-failed', cause });
    }
    if (businesses.length === 0) return giveBack({ reason: 'business-missing' });
    let answer: Response | undefined | void;
    try {
      answer = await onInstalled({
        applicationKey,
        installToken,
        businesses,
        hints,
        order,
        isOrdinal,
        issuedAtMs,
        installation,
        ...at,
      });
    } catch (cause) {
      return giveBack({ reason: 'callback-failed', cause });
    }
    await claim.settle().catch(() => {}); // what is installed stays so; a reload would save it once more
    notify(onEvent, { type: 'install-completed', key: installation.key, businessIds: businesses.map(({ Id }) => Id) });
    return answer === undefined ? installed() : withoutReferrer(answer);
  }

  return async (request) => {
    if (request.method !== 'GET') return refuse({ reason: 'method-not-allowed' });
    if (path !== undefined && collapseSlashes(new URL(request.url).pathname) !== path) {
      return refuse({ reason: 'path-unknown' });
    }
    const install = nexudus.verifyInstall(request);
    if (!install.ok) {
      return refuse('name' in install ? { reason: install.reason, name: install.name } : { reason: install.reason });
    }
    const { order, isOrdinal, secretIndex } = install;
    notify(onEvent, { type: 'install-verified', order, isOrdinal, secretIndex });

    let claim: InstallClaim;
    try {
      claim = await claimInstall(store, install, 2 * deadlineMs + 10_000);
    } catch (cause) {
      return refuse({ reason: 'store-failed', cause });
    }
    if (claim.state === 'done') {
      notify(onEvent, { type: 'install-repeated' });
      return installed();
    }
    if (claim.state === 'in-progress') return refuse({ reason: 'in-progress' });

    const work = await withDeadline(deadlineMs, undefined, (signal) => carryOut(install, claim, { request, signal }));
    if (!work.ok) return refuse({ reason: 'deadline-exceeded' });
    return work.value instanceof Response ? work.value : refuse(work.value);
  };
}

const optionsSchema = v.object({
  nexudus: v.object(
    {
      verifyInstall: v.custom((value) => typeof value === 'function', 'must come from createNexudus'),
      installation: v.custom((value) => typeof value === 'function', 'must come from createNexudus'),
    },
    'must come from createNexudus',
  ),
  onInstalled: v.custom((value) => typeof value === 'function', 'must be a function'),
  path: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^\/(?!.*\/\/)[^?#]*$/, 'must be a path that begins with one slash')),
  ),
  deadlineMs: v.optional(v.number('must be a number of milliseconds')),
});

function checkOptions(options: CreateInstallHandlerOptions): void {
  const result = v.safeParse(optionsSchema, options);
  if (!result.success) {
    const [issue] = result.issues;
    throw new TypeError(`${v.getDotPath(issue) ?? 'options'} ${issue.message}`);
  }
  const { deadlineMs = 20_000 } = options;
  if (!(deadlineMs >= 1 && deadlineMs <= 120_000)) throw new RangeError('deadlineMs must be from 1 to 120000');
}

/** Nexudus glues a base URL that ends with a slash to a path that begins with one. */
function collapseSlashes(path: string): string {
  return path.replaceAll(/\/{2,}/g, '/');
}

/** The URL of this page holds the token, which the next page must not learn. */
function withoutReferrer(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  return new Response(response.body, { status: response.status, headers });
}

/** A subscriber observes; what it throws changes nothing. */
function notify<Told>(subscriber: ((told: Told) => void) | undefined, told: Told): void {
  try {
    subscriber?.(told);
  } catch {
    // its own affair
  }
}
