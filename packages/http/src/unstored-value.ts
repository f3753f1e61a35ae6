import type { Clock } from '@x/crypto/light';
import type { SharedValue, Turn } from './shared-value.ts';

/** A value that was issued and could not be stored. Until the store has it, everybody else believes that it was lost. */
export interface UnstoredValue<Value> {
  isThere(): boolean;
  /** Whether it is time to try again. */
  isDue(): boolean;
  keep(value: Value, turn: Turn<Value> | undefined): void;
  /** Tries again, if there is anything to store. */
  store(): Promise<void>;
  /** It is of no more use. */
  drop(): void;
}

/** @param pauseMs Milliseconds between two tries. */
export function createUnstoredValue<Value>(
  shared: SharedValue<Value>,
  clock: Clock,
  pauseMs: number,
): UnstoredValue<Value> {
  let kept: { readonly value: Value; readonly turn: Turn<Value> | undefined; readonly retryAtMs: number } | undefined;
  return {
    isThere: () => kept !== undefined,
    isDue: () => kept !== undefined && clock() >= kept.retryAtMs,
    keep(value, turn) {
      kept = { value, turn, retryAtMs: clock() + pauseMs };
    },
    async store() {
      if (kept === undefined) return;
      const { value, turn } = kept;
      const tried = { value, turn, retryAtMs: Number.POSITIVE_INFINITY };
      kept = tried;
      const outcome = await shared.publish(value, turn);
      if (kept !== tried) return; // another one has taken its place
      kept = outcome === 'failed' ? { value, turn, retryAtMs: clock() + pauseMs } : undefined;
    },
    drop() {
      kept = undefined;
    },
  };
}
