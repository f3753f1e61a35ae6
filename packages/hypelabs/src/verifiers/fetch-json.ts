/** Why there is no JSON. */
export type FetchJsonReason =
  | 'unreachable'
  | 'redirected'
  /** 401 or 403: it does not accept our credentials. */
  | 'unauthorized'
  /** Any other status than 200. */
  | 'status'
  | 'too-large'
  | 'not-json';

export type FetchJsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: FetchJsonReason; readonly cause?: unknown };

/** Bytes of an answer at most, by HypeLabs fact sheet §6.2. */
const maxAnswerBytes = 65_536;

/**
 * Fetches a JSON document from a server that configuration names.
 *
 * Redirects are not followed, because they would carry a token to a place that nobody configured. The size is counted
 * while streaming.
 *
 * @param fetch Makes the call.
 * @param init Method, headers, body and signal.
 * @returns The document, or why there is none. Never throws.
 */
export async function fetchJson(
  fetch: typeof globalThis.fetch,
  url: string,
  init: Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'>,
): Promise<FetchJsonResult> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const reason = refusalOf(response);
    if (reason !== undefined) {
      await response.body?.cancel();
      return { ok: false, reason };
    }
    const bytes = await readAtMost(response, maxAnswerBytes);
    return bytes === undefined ? { ok: false, reason: 'too-large' } : parse(bytes);
  } catch (cause) {
    return { ok: false, reason: 'unreachable', cause };
  }
}

function refusalOf({ status, type, headers }: Response): FetchJsonReason | undefined {
  if (type === 'opaqueredirect' || (status >= 300 && status < 400)) return 'redirected';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status !== 200) return 'status';
  const isJson = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
  return isJson ? undefined : 'not-json';
}

/** Undefined when there is more. */
async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const bytes = new Uint8Array(maxBytes);
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, total);
    if (total + value.byteLength > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    bytes.set(value, total);
    total += value.byteLength;
  }
}

function parse(bytes: Uint8Array): FetchJsonResult {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
}
