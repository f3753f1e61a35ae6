import type { Clock } from '@x/crypto';
import { NetworkError } from 'ky';
import { type Credential, type HeaderFields, setField } from './credential.ts';
import { isXError, RequestError } from './errors.ts';
import { type ClientEvent, emit } from './events.ts';
import { redactUrl } from './redact.ts';
import { readRetryAfterMs } from './retry.ts';

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
  readonly onEvent: ((event: ClientEvent) => void) | undefined;
}

/** Sends one attempt. */
export type SendAttempt = (request: Request, init?: RequestInit) => Promise<Response>;

/** What sends the attempts of ky's requests, and the failed answers that passed through it. */
export interface Transport {
  /** Begins a request: all its attempts together renew the credential and replay once at most. */
  readonly begin: () => SendAttempt;
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
  const { provider, baseUrl, credential, clock, onEvent } = options;
  const answers = new WeakMap<Response, FaultAnswer>();

  async function send(request: Request, init: RequestInit | undefined): Promise<Response> {
    const startedMs = clock();
    const url = redactUrl(request.url);
    emit(onEvent, { type: 'request', provider, method: request.method, url });
    const response = await fetchOnce(request, init);
    const { status } = response;
    emit(onEvent, {
      type: 'response',
      provider,
      method: request.method,
      url,
      status,
      durationMs: clock() - startedMs,
    });
    return response;
  }

  async function fetchOnce(request: Request, init: RequestInit | undefined): Promise<Response> {
    try {
      const { fetch } = options;
      return await fetch(request, init);
    } catch (error) {
      if (request.signal.aborted) {
        // the reason is the caller's and may be anything; a timeout of ky's has been told by then
        throw new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
      }
      if (isXError(error)) throw error; // a fetch of ours, such as a rate limiter's, that has not asked the network
      throw new NetworkError(request, { cause: error as Error });
    }
  }

  async function sendWithCredential(
    request: Request,
    init: RequestInit | undefined,
    budget: ReplayBudget,
  ): Promise<Response> {
    if (credential === undefined || new URL(request.url).origin !== baseUrl.origin) {
      return (await follow(request, init, {})).response;
    }
    const replay = credential.isRejected === undefined || budget.spent ? undefined : request.clone();
    try {
      const sent = await credential.headers({ signal: request.signal });
      const { response, carried } = await follow(request, init, sent);
      // an answer to a request without the credential says nothing about it
      if (!carried) return response;
      credential.observe?.(response, sent);
      if (replay === undefined || response.ok) return response;

      const { answer, copy } = await readFailure(response);
      answers.set(copy, answer);
      if (credential.isRejected?.(answer) !== true || (await credential.discard?.(sent)) !== true) return copy;
      budget.spent = true;
      const renewed = await credential.headers({ signal: replay.signal });
      const second = await follow(replay, init, renewed);
      if (second.carried) credential.observe?.(second.response, renewed);
      return second.response;
    } finally {
      drop(replay?.body); // its half of the body would be kept for nobody
    }
  }

  /** Follows redirects of safe methods; the credential stays on the origin it was meant for. */
  async function follow(request: Request, init: RequestInit | undefined, sent: HeaderFields): Promise<Followed> {
    const mode = request.redirect;
    let current = withFields(new Request(request, { redirect: 'manual' }), sent);
    let carried = true;
    for (let hop = 0; ; hop += 1) {
      const response = await send(current, init);
      const location = response.headers.get('location');
      const redirected = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!redirected || mode === 'manual') return { response, carried };
      if (mode === 'error') throw new NetworkError(current, { cause: new Error('EREDIRECT') });
      const safe = current.method === 'GET' || current.method === 'HEAD';
      const next = URL.canParse(location, current.url) ? new URL(location, current.url) : undefined;
      if (!safe || next === undefined || !/^https?:$/.test(next.protocol) || hop === maxRedirects) {
        return { response, carried };
      }
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
    const retryAfterMs = readRetryAfterMs(headers, clock());
    if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    const answer = { status, headers, body };
    if (status === 304 || status < 200) return { answer, copy: response }; // has no body to copy
    if (status < 600) return { answer, copy: new Response(body, { status, statusText, headers }) };
    // the network gives statuses that the constructor refuses
    const copy = new Response(body, { status: 500, statusText, headers });
    return { answer, copy: Object.defineProperty(copy, 'status', { value: status }) };
  }

  return {
    begin() {
      const budget: ReplayBudget = { spent: false };
      return async (request, init) => {
        const response = await sendWithCredential(request, init, budget);
        if (response.ok || answers.has(response) || response.type === 'opaqueredirect') return response;
        const { answer, copy } = await readFailure(response);
        answers.set(copy, answer);
        return copy;
      };
    },
    faultAnswerOf: (response) => answers.get(response),
  };
}

/** Whether a request has had its replay. */
interface ReplayBudget {
  spent: boolean;
}

/** The last answer, and whether the request that it answers carried the credential. */
interface Followed {
  readonly response: Response;
  readonly carried: boolean;
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
