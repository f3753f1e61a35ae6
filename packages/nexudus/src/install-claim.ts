import { digest, encodeHex, randomToken, sha256 } from '@x/crypto';
import { type Store, storeKey } from '@x/http/store';
import type { VerifiedInstall } from './install/verify-install.ts';

/** What is known of an install link: nobody has used it, somebody is using it, or it was carried out. */
export type ClaimState = 'taken' | 'in-progress' | 'done';

/** The right to carry out one install link. */
export interface InstallClaim {
  readonly state: ClaimState;
  /** Remembers the link as carried out, whoever holds it now, for as long as it would go on passing verification. */
  settle(): Promise<void>;
  /** Gives the link back, so that a reload may try again; one that somebody else has taken meanwhile stays theirs. */
  release(): Promise<void>;
}

/** Beyond the link's own life: two machines need not agree on the time. */
const marginMs = 60_000;

/**
 * Claims an install link for one worker on all machines that share the store, for as long as the lease.
 *
 * Links are told apart by everything that the check value covers and the check value itself; the key is their digest,
 * because the token among them is a secret.
 *
 * @param leaseMs Milliseconds until a claim that was neither settled nor given back may be taken again.
 * @see Nexudus fact sheet §3.6.
 */
export async function claimInstall(store: Store, install: VerifiedInstall, leaseMs: number): Promise<InstallClaim> {
  const { applicationKey, installToken, ticks, checkValue } = install;
  const link = encodeHex(digest(sha256, [applicationKey, installToken, ticks, checkValue].join('|')));
  const key = storeKey('nexudus', 'install', applicationKey, link);
  const own = { owner: randomToken(16) };
  const isMine = await store.compareAndSet(key, undefined, own, { ttlMs: leaseMs });
  return {
    state: isMine ? 'taken' : (await store.get(key)) === 'done' ? 'done' : 'in-progress',
    settle: () => store.set(key, 'done', { ttlMs: Math.max(install.remainingMs, 0) + marginMs }),
    release: async () => {
      await store.compareAndSet(key, own, undefined);
    },
  };
}
