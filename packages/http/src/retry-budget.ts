/** Bounds how much a client's repetitions add to its requests. */
export interface RetryBudget {
  /** Counts a first attempt. */
  earn(): void;
  /** Whether a repetition is affordable. */
  allows(): boolean;
  /** Counts a repetition. */
  spend(): void;
}

/**
 * Makes the budget of one client: a share of its requests, and a reserve for quiet times.
 *
 * Without it an outage is multiplied: every request of every process would come `limit` times more.
 *
 * @param ratio Repetitions for each request in the long run.
 * @param reserve Repetitions that may be saved up, and are there at the start.
 */
export function createRetryBudget({
  ratio,
  reserve,
}: {
  readonly ratio: number;
  readonly reserve: number;
}): RetryBudget {
  let left = reserve;
  return {
    earn() {
      left = Math.min(reserve, left + ratio);
    },
    // sums of fractions may miss a whole by a rounding error
    allows: () => left >= 1 - 1e-9,
    spend() {
      left -= 1;
    },
  };
}
