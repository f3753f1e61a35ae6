import type { CredentialShelf } from './credential-shelf.ts';
import { isSameJson } from './is-same-json.ts';
import type { RenewalLease } from './renewal-lease.ts';
import type { Store } from './store-contract.ts';
import { asJson, type Shelf, type StoredLease, type Verdict } from './stored-credential.ts';

/** The right to renew, until the lease runs out: nothing else than a record with this very claim may be replaced. */
export interface Turn<Value> {
  readonly lease: StoredLease;
  /** What was written when the turn began, with its fencing number and its owner; the value in it may slide or go. */
  readonly claimed: Shelf<Value>;
}

/** What came of asking for the right to renew. */
export type SoughtTurn<Value> =
  | { readonly state: 'mine'; readonly turn: Turn<Value>; readonly stored: Value | undefined }
  /** Somebody has renewed. */
  | { readonly state: 'found'; readonly value: Value }
  /** Somebody is renewing: the owner of the lease, as far as that is known. */
  | { readonly state: 'taken'; readonly by: string | undefined }
  /** Somebody was refused a moment ago. */
  | { readonly state: 'refused'; readonly verdict: Verdict }
  /** Somebody began to spend the value, and never told what came of it. */
  | { readonly state: 'in-doubt' };

/** A verdict of the provider, and for how many milliseconds it counts. */
export interface Refusal extends Verdict {
  readonly ttlMs: number;
}

/** What {@link createRenewalTurns} is made from. */
export interface RenewalTurnsParts<Value> {
  readonly record: CredentialShelf<Value>;
  readonly right: RenewalLease;
  readonly renewal: 'repeatable' | 'rotating';
  /** The value of a record, if it is of use. */
  readonly ofUse: (shelf: Shelf<Value>) => Value | undefined;
}

/** The turns in which processes renew a value. Each throws what the store throws. */
export interface RenewalTurns<Value> {
  /** Asks for the right to renew, and claims the record, unless what lies there is liked better. */
  seek(open: Store, signal: AbortSignal, isBetter: (found: Value) => boolean): Promise<SoughtTurn<Value>>;
  /** Takes a claim back under which nothing was done, and ends the lease. */
  withdraw(open: Store, turn: Turn<Value>, refused?: Refusal): Promise<void>;
  /** Puts a record in place of the one with the turn's claim; false when there is none any more. */
  end(open: Store, turn: Turn<Value>, toNext: (shelf: Shelf<Value>) => Shelf<Value>): Promise<boolean>;
}

/** Somebody was faster, and whether that one holds the lease is not known. */
const taken = { state: 'taken', by: undefined } as const;

/** Another writer's success each; so many in a row are no accident. */
export const maxAttempts: number = 20;

/** Takes turns by a lease, and by the claim that whoever has it writes into the record. */
export function createRenewalTurns<Value>({
  record,
  right,
  renewal,
  ofUse,
}: RenewalTurnsParts<Value>): RenewalTurns<Value> {
  async function seek(
    open: Store,
    signal: AbortSignal,
    isBetter: (found: Value) => boolean,
  ): Promise<SoughtTurn<Value>> {
    const { raw, shelf } = await record.look(open);
    const found = ofUse(shelf);
    if (found !== undefined && isBetter(found)) return { state: 'found', value: found };

    const asked = await right.take(open, shelf.fence + 1);
    if (asked.state !== 'mine') return asked;
    const { lease } = asked;
    const giveBack = async (result: SoughtTurn<Value>): Promise<SoughtTurn<Value>> => {
      await right.end(open, lease);
      return result;
    };
    if (signal.aborted) return giveBack(taken); // nobody waits for this turn any more
    const { claim, ...rest } = shelf;
    if (renewal === 'rotating' && claim !== undefined && !right.isAbandoned(claim)) {
      // its owner may have ended its turn between the look and the lease
      const again = await record.look(open);
      return giveBack(isSameJson(again.raw, shelf) ? { state: 'in-doubt' } : taken);
    }
    const turn: Turn<Value> = { lease, claimed: { ...rest, fence: lease.fence, claim: lease.owner } };
    try {
      if (!(await record.swap(open, raw, turn.claimed))) return giveBack(taken);
    } catch (error) {
      // it may have landed all the same, and a claim of nobody would put the value in doubt
      await withdraw(open, turn);
      throw error;
    }
    if (!signal.aborted) return { state: 'mine', turn, stored: shelf.value };
    await withdraw(open, turn); // it landed when nobody waited for it any more
    return taken;
  }

  async function withdraw(open: Store, turn: Turn<Value>, refused?: Refusal): Promise<void> {
    await end(open, turn, ({ claim: _, ...rest }) => rest);
    await right.end(open, turn.lease, refused);
  }

  async function end(
    open: Store,
    { claimed }: Turn<Value>,
    toNext: (shelf: Shelf<Value>) => Shelf<Value>,
  ): Promise<boolean> {
    let found = { raw: asJson(claimed), shelf: claimed };
    for (let tries = 0; tries < maxAttempts; tries += 1) {
      if (await record.swap(open, found.raw, toNext(found.shelf))) return true;
      const { raw, shelf } = await record.look(open);
      if (raw === undefined || shelf.claim !== claimed.claim) return false;
      found = { raw, shelf };
    }
    throw new Error(`${maxAttempts} others were faster`);
  }

  return { seek, withdraw, end };
}
