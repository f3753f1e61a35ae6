import type { ServerTime } from '@x/http';
import { type CallOptions, toCall } from './client.ts';
import { clientOf } from './end-session.ts';
import { isGone, isRefusal } from './failure.ts';
import { CreatedSession, type IssuedSession, slideSession } from './issued-session.ts';
import type { Leftovers } from './leftovers.ts';
import type { QuickBloxOptions } from './options.ts';
import { type User, UserEnvelope } from './schemas/user.ts';
import type { SessionCredential } from './session-credential.ts';
import { assertNotAborted } from './until-aborted.ts';

/** The requests that change whose a session is at QuickBlox; the token stays. @see QuickBlox fact sheet §5. */
export interface UserChange {
  /** Makes a session of the application, created if there is none, the user's. */
  upgrade(
    base: SessionCredential,
    body: URLSearchParams,
    call: CallOptions,
  ): Promise<{ readonly user: User; readonly session: IssuedSession }>;
  /**
   * Asks QuickBlox, for two seconds at most, whether a session is the user's. One that may be alive and of which that is
   * not certain is left to be ended.
   */
  isOf(userId: number, session: IssuedSession, call: CallOptions): Promise<boolean>;
  /** Makes a user's session the application's; undefined when it was gone. */
  downgrade(
    credential: SessionCredential,
    session: IssuedSession,
    call: CallOptions,
  ): Promise<IssuedSession | undefined>;
}

/** QuickBlox has accepted a login by then. */
const askMs = 2000;

/** After a failure that leaves open whose a session is, its credential gives it up, and it is left to be ended. */
export function createUserChange(
  options: QuickBloxOptions,
  leftovers: Pick<Leftovers, 'add'>,
  serverTime: ServerTime,
): UserChange {
  async function giveUp(credential: SessionCredential, session: IssuedSession, error: unknown): Promise<void> {
    if (isRefusal(error) && !isGone(error)) return;
    await credential.forget(session);
    if (!isGone(error)) leftovers.add(session);
  }

  return {
    async upgrade(base, body, call) {
      const session = await base.get(call);
      try {
        const answer = clientOf(options, session).post('login.json', { body, ...toCall(call) });
        const user = await answer.json(UserEnvelope);
        const { headers } = await answer;
        return {
          user,
          session: { ...(slideSession(session, headers, serverTime.nowMs()) ?? session), userId: user.id },
        };
      } catch (error) {
        await giveUp(base, session, error);
        throw error;
      }
    },
    async isOf(userId, session, call) {
      const limits = { retry: 0, timeout: Math.min(options.platform.timeoutMs ?? askMs, askMs) };
      const ask = async (): Promise<number> => {
        const answer = clientOf(options, session).get('session.json', { ...toCall(call), ...limits });
        return (await answer.json(CreatedSession)).session.user_id ?? 0;
      };
      try {
        if (session.userId === userId && (await ask()) === userId) return true;
      } catch (error) {
        assertNotAborted(call.signal);
        if (isGone(error)) return false;
      }
      leftovers.add(session);
      return false;
    },
    async downgrade(credential, session, call) {
      try {
        const { headers } = await clientOf(options, session).delete('login.json', toCall(call));
        return { ...(slideSession(session, headers, serverTime.nowMs()) ?? session), userId: 0 };
      } catch (error) {
        await giveUp(credential, session, error);
        if (isGone(error)) return undefined;
        throw error;
      }
    },
  };
}
