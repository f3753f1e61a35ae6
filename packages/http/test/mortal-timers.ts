import type { SetTimer } from '../src/liveness.ts';

/** Timers that can die, as those of a request do on some platforms. */
export interface MortalTimers {
  readonly setTimer: SetTimer;
  /** Lets none ring that was set so far. */
  die(): void;
}

/** @param onRing Told each time one rings. */
export function mortalTimers(onRing: () => void = () => {}): MortalTimers {
  let life = 0;
  return {
    setTimer: (ring, ms) => {
      const own = life;
      return setTimeout(() => {
        if (own !== life) return;
        onRing();
        ring();
      }, ms);
    },
    die() {
      life += 1;
    },
  };
}
