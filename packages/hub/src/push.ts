import { emit } from '@x/http/events';
import { storeKey } from '@x/http/store';
import type { CallHub } from './client.ts';
import type { HubSettings } from './options.ts';
import { isSegment } from './segment.ts';

/**
 * Why a push was not sent.
 *
 * - `too-soon`: the last one for this user is less than `pushIntervalMs` ago
 * - `in-handler`: a data request of this user is being answered, and Hub would ask again without end
 */
export type PushHeldReason = 'too-soon' | 'in-handler';

/** Whether Hub was asked to refresh. */
export type PushResult = { readonly ok: true } | { readonly ok: false; readonly reason: PushHeldReason };

/** Options of {@link Pushes.push}. */
export interface PushOptions {
  /** Which of `hubs` the user is linked with. Default the first. */
  readonly hub?: string | undefined;
  /** Aborts the call to Hub. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks Hub to refresh, and knows who is being answered meanwhile. */
export interface Pushes {
  push(username: string, options?: PushOptions): Promise<PushResult>;
  /** Runs a callback for a user; a push for the same user waits until it has ended. */
  during<Value>(username: string, run: () => Promise<Value>): Promise<Value>;
}

/**
 * Makes the push of one app: at most one per user and interval, on every machine that shares the store.
 *
 * @see Hub fact sheet §3.2 B2, §8 rows 16 and 17, §10 row 21
 */
export function createPushes(settings: HubSettings, callHub: CallHub): Pushes {
  const { app, environment = '', stores, hubs, pushIntervalMs, pushFromHandler, usernameCanonical, onEvent } = settings;
  const answering = new Map<string, number>();

  function hold(reason: PushHeldReason): PushResult {
    emit(onEvent, { type: 'push-held', reason });
    return { ok: false, reason };
  }

  function count(user: string, change: 1 | -1): void {
    const next = (answering.get(user) ?? 0) + change;
    if (next === 0) answering.delete(user);
    else answering.set(user, next);
  }

  return {
    async push(username, { hub = hubs[0], signal } = {}) {
      if (!isSegment(username)) throw new RangeError('username must be 1 to 256 characters, not a dot segment');
      if (!hubs.includes(hub)) throw new TypeError('hub must be one of hubs');
      const user = usernameCanonical(username);
      if (pushFromHandler === 'refuse' && answering.has(user)) return hold('in-handler');
      if (pushIntervalMs > 0) {
        const key = storeKey('@x/hub', app, environment, 'pushed', hub, user);
        const isFirst = await stores.pushes.compareAndSet(key, undefined, true, { ttlMs: pushIntervalMs });
        if (!isFirst) return hold('too-soon');
      }
      const response = await callHub({ hub, username, action: 'push', signal });
      response.body?.cancel().catch(() => {}); // the body means nothing, nor whether it can be stopped
      emit(onEvent, { type: 'push-sent', hub });
      return { ok: true };
    },
    async during(username, run) {
      const user = usernameCanonical(username);
      count(user, 1);
      try {
        return await run();
      } finally {
        count(user, -1);
      }
    },
  };
}
