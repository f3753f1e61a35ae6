import { type Clock, digest, encodeBase64Url, sha256 } from '@x/crypto';
import { flattenParameters, type SessionParameters } from './parameters.ts';

/** Remembers what was refused, so that the same is not asked for in a loop; another login is tried at once. */
export interface RefusedLogin {
  /** @throws What the login was refused with, as long as that is taken for granted. */
  assertUntried(parameters: SessionParameters): void;
  /** Takes a refusal for granted: for a second, then twice as long each time, up to a minute. */
  note(parameters: SessionParameters, refusal: unknown): void;
}

const firstMs = 1000;
const longestMs = 60_000;

/** Keeps one login: a digest of it, and the refusal. */
export function createRefusedLogin(clock: Clock): RefusedLogin {
  let last = { name: '', refusal: undefined as unknown, waitMs: 0, untilMs: 0 };
  return {
    assertUntried(parameters) {
      if (nameOf(parameters) === last.name && clock() < last.untilMs) throw last.refusal;
    },
    note(parameters, refusal) {
      const name = nameOf(parameters);
      const waitMs = name === last.name ? Math.min(longestMs, 2 * last.waitMs) : firstMs;
      last = { name, refusal, waitMs, untilMs: clock() + waitMs };
    },
  };
}

function nameOf(parameters: SessionParameters): string {
  return encodeBase64Url(digest(sha256, JSON.stringify(flattenParameters(parameters))));
}
