import { CredentialError, isXError, RequestError, ResponseError } from './errors.ts';
import type { Verdict } from './stored-credential.ts';
import { toCredentialError } from './to-credential-error.ts';

/** A renewal that began and of which nobody knows whether the provider carried it out. */
export function answerLost(provider: string, error?: unknown): CredentialError {
  const message = 'a renewal began and its answer was lost, so what it spent may be of no use: ask for a new grant';
  const cause = error === undefined ? undefined : toCredentialError(error, provider).cause;
  return new CredentialError({ provider, code: 'credential.expired', reason: 'answer-lost', message, cause });
}

/** A renewal of which nothing comes any more, and its successor's neither. */
export function diedWithRequest(provider: string, cause: unknown): CredentialError {
  const message = 'the renewal ended with the request that began it';
  return new CredentialError({ provider, code: 'credential.renewal-failed', message, cause });
}

/** What other processes are told of a refusal. */
export function toVerdict({ code, cause }: CredentialError): Verdict {
  if (!isXError(cause) || cause.name !== 'ResponseError') return { code };
  return { code, why: { code: cause.code, status: (cause as ResponseError).status } };
}

/** A refusal that another process was told; `cause` has the provider's code and status, as it has there. */
export function refusedElsewhere(provider: string, { code, why }: Verdict): CredentialError {
  const message = 'another process asked a moment ago, and the provider refused';
  const cause = why === undefined ? undefined : new ResponseError({ provider, ...why, message });
  return new CredentialError({ provider, code, message, cause });
}

export function issueTimedOut(provider: string, timeoutMs: number): RequestError {
  const message = `expected the credential within ${timeoutMs} ms, got none`;
  return new RequestError({ provider, code: 'http.timeout', message });
}

export function abortedByCaller(provider: string): RequestError {
  return new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
}

/** Waits for what is shared, or stops waiting when this caller aborts; the work goes on for the others. */
export async function orAborted<Value>(
  shared: Promise<Value>,
  provider: string,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortedByCaller(provider));
    signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
