import { type RandomSource, randomToken } from '@x/crypto/light';
import type { Store } from './store-contract.ts';
import { asJson, readLease, type StoredLease, type Verdict } from './stored-credential.ts';

/** What {@link createRenewalLease} is made from. */
export interface RenewalLeaseOptions {
  /** The key of what is leased. */
  readonly key: string;
  /** Milliseconds after which a lease is free again whose owner died. */
  readonly leaseMs: number;
  readonly random: RandomSource;
}

/**
 * What came of asking for the lease: it is ours, or `taken` by the one of that name, unless that has just ended or is
 * unreadable, or a verdict keeps everybody from asking.
 */
export type LeaseResult =
  | { readonly state: 'mine'; readonly lease: StoredLease }
  | { readonly state: 'taken'; readonly by: string | undefined }
  | { readonly state: 'refused'; readonly verdict: Verdict };

/** The right to renew, as one process sees it. It ends by the store's clock, so that machines need not agree on time. */
export interface RenewalLease {
  /** Asks for the lease of the turn with this number. */
  take(store: Store, fence: number): Promise<LeaseResult>;
  /** Says that this process acts upon a lease. One that it took and never acted upon counts as abandoned. */
  keep(lease: StoredLease): void;
  /** Says that this process acts upon a lease no more. */
  drop(lease: StoredLease): void;
  /** Says so of the lease that it acts upon, and gives that back. */
  dropKept(): StoredLease | undefined;
  /** Whether a name is of a lease that this process took and acts upon no more, or never did. */
  isAbandoned(owner: string): boolean;
  /** Ends a lease, unless it ran out and went to another. `refused` leaves a verdict in its place for a while. */
  end(store: Store, lease: StoredLease, refused?: Verdict & { readonly ttlMs: number }): Promise<void>;
  /** Takes a verdict away, because something else than before is there now. */
  forgetRefusal(store: Store): Promise<void>;
}

/** Keeps the lease under a key of its own, beside what it is for. */
export function createRenewalLease({ key, leaseMs, random }: RenewalLeaseOptions): RenewalLease {
  // a percent sign within a part of a store key is always escaped, so no other key can be this one
  const leaseKey = `${key}%lease`;
  /** This process's name, drawn when it is first needed. */
  let self: string | undefined;
  let turns = 0;
  let kept: StoredLease | undefined;

  function isAbandoned(owner: string): boolean {
    return self !== undefined && owner.startsWith(`${self}.`) && owner !== kept?.owner;
  }

  return {
    isAbandoned,
    async take(store, fence) {
      turns += 1;
      self ??= randomToken(16, random);
      const lease: StoredLease = { owner: `${self}.${turns}`, fence };
      if (await store.compareAndSet(leaseKey, undefined, asJson(lease), { ttlMs: leaseMs })) {
        return { state: 'mine', lease };
      }
      const raw = await store.get(leaseKey);
      const held = readLease(raw);
      if (held?.refused !== undefined) {
        const { refused: code, why } = held;
        return { state: 'refused', verdict: why === undefined ? { code } : { code, why } };
      }
      const isIdle = held !== undefined && isAbandoned(held.owner);
      const isTakenOver = isIdle && (await store.compareAndSet(leaseKey, raw, asJson(lease), { ttlMs: leaseMs }));
      return isTakenOver ? { state: 'mine', lease } : { state: 'taken', by: held?.owner };
    },
    keep(lease) {
      kept = lease;
    },
    drop(lease) {
      if (lease === kept) kept = undefined;
    },
    dropKept() {
      const lease = kept;
      kept = undefined;
      return lease;
    },
    async end(store, lease, refused) {
      const why = refused?.why === undefined ? {} : { why: refused.why };
      const next = refused === undefined ? undefined : asJson({ ...lease, refused: refused.code, ...why });
      await store.compareAndSet(leaseKey, asJson(lease), next, refused === undefined ? {} : { ttlMs: refused.ttlMs });
    },
    async forgetRefusal(store) {
      const raw = await store.get(leaseKey);
      if (readLease(raw)?.refused !== undefined) await store.compareAndSet(leaseKey, raw, undefined);
    },
  };
}
