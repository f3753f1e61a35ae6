import { readRetryAfterMs } from './retry.ts';

/** What a provider's answer looks like to fault mapping. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** At most 64 KiB of the body as text; empty where it could not be read. */
  readonly body: string;
}

/** A failed answer that has been read, and one of the same content that can still be read. */
export interface FailedAnswer {
  readonly answer: FaultAnswer;
  readonly copy: Response;
}

const maxBytes = 65_536;

/**
 * Reads a failed answer once, for all who want to look at it.
 *
 * @param nowMs The provider's time as far as it is known.
 * @returns Both with `retry-after` in seconds: ky reads an HTTP-date against the local clock, and seconds leave nothing
 *   to misread.
 */
export async function readFailedAnswer(response: Response, nowMs: number): Promise<FailedAnswer> {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  const body = await readLimited(response);
  const retryAfterMs = readRetryAfterMs(headers, nowMs);
  if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  const answer = { status, headers, body };
  if (status === 304 || status < 200) return { answer, copy: response }; // has no body to copy
  if (status < 600) return { answer, copy: new Response(body, { status, statusText, headers }) };
  // the network gives statuses that the constructor refuses
  const copy = new Response(body, { status: 500, statusText, headers });
  return { answer, copy: Object.defineProperty(copy, 'status', { value: status }) };
}

/** What cannot be read counts as absent. */
async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  let left = maxBytes;
  try {
    while (reader !== undefined && left > 0) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
    }
    if (left <= 0) reader?.cancel().catch(() => {}); // the rest is of no use; whether it can be stopped does not matter
  } catch {
    return text; // a body that breaks off does not change the status that came before it
  }
  return text + decoder.decode();
}
