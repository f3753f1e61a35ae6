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

/**
 * Whether Hub was asked to refresh.
 *
 * A push that was held back is not sent later: unless Hub learns of the change otherwise, repeat it after
 * `retryAfterMs`. The answer under way tells of a change that its own callback made.
 */
export type PushResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: PushHeldReason;
      /** Milliseconds, at least 1: until the interval ends, or in which the data request is answered. */
      readonly retryAfterMs: number;
    };

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
  /**
   * Runs a callback for a user; a push for the same user is held back until it has ended or nobody waits for it.
   *
   * Rejects without running it when nobody waits already.
   */
  during<Value>(username: string, signal: AbortSignal, run: () => Promise<Value>): Promise<Value>;
}

/**
 * Makes the push of one app: at most one per user and interval, on every machine that shares the store.
 *
 * @see Hub fact sheet §3.2 B2, §8 rows 16 and 17, §10 row 21
 */
export function createPushes(settings: HubSettings, callHub: CallHub): Pushes {
  const { app, environment = '', stores, hubs, deadlineMs, pushIntervalMs, pushFromHandler } = settings;
  const { usernameCanonical, clock, onEvent } = settings;
  const answering = new Map<string, number>();

  function hold(reason: PushHeldReason, retryAfterMs: number): PushResult {
    emit(onEvent, { type: 'push-held', reason });
    return { ok: false, reason, retryAfterMs };
  }

  /** Begins an interval; `cancel` ends it early. Else tells how long the one under way lasts. */
  async function beginInterval(key: string): Promise<{ cancel(): Promise<void> } | { leftMs: number }> {
    const endsAtMs = clock() + pushIntervalMs;
    if (await stores.pushes.compareAndSet(key, undefined, endsAtMs, { ttlMs: pushIntervalMs })) {
      return { cancel: async () => void (await stores.pushes.compareAndSet(key, endsAtMs, undefined)) };
    }
    const known = await stores.pushes.get(key);
    const leftMs = typeof known === 'number' ? known - clock() : pushIntervalMs;
    return { leftMs: Math.min(Math.max(leftMs, 1), pushIntervalMs) };
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
      if (pushFromHandler === 'refuse' && answering.has(user)) return hold('in-handler', deadlineMs);
      const interval =
        pushIntervalMs === 0
          ? undefined
          : await beginInterval(storeKey('@x/hub', app, environment, 'pushed', hub, user));
      if (interval !== undefined && 'leftMs' in interval) return hold('too-soon', interval.leftMs);
      let response: Response;
      try {
        response = await callHub({ hub, username, action: 'push', signal });
      } catch (error) {
        // so that it can be repeated at once; if the store fails as well, after the interval
        await interval?.cancel().catch(() => {});
        throw error;
      }
      response.body?.cancel().catch(() => {}); // the body means nothing, nor whether it can be stopped
      emit(onEvent, { type: 'push-sent', hub });
      return { ok: true };
    },
    async during(username, signal, run) {
      signal.throwIfAborted();
      const user = usernameCanonical(username);
      const end = once(() => count(user, -1));
      count(user, 1);
      signal.addEventListener('abort', end);
      try {
        return await run();
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    },
  };
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
