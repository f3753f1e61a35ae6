import { emit } from '@x/http/events';
import { withDeadline } from '@x/http/server';
import { type AnswerKind, createAnswers } from './answer.ts';
import { authorize, type GrowingFacts } from './authorize.ts';
import { answerByReason, type DecisionReason } from './decision.ts';
import { nameFailure } from './failure-name.ts';
import { type CreateAuthorizationHandlerOptions, type HandlerSettings, resolveOptions } from './options.ts';

/**
 * Makes the handler that HypeLabs' certification service asks whether a device may have a certificate.
 *
 * Mount it at the authorization URL of the dashboard, over HTTPS, with no middleware before it that reads the body and
 * none after it that turns errors into 200: that status alone means yes. It keeps no state, so any number of machines
 * can serve one URL, and a repeated request gets the same answer.
 *
 * @param options See {@link CreateAuthorizationHandlerOptions}.
 * @returns A handler that never rejects. It answers 200 for a caller that knows the shared secret with a token that the
 *   app's verifier accepts and that fits the request, and 400, 401 (or 403), 405, 413, 415, 500 or 503 otherwise.
 * @throws {TypeError | RangeError} Naming the option.
 * @see HypeLabs fact sheet §2, §3, §5, §9.
 */
export function createAuthorizationHandler(
  options: CreateAuthorizationHandlerOptions,
): (request: Request) => Promise<Response> {
  const settings = resolveOptions(options);
  const answer = createAnswers(settings);
  const { clock, onEvent } = settings;

  return async (request) => {
    const facts: GrowingFacts = {
      app: undefined,
      userIdentifier: undefined,
      tokenFingerprint: undefined,
      detail: undefined,
    };
    const startedAtMs = readTime(clock);
    const reason = startedAtMs === undefined ? 'internal-error' : await decide(request, settings, facts);
    const response = answer(answerByReason[reason] satisfies AnswerKind);
    const durationMs = (readTime(clock) ?? 0) - (startedAtMs ?? 0);
    const kind = { type: 'authorization-decided', provider: 'hypelabs' } as const;
    const common = { ...kind, ...facts, durationMs, status: response.status };
    emit(onEvent, reason === 'allowed' ? { ...common, allowed: true, reason } : { ...common, allowed: false, reason });
    return response;
  };
}

/** Turns every way in which a decision can fail to come about into a no. */
async function decide(request: Request, settings: HandlerSettings, facts: GrowingFacts): Promise<DecisionReason> {
  try {
    const done = await withDeadline(settings.deadlineMs, request.signal, (signal) =>
      authorize(request, settings, facts, signal),
    );
    if (done.ok) return done.value;
    return done.reason;
  } catch (error) {
    facts.detail = nameFailure(error);
    return 'internal-error';
  }
}

/** A clock that throws must not become an unanswered request. */
function readTime(clock: () => number): number | undefined {
  try {
    return clock();
  } catch {
    return undefined;
  }
}
