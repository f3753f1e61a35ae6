import { hmacHex, sha256 } from '@x/crypto';
import type { Journal } from '@x/http/emulator';

/** What is delivered, and where. */
export interface DeliverOptions {
  /** The app's webhook. */
  readonly url: string;
  /** What the webhook tells of; sent as a list of one. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Shared secret; without one nothing is signed. */
  readonly secret?: string | undefined;
  /** `ascii` (default): as documented, with `?` beyond ASCII. `raw`: over the bytes. */
  readonly signedAs?: 'ascii' | 'raw' | undefined;
  /** Default the platform's. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/**
 * Calls a webhook once: a list of one record, signed with capitals.
 *
 * @see Nexudus fact sheet §10.2 and §10.3 (documented). Repetitions and switching off are left to you.
 */
export async function deliver(options: DeliverOptions, journal: Journal): Promise<Response> {
  const { url, record, secret, signedAs = 'ascii', fetch = (request) => globalThis.fetch(request) } = options;
  const body = JSON.stringify([record]);
  const headers = new Headers({ 'content-type': 'application/json' });
  if (secret !== undefined) {
    const signature = hmacHex(sha256, lossy(secret), signedAs === 'ascii' ? lossy(body) : body);
    headers.set('x-nexudus-hook-signature', signature.toUpperCase());
  }
  const note = (status: number | undefined, ok: boolean): void => {
    journal.record({ method: 'POST', url, status, checks: [{ name: 'delivered', ok }] });
  };
  try {
    const response = await fetch(new Request(url, { method: 'POST', headers, body }));
    note(response.status, response.ok);
    return response;
  } catch (error) {
    note(undefined, false);
    throw error;
  }
}

/** One byte for each UTF-16 code unit, `?` for those that ASCII lacks. */
function lossy(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    return unit > 0x7f ? 0x3f : unit;
  });
}
