import { emit } from '@x/http/events';
import {
  amendResponse,
  type CallbackFailure,
  isResponse,
  keepGoing,
  page,
  redirect,
  refuseMethod,
  runCallback,
} from '@x/http/server';
import {
  type CreateInstallHandlerOptions,
  type InstallRefusal,
  type InstallRefusalReason,
  resolveHandlerSettings,
} from './handler-options.ts';
import type { VerifiedInstall } from './install/verify-install.ts';
import { claimInstall, type InstallClaim } from './install-claim.ts';
import type { Installation } from './nexudus.ts';
import type { Business } from './schemas/business.ts';

export type {
  ConfirmedInstall,
  CreateInstallHandlerOptions,
  InstallEvent,
  InstalledAnswer,
  InstallRefusal,
  InstallRefusalReason,
} from './handler-options.ts';

/** Statuses; what is not here is 400, so that a stranger does not learn which check a link failed. */
const statuses: Partial<Record<InstallRefusalReason, number>> = {
  'method-not-allowed': 405,
  'path-unknown': 404,
  'in-progress': 409,
  'store-failed': 503,
  'confirmation-refused': 502,
  'confirmation-failed': 503,
  'business-missing': 502,
  'on-installed-failed': 500,
  deadline: 503,
  'response-unusable': 500,
  'internal-error': 500,
};

const notInstalled = {
  title: 'Not installed',
  message: 'The application was not installed. Reload this page, or start again from Nexudus.',
};
/** Shown to whoever has a genuine link only. */
const underWay = {
  title: 'Being installed',
  message: 'The application is being installed. Reload this page in a moment.',
};

/**
 * Makes the handler of the install URL, to which Nexudus sends an administrator's browser.
 *
 * It verifies the link, claims it in the store, asks the API who the customer is, and only then calls `onInstalled`.
 * A link that was carried out before is answered as installed and calls nothing: people press reload. Every refusal
 * but `in-progress` shows the same page; the reason goes to `onRefused` and `onEvent`. A failure after verification gives the link back,
 * unless `onInstalled` has returned: what is saved is saved, also when its response cannot be sent.
 *
 * @throws {TypeError} Naming an option that is missing, unknown or of the wrong kind. @throws {RangeError} For `deadlineMs`.
 * @see Nexudus fact sheet §3.1 and §3.8.
 */
