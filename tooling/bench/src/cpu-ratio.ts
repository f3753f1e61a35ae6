import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';
import { type Burst, compareBursts, type Share } from './shares.ts';

/** How the CPU time that a client of ours needs for a call compares with ky's. */
export interface CpuRatio {
  /** Median of the trials. */
  readonly ratio: number;
  /** The trials' ratios from the least to the most. */
  readonly trials: readonly number[];
  /** The same of ky beside ky: what chance is worth. */
  readonly control: readonly number[];
  /** Medians, in microseconds for one call. */
  readonly kyUs: number;
  readonly oursUs: number;
}

/** The second of ky's tells how far two processes lie apart that do the same. */
const ways = ['ky', 'ours', 'ky'] as const;

/**
 * Compares the CPU time of processes that call the same server, with ky and with a client of ours.
 *
 * They take turns of a fraction of a second, so that what slows the machine for longer slows all. Each has a process to
 * itself, because in a common one each would clear away the other's garbage, and which of them does is chance. What a
 * process is given at its start, such as the places of its code in memory and the moments at which it is compiled, stays
 * with it and may make it a tenth slower: so every trial starts new ones, and the median of the trials counts.
 *
 * @param options `trials`: default 5.
 */
export async function measureCpuRatio(
  url: string,
  { inFlight, trials = 5 }: { readonly inFlight: number; readonly trials?: number },
): Promise<CpuRatio> {
  const seen: Share[][] = [];
  for (let trial = 0; trial < trials; trial += 1) seen.push(await compareProcesses(url, inFlight));
  const ratiosOf = (index: number): number[] =>
    seen.map((shares) => 1 / median(shares[index]?.cpu ?? [])).sort((a, b) => a - b);
  const cpuUsOf = (index: number): number => median(seen.map((shares) => shares[index]?.cpuUs ?? 0));
  const ratios = ratiosOf(1);
  return {
    ratio: median(ratios),
    trials: ratios,
    control: ratiosOf(2),
    kyUs: cpuUsOf(0),
    oursUs: cpuUsOf(1),
  };
}

async function compareProcesses(url: string, inFlight: number): Promise<Share[]> {
  const callers = ways.map((way) => fork(fileURLToPath(new URL('./client-caller.ts', import.meta.url)), [way, url]));
  try {
    const contenders = callers.map((caller, index) => ({
      name: ways[index] ?? '',
      async burst() {
        caller.send({ requests: 400, inFlight });
        const [burst] = await once(caller, 'message');
        return burst as Burst;
      },
    }));
    return await compareBursts(contenders, { rounds: 24 });
  } finally {
    for (const caller of callers) caller.kill();
  }
}
