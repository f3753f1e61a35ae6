import { systemRandom } from '@x/crypto';
import { type ManualClock, manualClock } from '@x/testing';
import { memoryStore } from '../src/memory-store.ts';
import { createLiveness } from '../src/server/liveness.ts';
import {
  createSharedValue,
  type SharedValue,
  type SharedValueOptions,
  type StoreOutcome,
  type TurnResult,
} from '../src/shared-value.ts';
import type { Store } from '../src/store-contract.ts';
import { type GatedStore, gatedStore } from './gated-store.ts';

export const leaseMs = 10_000;

export interface Stamped {
  /** Who issued it, as which of its values. */
  readonly name: string;
  /** Counts its slides. */
  readonly state?: number;
}

export interface SharingProcess extends SharedValue<Stamped> {
  readonly failures: readonly number[];
  /** Overrules once. */
  replace(value: Stamped): Promise<StoreOutcome>;
  clear(): Promise<StoreOutcome>;
}

/** A process that shares such values, and how often the store failed it. */
export function shared(
  store: Store | undefined,
  clock: ManualClock,
  renewal: 'repeatable' | 'rotating' = 'repeatable',
  overrides: Partial<SharedValueOptions<Stamped>> = {},
): SharingProcess {
  const failures: number[] = [];
  const value: SharedValue<Stamped> = createSharedValue<Stamped>({
    store,
    key: 'key',
    renewal,
    accepts: ({ name }) => typeof name === 'string',
    markOf: ({ name }) => name,
    expiresAtMs: () => undefined,
    leaseMs,
    storeTimeoutMs: 60_000,
    liveness: createLiveness(),
    clock,
    random: systemRandom,
    onFailure: () => failures.push(1),
    ...overrides,
  });
  return { ...value, failures, replace: (next) => value.overrule(next)(), clear: () => value.overrule(undefined)() };
}

/** How long a slow process waits for its store, by its timers. */
export const patienceMs = 20;

/** A process that soon stops waiting for its store, whose calls happen when the test says so. */
export function slowly(renewal: 'repeatable' | 'rotating'): {
  readonly clock: ManualClock;
  /** The store itself, as all others have it. */
  readonly inner: Store;
  readonly store: GatedStore;
  readonly slow: SharingProcess;
} {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const store = gatedStore(inner);
  return { clock, inner, store, slow: shared(store.of(1), clock, renewal, { storeTimeoutMs: patienceMs }) };
}

export const always = (): boolean => true;
export const never = (): boolean => false;

export function mine(result: TurnResult<Stamped>): Extract<TurnResult<Stamped>, { state: 'mine' }> {
  if (result.state !== 'mine') throw new Error(`expected the turn, got ${result.state}`);
  return result;
}
