import { gatherBytes } from './gather-bytes.ts';
import { letGo } from './let-go.ts';
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
  const { status, statusText, url } = response;
  const headers = new Headers(response.headers);
  const bytes = await readLimited(response);
  const retryAfterMs = readRetryAfterMs(headers, nowMs);
  if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  const answer = { status, headers, body: new TextDecoder().decode(bytes) };
  if (status === 304 || status < 200) return { answer, copy: response }; // has no body to copy
  // the network gives statuses that the constructor refuses
  const copy = new Response(bytes, { status: Math.min(status, 599), statusText, headers });
  return { answer, copy: Object.defineProperties(copy, { status: { value: status }, url: { value: url } }) };
}

/** What cannot be read counts as absent. */
async function readLimited(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = gatherBytes();
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined && gathered.byteLength < maxBytes) {
      const { done, value } = await reader.read();
      if (done) return gathered.join();
      gathered.add(value.subarray(0, maxBytes - gathered.byteLength));
    }
    letGo(reader);
  } catch {
    // a body that breaks off does not change the status that came before it
  }
  return gathered.join();
}
