import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto/light';
import ky, { HTTPError, type KyInstance, NetworkError, type Options } from 'ky';
import { assertCredential, type Credential } from './credential.ts';
import type { ClientEvent } from './events.ts';
import { assertOptions } from './function-options.ts';
import { createErrorMapper, type MapFault } from './map-error.ts';
import { inRange } from './number-options.ts';
import { fullJitter, type RetryPolicy, readRetryAfterMs, resolveRetryPolicy } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createServerTime, type ServerTime } from './server-time.ts';
import { createTransport } from './transport.ts';
import { defaultUserAgent } from './user-agent.ts';
import { wrapInstance } from './wrap-instance.ts';

/** Options of {@link createClient}. */
export interface CreateClientOptions {
  /** The provider's name in errors and events. */
  readonly provider: string;
  /** Where relative inputs lead; a missing trailing slash is added. http: or https:. */
  readonly baseUrl: string | URL;
  /** What authenticates requests to the origin of `baseUrl`; default nothing. */
  readonly credential?: Credential | undefined;
  /** Default the platform's. One that is given to a call or to `extend` takes its place, and is handed the same requests. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** When to repeat, or how often at most; see {@link RetryPolicy} for the defaults. */
  readonly retry?: Partial<RetryPolicy> | number | undefined;
  /**
   * Milliseconds for one attempt, 1 to 600,000; default 10,000. `client.get(…).json()` and its like have as long again to
   * read the body. A plain `Response` is read without a limit of ours, after `totalTimeoutMs` too: give a `signal`.
   */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for all attempts and waits together; default no limit beyond theirs. */
  readonly totalTimeoutMs?: number | undefined;
  /** Header fields of every request; not for secrets, which belong into `credential`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Value of `User-Agent`; default `@x/http` with its version. Browsers send their own. */
  readonly userAgent?: string | undefined;
  /** Told every request, answer, repetition and change of the credential. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Reads the provider's error body; undefined, and throwing, leave the code to the status. */
  readonly mapFault?: MapFault | undefined;
  /**
   * The most of an answer that is read, in bytes after decompression, 1 or more; default 16,777,216. A larger answer
   * rejects with `http.contract-broken` and its connection is closed. `Infinity` for no limit, as for a download.
   */
  readonly maxResponseBytes?: number | undefined;
  /** Learns the provider's time from `Date` and reads a `Retry-After` by it; default one of this client's own. */
  readonly serverTime?: ServerTime | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/**
 * Makes a ky instance for one provider: base URL, credential, safe retries, and errors of one family.
 *
 * Everything that ky documents works on it, except that a promise rejects with an {@link XError} and never with an
 * error of ky's, which would show header fields and query strings.
 *
 * @throws {TypeError} When `baseUrl` is not an absolute http: or https: URL without user info, query or fragment; when
 *   `provider` is missing, a function is none, `credential` has not the functions of one, or something is no option of
 *   ours: what ky takes besides is given to `extend` or to a call.
 * @throws {RangeError} When a duration, `maxResponseBytes` or `retry` is out of range.
 */
export function createClient(options: CreateClientOptions): KyInstance {
  // what ky takes besides goes to `extend` or to a call, and would have no effect here
  assertOptions(
    options,
    [],
    ['fetch', 'mapFault', 'onEvent', 'clock', 'random'],
    [
      ...(['baseUrl', 'credential', 'retry', 'timeoutMs', 'totalTimeoutMs', 'headers', 'userAgent'] as const),
      ...(['maxResponseBytes', 'serverTime'] as const),
    ],
  );
  assertCredential(options.credential);
  const { provider, clock = systemClock, random = systemRandom } = options;
  const { maxResponseBytes = 16_777_216, serverTime = createServerTime(clock) } = options;
  const baseUrl = resolveBaseUrl(options.baseUrl);
  const retry = resolveRetryPolicy(options.retry);
  const timeoutMs = inRange('timeoutMs', options.timeoutMs ?? 10_000, 1, 600_000);
  const { totalTimeoutMs } = options;
  if (totalTimeoutMs !== undefined) inRange('totalTimeoutMs', totalTimeoutMs, 1, 600_000);
  inRange('maxResponseBytes', maxResponseBytes, 1, Number.POSITIVE_INFINITY);
  const transport = createTransport({ ...options, baseUrl, clock, random, serverTime, maxResponseBytes });

  const budget = createRetryBudget({ ratio: retry.budgetRatio, reserve: retry.budgetReserve });
  const paid = new WeakSet<Error>();
  /** Before the wait and not after it: calls that fail together would all find the same repetition affordable. */
  const pay = (error: Error): void => {
    budget.spend();
    paid.add(error);
  };

  const plain = ky.create({
    timeout: timeoutMs,
    ...(totalTimeoutMs === undefined ? {} : { totalTimeout: totalTimeoutMs }),
    headers: { 'user-agent': options.userAgent ?? defaultUserAgent, ...options.headers },
    retry: {
      limit: retry.limit,
      methods: [...retry.methods] as Exclude<RetryMethods, undefined>,
      statusCodes: [...retry.statusCodes],
      afterStatusCodes: [...retry.statusCodes],
      delay: (attempt) => fullJitter(Math.min(retry.maxDelayMs, retry.baseDelayMs * 2 ** (attempt - 1)), random),
      // A wait that is longer than allowed is not cut short: the caller learns of it at once.
      shouldRetry: ({ error }) => {
        if (!budget.allows()) return false;
        if (!(error instanceof HTTPError)) {
          if (error instanceof NetworkError) pay(error);
          return undefined;
        }
        const { response, options: used } = error;
        const waitMs = readRetryAfterMs(response.headers, serverTime.nowMs());
        // ky would sleep through what is left of the time, and then say no more than that it is over; it counts by this too
        const leftMs = transport.endsAtMsOf(response) - performance.now();
        if (waitMs !== undefined && (waitMs > retry.maxRetryAfterMs || waitMs >= leftMs)) return false;
        if (used.retry.statusCodes?.includes(response.status) !== true) return false;
        pay(error);
        // Left to itself, ky waits as long as `RateLimit-Reset` and its like say, which may be hours.
        return waitMs === undefined ? true : undefined;
      },
    },
  });
  const instance = plain.extend({
    baseUrl,
    // for whoever builds on it with `extend`; a call goes through the transport, and that through it
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    // those too that a call or an instance made from this one adds: which of them count `shouldRetry` decides
    retry: { afterStatusCodes: Array.from({ length: 200 }, (_, index) => 400 + index) },
    hooks: {
      // a repetition that the caller's own hook or option asked for
      beforeRetry: [
        ({ error }) => {
          if (!paid.has(error)) budget.spend();
        },
      ],
    },
  });
  return wrapInstance(instance, {
    mapError: createErrorMapper({ provider, transport, mapFault: options.mapFault, serverTime }),
    begin(isAborted, totalTimeout, fetch) {
      budget.earn();
      return transport.begin(
        isAborted,
        typeof totalTimeout === 'number' ? performance.now() + totalTimeout : undefined,
        fetch,
      );
    },
    totalTimeout: totalTimeoutMs,
    baseUrl,
    plain,
    signals: [],
  });
}

type RetryMethods = Extract<Options['retry'], object>['methods'];

function resolveBaseUrl(value: string | URL): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseUrl must be an absolute http: or https: URL');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must not have user info, a query or a fragment');
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
