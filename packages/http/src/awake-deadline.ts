import type { DeadlineResult } from './server/deadline.ts';

const slices = 4;

/**
 * Runs a piece of work that ends, at the latest, when this process has been awake for so long.
 *
 * A process that stands still (a long computation, no processor) finds its timers due before it looks at the answers
 * that came meanwhile. So the time is counted in slices, and standing still costs one of them at most.
 *
 * @param run Is told through its signal; what it returns after the end is dropped.
 */
export async function withAwakeDeadline<Value>(
  ms: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<DeadlineResult<Value>> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<DeadlineResult<Value>>((resolve) => {
    const wait = (left: number): void => {
      timer = setTimeout(() => {
        if (left > 1) return wait(left - 1);
        resolve({ ok: false, reason: 'deadline' });
        controller.abort();
      }, ms / slices);
    };
    wait(slices);
  });
  try {
    const work = run(controller.signal).then((value): DeadlineResult<Value> => ({ ok: true, value }));
    work.catch(() => {}); // a failure after the end concerns nobody any more
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
  }
}
