/** One way to do the same thing. */
export interface Contender {
  readonly name: string;
  /** Does it once; the result is kept alive so that it is not optimised away. */
  readonly run: () => unknown;
}

/** How fast one contender was. */
export interface Measured {
  readonly name: string;
  /** Median over the rounds, in nanoseconds for one call. */
  readonly medianNs: number;
  /** How far the middle half of the rounds lies apart, as a share of the median: what the machine's noise is worth. */
  readonly spread: number;
}

let sink: unknown;

/** What the last call returned; reading it keeps the work from being optimised away. */
export function lastResult(): unknown {
  return sink;
}

const systemNs = (): number => Number(process.hrtime.bigint());

/**
 * Measures contenders side by side: every round runs each of them, so that what slows the machine slows all.
 *
 * @param options `rounds`: how many, default 25; `roundMs`: how long each contender runs in a round, default 8; `nowNs`:
 *   what the time is, in nanoseconds since whenever, default the platform's.
 */
export async function measure(
  contenders: readonly Contender[],
  {
    rounds = 25,
    roundMs = 8,
    nowNs = systemNs,
  }: { readonly rounds?: number; readonly roundMs?: number; readonly nowNs?: () => number } = {},
): Promise<Measured[]> {
  const times = contenders.map((): number[] => []);
  const batches: number[] = [];
  for (const contender of contenders) batches.push(await calibrate(contender, roundMs, nowNs));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const batch = batches[index] ?? 1;
      times[index]?.push((await timeBatch(contender, batch, nowNs)) / batch);
    }
  }
  return contenders.map(({ name }, index) => {
    const sorted = [...(times[index] ?? [])].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    const medianNs = median(sorted);
    return { name, medianNs, spread: (at(0.75) - at(0.25)) / medianNs };
  });
}

/** Warms a contender up and finds how many calls fill a round. */
async function calibrate(contender: Contender, roundMs: number, nowNs: () => number): Promise<number> {
  let batch = 1;
  for (;;) {
    const ns = await timeBatch(contender, batch, nowNs);
    if (ns >= roundMs * 1e6) return Math.max(1, Math.round((batch * roundMs * 1e6) / ns));
    batch *= 2;
  }
}

async function timeBatch({ run }: Contender, batch: number, nowNs: () => number): Promise<number> {
  const first = run();
  const startedNs = nowNs();
  if (first instanceof Promise) {
    await first;
    for (let call = 0; call < batch; call += 1) sink = await run();
  } else {
    for (let call = 0; call < batch; call += 1) sink = run();
  }
  return nowNs() - startedNs;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
