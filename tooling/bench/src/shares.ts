import { median } from './measure.ts';

/** What a burst of requests cost whoever answered or sent them. */
export interface Burst {
  readonly perSecond: number;
  /** CPU time for one request, in microseconds. */
  readonly cpuUs: number;
}

/** How one contender did beside the first. */
export interface Share {
  readonly name: string;
  /** The median. */
  readonly perSecond: number;
  /** The median. */
  readonly cpuUs: number;
  /** Throughput as a share of the first one's in the same round, for every round. */
  readonly throughput: readonly number[];
  /** The first one's CPU time as a share of this one's in the same round, for every round. */
  readonly cpu: readonly number[];
}

/**
 * Compares in many short rounds, each with a burst of every contender, everybody first in turn, so that a machine that
 * has other work to do slows them alike. Only bursts of the same round are set against each other.
 *
 * @param options `rounds`: how many count; a quarter as many before them warm up.
 */
export async function compareBursts(
  contenders: readonly { readonly name: string; readonly burst: () => Promise<Burst> }[],
  { rounds }: { readonly rounds: number },
): Promise<Share[]> {
  const bursts = contenders.map((): Burst[] => []);
  const warmUps = Math.ceil(rounds / 4);
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const order = contenders.map((_, index) => (index + (round >> 1)) % contenders.length);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const burst = await contenders[index]?.burst();
      if (burst !== undefined && round >= warmUps) bursts[index]?.push(burst);
    }
  }
  return contenders.map(({ name }, index) => {
    const own = bursts[index] ?? [];
    const pairs = own.map((burst, round) => ({ burst, base: bursts[0]?.[round] ?? burst }));
    return {
      name,
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      cpuUs: median(own.map(({ cpuUs }) => cpuUs)),
      throughput: pairs.map(({ burst, base }) => burst.perSecond / base.perSecond),
      cpu: pairs.map(({ burst, base }) => base.cpuUs / burst.cpuUs),
    };
  });
}
