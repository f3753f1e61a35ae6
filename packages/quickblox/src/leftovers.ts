import { keepGoing } from '@x/http/server';
import type { CallOptions } from './client.ts';
import { endSession } from './end-session.ts';
import { isFinal } from './failure.ts';
import type { IssuedSession } from './issued-session.ts';
import type { QuickBloxOptions } from './options.ts';
import type { SessionCredential } from './session-credential.ts';

/** The sessions that an object has no use for any more, and that must not live on where nobody can reach them. */
export interface Leftovers {
  /** One of which nobody knows what became of it, or that was made for nothing. */
  add(session: IssuedSession): void;
  /** One that another has overtaken; tries to end it. */
  addLate(session: IssuedSession): void;
  /**
   * What a credential holds, and what it is still creating.
   *
   * @param kept The one that goes on under another credential.
   */
  leave(credential: SessionCredential, kept?: IssuedSession): void;
  /** Tries once to end them all, for two seconds; those that are not by then are kept for the next time. Never rejects. */
  sweep(): Promise<void>;
  /** Ends them all. @throws {XError} When one cannot be reached. */
  end(call: CallOptions): Promise<void>;
}

/** A step is not to wait longer for what it has left. */
const sweepMs = 2000;

/** Keeps what an object has left until it is ended. */
export function createLeftovers(options: QuickBloxOptions): Leftovers {
  const sessions = new Map<string, IssuedSession>();

  function add(session: IssuedSession): void {
    sessions.set(session.token, session);
  }

  async function end(session: IssuedSession, call: Parameters<typeof endSession>[2]): Promise<void> {
    try {
      await endSession(options, session, call);
    } catch (error) {
      if (!isFinal(error)) throw error;
      // asking again would be answered the same
    }
    sessions.delete(session.token);
  }

  async function endAll(call: Parameters<typeof endSession>[2]): Promise<void> {
    const ends = await Promise.allSettled([...sessions.values()].map((session) => end(session, call)));
    for (const one of ends) if (one.status === 'rejected') throw one.reason;
  }

  const { timeoutMs = sweepMs } = options.platform;
  const once = { retry: 0, timeout: Math.min(timeoutMs, sweepMs) } as const;
  const sweep = (): Promise<void> => endAll(once).catch(() => {}); // kept for the next time

  function addLate(session: IssuedSession): void {
    add(session);
    keepGoing(sweep(), options.waitUntil);
  }

  return {
    add,
    addLate,
    leave(credential, kept) {
      for (const session of credential.retire(addLate)) if (session.token !== kept?.token) add(session);
    },
    sweep,
    end: endAll,
  };
}
