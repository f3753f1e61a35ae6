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
  /**
   * What a credential holds, and what it is still creating.
   *
   * @param kept The one that goes on under another credential.
   */
  leave(credential: SessionCredential, kept?: IssuedSession): void;
  /** Tries once to end them all; those that cannot be reached are kept for the next time. Never rejects. */
  sweep(): Promise<void>;
  /** Ends them all. @throws {XError} When one cannot be reached. */
  end(call: CallOptions): Promise<void>;
}

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

  async function sweep(): Promise<void> {
    for (const session of [...sessions.values()]) {
      await end(session, { retry: 0 }).catch(() => {}); // kept for the next time
    }
  }

  return {
    add,
    leave(credential, kept) {
      const held = credential.retire((late) => {
        add(late);
        sweep();
      });
      for (const session of held) if (session.token !== kept?.token) add(session);
    },
    sweep,
    async end(call) {
      for (const session of [...sessions.values()]) await end(session, call);
    },
  };
}
