import type { Clock } from '@x/crypto/light';
import { createHold } from './hold.ts';
import type { StoreOutcome } from './shared-value.ts';

/** What the store has not heard yet: a value that was issued, or that another one counts from now on, or none. */
export interface Unstored {
  isThere(): boolean;
  /** Whether what lies in the store does not count any more. */
  overrules(): boolean;
  /** Whether it is time to try again. */
  isDue(): boolean;
  /** Keeps a value that was issued and could not be stored: until then, everybody else believes that it was lost. */
  keep(put: () => Promise<StoreOutcome>): void;
  /** Stores what overrules everything that is there: at once, or when the store answers again. */
  overrule(put: () => Promise<StoreOutcome>): Promise<void>;
  /** Tries again, if there is anything to store; who comes while it is being tried waits for that. */
  store(): Promise<void>;
  /** It is of no more use. */
  drop(): void;
}

interface Kept {
  readonly put: () => Promise<StoreOutcome>;
  readonly overrules: boolean;
  trying: Promise<void> | undefined;
}

/** @param pauseMs Milliseconds between two tries. */
export function createUnstored(clock: Clock, pauseMs: number): Unstored {
  let kept: Kept | undefined;
  let pause = createHold();

  function rest(): void {
    pause = createHold();
    pause.extend(pauseMs, clock());
  }

  async function attempt(tried: Kept): Promise<void> {
    const outcome = await tried.put();
    tried.trying = undefined;
    if (kept !== tried) return; // another one has taken its place
    if (outcome === 'failed') rest();
    else kept = undefined;
  }

  async function store(): Promise<void> {
    if (kept === undefined) return;
    kept.trying ??= attempt(kept);
    await kept.trying;
  }

  return {
    isThere: () => kept !== undefined,
    overrules: () => kept?.overrules === true,
    isDue: () => kept !== undefined && kept.trying === undefined && clock() >= pause.untilMs(clock()),
    keep(put) {
      kept = { put, overrules: false, trying: undefined };
      rest();
    },
    overrule(put) {
      kept = { put, overrules: true, trying: undefined };
      return store();
    },
    store,
    drop() {
      kept = undefined;
    },
  };
}
