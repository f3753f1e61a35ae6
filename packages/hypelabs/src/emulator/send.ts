import { withDeadline } from '@x/http/server';
import type { Target } from './app-state.ts';
import type { AuthorizationService } from './options.ts';

/** A request as it will be sent. */
export interface Outgoing {
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;
  /** Ends the call from this side. */
  readonly signal?: AbortSignal | undefined;
}

/** An answer with all that is looked at. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What came back. */
export type SendResult = Answer | { readonly kind: 'timed-out' | 'unreachable' };

/**
 * Calls an authorization service.
 *
 * Redirects are not followed: whether HypeLabs follows them is unknown, and a handler must never send one.
 *
 * @see HypeLabs fact sheet §5 row 19, §10.
 */
export async function send(
  { method, headers, body, signal }: Outgoing,
  target: Target,
  { fetch, timeoutMs }: { readonly fetch: AuthorizationService; readonly timeoutMs: number },
): Promise<SendResult> {
  try {
    const done = await withDeadline(timeoutMs, signal, async (ended): Promise<Answer> => {
      const init: RequestInit & { duplex?: 'half' } = { method, headers, redirect: 'manual', signal: ended };
      if (body !== undefined) init.body = body;
      if (body instanceof ReadableStream) init.duplex = 'half';
      const request = new Request(target.url, init);
      const response = await (target.kind === 'handler' ? target.handler : fetch)(request);
      return { kind: 'answer', status: statusOf(response), headers: response.headers, body: await response.text() };
    });
    return done.ok ? done.value : { kind: done.reason === 'deadline' ? 'timed-out' : 'unreachable' };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** A runtime may hide the status of a redirect that it was told not to follow. */
function statusOf({ status, type }: Response): number {
  return type === 'opaqueredirect' ? 302 : status;
}

/** Tells whether an answer would send the caller elsewhere. */
export function isRedirect({ status }: Answer): boolean {
  return status >= 300 && status < 400;
}
