import { isXError, type ResponseError } from '@x/http/errors';
import { emit } from '@x/http/events';
import { type CallbackFailure, json, problem, refuseMethod, runCallback, type WorkOutcome } from '@x/http/server';
import { type CreateTokenHandlerOptions, readTokenHandlerOptions, type TokenRefusalReason } from './handler-options.ts';
import { createTokenCache, type HandedToken } from './token-cache.ts';

export type { CreateTokenHandlerOptions, TokenEvent, TokenRefusal, TokenRefusalReason } from './handler-options.ts';

const statuses: Readonly<Record<Exclude<TokenRefusalReason, 'method-not-allowed'>, number>> = {
  'origin-refused': 403,
  'not-authenticated': 401,
  'authenticate-failed': 500,
  'mint-refused': 502,
  'mint-failed': 503,
  deadline: 503,
  aborted: 503,
};

/** Carries a refusal from where it is found to where it is answered. */
interface Refused {
  readonly reason: TokenRefusalReason;
  readonly error?: unknown;
}

/**
 * Makes your application's own endpoint at which its front end gets a QuickBlox token.
 *
 * Your application says who is asking, and the API key mints a token for that user, which is kept and handed out again
 * until it is about to end. The answer to a POST is `{ "token": …, "id": …, "expiresAt": "2026-01-01T02:00:00.000Z" }`,
 * never cached; a refusal is a problem with its reason as the code and nothing more. A front end whose token has ended,
 * for example because another window destroyed the session, sends the token's `id` (its SHA-256 in hex) as
 * `X-Ended-Token` and gets a new one: only the token that is kept can be replaced so, and not without end.
 *
 * Only POST is answered, and pages of other origins are refused before anybody is authenticated: a page that makes a
 * visitor's browser ask can neither read the answer nor make you mint.
 *
 * @returns A handler for one URL. It never rejects.
 * @throws {TypeError | RangeError} Naming the option.
 * @see QuickBlox fact sheet §2.1: the recommended production flow.
 */
export function createTokenHandler(options: CreateTokenHandlerOptions): (request: Request) => Promise<Response> {
  const settings = readTokenHandlerOptions(options);
  const { quickblox, authenticate, origins, waitUntil, onRefused, onEvent } = options;
  const tokens = createTokenCache({
    ...settings,
    quickblox,
    waitUntil,
    onStoreFailed: () => emit(onEvent, { type: 'token-store-failed', provider: 'quickblox' }),
  });

  async function give(request: Request, signal: AbortSignal): Promise<Response | Refused> {
    let userId: number | undefined;
    try {
      userId = await authenticate(request, { signal });
    } catch (error) {
      return { reason: 'authenticate-failed', error };
    }
    if (signal.aborted) return { reason: 'aborted' }; // answered by now: nothing is to be minted for nobody
    if (userId === undefined) return { reason: 'not-authenticated' };
    if (!Number.isSafeInteger(userId) || userId < 1) {
      const error = new TypeError("authenticate must give QuickBlox's id of a user, or undefined");
      return { reason: 'authenticate-failed', error };
    }
    let given: WorkOutcome<HandedToken>;
    try {
      given = await tokens.get(userId, request.headers.get('x-ended-token')?.toLowerCase(), signal);
    } catch (error) {
      return { reason: isRefusal(error) ? 'mint-refused' : 'mint-failed', error };
    }
    if (signal.aborted) return { reason: 'aborted' }; // the refusal was told already
    if (!given.ok) return { reason: 'mint-failed', error: given.error };
    const { token, id, expiresAtMs, source } = given.value;
    emit(onEvent, { type: 'token-handed-out', provider: 'quickblox', userId, source });
    return json({ token, id, expiresAt: new Date(expiresAtMs).toISOString() });
  }

  function refuse(request: Request, { reason, error }: Refused): Response {
    emit(onRefused, error === undefined ? { reason, request } : { reason, request, error });
    const code = isXError(error) ? { code: error.code } : {};
    emit(onEvent, { type: 'token-refused', provider: 'quickblox', reason, ...code });
    if (reason === 'method-not-allowed') return problem({ status: 405, code: reason, headers: { allow: 'POST' } });
    return problem({ status: statuses[reason], code: reason });
  }

  return async (request) => {
    const isListed = origins?.includes(request.headers.get('origin') ?? '') === true;
    if (isListed && request.method === 'OPTIONS') return readable(new Response(null, { status: 204 }), request);
    if (refuseMethod(request, ['POST']) !== undefined) return refuse(request, { reason: 'method-not-allowed' });
    if (!isListed && !isOwnPage(request, origins)) return refuse(request, { reason: 'origin-refused' });
    const { deadlineMs } = settings;
    const work = await runCallback((signal) => give(request, signal), { deadlineMs, signal: request.signal });
    const given = work.ok ? work.value : unanswered(work);
    const answer = given instanceof Response ? given : refuse(request, given);
    return isListed ? readable(answer, request) : answer;
  };
}

function unanswered(work: CallbackFailure): Refused {
  if (work.reason === 'failed') return { reason: 'mint-failed', error: work.error };
  return { reason: work.reason };
}

/** Browsers send an origin with every POST; where there is none, no cookie was added behind anybody's back. */
function isOwnPage({ headers, url }: Request, origins: readonly string[] | undefined): boolean {
  const origin = headers.get('origin');
  if (origin === null) return ['same-origin', 'none', null].includes(headers.get('sec-fetch-site'));
  // a proxy that ends TLS leaves http: in the URL, so hosts are compared
  return origins === undefined && URL.canParse(origin) && new URL(origin).host === new URL(url).host;
}

/** Lets a page of a listed origin read the answer. */
function readable(answer: Response, request: Request): Response {
  const { headers } = answer;
  headers.set('access-control-allow-origin', request.headers.get('origin') ?? '');
  headers.set('access-control-allow-credentials', 'true');
  headers.set('vary', 'Origin');
  if (request.method === 'OPTIONS') {
    headers.set('access-control-allow-methods', 'POST');
    headers.set('access-control-allow-headers', 'Authorization, Cache-Control, Content-Type, X-Ended-Token');
    headers.set('access-control-max-age', '600');
  }
  return answer;
}

/** Whether asking again would be answered the same. */
function isRefusal(error: unknown): boolean {
  if (!isXError(error) || error.name !== 'ResponseError') return false;
  const { status } = error as ResponseError;
  return status < 500 && status !== 408 && status !== 429;
}
