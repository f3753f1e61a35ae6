import { type CreateRateLimiterOptions, createRateLimiter, type RateLimiter } from '@x/http';

/** What QuickBlox calls the plans of an account; HIPAA has the limit of `growth`. */
export type QuickBloxPlan = 'basic' | 'starter' | 'growth' | 'enterprise';

/** Options of {@link createPlanLimiter}. */
export type PlanLimiterOptions = Pick<CreateRateLimiterOptions, 'maxWaitMs' | 'clock' | 'sleep'>;

const callsPerSecond: Readonly<Record<QuickBloxPlan, number | undefined>> = {
  basic: 80,
  starter: 120,
  growth: 160,
  enterprise: undefined,
};

/**
 * Makes a limiter for `rateLimiter` of `createQuickBlox` that keeps within what a plan allows.
 *
 * It counts for this process alone: where several share an account, give each a limiter of its part, or all one of
 * `@x/http/rate-limiter-flexible`.
 *
 * @param options `maxWaitMs`: how long a call waits for its turn at most, default 5,000; less than `timeoutMs`, which
 *   the wait counts towards.
 * @returns Undefined for `enterprise`, which has no limit.
 * @throws {TypeError} For a plan that is none of these.
 * @throws {RangeError} When `maxWaitMs` is out of range.
 * @see QuickBlox fact sheet §7, "rate limit".
 */
export function createPlanLimiter(plan: QuickBloxPlan, options: PlanLimiterOptions = {}): RateLimiter | undefined {
  if (!Object.hasOwn(callsPerSecond, plan)) {
    throw new TypeError(`plan must be one of ${Object.keys(callsPerSecond).join(', ')}`);
  }
  const limit = callsPerSecond[plan];
  if (limit === undefined) return undefined;
  return createRateLimiter({ ...options, provider: 'quickblox', windows: [{ limit, windowMs: 1_000 }] });
}
