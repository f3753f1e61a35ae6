import { withDeadline } from './server/deadline.ts';
import type { Liveness, LivingWork } from './server/liveness.ts';
import type { Store } from './store-contract.ts';

/** What {@link createOrderedStore} is made from. */
export interface OrderedStoreOptions {
  /** Undefined: no operation begins, and none gives a result. */
  readonly store: Store | undefined;
  /** How long an operation may take. */
  readonly timeoutMs: number;
  readonly liveness: Liveness;
  /** Told every operation that failed. */
  readonly onFailure: () => void;
}

/**
 * Runs an operation on the store when those asked for before it have ended.
 *
 * @param use Is told through its signal when nobody waits for it any more.
 * @returns What it gave; undefined when it threw, took too long, or there is no store. Never throws.
 */
export type OrderedStore = <Result>(
  use: (store: Store, signal: AbortSignal) => Promise<Result>,
) => Promise<{ readonly result: Result } | undefined>;

/**
 * Lets operations happen in the order they were asked for, so that no older write lands last, and fail quietly.
 *
 * On some platforms what a request began ends with it: nobody waits for an operation that has died.
 */
export function createOrderedStore({ store, timeoutMs, liveness, onFailure }: OrderedStoreOptions): OrderedStore {
  let last: LivingWork<unknown> | undefined;

  return async (use) => {
    if (store === undefined) return undefined;
    const earlier = last;
    const operation = liveness.begin(async () => {
      await earlier?.outcome().catch(() => {}); // told to those who asked for it
      return withDeadline(timeoutMs, undefined, async (signal) => use(store, signal));
    });
    last = operation;
    try {
      const outcome = await operation.promise;
      if (outcome.ok) return { result: outcome.value };
    } catch {
      // what a store throws may quote the value; that it failed is all there is to say
    } finally {
      if (last === operation) last = undefined;
    }
    onFailure();
    return undefined;
  };
}
