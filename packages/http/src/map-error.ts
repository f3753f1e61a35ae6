import { ForceRetryError, HTTPError, isKyError, NetworkError, SchemaValidationError, TimeoutError } from 'ky';
import { contractError } from './contract.ts';
import { ContractError, isXError, RequestError, ResponseError } from './errors.ts';
import type { FaultAnswer } from './failed-answer.ts';
import { describeRequest } from './redact.ts';
import { readRetryAfterMs } from './retry.ts';
import type { ServerTime } from './server-time.ts';
import type { Transport } from './transport.ts';

/** What a provider makes of a failed answer: its code, the typed fault and a text for people. */
export interface MappedFault {
  readonly code?: string | undefined;
  readonly fault: unknown;
  readonly message?: string | undefined;
}

/** Reads a provider's error body; undefined, and throwing, leave the code to the status. */
export type MapFault = (answer: FaultAnswer) => MappedFault | undefined;

/** Turns what a request or the reading of its answer rejected with into an error of our family. */
export type ErrorMapper = (
  error: unknown,
  at: { readonly stage: 'request' | 'body'; readonly aborted: boolean },
) => unknown;

/** What {@link createErrorMapper} is made from. */
export interface ErrorMapperOptions {
  readonly provider: string;
  readonly transport: Transport;
  readonly mapFault: MapFault | undefined;
  readonly serverTime: ServerTime;
}

/**
 * Makes the mapping of one client.
 *
 * What a user's own hook throws passes unchanged; nothing of ky's does, because its errors carry the request.
 */
export function createErrorMapper(options: ErrorMapperOptions): ErrorMapper {
  const { provider } = options;
  return (error, { stage, aborted }) => {
    if (isXError(error)) return error;
    if (aborted || (error instanceof Error && error.name === 'AbortError')) {
      return new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
    }
    if (error instanceof HTTPError) return toResponseError(error, options);
    if (error instanceof TimeoutError) {
      const message = `${describeRequest(error.request)}: expected an answer in time, got none`;
      return new RequestError({ provider, code: 'http.timeout', message });
    }
    if (error instanceof NetworkError) {
      const message = `${describeRequest(error.request)}: expected an answer, the network gave none`;
      return new RequestError({ provider, code: 'http.network', message, cause: error.cause });
    }
    if (error instanceof SchemaValidationError) return contractError(error.issues, { provider, what: 'the answer' });
    if (error instanceof ForceRetryError) {
      const expected = 'an answer that the caller’s own hook does not ask to repeat';
      const message = `the answers are not as expected: expected ${expected}`;
      return new ContractError({ provider, issues: [{ path: '', expected }], message, cause: error });
    }
    if (stage === 'body' && error instanceof SyntaxError) {
      const issues = [{ path: '', expected: 'JSON' }];
      return new ContractError({ provider, issues, message: 'the answer is not as documented: expected JSON' });
    }
    if (stage === 'request' && !isKyError(error)) return error;
    const message = 'the answer broke off before it was read';
    return new RequestError({ provider, code: 'http.network', message, cause: error });
  };
}

function toResponseError(
  error: HTTPError,
  { provider, transport, mapFault, serverTime }: ErrorMapperOptions,
): ResponseError {
  const { response, request } = error;
  const { status } = response;
  const answer = transport.faultAnswerOf(response) ?? { status, headers: response.headers, body: '' };
  const mapped = readFault(mapFault, answer);
  return new ResponseError({
    provider,
    code: mapped?.code ?? codeOfStatus(status),
    status,
    message: `${describeRequest(request)}: ${mapped?.message ?? `expected success, got status ${status}`}`,
    fault: mapped?.fault,
    retryAfterMs: readRetryAfterMs(answer.headers, serverTime.nowMs()),
    requestId: readRequestId(answer.headers),
  });
}

/** What an id looks like. A field that quotes something else, such as a gateway's echo of the request, is none. */
function readRequestId(headers: Headers): string | undefined {
  return /^[\w.:-]{1,128}$/.exec(headers.get('x-request-id') ?? '')?.[0];
}

/** A reader of faults that throws has read none: the status still says what happened. */
function readFault(mapFault: MapFault | undefined, answer: FaultAnswer): MappedFault | undefined {
  try {
    return mapFault?.(answer);
  } catch {
    return undefined;
  }
}

const codes: Readonly<Record<number, string>> = {
  401: 'http.unauthorized',
  403: 'http.forbidden',
  404: 'http.not-found',
  409: 'http.conflict',
  429: 'http.rate-limited',
};

function codeOfStatus(status: number): string {
  return status >= 500 ? 'http.server' : (codes[status] ?? 'http.rejected');
}
