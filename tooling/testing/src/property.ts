import fc from 'fast-check';

/**
 * Checks a property with the repository's settings: 200 runs, or `FAST_CHECK_RUNS`; in CI a fixed seed,
 * or `FAST_CHECK_SEED`, which a failure prints.
 */
export async function property(checked: fc.IRawProperty<unknown>, options: { runs?: number } = {}): Promise<void> {
  const { CI, FAST_CHECK_RUNS, FAST_CHECK_SEED } = process.env;
  const seed = FAST_CHECK_SEED ?? (CI === undefined ? undefined : '20260101');
  await fc.assert(checked as fc.IAsyncProperty<unknown>, {
    numRuns: options.runs ?? Number(FAST_CHECK_RUNS ?? 200),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}
