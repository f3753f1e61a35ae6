import { type Clock, digest, encodeBase64Url, sha256 } from '@x/crypto';
import { flattenParameters, type SessionParameters } from './parameters.ts';

/**
 * Remembers what a source was refused, so that it is not asked for in a loop.
 *
 * The same login waits for a second, then twice as long each time, up to a minute. Another one is tried at once; while
 * those of a source are refused one after the other, two are in a second, then in twice as long, up to eight seconds.
 */
export interface RefusedLogin {
  /** @throws What the last login was refused with, as long as that is taken for granted. */
  assertUntried(parameters: SessionParameters): void;
  /** Takes a refusal for granted. */
  note(parameters: SessionParameters, refusal: unknown): void;
  /** Forgets all refusals, once a login was accepted. */
  end(): void;
}

const longestMs = 60_000;
const longestOfAnyMs = 8000;

/** A wait for the same login, or for whatever a source gives. */
interface Wait {
  readonly waitMs: number;
  readonly untilMs: number;
}

const none = { name: '', refusal: undefined as unknown, waitMs: 500, untilMs: 0, isSpent: false };

/** Keeps one login: a digest of it, and the refusal. */
export function createRefusedLogin(clock: Clock): RefusedLogin {
  let last: Wait & Pick<typeof none, 'name' | 'refusal'> = none;
  /** `isSpent`: another login than the one that began the wait was refused too. */
  let any: Wait & { readonly isSpent: boolean } = none;

  function next({ waitMs }: Wait, mostMs: number): Wait {
    const doubledMs = Math.min(mostMs, 2 * waitMs);
    return { waitMs: doubledMs, untilMs: clock() + doubledMs };
  }

  return {
    assertUntried(parameters) {
      const nowMs = clock();
      const isWaiting =
        nameOf(parameters) === last.name ? isRunning(last, nowMs) : any.isSpent && isRunning(any, nowMs);
      if (isWaiting) throw last.refusal;
    },
    note(parameters, refusal) {
      const name = nameOf(parameters);
      last = { name, refusal, ...next(name === last.name ? last : none, longestMs) };
      any = isRunning(any, clock()) ? { ...any, isSpent: true } : { ...next(any, longestOfAnyMs), isSpent: false };
    },
    end() {
      last = none;
      any = none;
    },
  };
}

/** A wait of which more is left than it was to last is over: the clock was set back. */
function isRunning({ waitMs, untilMs }: Wait, nowMs: number): boolean {
  return nowMs < untilMs && untilMs - nowMs <= waitMs;
}

function nameOf(parameters: SessionParameters): string {
  return encodeBase64Url(digest(sha256, JSON.stringify(flattenParameters(parameters))));
}
