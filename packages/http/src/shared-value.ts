import { type Clock, type JsonValue, type RandomSource, randomToken } from '@x/crypto/light';
import { canonicalJson } from './canonical-json.ts';
import type { CredentialErrorCode } from './errors.ts';
import { withDeadline } from './server/deadline.ts';
import type { Store } from './store-contract.ts';
import { asJson, readLease, readShelf, type Shelf, type StoredLease } from './stored-credential.ts';

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
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Told every operation that failed. */
  readonly onFailure: () => void;
}

/** The right to renew, until the lease runs out: nothing else than this very record may be replaced. */
export interface Turn<Value> {
  readonly lease: StoredLease;
  /** What was written when the turn began, with its fencing number and its owner. */
  readonly claimed: Shelf<Value>;
}

/** What came of asking for the right to renew. */
export type TurnResult<Value> =
  | { readonly state: 'mine'; readonly turn: Turn<Value>; readonly stored: Value | undefined }
  /** Somebody has renewed. */
  | { readonly state: 'found'; readonly value: Value }
  /** Somebody is renewing. */
  | { readonly state: 'taken' }
  /** Somebody was refused a moment ago. */
  | { readonly state: 'refused'; readonly code: CredentialErrorCode }
  /** Somebody began to spend the value, and never told what came of it. */
  | { readonly state: 'in-doubt' }
  /** There is no store, or none that answers. */
  | { readonly state: 'alone' };

/** A value that several processes share. A store that fails or hangs costs the sharing, never the caller. */
export interface SharedValue<Value> {
  /** The stored value, if it is of use. */
  read(): Promise<Value | undefined>;
  /** Asks for the right to renew, unless the store holds a value that the caller likes better than its own. */
  takeTurn(isBetter: (found: Value) => boolean): Promise<TurnResult<Value>>;
  /**
   * Ends a turn with a new value.
   *
   * @returns `fenced`: another one has taken the turn or the value's place meanwhile, and nothing was written. `failed`:
   *   the store did not answer; asking again with the same is safe.
   */
  publish(value: Value, turn: Turn<Value> | undefined): Promise<'stored' | 'fenced' | 'failed'>;
  /**
   * Ends a turn without a value.
   *
   * @param how `in-doubt` leaves the mark that the value may be spent. `refused` keeps others from asking for a while.
   */
  giveUp(
    turn: Turn<Value>,
    how?: {
      readonly inDoubt?: true;
      readonly refused?: { readonly code: CredentialErrorCode; readonly ttlMs: number };
    },
  ): Promise<void>;
  /** Stores a value whatever is there; a turn that is under way cannot displace it. */
  replace(value: Value): Promise<void>;
  /** Stores the next state of a value, or removes it; does nothing when another value has taken its place. */
  change(mark: string, next: Value | undefined): Promise<void>;
  /** Removes the value, and ends this process's turn. */
  remove(): Promise<void>;
  /** When the stored value ends, as far as this process knows; undefined when it knows of none. */
  storedUntilMs(): number | undefined;
}

/** What a record without a value is good for: its number, for as long as anybody may still be at work under it. */
const emptyLifetimeMs = 86_400_000;

/** Another writer's success each; so many in a row are no accident. */
const maxAttempts = 20;

/**
 * Keeps a value in a store, and the right to renew it.
 *
 * The right is a lease under a key of its own: it ends by the store's clock, so that machines need not agree on the
 * time. Whoever gets it claims the value's record, by counting up its fencing number and putting its name there, and
 * writes a new value only in place of exactly that record. A leader that slept through the end of its lease, at
 * whatever step, finds another record there and writes nothing.
 *
 * A process's operations happen in the order they were asked for, so that no older write lands last.
 */
