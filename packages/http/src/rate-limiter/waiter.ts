import { RequestError } from '../errors.ts';
import { createHold } from '../hold.ts';
import { inRange } from '../number-options.ts';
import type { AcquireRequest } from './contract.ts';
import { rateLimitedError } from './rate-limited.ts';

/** A request that waits for its turn. It has one outcome, as its promise has; further ones change nothing. */
export interface Waiter {
  readonly cost: number;
  /** In milliseconds since 1970; a turn that comes later is of no use. Begins anew when the clock is set back. */
  deadlineMs(nowMs: number): number;
  /** Whether it has had its outcome, or its caller has left. */
  isGone(): boolean;
  /** When the turn comes, in milliseconds since 1970, as far as is known; undefined where nobody has said. */
  readyMs(): number | undefined;
  /** Says when the turn comes; its caller then wakes by itself. */
  expect(readyMs: number): void;
  /** Resolves with false once the waiter is gone or its turn comes earlier; asked again, forgets who asked before. */
  changed(): Promise<false>;
  grant(): void;
  /** @param waitMs Milliseconds until its turn would have come. */
  refuse(waitMs: number): void;
  fail(error: unknown): void;
}

/** What {@link createWaiter} is made from. */
export interface WaiterOptions {
  readonly provider: string;
  readonly request: AcquireRequest;
  /** What `request.cost` may be at most. */
  readonly maxCost: number;
  /** What holds where `request.maxWaitMs` is absent. */
  readonly maxWaitMs: number;
  readonly nowMs: number;
  /** Told when the caller leaves before there is an outcome. */
  readonly onLeave: () => void;
}

/**
 * Makes a waiter of a request, and the promise that its caller gets.
 *
 * @throws {RangeError} For a cost or a wait out of range.
 * @throws {RequestError} `http.aborted` when the signal is aborted already.
 */
export function createWaiter(options: WaiterOptions): { readonly waiter: Waiter; readonly turn: Promise<void> } {
  const { provider, maxCost, nowMs, onLeave } = options;
  const { cost = 1, signal } = options.request;
  const maxWaitMs = checkMaxWait(options.request.maxWaitMs ?? options.maxWaitMs);
  if (!Number.isInteger(cost) || cost < 1 || cost > maxCost) {
    throw new RangeError(`cost must be a whole number from 1 to ${maxCost}, the smallest limit, got ${cost}`);
  }
  if (signal?.aborted === true) throw abortedError(provider);

  const patience = createHold();
  patience.extend(maxWaitMs, nowMs);
  const { promise: turn, resolve, reject } = withResolvers();
  let gone = false;
  let readyMs: number | undefined;
  let wake = (_: false): void => {};
  const leave = (settle: () => void): void => {
    gone = true;
    wake(false);
    signal?.removeEventListener('abort', onAbort);
    settle();
  };
  const onAbort = (): void => {
    leave(() => {
      reject(abortedError(provider));
      onLeave();
    });
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const waiter: Waiter = {
    cost,
    deadlineMs: patience.untilMs,
    isGone: () => gone,
    readyMs: () => readyMs,
    expect(atMs) {
      const isEarlier = readyMs === undefined || atMs < readyMs;
      readyMs = atMs;
      if (isEarlier) wake(false);
    },
    changed: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    grant: () => leave(resolve),
    refuse: (waitMs) => leave(() => reject(rateLimitedError(provider, Math.ceil(waitMs), maxWaitMs))),
    fail: (error) => leave(() => reject(error)),
  };
  return { waiter, turn };
}

/** @throws {RangeError} When it is not from 0 to a day. */
export function checkMaxWait(maxWaitMs: number): number {
  return inRange('maxWaitMs', maxWaitMs, 0, 86_400_000);
}

function abortedError(provider: string): RequestError {
  const message = 'the wait for the rate limit was aborted by its caller';
  return new RequestError({ provider, code: 'http.aborted', message });
}

/** `Promise.withResolvers`, which the oldest supported runtime's library does not name yet. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
