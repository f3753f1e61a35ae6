import { withDeadline } from '../server/deadline.ts';
import type { Store } from '../store-contract.ts';
import { batteryFailure } from './expect.ts';

/** A store as the battery gets to see it, fresh and empty, or at least with nothing under the battery's keys. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same data through another store, as another process would have it: what happens here is seen there. */
  readonly peer?: Store | undefined;
  /** Moves the clock that values expire by, without waiting. */
  readonly advance?: ((ms: number) => void | Promise<void>) | undefined;
  /** Sets that clock back, as an administrator does; of use together with `advance` only. */
  readonly rewind?: ((ms: number) => void | Promise<void>) | undefined;
  /** Takes the connection away, at once and in the middle of whatever is under way. */
  readonly disconnect?: (() => void | Promise<void>) | undefined;
  /** Brings the connection back and resolves once the store can be used again. */
  readonly reconnect?: (() => void | Promise<void>) | undefined;
  /** Cleans up; called once after each case. */
  readonly close?: (() => void | Promise<void>) | undefined;
}

/** What a factory may offer beyond the store: a clock, forward and back, another process, and a connection to lose. */
export type StoreFacility = 'advance' | 'rewind' | 'peer' | 'connection';

/** Keys that a store may declare to refuse: empty, holding NUL, holding a lone surrogate, or 10,000 characters long. */
export type RefusableKeys = 'empty' | 'nul' | 'lone-surrogate' | 'long';

/** Options of a battery, with their defaults. */
export interface BatterySettings {
  readonly seed: number;
  readonly rounds: number;
  readonly tickMs: number;
  readonly deadlineMs: number;
  readonly maxValueBytes: number;
  readonly refusedKeys: readonly RefusableKeys[];
}

/** What a check works with. */
export interface CheckContext extends BatterySettings {
  /** Every operation rejects when it takes longer than the deadline. */
  readonly store: Store;
  /** The store itself where the factory offers no peer. */
  readonly peer: Store;
  /** Undefined where the factory offers no clock. */
  readonly advance: ((ms: number) => Promise<void>) | undefined;
  /** Undefined like the former. */
  readonly rewind: ((ms: number) => Promise<void>) | undefined;
  readonly disconnect: () => Promise<void>;
  readonly reconnect: () => Promise<void>;
}

/** One rule of the contract. */
export interface Check {
  readonly name: string;
  /** The check says nothing where the factory does not offer this. */
  readonly needs?: StoreFacility;
  check(context: CheckContext): Promise<void>;
}

/** Wraps a store so that an operation that hangs is an operation that fails. */
export function withOperationDeadline(store: Store, deadlineMs: number): Store {
  async function limit<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    const outcome = await withDeadline(deadlineMs, undefined, run);
    if (!outcome.ok) throw batteryFailure(`${operation} did not settle in ${deadlineMs} ms`);
    return outcome.value;
  }
  return {
    get: (key) => limit('get', async () => store.get(key)),
    set: (key, value, options) => limit('set', async () => store.set(key, value, options)),
    delete: (key) => limit('delete', async () => store.delete(key)),
    compareAndSet: (key, expected, next, options) =>
      limit('compareAndSet', async () => store.compareAndSet(key, expected, next, options)),
  };
}
