import { type RandomSource, systemRandom } from '@x/crypto/light';
import { type HttpErrorCode, isXError } from './errors.ts';
import { assertNames } from './function-options.ts';
import { parseHttpDate } from './http-date.ts';
import { inRange, wholeInRange } from './number-options.ts';
import { uniform } from './uniform.ts';

/** When and how a client repeats a request that failed. */
export interface RetryPolicy {
  /** Repetitions at most, 0 to 10; default 2. */
  readonly limit: number;
  /** Methods that may be repeated, lower case; default the idempotent ones. A POST is never among them by default. */
  readonly methods: readonly string[];
  /** Statuses that may pass if tried again; default 408, 429, 500, 502, 503, 504. */
  readonly statusCodes: readonly number[];
  /** Upper bound of the first wait in milliseconds, doubled for each further one; default 300. */
  readonly baseDelayMs: number;
  /** Upper bound of any wait that the provider did not ask for, in milliseconds; default 10,000. */
  readonly maxDelayMs: number;
  /** The longest `Retry-After` that is waited for, in milliseconds; a longer one fails at once. Default 30,000. */
  readonly maxRetryAfterMs: number;
  /** Repetitions for each request of the client in the long run, 0 to 10; default 0.1. */
  readonly budgetRatio: number;
  /** Repetitions that the client may save up, and has at the start, 0 to 10,000; default 10. */
  readonly budgetReserve: number;
}

/** What a client repeats unless told otherwise. */
export const defaultRetryPolicy: RetryPolicy = /* @__PURE__ */ Object.freeze({
  limit: 2,
  methods: ['get', 'head', 'put', 'delete', 'options'],
  statusCodes: [408, 429, 500, 502, 503, 504],
  baseDelayMs: 300,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 30_000,
  budgetRatio: 0.1,
  budgetReserve: 10,
});

const upperBounds = [
  ['baseDelayMs', 86_400_000],
  ['maxDelayMs', 86_400_000],
  ['maxRetryAfterMs', 86_400_000],
  ['budgetRatio', 10],
  ['budgetReserve', 10_000],
] as const;

/**
 * Completes a policy, or a limit, with the defaults.
 *
 * @throws {RangeError} Naming the field that is out of range. @throws {TypeError} Naming one that there is not.
 */
export function resolveRetryPolicy(policy: Partial<RetryPolicy> | number = {}): RetryPolicy {
  assertNames(Object(policy), Object.keys(defaultRetryPolicy), 'retry.');
  const resolved = { ...defaultRetryPolicy, ...(typeof policy === 'number' ? { limit: policy } : policy) };
  wholeInRange('retry.limit', resolved.limit, 0, 10);
  for (const [field, most] of upperBounds) inRange(`retry.${field}`, resolved[field], 0, most);
  return resolved;
}

/** Codes that may pass if tried again, of failures that have no status. */
const passingCodes: readonly string[] = [
  'http.network',
  'http.timeout',
  'http.rate-limited',
  'credential.renewal-failed',
] satisfies HttpErrorCode[];

/**
 * Tells whether what failed may succeed later, as it is and without anybody's doing.
 *
 * Says nothing about whether it is safe to repeat: a POST that ended in `http.network` may have been done.
 *
 * @returns For an answer, whether its status is among those that a client repeats by default, whatever its code; for
 *   what had no answer, by its code; false for anything but an error of this family.
 */
export function isRetryable(error: unknown): boolean {
  if (!isXError(error)) return false;
  const { status } = error as { readonly status?: unknown };
  if (typeof status === 'number') return defaultRetryPolicy.statusCodes.includes(status);
  return passingCodes.includes(error.code);
}

/** A full-jitter wait: anywhere from 0 to below the bound, drawn from the given source. */
export function fullJitter(boundMs: number, random: RandomSource = systemRandom): number {
  return uniform(random) * boundMs;
}

/** What more seconds than anybody can count are taken for (RFC 9111 §1.2.2). */
const maxSeconds = 2_147_483_648;

/**
 * Reads how long a provider asks to wait.
 *
 * A date is read against the answer's own `Date` header where there is one, so that a skewed local clock neither
 * shortens nor stretches the wait.
 *
 * @param nowMs The provider's time as far as it is known, for an answer without `Date`.
 * @returns Milliseconds, or undefined without a readable `Retry-After`.
 * @see RFC 9110 §10.2.3 (Retry-After), §5.6.7 (HTTP-date).
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after') ?? '';
  // a field that came twice, as from a provider and what stands before it, is read as the longer wait; whole seconds are
  // the rule, which providers that send `2.0` break
  if (/^\d+(?:\.\d+)?(?:[ \t]*,[ \t]*\d+(?:\.\d+)?)*$/.test(text)) {
    return Math.ceil(Math.min(maxSeconds, Math.max(...text.split(',').map(Number))) * 1000);
  }
  const untilMs = parseHttpDate(text);
  if (untilMs === undefined) return undefined;
  return Math.max(0, untilMs - (parseHttpDate(headers.get('date') ?? '') ?? nowMs));
}
