import { median } from './measure.ts';

/** One way to make the same call. */
export interface Caller {
  readonly name: string;
  readonly call: () => Promise<unknown>;
}

/** How one caller did. */
export interface LoadResult {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of this process for one call, in microseconds. */
  readonly cpuUs: number;
}

/**
 * Calls with so many requests in flight, round after round for each caller in turn.
 *
 * @param options `requests`: in one round of one caller; `rounds`: default 7, the first of which warms up.
 */
export async function measureLoad(
  callers: readonly Caller[],
  {
    inFlight,
    requests,
    rounds = 7,
  }: { readonly inFlight: number; readonly requests: number; readonly rounds?: number },
): Promise<LoadResult[]> {
  const seen = callers.map(() => ({ perSecond: [] as number[], cpuUs: [] as number[], ms: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { call }] of callers.entries()) {
      const ms: number[] = [];
      const cpu = process.cpuUsage();
      const startedMs = performance.now();
      await callMany(
        async () => {
          const calledMs = performance.now();
          await call();
          ms.push(performance.now() - calledMs);
        },
        { inFlight, requests },
      );
      if (round === 0) continue;
      const { user, system } = process.cpuUsage(cpu);
      seen[index]?.perSecond.push((requests * 1000) / (performance.now() - startedMs));
      seen[index]?.cpuUs.push((user + system) / requests);
      seen[index]?.ms.push(...ms);
    }
  }
  return callers.map(({ name }, index) => {
    const { perSecond = [], cpuUs = [], ms = [] } = seen[index] ?? {};
    const sorted = ms.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
    return { name, perSecond: median(perSecond), cpuUs: median(cpuUs), p50Ms: at(0.5), p99Ms: at(0.99) };
  });
}

/** Makes so many calls, so many of them at a time. */
export async function callMany(
  call: () => Promise<unknown>,
  { inFlight, requests }: { readonly inFlight: number; readonly requests: number },
): Promise<void> {
  let left = requests;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left > 0) {
        left -= 1;
        await call();
      }
    }),
  );
}