export function createInstallHandler(options: CreateInstallHandlerOptions): (request: Request) => Promise<Response> {
  const { deadlineMs, store, path, installedUrl } = resolveHandlerSettings(options);
  const { nexudus, onInstalled, onRefused, onEvent, waitUntil } = options;

  function refuse(refusal: InstallRefusal): Response {
    emit(onRefused, refusal);
    emit(onEvent, { provider: 'nexudus', type: 'install-refused', ...refusal });
    const headers: Record<string, string> = refusal.reason === 'method-not-allowed' ? { allow: 'GET' } : {};
    const text = refusal.reason === 'in-progress' ? underWay : notInstalled;
    return page({ status: statuses[refusal.reason] ?? 400, ...text, headers });
  }

  function installed(): Response {
    if (installedUrl !== undefined) return redirect(installedUrl);
    return page({ status: 200, title: 'Installed', message: 'The application is installed. You can close this page.' });
  }

  /** Confirms and saves. Runs on after the deadline where the platform lets it, so it notes itself what came of it. */
  async function carryOut(
    install: VerifiedInstall,
    claim: InstallClaim,
    at: { readonly request: Request; readonly signal: AbortSignal },
  ): Promise<CarriedOut> {
    const { applicationKey, installToken, hints, order, isOrdinal, issuedAtMs } = install;
    const giveBack = (refusal: InstallRefusal): CarriedOut => ({ refusal, noted: note(() => claim.release()) });
    let installation: Installation;
    let businesses: readonly Business[];
    try {
      installation = nexudus.installation(installToken);
      businesses = await installation.businesses({ signal: at.signal });
    } catch (error) {
      const isRefused = (error as { code?: unknown } | undefined)?.code === 'nexudus.credentials-refused';
      return giveBack({ reason: isRefused ? 'confirmation-refused' : 'confirmation-failed', error });
    }
    if (businesses.length === 0) return giveBack({ reason: 'business-missing' });
    let answer: unknown;
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
    } catch (error) {
      return giveBack({ reason: 'on-installed-failed', error });
    }
    emit(onEvent, {
      provider: 'nexudus',
      type: 'install-completed',
      key: installation.key,
      businessIds: businesses.map(({ Id }) => Id),
    });
    return { answer, noted: note(() => claim.settle()) };
  }

  /** What is installed stays so, whatever the store does; and a claim that it does not give back ends with its lease. */
  async function note(write: () => Promise<void>): Promise<void> {
    const done = await runCallback(write, { deadlineMs: storeTimeoutMs });
    if (!done.ok) emit(onEvent, { provider: 'nexudus', type: 'install-store-failed', ...errorOf(done) });
  }

  function show(answer: unknown): Response {
    try {
      return isResponse(answer) ? withoutReferrer(answer) : installed();
    } catch (error) {
      return refuse({ reason: 'response-unusable', error });
    }
  }

  async function visit(request: Request): Promise<Response> {
    if (refuseMethod(request, ['GET']) !== undefined) return refuse({ reason: 'method-not-allowed' });
    if (path !== undefined && collapseSlashes(new URL(request.url).pathname) !== path) {
      return refuse({ reason: 'path-unknown' });
    }
    const install = nexudus.verifyInstall(request);
    if (!install.ok) {
      return refuse('name' in install ? { reason: install.reason, name: install.name } : { reason: install.reason });
    }
    const { order, isOrdinal, secretIndex } = install;
    emit(onEvent, { provider: 'nexudus', type: 'install-verified', order, isOrdinal, secretIndex });

    const claimed = await runCallback(
      async (signal) => {
        const claim = await claimInstall(store, install, 3 * deadlineMs + 10_000);
        if (signal.aborted && claim.state === 'taken') await claim.release(); // too late for anybody to work on it
        return claim;
      },
      { deadlineMs },
    );
    if (!claimed.ok) return refuse({ reason: 'store-failed', ...errorOf(claimed) });
    const claim = claimed.value;
    if (claim.state === 'done') {
      emit(onEvent, { provider: 'nexudus', type: 'install-repeated' });
      return installed();
    }
    if (claim.state === 'in-progress') return refuse({ reason: 'in-progress' });

    const work = await runCallback(
      (signal) => {
        const carriedOut = carryOut(install, claim, { request, signal });
        keepGoing(
          carriedOut.then(({ noted }) => noted),
          waitUntil,
        );
        return carriedOut;
      },
      { deadlineMs },
    );
    if (!work.ok) {
      return refuse({ reason: work.reason === 'failed' ? 'internal-error' : 'deadline', ...errorOf(work) });
    }
    await work.value.noted;
    return 'refusal' in work.value ? refuse(work.value.refusal) : show(work.value.answer);
  }

  return async (request) => {
    try {
      return await visit(request);
    } catch (error) {
      return refuse({ reason: 'internal-error', error });
    }
  };
}

/** Milliseconds that the store may take to note what became of a link: the browser need not wait for it. */
const storeTimeoutMs = 1_000;

/** What became of a link, either what `onInstalled` returned or why it was not called or failed. */
type CarriedOut = ({ readonly answer: unknown } | { readonly refusal: InstallRefusal }) & {
  /** When the store has taken it down, or was waited for long enough. Never rejects. */
  readonly noted: Promise<void>;
};

function errorOf(failure: CallbackFailure): Pick<InstallRefusal, 'error'> {
  return failure.reason === 'failed' ? { error: failure.error } : {};
}

/** Nexudus glues a base URL that ends with a slash to a path that begins with one. */
function collapseSlashes(path: string): string {
  return path.replaceAll(/\/{2,}/g, '/');
}

/** The URL of this page holds the token, which the next page must not learn. */
function withoutReferrer(response: Response): Response {
  return amendResponse(response, (headers) => {
    headers.set('referrer-policy', 'no-referrer');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  });
}
