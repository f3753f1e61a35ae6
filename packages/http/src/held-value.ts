import type { RenewableCredentialOptions, RenewableCredentialSettings } from './renewable-credential-options.ts';
import { fullJitter } from './retry.ts';

/** The value that a process holds, or the last one it held that the provider refused. */
export interface HeldValue<Value> {
  /** Usable or not. */
  peek(): Value | undefined;
  /** The value, unless it has expired. */
  usable(): Value | undefined;
  /** What a new value would replace, valid, expired or refused. */
  predecessor(): Value | undefined;
  /** The one that was there last, valid, expired, refused or forgotten. */
  last(): Value | undefined;
  /** Milliseconds until a value ends; infinite when nobody knows. */
  leftMs(value: Value): number;
  /** Text by which a value is known again. */
  markOf(value: Value): string;
  isRefused(value: Value): boolean;
  /** Whether a value is to be held instead of the one that is. */
  isBetter(found: Value): boolean;
  hold(value: Value): void;
  /** Takes the value's next state, with another expiry perhaps, in its place. */
  slide(next: Value): void;
  /** Gives the value up that is held: it is not better than any other one from now on. */
  refuse(): void;
  /** Gives a value up, held or refused, that nothing is to be got with either. */
  disown(value: Value): void;
  /** Whether a value is the one that was last disowned. */
  isDisowned(value: Value): boolean;
  /** Trusts a refused value again. */
  pardon(value: Value): void;
  forget(): void;
  /** Whether a renewal ahead of expiry is to begin now. Says so once, and again after a quarter of the time ahead. */
  claimRenewal(): boolean;
}

export function createHeldValue<Value>(
  options: Pick<RenewableCredentialOptions<Value>, 'toHeaders' | 'expiresAtMs'>,
  settings: Pick<RenewableCredentialSettings, 'marginMs' | 'renewal' | 'clock' | 'random'>,
): HeldValue<Value> {
  const { marginMs, renewal, clock, random } = settings;
  let current: { readonly value: Value; readonly aheadMs: number } | undefined;
  let refused: Value | undefined;
  /** Whether a successor is got with the refused value. */
  let isRenewable = true;
  let nextAttemptMs = 0;

  const markOf = (value: Value): string => JSON.stringify(options.toHeaders(value));
  const leftMs = (value: Value): number => (options.expiresAtMs(value) ?? Number.POSITIVE_INFINITY) - clock();
  const isRefused = (value: Value): boolean => refused !== undefined && markOf(value) === markOf(refused);

  function refuse(): void {
    refused = current?.value;
    current = undefined;
    isRenewable = true;
  }

  return {
    peek: () => current?.value,
    usable: () => (current !== undefined && leftMs(current.value) > 0 ? current.value : undefined),
    predecessor: () => current?.value ?? (isRenewable ? refused : undefined),
    last: () => current?.value ?? refused,
    leftMs,
    markOf,
    isRefused,
    isBetter(found) {
      if (isRefused(found)) return false;
      if (current === undefined) return true;
      return renewal === 'rotating' ? markOf(found) !== markOf(current.value) : leftMs(found) > leftMs(current.value);
    },
    hold(value) {
      const aheadMs = marginMs + fullJitter(marginMs / 2, random);
      current = { value, aheadMs: Math.min(aheadMs, leftMs(value) / 2) };
      nextAttemptMs = 0;
    },
    slide(next) {
      if (current !== undefined) current = { value: next, aheadMs: current.aheadMs };
    },
    refuse,
    disown(value) {
      if (current !== undefined && markOf(current.value) === markOf(value)) refuse();
      if (isRefused(value)) isRenewable = false;
    },
    isDisowned: (value) => !isRenewable && isRefused(value),
    pardon(value) {
      if (isRefused(value)) refused = undefined;
    },
    forget() {
      current = undefined;
      refused = undefined;
    },
    claimRenewal() {
      if (current === undefined || leftMs(current.value) > current.aheadMs || clock() < nextAttemptMs) return false;
      nextAttemptMs = clock() + current.aheadMs / 4;
      return true;
    },
  };
}
