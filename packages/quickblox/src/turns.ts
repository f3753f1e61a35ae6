import type { Liveness, LivingWork } from '@x/http/server';
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
 * @param liveness Tells of a turn that has ended with the request that began it: the next one does not wait for it.
 */
export function createTurns(sweep: () => Promise<void>, liveness: Liveness): TakeTurn {
  let last: LivingWork<void> | undefined;
  return async (step, { signal }) => {
    const earlier = last;
    let hasBegun = false;
    const begin = async (): ReturnType<typeof step> => {
      await earlier?.outcome();
      assertNotAborted(signal);
      hasBegun = true;
      return step();
    };
    const turn = begin();
    const swept = liveness.begin(() => turn.then(sweep, sweep));
    last = swept;
    await untilAborted(swept.promise, signal);
    if (!hasBegun) throw aborted();
    return turn;
  };
}
