import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';

/** How the CPU time that a client of ours needs for a call compares with ky's. */
export interface CpuRatio {
  /** Median of the rounds' ratios. */
  readonly ratio: number;
  /** The quartiles of the rounds' ratios: what the machine's noise is worth. */
  readonly quartiles: readonly [low: number, high: number];
  /** Medians, in microseconds for one call. */
  readonly kyUs: number;
  readonly oursUs: number;
}

/**
 * Compares the CPU time of two processes that call the same server, one with ky and one with a client of ours.
 *
 * They take turns of a fraction of a second, so that what slows the machine for longer slows both; who comes first
 * changes from round to round. Each has a process to itself, because in a common one each would clear away the other's
 * garbage, and which of them does is chance.
 *
 * @param options `requests`: in one turn; `rounds`: default 31, after six that warm up.
 */
export async function measureCpuRatio(
  url: string,
  {
    inFlight,
    requests,
    rounds = 31,
  }: { readonly inFlight: number; readonly requests: number; readonly rounds?: number },
): Promise<CpuRatio> {
  const callers = ['ky', 'ours'].map((way) =>
    fork(fileURLToPath(new URL('./client-caller.ts', import.meta.url)), [way, url]),
  );
  try {
    const [ky, ours] = callers as [ChildProcess, ChildProcess];
    const turn = async (caller: ChildProcess): Promise<number> => {
      caller.send({ requests, inFlight });
      const [cpuUs] = await once(caller, 'message');
      return cpuUs as number;
    };
    const seen: { readonly kyUs: number; readonly oursUs: number }[] = [];
    for (let round = -6; round < rounds; round += 1) {
      const oursFirst = round % 2 === 0 ? await turn(ours) : undefined;
      const kyUs = await turn(ky);
      const oursUs = oursFirst ?? (await turn(ours));
      if (round >= 0) seen.push({ kyUs, oursUs });
    }
    const ratios = seen.map(({ kyUs, oursUs }) => oursUs / kyUs).sort((a, b) => a - b);
    const at = (share: number): number => ratios[Math.floor((ratios.length - 1) * share)] ?? 0;
    return {
      ratio: median(ratios),
      quartiles: [at(0.25), at(0.75)],
      kyUs: median(seen.map(({ kyUs }) => kyUs)),
      oursUs: median(seen.map(({ oursUs }) => oursUs)),
    };
  } finally {
    for (const caller of callers) caller.kill();
  }
}
