import type { Clock, RandomSource } from '@x/crypto/light';
import { createCredentialShelf } from './credential-shelf.ts';
import { isSameJson } from './is-same-json.ts';
import { createOrderedStore } from './ordered-store.ts';
import { createRenewalLease } from './renewal-lease.ts';
import { createRenewalTurns, maxAttempts, type Refusal, type SoughtTurn, type Turn } from './renewal-turns.ts';
import type { Liveness } from './server/liveness.ts';
import type { Store } from './store-contract.ts';
import { asJson, type Shelf, type StoredLease } from './stored-credential.ts';

/** What {@link createSharedValue} is made from. */
export interface SharedValueOptions<Value> {
  /** Undefined: nothing is shared, and every operation does nothing at once. */
  readonly store: Store | undefined;
  /** Made by `storeKey`. */
  readonly key: string;
  /** `rotating`: a renewal that began and did not end is nobody's to repeat, and an ended value is still kept. */
  readonly renewal: 'repeatable' | 'rotating';
  /** Says whether a stored value is of use. What it throws, as over a value of another shape, counts as no. */
  readonly accepts: (value: Value) => boolean;
  /** Two values with the same mark count as states of one. */
  readonly markOf: (value: Value) => string;
  /** Milliseconds since 1970; undefined when nobody knows. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  /** Milliseconds after which a lease is free again whose owner died: longer than a turn may take. */
  readonly leaseMs: number;
  /** How long an operation may take. */
  readonly storeTimeoutMs: number;
  readonly liveness: Liveness;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Told every operation that failed. */
  readonly onFailure: () => void;
}

/** What came of asking for the right to renew. */
export type TurnResult<Value> =
  | SoughtTurn<Value>
  /** There is no store, or none that answers. */
  | { readonly state: 'alone' };

/**
 * What came of a write. `fenced`: something else has come there meanwhile, and nothing was written. `failed`: the store
 * did not answer; asking again with the same is safe.
 */
export type StoreOutcome = 'stored' | 'fenced' | 'failed';

/** What lies where a value is to be put or cleared. */
export interface Found<Value> {
  /** The value, if it is of use. */
  usable(): Value | undefined;
  /** The value's mark; undefined without a value, and for one of another shape. */
  mark(): string | undefined;
  /** An earlier try has failed: it may have come there since. */
  readonly isLate: boolean;
}

/** A value that several processes share. A store that fails or hangs costs the sharing, never the caller. */
export interface SharedValue<Value> {
  /** The stored value, if it is of use. */
  read(): Promise<Value | undefined>;
  /** Asks for the right to renew, unless the store holds a value that the caller likes better than its own. */
  takeTurn(isBetter: (found: Value) => boolean): Promise<TurnResult<Value>>;
  /**
   * Ends a turn with a new value. `fenced`: another one has taken the turn or the value's place meanwhile.
   */
  publish(value: Value, turn: Turn<Value> | undefined): Promise<StoreOutcome>;
  /**
   * Ends a turn without a value.
   *
   * @param how `in-doubt` leaves the mark that the value may be spent. `refused` keeps others from asking for a while.
   */
  giveUp(
    turn: Turn<Value>,
    how?: {
      readonly inDoubt?: true;
      readonly refused?: Refusal;
    },
  ): Promise<void>;
  /** Acts upon this process's turn no more, and tells nobody: the next one that it asks for may take its place. */
  abandonTurn(): void;
  /**
   * Prepares to put a value in place whatever is there, or to clear that; a turn that is under way cannot displace it.
   *
   * @param spares Says that what lies there stays, a value or somebody's claim. Default nothing does.
   * @returns Carries it out; to be called until it says other than `failed`. `fenced`: what lies there is spared, or an
   *   earlier try came to pass without an answer and somebody has gone on from there.
   */
  overrule(value: Value | undefined, spares?: (found: Found<Value>) => boolean): () => Promise<StoreOutcome>;
  /**
   * Stores the next state of a value, unless another value or state has taken its place; or removes the value, in whatever
   * state it is. A turn that is under way goes on.
   */
  change(mark: string, next: Value | undefined): Promise<void>;
  /** When the stored value ends, as far as this process knows; undefined when it knows of none. */
  storedUntilMs(): number | undefined;
  /** The mark of the value that this process last saw in the store or put there. */
  seenMark(): string | undefined;
}

/**
 * Keeps a value in a store, and the right to renew it.
 *
 * Whoever gets the lease claims the record, by counting up its fencing number and putting its name there, and writes
 * a new value only in place of a record with that claim. The value in it may slide or go meanwhile, and the claim stays.
 * A leader that slept through the end of its lease, at whatever step, finds another claim or none and writes nothing.
 */
