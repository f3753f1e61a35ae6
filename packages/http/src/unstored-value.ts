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
  keep(put: () => Promise<StoreOutcome>, mark: string): Promise<void>;
  /** Stores what overrules everything that is there, likewise; without a mark it is no value. */
  overrule(put: () => Promise<StoreOutcome>, mark?: string): Promise<void>;
  /** Does so instead of storing the value with this mark, unless the store has heard of it. True when it was still to. */
  overruleInstead(mark: string, put: () => Promise<StoreOutcome>): Promise<boolean>;
  /** Tries again, if there is anything to store; who comes while it is being tried waits for that, as long as it lives. */
  store(): Promise<void>;
  /** It is of no more use. */
  drop(): void;
}

interface Kept {
  readonly put: () => Promise<StoreOutcome>;
  readonly overrules: boolean;
  readonly mark: string | undefined;
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

  function overrule(put: () => Promise<StoreOutcome>, mark?: string): Promise<void> {
    kept = { put, overrules: true, mark };
    return store();
  }

  return {
    isThere: () => kept !== undefined,
    overrules: () => kept?.overrules === true,
    isDue: () => kept !== undefined && clock() >= pause.untilMs(clock()),
    keep(put, mark) {
      kept = { put, overrules: false, mark };
      return store();
    },
    overrule,
    async overruleInstead(mark, put) {
      if (kept?.mark === mark)
        await flights
          .underWay(kept)
          ?.outcome()
          .catch(() => {}); // told to those who asked for it
      if (kept?.mark !== mark) return false;
      await overrule(put);
      return true;
    },
    store,
    drop() {
      kept = undefined;
    },
  };
}
