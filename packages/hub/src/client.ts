import type { JsonObject } from '@x/crypto';
import type { ClientEvent } from '@x/http';
import { emit } from '@x/http/events';
import type { HubSettings } from './options.ts';
import { formatSegment } from './segment.ts';
import { userAgent } from './user-agent.ts';

/** One call of the app to Hub. */
export interface HubCall {
  /** An entry of the allow list. */
  readonly hub: string;
  readonly username: string;
  readonly action: 'auth' | 'push';
  readonly json?: JsonObject | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Calls Hub. The answer's body is not read. */
export type CallHub = (call: HubCall) => Promise<Response>;

/**
 * Makes the function that calls Hub's two URLs.
 *
 * ky is loaded at the first call, so that a process that only answers Hub does without it. Redirects are not
 * followed: a 307 would post the token elsewhere. Errors and events show `{username}` in place of the user.
 *
 * @returns A function that rejects with a `RequestError` or `ResponseError` of `@x/http`.
 * @see Hub fact sheet §3.2, §9.1 step 9
 */
export function createHubClient(settings: HubSettings): CallHub {
  const { app, fetch, timeoutMs, clock, random, onEvent } = settings;
  const provider = 'hub';

  return async ({ hub, username, action, json, signal }) => {
    const { createClient, isXError, RequestError, ResponseError } = await import('@x/http');
    const shown = `${hub}/v1/${formatSegment(app)}/{username}/${action}`;
    if (signal?.aborted === true) {
      throw new RequestError({ provider, code: 'http.aborted', message: `POST ${shown}: aborted by its caller` });
    }
    const client = createClient({
      userAgent,
      provider,
      baseUrl: hub,
      timeoutMs,
      retry: { limit: 0 },
      clock,
      random,
      ...(fetch === undefined ? {} : { fetch }),
      onEvent: (event) => emit(onEvent, withUrl(event, shown)),
    });
    try {
      return await client.post(`v1/${formatSegment(app)}/${formatSegment(username)}/${action}`, {
        redirect: 'manual',
        ...(json === undefined ? {} : { json }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (!isXError(error)) throw error;
      const { cause } = error;
      if (error instanceof ResponseError) {
        const { status, code, retryAfterMs, requestId } = error;
        const message = `POST ${shown}: expected success, got status ${status}`;
        throw new ResponseError({ provider, code, status, message, retryAfterMs, requestId, cause });
      }
      if (error instanceof RequestError) {
        throw new RequestError({
          provider,
          code: error.code,
          message: `POST ${shown}: expected an answer, got none`,
          cause,
        });
      }
      throw error;
    }
  };
}

function withUrl(event: ClientEvent, url: string): ClientEvent {
  return 'url' in event ? { ...event, url } : event;
}
