import { emit } from '@x/http/events';
import { storeKey } from '@x/http/store';
import type { HubSettings } from './options.ts';
import { isSegment } from './segment.ts';
import type { HubGrant } from './token.ts';

/** What takes tokens back. */
export interface Revocation {
  /** Takes back every token of the user that was issued up to now. */
  revoke(username: string): Promise<void>;
  /**
   * The moment after which a token must be issued to be good, milliseconds since 1970; undefined when none was revoked.
   *
   * It can lie ahead of this machine's clock, by little: another's may be fast.
   */
  lastOf(username: string): Promise<number | undefined>;
  isRevoked(grant: HubGrant): Promise<boolean>;
}

const maxTries = 8;

/**
 * Keeps for each user the moment before which tokens are no longer good; linking again gives a newer one.
 *
 * It is kept without an end: tokens expire only while `tokenTtlMs` says so, which may change.
 *
 * @see Hub fact sheet §8 row 11
 */
export function createRevocation(settings: HubSettings): Revocation {
  const { app, environment = '', stores, clock, usernameCanonical, onEvent } = settings;
  const store = stores.revocations;
  const keyOf = (username: string): string =>
    storeKey('@x/hub', app, environment, 'not-before', usernameCanonical(username));

  return {
    async revoke(username) {
      if (!isSegment(username)) throw new RangeError('username must be 1 to 256 characters, not a dot segment');
      const key = keyOf(username);
      for (let tries = 0; tries < maxTries; tries += 1) {
        const known = await store.get(key);
        // Past the mark that is there, because a token that was issued after it may carry the next millisecond.
        const notBeforeMs = Math.max(Math.floor(clock()), typeof known === 'number' ? known + 1 : 0);
        if (await store.compareAndSet(key, known, notBeforeMs)) {
          emit(onEvent, { type: 'user-revoked' });
          return;
        }
      }
      throw new Error('the revocation could not be stored: others kept changing it');
    },
    async lastOf(username) {
      const notBeforeMs = await store.get(keyOf(username));
      if (notBeforeMs === undefined || typeof notBeforeMs === 'number') return notBeforeMs;
      throw new Error('what the store holds as the revocation of a user is no number; revoking the user mends it');
    },
    async isRevoked(grant) {
      const notBeforeMs = await store.get(keyOf(grant.username));
      // a mark that cannot be read takes every token back
      const isGood = notBeforeMs === undefined || (typeof notBeforeMs === 'number' && grant.issuedAtMs > notBeforeMs);
      if (!isGood) return true;
      return (await settings.isRevoked(grant)) !== false;
    },
  };
}
