import type { RandomSource } from '@x/crypto/light';
import type { Sleep } from './rate-limiter/contract.ts';
import { fullJitter } from './retry.ts';

/** Pauses are doubled up to the longest, each random from its half up. */
const firstPauseMs = 25;
const longestPauseMs = 500;

/** What {@link createTurnWait} is made from. */
export interface TurnWaitOptions {
  /** How long a turn may last, in milliseconds. */
  readonly leaseMs: number;
  readonly random: RandomSource;
  readonly sleep: Sleep;
}

/** How one process waits for what another one is issuing. */
export interface TurnWait {
  /**
   * Lets time pass before the next look.
   *
   * @param holder Whose turn it is, as far as that is known.
   * @returns False, and at once, when a turn has been waited for that must have ended long ago.
   */
  pause(holder: string | undefined): Promise<boolean>;
}

/**
 * Waits for as long as a turn may last, and as long again for whoever follows one that died: nobody is to be overtaken
 * who has just begun. More than two that do not come to an end are an outage, which is not waited for.
 */
export function createTurnWait({ leaseMs, random, sleep }: TurnWaitOptions): TurnWait {
  const neverAborted = new AbortController().signal;
  let first: string | undefined;
  let waitedMs = 0;
  let mostMs = leaseMs;
  let boundMs = firstPauseMs;

  return {
    async pause(holder) {
      first ??= holder;
      if (holder !== undefined && holder !== first) mostMs = 2 * leaseMs;
      if (waitedMs >= mostMs) return false;
      const pauseMs = boundMs / 2 + fullJitter(boundMs / 2, random);
      await sleep(pauseMs, neverAborted);
      waitedMs += pauseMs;
      boundMs = Math.min(2 * boundMs, longestPauseMs);
      return true;
    },
  };
}
