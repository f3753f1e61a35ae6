import { type Clock, type JsonValue, type RandomSource, randomToken } from '@x/crypto/light';
import { withDeadline } from './server/deadline.ts';
import type { Store } from './store-contract.ts';

/** What {@link createSharedValue} is made from. */
export interface SharedValueOptions<Value> {
  /** Undefined: nothing is shared, and every operation does nothing at once. */
  readonly store: Store | undefined;
  /** Made by `storeKey`. */
  readonly key: string;
  /** Says whether a stored value is of use. What it throws, as over a value of another shape, counts as no. */
  readonly accepts: (value: Value) => boolean;
  /** Two values with the same mark count as states of one. */
  readonly markOf: (value: Value) => string;
  /** Milliseconds since 1970; undefined when nobody knows. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  /** Milliseconds after which a lease is free again whose owner died. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Told every operation that failed. */
  readonly onFailure: () => void;
}

/** A value that several processes share. A store that fails or hangs costs the sharing, never the caller. */
export interface SharedValue<Value> {
  /** The stored value, if it is of use. */
  read(): Promise<Value | undefined>;
  /** Stores an issued value, unless the lease ran out meanwhile and another process has stored one of use. */
  publish(value: Value, lease: string | undefined): Promise<void>;
  /** Stores a value whatever is there. */
  replace(value: Value): Promise<void>;
  /** Stores the next state of a value, or removes it; does nothing when another value has taken its place. */
  change(mark: string, next: Value | undefined): Promise<void>;
  remove(): Promise<void>;
  /**
   * Becomes the one who may issue.
   *
   * @returns The lease; undefined while another process has it; {@link noLease} where the store cannot say.
   */
  takeLease(): Promise<string | undefined>;
  /** Gives a lease back, by default whichever this process has; one that ran out and went to another stays there. */
  releaseLease(lease?: string): Promise<void>;
  /** When the stored value ends, as far as this process knows; undefined when it knows of none. */
  storedUntilMs(): number | undefined;
}

/** Long enough for a store that is well, short enough for a request that waits for one that is not. */
const storeTimeoutMs = 1_000;

/** What stands for a lease where there is no store, or none that answers. */
export const noLease = '';

/** Keeps a value in a store. Operations happen in the order they were asked for, so that no older write lands last. */
export function createSharedValue<Value>(options: SharedValueOptions<Value>): SharedValue<Value> {
  const { store, key, accepts, markOf, clock } = options;
  // a percent sign within a part of a store key is always escaped, so no other key can be this one
  const leaseKey = `${key}%lease`;
  let lease: string | undefined;
  /** What this process last saw or put under the key. */
  let seen: Value | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();

  async function attempt<Result>(use: (store: Store) => Promise<Result>): Promise<Result | undefined> {
    if (store === undefined) return undefined;
    const turn = lastTurn.then(() => withDeadline(storeTimeoutMs, undefined, () => use(store)));
    lastTurn = turn.catch(() => {}); // told below
    try {
      const outcome = await turn;
      if (outcome.ok) return outcome.value;
    } catch {
      // what a store throws may quote the value; that it failed is all there is to say
    }
    options.onFailure();
    return undefined;
  }

  function lifetimeOf(value: Value): { ttlMs: number | undefined } {
    const untilMs = options.expiresAtMs(value);
    return { ttlMs: untilMs === undefined ? undefined : Math.max(1, untilMs - clock()) };
  }

  async function look(open: Store): Promise<Value | undefined> {
    seen = (await open.get(key)) as Value | undefined;
    return seen !== undefined && isOfUse(seen) ? seen : undefined;
  }

  function isOfUse(value: Value): boolean {
    try {
      return accepts(value);
    } catch {
      options.onFailure();
      return false;
    }
  }

  /** Tells whether a lease is still this process's own, and keeps it so for the write that follows. */
  function extend(open: Store, mine: string): Promise<boolean> {
    return open.compareAndSet(leaseKey, mine, mine, { ttlMs: options.leaseMs });
  }

  async function put(open: Store, value: Value): Promise<void> {
    await open.set(key, value as JsonValue, lifetimeOf(value));
    seen = value;
  }

  return {
    read: () => attempt(look),
    publish: (value, mine) =>
      attempt(async (open) => {
        const isOurs = mine === noLease || (mine !== undefined && (await extend(open, mine)));
        if (isOurs || (await look(open)) === undefined) await put(open, value);
      }),
    replace: (value) => attempt((open) => put(open, value)),
    change: (mark, next) =>
      attempt(async (open) => {
        if (seen === undefined || markOf(seen) !== mark) return;
        const ttl = next === undefined ? {} : lifetimeOf(next);
        if (await open.compareAndSet(key, seen as JsonValue, next as JsonValue | undefined, ttl)) seen = next;
      }),
    remove: () =>
      attempt(async (open) => {
        await open.delete(key);
        seen = undefined;
      }),
    async takeLease() {
      if (store === undefined) return noLease;
      const mine = randomToken(16, options.random);
      const taken = await attempt((open) => open.compareAndSet(leaseKey, undefined, mine, { ttlMs: options.leaseMs }));
      if (taken === undefined) return noLease;
      if (taken) lease = mine;
      return taken ? mine : undefined;
    },
    async releaseLease(mine = lease) {
      if (mine === undefined || mine !== lease) return;
      lease = undefined;
      await attempt((open) => open.compareAndSet(leaseKey, mine, undefined));
    },
    storedUntilMs: () => (seen === undefined ? undefined : (options.expiresAtMs(seen) ?? Number.POSITIVE_INFINITY)),
  };
}
