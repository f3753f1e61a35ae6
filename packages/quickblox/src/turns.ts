import type { CallOptions } from './client.ts';
import { aborted, assertNotAborted, untilAborted } from './until-aborted.ts';

/** Runs a step when those that came before it are over. */
export type TakeTurn = <Result>(step: () => Promise<Result>, call: CallOptions) => Promise<Result>;

/**
 * Lets steps happen one after the other.
 *
 * A caller who gives up waiting is told at once, and the step never begins. One that has begun heeds the signal itself.
 *
 * @param sweep Runs at the end of each turn, however the step went, and never rejects. A caller waits for it, unless
 *   that caller gives up.
 */
export function createTurns(sweep: () => Promise<void>): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  return async (step, { signal }) => {
    let hasBegun = false;
    const turn = last.then(() => {
      assertNotAborted(signal);
      hasBegun = true;
      return step();
    });
    const swept = turn.then(sweep, sweep);
    last = swept;
    await untilAborted(swept, signal);
    if (!hasBegun) throw aborted();
    return turn;
  };
}
