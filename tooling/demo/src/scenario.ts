import type { Stage, Tamper } from './stage.ts';
import type { Provider } from './step.ts';

/** One provider's part in the demo. */
export interface Scenario {
  readonly provider: Provider;
  /** What the product app gets by it, for the heading. */
  readonly title: string;
  /** What `--break` corrupts: one byte of this. */
  readonly broken: string;
  readonly tamper: Tamper;
  /** Plays the flow; returns what it proved, throws {@link Caught} or anything else when it does not come through. */
  readonly play: (stage: Stage) => Promise<readonly string[]>;
}

/** Thrown by a scenario when a party refused to go on: who and why. */
export class Caught extends Error {
  override readonly name: string = 'Caught';
}
