import type { Liveness, LivingWork, WorkOutcome } from './liveness.ts';

/** Options of {@link Flights.join}. */
export interface JoinOptions {
  /** Ends the waiting. Nobody joins from then on, for the work may have ended as well, unless the platform keeps it going. */
  readonly signal?: AbortSignal | undefined;
  /** Told that the work has died, once for all who waited, before it is begun anew. */
  readonly onDeath?: (() => void) | undefined;
}

/** Work that is done once for all who want the same of it at the same time. */
export interface Flights<Key, Value> {
  /**
   * Waits for what is under way under a key, or else for what begins now. Work that dies is begun anew once, by one for
   * all who waited for it.
   *
   * @param run Begins the work, if it is this one's to begin.
   * @returns What came of it. Rejects with what the work fails with, and so for all who wait.
   */
  join(key: Key, run: () => Promise<Value>, options?: JoinOptions): Promise<WorkOutcome<Value>>;
  /** What is under way under a key, if anything is. */
  underWay(key: Key): LivingWork<Value> | undefined;
  /** Leaves what is under way to those who wait for it already: who comes later begins anew. */
  leave(key: Key): void;
}

/**
 * Makes room for work that requests share, and that may end with the request which began it.
 *
 * @param liveness Tells whether the work lives; several rooms may have it in common.
 */
export function createFlights<Key, Value>(liveness: Liveness): Flights<Key, Value> {
  const pending = new Map<Key, LivingWork<Value>>();
  /** What was begun instead of work that died: all who waited for that get its value. */
  const successors = new WeakMap<LivingWork<Value>, LivingWork<Value>>();

  function begin(key: Key, run: () => Promise<Value>): LivingWork<Value> {
    const begun = liveness.begin(() => run().finally(() => remove(key, begun)));
    pending.set(key, begun);
    return begun;
  }

  function remove(key: Key, one: LivingWork<Value>): boolean {
    return pending.get(key) === one && pending.delete(key);
  }

  return {
    async join(key, run, { signal, onDeath } = {}) {
      let outcome: WorkOutcome<Value> = { ok: false, reason: 'aborted' };
      let dead: LivingWork<Value> | undefined;
      for (let tries = 0; tries < 2 && signal?.aborted !== true; tries += 1) {
        const joined: LivingWork<Value> = (dead && successors.get(dead)) ?? pending.get(key) ?? begin(key, run);
        if (dead !== undefined) successors.set(dead, joined);
        outcome = await joined.outcome(signal);
        if (outcome.ok || (outcome.reason === 'aborted' && liveness.isKept)) break;
        const isFirst = remove(key, joined); // else somebody else has found out
        if (isFirst && outcome.reason === 'died') onDeath?.();
        dead = joined;
      }
      return outcome;
    },
    underWay: (key) => pending.get(key),
    leave(key) {
      pending.delete(key);
    },
  };
}
