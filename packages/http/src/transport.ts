import type { Clock, RandomSource } from '@x/crypto/light';
import { NetworkError } from 'ky';
import { capBody } from './cap-body.ts';
import { type Credential, type HeaderFields, setField } from './credential.ts';
import { ContractError, isXError, RequestError } from './errors.ts';
import { type ClientEvent, emit } from './events.ts';
import { redactUrl } from './redact.ts';
import { readRetryAfterMs } from './retry.ts';
import type { ServerTime } from './server-time.ts';
import { toCredentialError } from './to-credential-error.ts';
import { uniform } from './uniform.ts';

/** What a provider's answer looks like to fault mapping. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** At most 64 KiB of the body as text; empty where it could not be read. */
  readonly body: string;
}

/** What a {@link createTransport} is made from. */
export interface TransportOptions {
  readonly provider: string;
  readonly baseUrl: URL;
  readonly credential: Credential | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly serverTime: ServerTime;
  readonly maxResponseBytes: number;
  readonly onEvent: ((event: ClientEvent) => void) | undefined;
}

/** Sends one attempt. */
export type SendAttempt = (request: Request, init?: RequestInit) => Promise<Response>;

/** What sends the attempts of ky's requests, and the failed answers that passed through it. */
export interface Transport {
  /**
   * Begins a call: all its attempts together renew the credential and replay once at most.
   *
   * @param signal The caller's, which tells an abort from a timeout of ky's.
   */
  readonly begin: (signal?: AbortSignal | null) => SendAttempt;
  readonly faultAnswerOf: (response: Response) => FaultAnswer | undefined;
}

const maxFaultBytes = 65_536;
const maxRedirects = 5;

/**
 * Sends one attempt of ky: with credential, without letting it leave the origin, replayed once when it was refused.
 *
 * Redirects are followed here and not by the platform, because a platform carries header fields that it does not
 * know, such as `QB-Token`, to whatever origin it is sent to.
 */
