import { withDeadline } from './deadline.ts';

/** What a callback gave, or why it gave nothing. */
export type CallbackResult<Value> = { readonly ok: true; readonly value: Value } | CallbackFailure;

/** Why a callback gave nothing. */
export type CallbackFailure =
  /** It threw or rejected: answer 500. */
  | { readonly ok: false; readonly reason: 'failed'; readonly error: unknown }
  /** It did not come back in time, or nobody waits for it any more: answer 503. */
  | { readonly ok: false; readonly reason: 'deadline' | 'aborted' };

/** Options of {@link runCallback}. */
export interface RunCallbackOptions {
  /** Milliseconds from now, 0 to 2,147,483,647. */
  readonly deadlineMs: number;
  /** Ends it earlier: the request's own signal, or that of the work around it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a developer's callback, or whatever else in a handler is theirs, such as a store.
 *
 * The error is the developer's own and may hold anything: hand it to the handler's subscriber, and tell the stranger
 * who asked a status alone. Decide, count and tell events after this has returned and not inside: what a callback
 * gives or throws once the time is over is dropped, so that nothing is said twice and no rejection stays unhandled.
 *
 * @param callback Is told the end through its signal. A value or a promise of one.
 * @returns The value, or why there is none. Never rejects for anything that a callback does.
 * @throws {RangeError} When `deadlineMs` is out of range.
 */
export async function runCallback<Value>(
  callback: (signal: AbortSignal) => Value | PromiseLike<Value>,
  { deadlineMs, signal }: RunCallbackOptions,
): Promise<CallbackResult<Awaited<Value>>> {
  const done = await withDeadline(deadlineMs, signal, (until) => settle(callback, until));
  return done.ok ? done.value : done;
}

async function settle<Value>(
  callback: (signal: AbortSignal) => Value | PromiseLike<Value>,
  signal: AbortSignal,
): Promise<CallbackResult<Awaited<Value>>> {
  try {
    return { ok: true, value: await callback(signal) };
  } catch (error) {
    return { ok: false, reason: 'failed', error };
  }
}
