import { CredentialError, isXError } from './errors.ts';
import type { Liveness, LivingWork } from './liveness.ts';
import { toCredentialError } from './to-credential-error.ts';

/** What {@link createRenewalFlight} is made from. */
export interface RenewalFlightOptions<Value> {
  readonly provider: string;
  readonly liveness: Liveness;
  readonly obtain: () => Promise<Value>;
  /** Told that a renewal has died, before another one begins. */
  readonly onDeath: () => void;
}

/** One renewal at a time, for everybody who waits. */
export interface RenewalFlight<Value> {
  /**
   * The value of the renewal that is under way, or of one that begins now. On some platforms it ends with the request that
   * began it: whoever waits then gets an error of the platform's, or nothing, and begins one of his own.
   */
  value(): Promise<Value>;
  /** Waits for what is under way, if anything is, and does not tell what came of it. */
  settled(): Promise<void>;
  /** Leaves what is under way to those who wait for it already. */
  leave(): void;
}

export function createRenewalFlight<Value>(options: RenewalFlightOptions<Value>): RenewalFlight<Value> {
  const { provider, liveness, obtain, onDeath } = options;
  let pending: LivingWork<Value> | undefined;
  /** What was begun instead of a renewal that died: all who waited for that one get its value. */
  const successors = new WeakMap<LivingWork<Value>, LivingWork<Value>>();

  function begin(): LivingWork<Value> {
    const begun = liveness.begin(() =>
      obtain().finally(() => {
        if (pending === begun) pending = undefined;
      }),
    );
    begun.promise.catch(() => {}); // told to those who wait for it
    pending = begun;
    return begun;
  }

  return {
    async value() {
      const message = 'the renewal ended with the request that began it';
      let failure: unknown = new CredentialError({ provider, code: 'credential.renewal-failed', message });
      let dead: LivingWork<Value> | undefined;
      for (let tries = 0; tries < 2; tries += 1) {
        const joined: LivingWork<Value> = (dead && successors.get(dead)) ?? pending ?? begin();
        if (dead !== undefined) successors.set(dead, joined);
        try {
          const outcome = await joined.outcome();
          if (outcome.ok) return outcome.value;
        } catch (error) {
          if (isXError(error)) throw error;
          failure = error;
        }
        dead = joined;
        if (pending !== joined) continue; // it has failed, or somebody else has found out
        pending = undefined;
        onDeath();
      }
      throw toCredentialError(failure, provider);
    },
    async settled() {
      await pending?.outcome().catch(() => {}); // told to those who need the value
    },
    leave() {
      pending = undefined;
    },
  };
}