export function createTransport(options: TransportOptions): Transport {
  const { provider, baseUrl, clock, serverTime, maxResponseBytes, onEvent } = options;
  const answers = new WeakMap<Response, FaultAnswer>();
  const nextId = createIds(options.random);
  // a request spells its URL in one way only; with the slash `example.com` is no beginning of `example.com.evil`
  const ownStart = `${baseUrl.origin}/`;
  const isOwn = (url: string): boolean => url.startsWith(ownStart);

  async function send(request: Request, init: RequestInit | undefined, call: Call): Promise<Response> {
    const { fetch } = options;
    const sentMs = clock();
    const { method } = request;
    call.exchanges += 1;
    const told =
      onEvent === undefined
        ? undefined
        : { provider, callId: call.id, exchange: call.exchanges, method, url: redactUrl(request.url) };
    if (told !== undefined) emit(onEvent, { type: 'request', ...told });
    try {
      const response = await fetch(request, init);
      const { status } = response;
      call.outcome = String(status);
      if (isOwn(request.url)) serverTime.observe(response.headers, sentMs);
      if (told !== undefined) emit(onEvent, { type: 'response', ...told, status, durationMs: clock() - sentMs });
      return response;
    } catch (error) {
      call.outcome = codeOf(error, request, call);
      const durationMs = clock() - sentMs;
      if (told !== undefined) emit(onEvent, { type: 'request-failed', ...told, code: call.outcome, durationMs });
      if (request.signal.aborted) throw aborted();
      if (isXError(error)) throw error; // a fetch of ours, such as a rate limiter's, that has not asked the network
      throw new NetworkError(request, { cause: error as Error });
    }
  }

  /** The reason is the caller's and may be anything; a timeout of ky's has been told by then. */
  function aborted(): RequestError {
    return new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
  }

  /** What a credential's own function gives; what it throws is told as a failure to renew. */
  async function ask<Value>(
    signal: AbortSignal,
    question: () => Promise<Value> | undefined,
  ): Promise<Value | undefined> {
    try {
      return await question();
    } catch (error) {
      if (isXError(error)) throw error;
      throw signal.aborted ? aborted() : toCredentialError(error, provider);
    }
  }

  async function sendWithCredential(request: Request, init: RequestInit | undefined, call: Call): Promise<Response> {
    const { credential } = call;
    if (credential === undefined || !isOwn(request.url)) {
      return (await follow(request, init, {}, call)).response;
    }
    const replay = credential.isRejected === undefined || call.replayed ? undefined : repeatable(request);
    try {
      const sent = (await ask(request.signal, () => credential.headers({ signal: request.signal }))) ?? {};
      const { response, carried } = await follow(request, init, sent, call);
      // an answer to a request without the credential says nothing about it
      if (!carried) return response;
      observe(credential, response, sent);
      if (replay === undefined || response.ok) return response;

      const { answer, copy } = await readFailure(response);
      answers.set(copy, answer);
      if (!isRejected(credential, answer)) return copy;
      if ((await ask(replay.signal, () => credential.discard?.(sent))) !== true) return copy;
      call.replayed = true;
      const renewed = (await ask(replay.signal, () => credential.headers({ signal: replay.signal }))) ?? {};
      const second = await follow(replay, init, renewed, call);
      if (second.carried) observe(credential, second.response, renewed);
      return second.response;
    } finally {
      drop(replay?.body); // its half of the body would be kept for nobody
    }
  }

  /** Follows redirects of safe methods; the credential stays on the origin it was meant for. */
  async function follow(
    request: Request,
    init: RequestInit | undefined,
    sent: HeaderFields,
    call: Call,
  ): Promise<Followed> {
    const mode = request.redirect;
    let current = withFields(new Request(request, { redirect: 'manual' }), sent);
    let carried = true;
    for (let hop = 0; ; hop += 1) {
      const response = await send(current, init, call);
      const location = response.headers.get('location');
      const redirected = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!redirected || mode === 'manual') return { response, carried };
      if (mode === 'error') throw new NetworkError(current, { cause: new Error('EREDIRECT') });
      const safe = current.method === 'GET' || current.method === 'HEAD';
      const next = redirectTarget(location, current.url);
      if (!safe || next === undefined || hop === maxRedirects) return { response, carried };
      drop(response.body);
      const stays = next.origin === new URL(current.url).origin;
      if (!stays) carried = false;
      const { method, signal } = current;
      const headers = stays ? current.headers : onlyAccept(current.headers);
      current = new Request(next, { method, headers, signal, redirect: 'manual' });
    }
  }

  async function readFailure(response: Response): Promise<{ answer: FaultAnswer; copy: Response }> {
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    const body = await readLimited(response);
    // ky reads an HTTP-date against the local clock; seconds leave nothing to misread.
    const retryAfterMs = readRetryAfterMs(headers, serverTime.nowMs());
    if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    const answer = { status, headers, body };
    if (status === 304 || status < 200) return { answer, copy: response }; // has no body to copy
    if (status < 600) return { answer, copy: new Response(body, { status, statusText, headers }) };
    // the network gives statuses that the constructor refuses
    const copy = new Response(body, { status: 500, statusText, headers });
    return { answer, copy: Object.defineProperty(copy, 'status', { value: status }) };
  }

  function capped(response: Response, { method }: Request): Response {
    if (method === 'HEAD' || maxResponseBytes === Number.POSITIVE_INFINITY) return response;
    return capBody(response, {
      maxBytes: maxResponseBytes,
      tooLarge: () => {
        const expected = `at most ${maxResponseBytes} bytes`;
        const message = `the answer is larger than allowed: expected ${expected}`;
        return new ContractError({ provider, message, issues: [{ path: '', expected }] });
      },
    });
  }

  return {
    begin(signal) {
      const call: Call = {
        id: onEvent === undefined ? '' : nextId(),
        signal,
        credential: options.credential?.begin?.() ?? options.credential,
        attempts: 0,
        exchanges: 0,
        replayed: false,
        outcome: '',
      };
      return async (request, init) => {
        if (call.attempts > 0 && onEvent !== undefined) {
          const { method } = request;
          const { id: callId, attempts: attempt, outcome: reason } = call;
          emit(onEvent, { type: 'retry', provider, callId, method, url: redactUrl(request.url), attempt, reason });
        }
        call.attempts += 1;
        const response = await sendWithCredential(request, init, call);
        if (response.ok) return capped(response, request);
        if (answers.has(response) || response.type === 'opaqueredirect') return response;
        const { answer, copy } = await readFailure(response);
        answers.set(copy, answer);
        return copy;
      };
    },
    faultAnswerOf: (response) => answers.get(response),
  };
}

