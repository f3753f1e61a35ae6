import { withDeadline } from './server/deadline.ts';
import type { Store } from './store-contract.ts';

/** What {@link createOrderedStore} is made from. */
export interface OrderedStoreOptions {
  /** Undefined: no operation begins, and none gives a result. */
  readonly store: Store | undefined;
  /** How long an operation may take. */
  readonly timeoutMs: number;
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

/** No queue is waited for longer. */
const longestMs = 3_600_000;

/**
 * Lets operations happen in the order they were asked for, so that no older write lands last, and fail quietly.
 *
 * On some platforms what a request began ends with it. So nobody waits for earlier operations longer than they may take.
 */
export function createOrderedStore({ store, timeoutMs, onFailure }: OrderedStoreOptions): OrderedStore {
  let last: Promise<unknown> = Promise.resolve();
  /** Operations that have been asked for and have not ended. */
  let open = 0;

  async function afterEarlier(): Promise<void> {
    const earlier = last;
    if (open === 0) return;
    // an operation and its deadline, which is counted in slices, each
    const outcome = await withDeadline(Math.min(2 * timeoutMs * open, longestMs), undefined, () => earlier);
    if (!outcome.ok) open = 1; // they ended with their requests: only this one is left
  }

  return async (use) => {
    if (store === undefined) return undefined;
    const turn = afterEarlier();
    open += 1;
    const operation = turn.then(() => withDeadline(timeoutMs, undefined, async (signal) => use(store, signal)));
    last = operation.catch(() => {}); // told below
    try {
      const outcome = await operation;
      if (outcome.ok) return { result: outcome.value };
    } catch {
      // what a store throws may quote the value; that it failed is all there is to say
    } finally {
      open = Math.max(0, open - 1);
    }
    onFailure();
    return undefined;
  };
}
