import type { Clock, RandomSource } from '@x/crypto/light';
import { type Call, createCallIds } from './call.ts';
import { capBody } from './cap-body.ts';
import { type Credential, type HeaderFields, setField } from './credential.ts';
import { ContractError, CredentialError, isXError, ResponseError } from './errors.ts';
import { type ClientEvent, emit } from './events.ts';
import { abortion, createExchange } from './exchange.ts';
import { type FailedAnswer, type FaultAnswer, readFailedAnswer } from './failed-answer.ts';
import { letGo } from './let-go.ts';
import { describeRequest, redactUrl } from './redact.ts';
import { type Followed, followRedirects } from './redirects.ts';
import type { ServerTime } from './server-time.ts';

/** What a {@link createTransport} is made from. */
export interface TransportOptions {
  readonly provider: string;
  readonly baseUrl: URL;
  readonly credential?: Credential | undefined;
  /** Default the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly serverTime: ServerTime;
  readonly maxResponseBytes: number;
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** Sends one attempt. */
export type SendAttempt = (request: Request, init?: RequestInit) => Promise<Response>;

/** What sends the attempts of ky's requests, and the failed answers that passed through it. */
export interface Transport {
  /**
   * Begins a call: all its attempts together renew the credential and replay once at most.
   *
   * @param isAborted Whether the caller gave it up, which tells an abort from a timeout of ky's.
   * @param endsAtMs When all of them must have ended, by `performance.now()`; default never.
   * @param fetch Sends its requests, with all that they carry; default that of the options.
   */
  readonly begin: (isAborted?: () => boolean, endsAtMs?: number, fetch?: typeof globalThis.fetch) => SendAttempt;
  readonly faultAnswerOf: (response: Response) => FaultAnswer | undefined;
  /** When the call must have ended that a failed answer belongs to; infinite also for one that is not known. */
  readonly endsAtMsOf: (response: Response) => number;
}

/** Sends one attempt of ky: with credential, without letting it leave the origin, replayed once when it was refused. */
export function createTransport(options: TransportOptions): Transport {
  const { provider, baseUrl, serverTime, maxResponseBytes, onEvent } = options;
  const answers = new WeakMap<Response, { readonly answer: FaultAnswer; readonly call: Call }>();
  const nextId = createCallIds(options.random);
  // a request spells its URL in one way only; with the slash `example.com` is no beginning of `example.com.evil`
  const ownStart = `${baseUrl.origin}/`;
  const isOwn = (url: string): boolean => url.startsWith(ownStart);
  const exchange = createExchange({ ...options, isOwn });

  function follow(
    request: Request,
    init: RequestInit | undefined,
    fields: HeaderFields,
    call: Call,
  ): Promise<Followed> {
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(fields)) {
      try {
        setField(headers, name, value);
      } catch (cause) {
        const message = `expected a credential that HTTP allows in ${JSON.stringify(name)}, got another`;
        throw new CredentialError({ provider, code: 'credential.renewal-failed', message, cause });
      }
    }
    return followRedirects(request, headers, {
      send: (current, carried) => exchange(current, carried, init, call),
      refuse: ({ status }) => {
        const message = `${describeRequest(request)}: expected no redirect, got status ${status}`;
        return new ResponseError({ provider, code: 'http.rejected', status, message });
      },
    });
  }

  /** What a credential's own function gives; what it throws is told as a failure to renew. */
  async function ask<Value>(
    { signal }: Request,
    question: () => Promise<Value> | undefined,
  ): Promise<Value | undefined> {
    try {
      return await question();
    } catch (cause) {
      if (isXError(cause)) throw cause;
      if (signal.aborted) throw abortion();
      const message = 'expected the credential to be issued, the attempt failed';
      throw new CredentialError({ provider, code: 'credential.renewal-failed', message, cause });
    }
  }

  async function sendWithCredential(request: Request, init: RequestInit | undefined, call: Call): Promise<Response> {
    const { credential } = call;
    if (credential === undefined || !isOwn(request.url)) return (await follow(request, init, {}, call)).response;

    const carry = async (sent: Request): Promise<Followed & { readonly fields: HeaderFields }> => {
      const { signal } = sent;
      const fields = (await ask(sent, () => credential.headers({ signal }))) ?? {};
      const followed = await follow(sent, init, fields, call);
      // an answer to a request without the credential says nothing about it
      if (followed.carried) quietly(() => credential.observe?.(followed.response, fields));
      return { ...followed, fields };
    };

    const replay = credential.isRejected === undefined || call.replayed ? undefined : repeatable(request);
    try {
      const { response, carried, fields } = await carry(request);
      if (!carried || replay === undefined || response.ok) return response;
      const { answer, copy } = await readFailed(response, call);
      // one that cannot tell has not told that it was refused: the answer stands as it is
      if (quietly(() => credential.isRejected?.(answer)) !== true) return copy;
      if ((await ask(replay, () => credential.discard?.(fields))) !== true) return copy;
      call.replayed = true;
      return (await carry(replay)).response;
    } finally {
      letGo(replay?.body); // its half of the body would be kept for nobody
    }
  }

  async function readFailed(response: Response, call: Call): Promise<FailedAnswer> {
    const read = await readFailedAnswer(response, serverTime.nowMs());
    answers.set(read.copy, { answer: read.answer, call });
    return read;
  }

  const expected = `at most ${maxResponseBytes} bytes`;
  const tooLarge = (): ContractError => {
    const message = `the answer is larger than allowed: expected ${expected}`;
    return new ContractError({ provider, message, issues: [{ path: '', expected }] });
  };

  return {
    begin(isAborted = () => false, endsAtMs = Number.POSITIVE_INFINITY, fetch = options.fetch) {
      const id = onEvent === undefined ? '' : nextId();
      const credential = options.credential?.begin?.() ?? options.credential;
      const call: Call = {
        id,
        isAborted,
        endsAtMs,
        credential,
        fetch,
        attempts: 0,
        exchanges: 0,
        replayed: false,
        outcome: '',
      };
      return async (request, init) => {
        const { method } = request;
        if (call.attempts > 0 && onEvent !== undefined) {
          const { attempts: attempt, outcome: reason } = call;
          emit(onEvent, { type: 'retry', provider, callId: id, method, url: redactUrl(request.url), attempt, reason });
        }
        call.attempts += 1;
        const response = await sendWithCredential(request, init, call);
        if (response.ok) {
          return method === 'HEAD' ? response : capBody(response, { maxBytes: maxResponseBytes, tooLarge });
        }
        if (answers.has(response) || response.type === 'opaqueredirect') return response;
        return (await readFailed(response, call)).copy;
      };
    },
    faultAnswerOf: (response) => answers.get(response)?.answer,
    endsAtMsOf: (response) => answers.get(response)?.call.endsAtMs ?? Number.POSITIVE_INFINITY,
  };
}

/** What can be sent once more after the request has been: only a body is used up by sending it. */
function repeatable(request: Request): Request {
  return request.body === null ? request : request.clone();
}

/** A credential observes and judges answers; what it throws does not undo one that has come. */
function quietly<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