/** What the attempts of one call share. */
interface Call {
  readonly id: string;
  readonly signal: AbortSignal | null | undefined;
  readonly credential: Credential | undefined;
  attempts: number;
  exchanges: number;
  /** Whether it has had its replay. */
  replayed: boolean;
  /** Status of the last exchange, or the code of its failure. */
  outcome: string;
}

/** Names calls: `<32 random bits>-<number>`, so that the calls of all clients of a subscriber differ. */
function createIds(random: RandomSource): () => string {
  let prefix: string | undefined;
  let count = 0;
  return () => {
    prefix ??= Math.floor(uniform(random) * 2 ** 32).toString(36);
    count += 1;
    return `${prefix}-${count}`;
  };
}

function codeOf(error: unknown, request: Request, { signal }: Call): string {
  if (request.signal.aborted) return signal?.aborted === true ? 'http.aborted' : 'http.timeout';
  return isXError(error) ? error.code : 'http.network';
}

/** A credential observes; what it throws does not undo an answer that has come. */
function observe(credential: Credential, response: Response, sent: HeaderFields): void {
  try {
    credential.observe?.(response, sent);
  } catch {
    // the answer stands
  }
}

/** A credential that cannot tell has not told that it was refused: the answer stands as it is. */
function isRejected(credential: Credential, answer: FaultAnswer): boolean {
  try {
    return credential.isRejected?.(answer) === true;
  } catch {
    return false;
  }
}

/** Where a redirect may lead. A URL with user info is refused by every platform, in words that quote it. */
function redirectTarget(location: string, base: string): URL | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const target = new URL(location, base);
  const { protocol, username, password } = target;
  return /^https?:$/.test(protocol) && username === '' && password === '' ? target : undefined;
}

/** The last answer, and whether the request that it answers carried the credential. */
interface Followed {
  readonly response: Response;
  readonly carried: boolean;
}

/** What can be sent once more after the request has been: only a body is used up by sending it. */
function repeatable(request: Request): Request {
  return request.body === null ? request : request.clone();
}

function withFields(request: Request, fields: HeaderFields): Request {
  for (const [name, value] of Object.entries(fields)) setField(request.headers, name, value);
  return request;
}

/** Lets go of a body that nobody will read; whether that succeeds matters to nobody either. */
function drop(body: ReadableStream | null | undefined): void {
  body?.cancel().catch(() => {});
}

function onlyAccept(headers: Headers): Headers {
  const accept = headers.get('accept');
  return new Headers(accept === null ? {} : { accept });
}

/** Reads a failed answer's body, at most 64 KiB of it; what cannot be read counts as absent. */
async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  let bytes = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      text += decoder.decode(value.subarray(0, value.byteLength - Math.max(0, bytes - maxFaultBytes)), {
        stream: true,
      });
      if (bytes < maxFaultBytes) continue;
      reader.cancel().catch(() => {}); // the rest is of no use; whether it can be stopped does not matter
      break;
    }
  } catch {
    return text; // a body that breaks off does not change the status that came before it
  }
  return text + decoder.decode();
}
