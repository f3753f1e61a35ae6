import type { Clock } from '@x/crypto/light';
import type { CredentialError } from './errors.ts';

/** Remembers that a provider refuses: a wrong password stays wrong, and asking in a loop would get the account locked. */
export interface RefusalBackoff {
  /** The provider's last word, as long as it is taken for granted. */
  standing(): CredentialError | undefined;
  /** Takes a refusal for granted for a while: twice as long as the one before it. */
  holdBack(refusal: CredentialError): void;
  /** How long the last refusal was to stand, in milliseconds; 0 without one. */
  waitMs(): number;
  end(): void;
}

const longestMs = 60_000;

/** @param firstMs How long the first refusal stands; doubled up to a minute, unless it is above that already. */
export function createRefusalBackoff(firstMs: number, clock: Clock): RefusalBackoff {
  let last: { readonly refusal: CredentialError; readonly waitMs: number; readonly untilMs: number } | undefined;
  return {
    standing: () => (last !== undefined && clock() < last.untilMs ? last.refusal : undefined),
    holdBack(refusal) {
      const waitMs = Math.min(Math.max(firstMs, longestMs), last === undefined ? firstMs : last.waitMs * 2);
      last = { refusal, waitMs, untilMs: clock() + waitMs };
    },
    waitMs: () => last?.waitMs ?? 0,
    end() {
      last = undefined;
    },
  };
}
