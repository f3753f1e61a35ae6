import { inRange } from '../number-options.ts';

/** What the work gave, or why it was not waited for. */
export type DeadlineResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'deadline' | 'aborted' };

/** How many timers in a row make up the time. */
const slices = 4;
/** Beyond it the platform's timers end at once. */
const maxMs = 2_147_483_647;

/**
 * Runs a piece of work with an end to it.
 *
 * A process that stands still (a long computation, no processor) finds its timers due before it looks at the answers
 * that came meanwhile. So the time is counted in slices, and standing still costs one of them at most.
 *
 * @param ms Milliseconds from now, 0 to 2,147,483,647; of a time that the process stands still, a slice at most is counted.
 * @param signal Ends the work earlier, for example a request's own signal.
 * @param run Is told through its signal; what it returns after the end is dropped.
 * @returns The value, or why there is none. What `run` throws in time passes through.
 * @throws {RangeError} When `ms` is out of range.
 */
export async function withDeadline<Value>(
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<DeadlineResult<Value>> {
  inRange('ms', ms, 0, maxMs);
  if (signal?.aborted === true) return { ok: false, reason: 'aborted' };
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = (): void => {};
  const ended = new Promise<DeadlineResult<Value>>((resolve) => {
    const end = (reason: 'deadline' | 'aborted'): void => {
      resolve({ ok: false, reason });
      controller.abort();
    };
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > 1 ? wait(left - 1) : end('deadline')), Math.ceil(ms / slices));
    };
    wait(slices);
    onAbort = () => end('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const work = run(controller.signal).then((value): DeadlineResult<Value> => ({ ok: true, value }));
    work.catch(() => {}); // a failure after the end concerns nobody any more
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
