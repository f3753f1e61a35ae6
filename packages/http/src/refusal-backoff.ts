import type { Clock } from '@x/crypto/light';
import { createHold, type Hold } from './hold.ts';

/** Remembers that a provider refuses: a wrong password stays wrong, and asking in a loop would get the account locked. */
export interface RefusalBackoff<Refusal> {
  /** The provider's last word, as long as it is taken for granted. */
  standing(): Refusal | undefined;
  /** Takes a refusal for granted for a while: twice as long as the one before it. */
  holdBack(refusal: Refusal): void;
  /** How long the last refusal was to stand, in milliseconds; 0 without one. */
  waitMs(): number;
  end(): void;
}

const longestMs = 60_000;

/** @param firstMs How long the first refusal stands; doubled up to a minute, unless it is above that already. */
export function createRefusalBackoff<Refusal>(firstMs: number, clock: Clock): RefusalBackoff<Refusal> {
  let last: { readonly refusal: Refusal; readonly waitMs: number; readonly hold: Hold } | undefined;
  return {
    standing() {
      const nowMs = clock();
      return last !== undefined && nowMs < last.hold.untilMs(nowMs) ? last.refusal : undefined;
    },
    holdBack(refusal) {
      const waitMs = Math.min(Math.max(firstMs, longestMs), last === undefined ? firstMs : last.waitMs * 2);
      last = { refusal, waitMs, hold: createHold() };
      last.hold.extend(waitMs, clock());
    },
    waitMs: () => last?.waitMs ?? 0,
    end() {
      last = undefined;
    },
  };
}