export function createSharedValue<Value>(options: SharedValueOptions<Value>): SharedValue<Value> {
  const { store, key, renewal, accepts, markOf, expiresAtMs, clock, leaseMs, random, onFailure } = options;
  const attempt = createOrderedStore({
    store,
    timeoutMs: options.storeTimeoutMs,
    liveness: options.liveness,
    onFailure,
  });
  const record = createCredentialShelf({ key, renewal, expiresAtMs, clock });
  const right = createRenewalLease({ key, leaseMs, random });
  const turns = createRenewalTurns({ record, right, renewal, ofUse });

  function ofUse({ value }: Shelf<Value>): Value | undefined {
    try {
      return value !== undefined && accepts(value) ? value : undefined;
    } catch {
      onFailure();
      return undefined;
    }
  }

  /** Whether nothing else has happened to a record than that its value has slid or gone. */
  function isStateOf(shelf: Shelf<Value>, before: Shelf<Value>): boolean {
    if (shelf.fence !== before.fence || shelf.claim !== before.claim) return false;
    if (shelf.value === undefined) return true;
    return (
      before.value !== undefined && (isSameJson(shelf.value, before.value) || isOf(shelf.value, marked(before.value)))
    );
  }

  function isOf(value: Value | undefined, mark: string | undefined): boolean {
    return mark !== undefined && marked(value) === mark;
  }

  /** What lies there may be of another shape, and then have no mark. */
  function marked(value: Value | undefined): string | undefined {
    try {
      return value === undefined ? undefined : markOf(value);
    } catch {
      return undefined;
    }
  }

  /** A record whose value is gone. Where values rotate, whoever holds an older one is not to renew from that. */
  function without(rest: Omit<Shelf<Value>, 'value'>): Shelf<Value> {
    return renewal === 'rotating' ? { ...rest, cleared: true } : rest;
  }

  return {
    async read() {
      const outcome = await attempt(async (open) => ofUse((await record.look(open)).shelf));
      return outcome?.result;
    },
    async takeTurn(isBetter) {
      const outcome = await attempt((open, signal) => turns.seek(open, signal, isBetter));
      if (outcome === undefined) return { state: 'alone' };
      if (outcome.result.state === 'mine') right.keep(outcome.result.turn.lease);
      return outcome.result;
    },
    async publish(value, turn) {
      if (store === undefined) return 'stored';
      const before = record.seen();
      const outcome = await attempt(async (open, signal) => {
        if (turn !== undefined) {
          const next: Shelf<Value> = { fence: turn.claimed.fence, value };
          const isDone = (await turns.end(open, turn, () => next)) || isSameJson((await record.look(open)).raw, next);
          await right.end(open, turn.lease);
          return isDone;
        }
        const { raw, shelf } = await record.look(open);
        if (signal.aborted) return false; // what was asked for since has gone before
        const isKnown = before !== undefined && isStateOf(shelf, before);
        if (!isKnown && (ofUse(shelf) !== undefined || shelf.claim !== undefined)) return false;
        return record.swap(open, raw, { fence: shelf.fence + 1, value });
      });
      if (outcome === undefined) return 'failed';
      if (turn !== undefined) right.drop(turn.lease);
      return outcome.result ? 'stored' : 'fenced';
    },
    async giveUp(turn, { inDoubt, refused } = {}) {
      await attempt(async (open) => {
        if (inDoubt === undefined) await turns.withdraw(open, turn, refused);
        else await right.end(open, turn.lease);
      });
      // if the store has not heard of it, it counts as abandoned
      if (inDoubt === undefined) right.drop(turn.lease);
    },
    abandonTurn() {
      right.dropKept();
    },
    overrule(value, spares) {
      /** The number in whose place a value was to come when nobody knows whether it did. */
      let unsure: number | undefined;
      let isLate = false;
      /** Of this process's turn, which is over: what still lies there under its claim is spent. */
      let mine: StoredLease | undefined;
      return async () => {
        if (store === undefined) return 'stored';
        if (value === undefined || spares !== undefined) mine ??= right.dropKept();
        const outcome = await attempt(async (open, signal) => {
          for (let tries = 0; tries < maxAttempts; tries += 1) {
            const { raw, shelf } = await record.look(open);
            if (signal.aborted) break;
            // it may be what somebody has gone on from; clearing twice does no harm
            if (value !== undefined && unsure !== undefined && shelf.fence !== unsure) return 'fenced';
            const isOurs = mine !== undefined && shelf.claim === mine.owner;
            const found = { usable: () => ofUse(shelf), mark: () => marked(shelf.value), isLate };
            const isThere = shelf.value !== undefined || shelf.claim !== undefined;
            if (isThere && !isOurs && spares?.(found) === true) return 'fenced';
            const isSure = unsure === undefined;
            unsure = shelf.fence;
            const fence = shelf.fence + 1;
            if (await record.swap(open, raw, value === undefined ? { fence, cleared: true } : { fence, value })) {
              if (mine !== undefined) await right.end(open, mine);
              await right.forgetRefusal(open);
              return 'stored';
            }
            if (isSure && !signal.aborted) unsure = undefined;
          }
          throw new Error(`${maxAttempts} others were faster, or nobody waits any more`);
        });
        isLate = true;
        return outcome?.result ?? 'failed';
      };
    },
    async change(mark, next) {
      await attempt(async (open, signal) => {
        // what is to go may have come there unseen
        if (next === undefined && !isOf(record.seen()?.value, mark)) await record.look(open);
        const state = record.seen()?.value;
        for (let tries = 0; tries < maxAttempts && !signal.aborted; tries += 1) {
          const seen = record.seen();
          if (seen === undefined || !isOf(seen.value, mark)) return;
          if (next !== undefined && !isSameJson(seen.value, state)) return;
          const { value: _, ...rest } = seen;
          if (await record.swap(open, asJson(seen), next === undefined ? without(rest) : { ...rest, value: next }))
            return;
          await record.look(open); // its number or its claim is another one: somebody has begun or ended a turn
        }
      });
    },
    storedUntilMs: () => {
      const value = record.seen()?.value;
      return value === undefined ? undefined : (expiresAtMs(value) ?? Number.POSITIVE_INFINITY);
    },
    seenMark: () => marked(record.seen()?.value),
  };
}
