import type { Waiter } from './waiter.ts';

/** The requests of one key: what they took, and who waits. */
export interface Line {
  /** Grants the turn, gives a place at the end, or refuses. */
  join(waiter: Waiter): void;
  /** Told that a waiter has left. */
  refresh(): void;
  /** Told that the time has come which a waiter was told to expect. */
  ring(): void;
  /** Grants nothing for so many milliseconds from now. */
  hold(ms: number): void;
  /** Whether forgetting the line would change nothing. */
  isIdle(): boolean;
}
