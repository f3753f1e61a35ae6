import type { RandomSource } from '@x/crypto/light';
import type { Credential } from './credential.ts';
import { uniform } from './uniform.ts';

/** What the attempts of one call share. */
export interface Call {
  /** Names it in events; empty where nobody listens. */
  readonly id: string;
  /** Whether its caller gave it up, which tells an abort from a timeout of ky's. */
  readonly isAborted: () => boolean;
  /** When all its attempts must have ended, by `performance.now()`, which nobody sets; infinite where nothing says so. */
  readonly endsAtMs: number;
  readonly credential: Credential | undefined;
  /** What sends its requests; default the platform's. */
  readonly fetch: typeof globalThis.fetch | undefined;
  attempts: number;
  exchanges: number;
  /** Whether it has had its replay. */
  replayed: boolean;
  /** Status of the last exchange, or the code of its failure. */
  outcome: string;
}

/** Names calls: `<32 random bits>-<number>`, so that the calls of all clients of a subscriber differ. */
export function createCallIds(random: RandomSource): () => string {
  let prefix: string | undefined;
  let count = 0;
  return () => {
    prefix ??= Math.floor(uniform(random) * 2 ** 32).toString(36);
    count += 1;
    return `${prefix}-${count}`;
  };
}