export function createSharedValue<Value>(options: SharedValueOptions<Value>): SharedValue<Value> {
  const { store, key, renewal, accepts, markOf, clock, leaseMs } = options;
  // a percent sign within a part of a store key is always escaped, so no other key can be this one
  const leaseKey = `${key}%lease`;
  /** This process's name, drawn when it is first needed. */
  let self: string | undefined;
  let turns = 0;
  /** The turn that was handed out last; a claim of this process with another name was never acted upon. */
  let own: Turn<Value> | undefined;
  /** What this process last saw or put under the key. */
  let seen: Shelf<Value> | undefined;
  let lastOperation: Promise<unknown> = Promise.resolve();

  async function attempt<Result>(
    use: (store: Store, signal: AbortSignal) => Promise<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    if (store === undefined) return undefined;
    const operation = lastOperation.then(() =>
      withDeadline(options.storeTimeoutMs, undefined, async (signal) => use(store, signal)),
    );
    lastOperation = operation.catch(() => {}); // told below
    try {
      const outcome = await operation;
      if (outcome.ok) return { result: outcome.value };
    } catch {
      // what a store throws may quote the value; that it failed is all there is to say
    }
    options.onFailure();
    return undefined;
  }

  /** How long a record stays: as long as it holds something of use, and its number long enough for the latest leader. */
  function lifetimeOf({ value, claim }: Shelf<Value>): { readonly ttlMs?: number } {
    if (renewal === 'rotating' && (value !== undefined || claim !== undefined)) return {};
    if (value === undefined) return { ttlMs: emptyLifetimeMs };
    const untilMs = options.expiresAtMs(value);
    return untilMs === undefined
      ? {}
      : { ttlMs: Math.max(claim === undefined ? 1 : emptyLifetimeMs, untilMs - clock()) };
  }

  async function look(open: Store): Promise<{ readonly raw: JsonValue | undefined; readonly shelf: Shelf<Value> }> {
    const raw = await open.get(key);
    seen = readShelf<Value>(raw);
    return { raw, shelf: seen ?? { fence: 0 } };
  }

  function ofUse({ value }: Shelf<Value>): Value | undefined {
    try {
      return value !== undefined && accepts(value) ? value : undefined;
    } catch {
      options.onFailure();
      return undefined;
    }
  }

  async function swap(open: Store, expected: JsonValue | undefined, next: Shelf<Value>): Promise<boolean> {
    const done = await open.compareAndSet(key, expected, asJson(next), lifetimeOf(next));
    if (done) seen = next;
    return done;
  }

  /** Taken by an operation of this process that was given up before it ended, so that nobody acts upon it. */
  function isAbandoned(owner: string): boolean {
    return self !== undefined && owner.startsWith(`${self}.`) && owner !== own?.lease.owner;
  }

  async function seekTurn(
    open: Store,
    signal: AbortSignal,
    isBetter: (found: Value) => boolean,
  ): Promise<TurnResult<Value>> {
    const { raw, shelf } = await look(open);
    const found = ofUse(shelf);
    if (found !== undefined && isBetter(found)) return { state: 'found', value: found };

    turns += 1;
    self ??= randomToken(16, options.random);
    const lease: StoredLease = { owner: `${self}.${turns}`, fence: shelf.fence + 1 };
    if (!(await open.compareAndSet(leaseKey, undefined, asJson(lease), { ttlMs: leaseMs }))) {
      const raw = await open.get(leaseKey);
      const held = readLease(raw);
      if (held?.refused !== undefined) return { state: 'refused', code: held.refused };
      const isIdle = held !== undefined && isAbandoned(held.owner);
      const isTakenOver = isIdle && (await open.compareAndSet(leaseKey, raw, asJson(lease), { ttlMs: leaseMs }));
      if (!isTakenOver) return { state: 'taken' };
    }
    const giveBack = async (state: 'taken' | 'in-doubt'): Promise<TurnResult<Value>> => {
      await open.compareAndSet(leaseKey, asJson(lease), undefined);
      return { state };
    };
    if (signal.aborted) return giveBack('taken'); // nobody waits for this turn any more
    const { claim, ...rest } = shelf;
    if (renewal === 'rotating' && claim !== undefined && !isAbandoned(claim)) {
      // its owner may have ended its turn between the look and the lease
      const again = await look(open);
      return giveBack(isSame(again.raw, shelf) ? 'in-doubt' : 'taken');
    }
    const claimed: Shelf<Value> = { ...rest, fence: lease.fence, claim: lease.owner };
    if (!(await swap(open, raw, claimed))) return giveBack('taken');
    return { state: 'mine', turn: { lease, claimed }, stored: shelf.value };
  }

  /** Ends a lease, unless it ran out and went to another. */
  async function endLease(open: Store, lease: StoredLease, refused?: { code: CredentialErrorCode; ttlMs: number }) {
    const next = refused === undefined ? undefined : asJson({ ...lease, refused: refused.code });
    await open.compareAndSet(leaseKey, asJson(lease), next, refused === undefined ? {} : { ttlMs: refused.ttlMs });
  }

  /** Lets the next one ask again at once, because something else than before is there now. */
  async function forgetRefusal(open: Store): Promise<void> {
    const raw = await open.get(leaseKey);
    if (readLease(raw)?.refused !== undefined) await open.compareAndSet(leaseKey, raw, undefined);
  }

  return {
    async read() {
      const outcome = await attempt(async (open) => ofUse((await look(open)).shelf));
      return outcome?.result;
    },
    async takeTurn(isBetter) {
      const outcome = await attempt((open, signal) => seekTurn(open, signal, isBetter));
      if (outcome === undefined) return { state: 'alone' };
      if (outcome.result.state === 'mine') own = outcome.result.turn;
      return outcome.result;
    },
    async publish(value, turn) {
      if (store === undefined) return 'stored';
      const before = seen;
      const outcome = await attempt(async (open) => {
        if (turn !== undefined) {
          const next: Shelf<Value> = { fence: turn.claimed.fence, value };
          const isDone = (await swap(open, asJson(turn.claimed), next)) || isSame((await look(open)).raw, next);
          await endLease(open, turn.lease);
          return isDone;
        }
        const { raw, shelf } = await look(open);
        const isNews = before === undefined || !isSame(raw, before);
        if (isNews && (ofUse(shelf) !== undefined || shelf.claim !== undefined)) return false;
        return swap(open, raw, { fence: shelf.fence + 1, value });
      });
      if (outcome === undefined) return 'failed';
      if (own === turn) own = undefined;
      return outcome.result ? 'stored' : 'fenced';
    },
    async giveUp(turn, { inDoubt, refused } = {}) {
      await attempt(async (open) => {
        const { claim: _, ...rest } = turn.claimed;
        if (inDoubt === undefined) await swap(open, asJson(turn.claimed), rest);
        await endLease(open, turn.lease, refused);
      });
      // if the store has not heard of it, it counts as abandoned
      if (inDoubt === undefined && own === turn) own = undefined;
    },
    async replace(value) {
      await attempt(async (open) => {
        for (let tries = 0; tries < maxAttempts; tries += 1) {
          const { raw, shelf } = await look(open);
          if (await swap(open, raw, { fence: shelf.fence + 1, value })) return forgetRefusal(open);
        }
        throw new Error(`${maxAttempts} others were faster`);
      });
    },
    async change(mark, next) {
      await attempt(async (open) => {
        if (seen?.value === undefined || markOf(seen.value) !== mark) return;
        const { value: _, ...rest } = seen;
        const changed = next === undefined ? rest : { ...rest, value: next };
        await swap(open, asJson(seen), changed);
      });
    },
    async remove() {
      const mine = own;
      own = undefined;
      await attempt(async (open) => {
        await open.delete(key);
        seen = undefined;
        if (mine !== undefined) await endLease(open, mine.lease);
        await forgetRefusal(open);
      });
    },
    storedUntilMs: () => {
      if (seen?.value === undefined) return undefined;
      return options.expiresAtMs(seen.value) ?? Number.POSITIVE_INFINITY;
    },
  };
}

function isSame(raw: JsonValue | undefined, shelf: Shelf<unknown>): boolean {
  return raw !== undefined && canonicalJson(raw) === canonicalJson(asJson(shelf));
}
