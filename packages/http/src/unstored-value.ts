import type { Clock } from '@x/crypto/light';
import { createHold } from './hold.ts';
import { createFlights } from './server/flights.ts';
import type { Liveness } from './server/liveness.ts';
import type { StoreOutcome } from './shared-value.ts';

/** What the store has not heard yet: a value that was issued, or that another one counts from now on, or none. */
export interface Unstored {
  isThere(): boolean;
  /** Whether what lies in the store does not count any more. */
  overrules(): boolean;
  /** Whether it is time to try again. */
  isDue(): boolean;
  /** Stores a value that was issued, at once or when the store answers again: until then, others believe that it was lost. */
  keep(put: () => Promise<StoreOutcome>): Promise<void>;
  /** Stores what overrules everything that is there, likewise. */
  overrule(put: () => Promise<StoreOutcome>): Promise<void>;
  /** Tries again, if there is anything to store; who comes while it is being tried waits for that, as long as it lives. */
  store(): Promise<void>;
  /** It is of no more use. */
  drop(): void;
}

interface Kept {
  readonly put: () => Promise<StoreOutcome>;
  readonly overrules: boolean;
}

/** @param pauseMs Milliseconds between two tries. */
export function createUnstored(clock: Clock, pauseMs: number, liveness: Liveness): Unstored {
  const flights = createFlights<Kept, void>(liveness);
  let kept: Kept | undefined;
  let pause = createHold();

  function rest(): void {
    pause = createHold();
    pause.extend(pauseMs, clock());
  }

  async function attempt(tried: Kept): Promise<void> {
    const outcome = kept === tried ? await tried.put() : undefined;
    if (kept !== tried) return; // another one has taken its place
    if (outcome === 'failed') rest();
    else kept = undefined;
  }

  async function store(): Promise<void> {
    if (kept === undefined) return;
    const tried = kept;
    rest();
    await flights.join(tried, () => attempt(tried)).catch(() => {}); // it is tried again after the pause
  }

  return {
    isThere: () => kept !== undefined,
    overrules: () => kept?.overrules === true,
    isDue: () => kept !== undefined && clock() >= pause.untilMs(clock()),
    keep(put) {
      kept = { put, overrules: false };
      return store();
    },
    overrule(put) {
      kept = { put, overrules: true };
      return store();
    },
    store,
    drop() {
      kept = undefined;
    },
  };
}
