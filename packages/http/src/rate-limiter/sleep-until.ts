import type { Clock } from '@x/crypto/light';
import type { Sleep } from './contract.ts';
import type { Waiter } from './waiter.ts';

/** What {@link sleepUntilTurn} needs. */
export interface SleepUntilOptions {
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Told that the time has come which the waiter expected. Timers may ring early; the clock has the last word. */
  readonly onRing: () => void;
}

/**
 * Sleeps until a waiter has had its outcome, and rings whenever its turn should have come. Never rejects.
 *
 * Each waiter sleeps by a timer of its own: some platforms, such as workerd, stop the timers of a request with it, and
 * one timer for all would leave those behind it waiting.
 */
export async function sleepUntilTurn(waiter: Waiter, { clock, sleep, onRing }: SleepUntilOptions): Promise<void> {
  while (!waiter.isGone()) {
    const changed = waiter.changed();
    const readyMs = waiter.readyMs();
    if (readyMs === undefined) {
      await changed;
      continue;
    }
    const controller = new AbortController();
    try {
      const rung = sleep(Math.max(1, Math.ceil(readyMs - clock())), controller.signal).then(() => true);
      if (await Promise.race([rung, changed])) onRing();
    } catch (error) {
      waiter.fail(error);
    } finally {
      controller.abort();
    }
  }
}
