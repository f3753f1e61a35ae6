import type { SetTimer } from '../src/server/liveness.ts';

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

/** A promise as other requests see it when the one that began it has ended: it rejects, and never comes to its own end. */
export function endedWithRequest(word: Error): Promise<never> {
  const dead = Promise.reject(word);
  dead.catch(() => {});
  return Object.assign(dead, { finally: () => dead });
}
