import type { Clock } from '@x/crypto';
import { NetworkError } from 'ky';
import type { Credential, HeaderFields } from './credential.ts';
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

/** A fetch for ky, and the failed answers that passed through it. */
export interface Transport {
  readonly fetch: (request: Request, init?: RequestInit) => Promise<Response>;
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
      if (request.signal.aborted) throw error;
      throw new NetworkError(request, { cause: error as Error });
    }
  }

  async function sendWithCredential(request: Request, init: RequestInit | undefined): Promise<Response> {
    if (credential === undefined || new URL(request.url).origin !== baseUrl.origin) return follow(request, init, {});
    const replay = credential.isRejected === undefined ? undefined : request.clone();
    const sent = await credential.headers({ signal: request.signal });
    const response = await follow(request, init, sent);
    credential.observe?.(response, sent);
    if (replay === undefined || response.ok) return response;

    const { answer, copy } = await readFailure(response);
    answers.set(copy, answer);
    if (credential.isRejected?.(answer) !== true || (await credential.discard?.(sent)) !== true) return copy;
    const renewed = await credential.headers({ signal: replay.signal });
    const second = await follow(replay, init, renewed);
    credential.observe?.(second, renewed);
    return second;
  }

  /** Follows redirects of safe methods; the credential stays on the origin it was meant for. */
  async function follow(request: Request, init: RequestInit | undefined, sent: HeaderFields): Promise<Response> {
    const mode = request.redirect;
    let current = withFields(new Request(request, { redirect: 'manual' }), sent);
    for (let hop = 0; ; hop += 1) {
      const response = await send(current, init);
      const location = response.headers.get('location');
      const redirected = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!redirected || mode === 'manual') return response;
      if (mode === 'error') throw new NetworkError(current, { cause: new Error('EREDIRECT') });
      const safe = current.method === 'GET' || current.method === 'HEAD';
      const next = URL.canParse(location, current.url) ? new URL(location, current.url) : undefined;
      if (!safe || next === undefined || !/^https?:$/.test(next.protocol) || hop === maxRedirects) return response;
      await response.body?.cancel();
      const { method, headers, signal } = current;
      current =
        next.origin === new URL(current.url).origin
          ? new Request(next, { method, headers, signal, redirect: 'manual' })
          : new Request(next, { method, headers: onlyAccept(headers), signal, redirect: 'manual' });
    }
  }

  async function readFailure(response: Response): Promise<{ answer: FaultAnswer; copy: Response }> {
    const { status } = response;
    const headers = new Headers(response.headers);
    const body = await readLimited(response);
    // ky reads an HTTP-date against the local clock; seconds leave nothing to misread.
    const retryAfterMs = readRetryAfterMs(headers, clock());
    if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    const answer = { status, headers, body };
    const empty = status === 204 || status === 205 || status === 304 || status < 200;
    return { answer, copy: empty ? response : new Response(body, { status, headers }) };
  }

  return {
    async fetch(request, init) {
      const response = await sendWithCredential(request, init);
      if (response.ok || answers.has(response) || response.type === 'opaqueredirect') return response;
      const { answer, copy } = await readFailure(response);
      answers.set(copy, answer);
      return copy;
    },
    faultAnswerOf: (response) => answers.get(response),
  };
}

function withFields(request: Request, fields: HeaderFields): Request {
  for (const [name, value] of Object.entries(fields)) request.headers.set(name, value);
  return request;
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
