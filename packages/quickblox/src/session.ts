import type { ServerTime } from '@x/http';
import { createLiveness } from '@x/http/server';
import { createCallCredential } from './call-credential.ts';
import { type CallOptions, createApiClient, type QuickBloxClient, toCall } from './client.ts';
import { endSession } from './end-session.ts';
import { isGone } from './failure.ts';
import type { IssueSession } from './issue-session.ts';
import { type IssuedSession, readExpiresAtMs } from './issued-session.ts';
import { createLeftovers } from './leftovers.ts';
import { type Login, type LoginSource, toLoginBody, type UserLogin } from './login.ts';
import type { QuickBloxOptions } from './options.ts';
import { readLogin } from './read-login.ts';
import { type Session, SessionEnvelope } from './schemas/session.ts';
import type { User } from './schemas/user.ts';
import { createSessionCredential, type SessionCredential } from './session-credential.ts';
import type { Subject } from './subject.ts';
import { createTurns } from './turns.ts';
import { createUserChange } from './user-change.ts';

/** What QuickBlox knows of a session; its token comes from `token()` alone. */
export interface SessionInfo extends Omit<Session, 'token'> {
  /** When the session ends unless it is used before, milliseconds since 1970; undefined when QuickBlox does not say. */
  readonly expiresAtMs: number | undefined;
}

/**
 * A session that looks after itself.
 *
 * It is one user's until `login` or `logout`: when what proves a login has become another user's, requests are refused
 * with `credential.refused` and sent as nobody, until `login` says who it is from now on.
 *
 * `login`, `logout` and `destroy` happen one after the other. One that rejects leaves the object whose it was; where it
 * is not known whose the session at QuickBlox is by then, that one is ended, at the latest with the next of these
 * steps, and a new one is created when it is needed.
 */
export interface QuickBloxSession {
  /**
   * Sends `QB-Token` with every request, renews the session when it is gone and then repeats the request once.
   *
   * A request is its user's to the end: after `login` or `logout`, one that began before is not repeated. It rejects
   * with `credential.superseded`, or with the answer that it has had.
   */
  readonly client: QuickBloxClient;
  /** The token as of now, for example as a chat password; a session is created if there is none. It is a secret. */
  token(options?: CallOptions): Promise<string>;
  /** Asks QuickBlox what the session is: `GET /session.json`. */
  info(options?: CallOptions): Promise<SessionInfo>;
  /**
   * Logs a user in: from now on requests are the user's, renewals included.
   *
   * An application's session is upgraded in place, its token stays. When a user is logged in already, a new session is
   * upgraded instead and that user's is ended. With a `store`, whose sessions others may be using, a new one is
   * upgraded too, and one that the store has for this login is used if QuickBlox says that it is the user's yet. If not,
   * the new one takes its place for all, and the other is ended.
   *
   * @throws {ResponseError} `quickblox.bad-credentials` and the like.
   * @see QuickBlox fact sheet §5.
   */
  login(login: UserLogin | LoginSource, options?: CallOptions): Promise<User>;
  /**
   * Logs the user out: the session becomes the application's, its token stays.
   *
   * With a `store` the user's session is destroyed instead, for everyone who shares it. A session that is being created
   * is waited for.
   */
  logout(options?: CallOptions): Promise<void>;
  /**
   * Ends the session at QuickBlox and forgets it, with a `store` for everyone who shares it; one that is being created
   * is waited for. A later request creates a new one.
   */
  destroy(options?: CallOptions): Promise<void>;
}

/** What {@link createSession} is made from. */
export interface CreateSessionOptions {
  readonly options: QuickBloxOptions;
  readonly subject: Subject;
  /** Checks a login given later. */
  readonly toSubject: (login: Login | LoginSource) => Subject;
  readonly issueSession: IssueSession;
  readonly serverTime: ServerTime;
}

/** Ties together the client of a session and the steps that change whose session it is. */
export function createSession(parts: CreateSessionOptions): QuickBloxSession {
  const { options, toSubject } = parts;
  const { store } = options;
  const leftovers = createLeftovers(options);
  const application = toSubject({ kind: 'application' });
  const { upgrade, isOf, downgrade } = createUserChange(options, leftovers, parts.serverTime);
  const takeTurn = createTurns(leftovers.sweep, createLiveness({ waitUntil: options.waitUntil }));
  let active = credentialOf(parts.subject);

  const client = createApiClient(
    options,
    createCallCredential(() => active),
  );

  function credentialOf(subject: Subject, sharing: 'shared' | 'own' = 'shared'): SessionCredential {
    const shared = sharing === 'shared' ? store : undefined;
    return createSessionCredential({ ...parts, subject, store: shared, onOvertaken: leftovers.addLate });
  }

  async function destroyHeld(call: CallOptions): Promise<void> {
    for (const session of await active.held(call)) {
      await endSession(options, session, call);
      await active.forget(session);
    }
  }

  /** Another one is active from now on. What the one before held is nobody's, unless it is others' as well. */
  function become(next: SessionCredential, kept?: IssuedSession): void {
    const isSame = next.subject.id === active.subject.id; // with the same place in the store, where there is one
    leftovers.leave(active, store === undefined || isSame ? kept : active.stored());
    active = next;
  }

  return {
    client,
    async token(call = {}) {
      return (await active.get(call)).token;
    },
    async info(call = {}) {
      const answer = client.get('session.json', toCall(call));
      const { token: _, ...known } = await answer.json(SessionEnvelope);
      return { ...known, expiresAtMs: readExpiresAtMs((await answer).headers) };
    },
    async login(login, call = {}) {
      const subject = toSubject(login);
      if (subject.kind === 'application') throw new TypeError('login.kind must be that of a user');
      return takeTurn(async () => {
        const body = new URLSearchParams(toLoginBody(await readLogin(subject, options, call)));
        const inPlace = store === undefined && active.subject.kind === 'application';
        const base = inPlace ? active : credentialOf(application, 'own');
        try {
          const { user, session } = await upgrade(base, body, call).catch((error: unknown) => {
            if (!isGone(error)) throw error;
            return upgrade(base, body, call); // the server found no session and did nothing: once more with a new one
          });
          const next = credentialOf(subject);
          // others of the fleet may be using one of the same user
          const held = await next.share(session, (stored) => isOf(user.id, stored, call));
          become(next, held);
          if (!inPlace) leftovers.leave(base, held);
          return user;
        } catch (error) {
          if (!inPlace) leftovers.leave(base);
          throw error;
        }
      }, call);
    },
    logout: (call = {}) =>
      takeTurn(async () => {
        await leftovers.end(call);
        if (active.subject.kind === 'application') return;
        const next = credentialOf(application);
        if (store !== undefined) {
          await destroyHeld(call);
          leftovers.leave(active);
          return become(next);
        }
        const [session] = await active.held(call);
        const kept = session === undefined ? undefined : await downgrade(active, session, call);
        if (kept !== undefined) await next.credential.replace(kept);
        become(next, kept);
      }, call),
    destroy: (call = {}) =>
      takeTurn(async () => {
        await leftovers.end(call);
        await destroyHeld(call);
      }, call),
  };
}
