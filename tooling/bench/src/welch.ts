/** Running mean and variance of one class of measurements (Welford's method). */
export interface Moments {
  add(value: number): void;
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

export function createMoments(): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value) {
      count += 1;
      const before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    },
    get count() {
      return count;
    },
    get mean() {
      return mean;
    },
    get variance() {
      return count > 1 ? squares / (count - 1) : 0;
    },
  };
}

/** Welch's t: how far two means are apart, in units of their common error. */
export function welchT(a: Moments, b: Moments): number {
  const error = Math.sqrt(a.variance / a.count + b.variance / b.count);
  return error === 0 ? 0 : (a.mean - b.mean) / error;
}
