import { type Credential, createClient, defaultRetryPolicy } from '@x/http';
import { mapFault, readCommandResult } from './fault.ts';
import type { ApiSettings, CreateNexudusOptions } from './options.ts';

/** A ky instance on the REST API: inputs are relative to it, such as `sys/businesses`. */
export interface NexudusClient extends Client {
  /** Makes one with other defaults, or hooks beside those that it has. */
  extend(...options: Parameters<Client['extend']>): NexudusClient;
}

type Client = ReturnType<typeof createClient>;

/**
 * Makes the client of one installation.
 *
 * Nexudus throttles with 409, so that is repeated like 429, after `Retry-After` where there is one, for the methods
 * that may be repeated at all. A 409 that carries a command's result is a genuine refusal and is not.
 *
 * @throws {TypeError} When `apiUrl` is no usable base. @throws {RangeError} For `retry` or `timeoutMs`.
 * @see Nexudus fact sheet §7.6, §8 and §9.
 */
export function createApiClient(
  { apiUrl, userAgent }: ApiSettings,
  credential: Credential,
  { fetch, retry, timeoutMs, onEvent, clock, random }: CreateNexudusOptions,
): NexudusClient {
  const client = createClient({
    provider: 'nexudus',
    baseUrl: apiUrl,
    credential,
    fetch,
    retry: { ...retry, statusCodes: retry?.statusCodes ?? [...defaultRetryPolicy.statusCodes, 409] },
    timeoutMs,
    userAgent,
    headers: { accept: 'application/json' },
    onEvent,
    mapFault,
    clock,
    random,
  });
  return client.extend((parent) => {
    const decide = typeof parent.retry === 'object' ? parent.retry.shouldRetry : undefined;
    return { retry: { shouldRetry: (state) => (isRefusal(state.error) ? false : decide?.(state)) } };
  });
}

/** Whether ky's error holds a command's result; ky parses a JSON body into `data` and leaves others as text. */
function isRefusal(error: Error): boolean {
  const { data } = error as { readonly data?: unknown };
  return readCommandResult(typeof data === 'string' ? data : JSON.stringify(data ?? null)) !== undefined;
}
