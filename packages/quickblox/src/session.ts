import { isXError, type ServerTime, staticCredential } from '@x/http';
import { createCallCredential } from './call-credential.ts';
import { type CallOptions, createApiClient, type QuickBloxClient, toCall } from './client.ts';
import type { QuickBloxErrorCode } from './fault.ts';
import type { IssueSession } from './issue-session.ts';
import { type IssuedSession, readExpiresAtMs, slideSession } from './issued-session.ts';
import { type LoginSource, toLoginBody, type UserLogin } from './login.ts';
import type { QuickBloxOptions } from './options.ts';
import { type Session, SessionEnvelope } from './schemas/session.ts';
import { type User, UserEnvelope } from './schemas/user.ts';
import { createSessionCredential, type SessionCredential, toHeaders } from './session-credential.ts';
import { applicationSubject, type Subject } from './subject.ts';

/** What QuickBlox knows of a session; its token comes from `token()` alone. */
export interface SessionInfo extends Omit<Session, 'token'> {
  /** When the session ends unless it is used before, milliseconds since 1970; undefined when QuickBlox does not say. */
  readonly expiresAtMs: number | undefined;
}

/** A session that looks after itself. */
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
   * An application's session is upgraded in place, its token stays. With a `store`, or when a user is logged in
   * already, a new session is upgraded instead, because others may be using the old one.
   *
   * @throws {ResponseError} `quickblox.bad-credentials` and the like; the session then stays what it was.
   * @see QuickBlox fact sheet §5.
   */
  login(login: UserLogin | LoginSource, options?: CallOptions): Promise<User>;
  /**
   * Logs the user out: the session becomes the application's, its token stays.
   *
   * With a `store` the user's session is destroyed instead, for everyone who shares it.
   */
  logout(options?: CallOptions): Promise<void>;
  /** Ends the session at QuickBlox and forgets it. A later request creates a new one. */
  destroy(options?: CallOptions): Promise<void>;
}

/** What {@link createSession} is made from. */
export interface CreateSessionOptions {
  readonly options: QuickBloxOptions;
  readonly subject: Subject;
  /** Checks a login given later. */
  readonly toSubject: (login: UserLogin | LoginSource) => Subject;
  readonly issueSession: IssueSession;
  readonly serverTime: ServerTime;
}

/** Ties together the client of a session and the steps that change whose session it is. */
export function createSession(parts: CreateSessionOptions): QuickBloxSession {
  const { options, toSubject } = parts;
  const { store } = options;
  let active = credentialOf(parts.subject);
  let lastTurn: Promise<unknown> = Promise.resolve();

  const client = createApiClient(
    options,
    createCallCredential(() => active),
  );

  function credentialOf(subject: Subject, sharing: 'shared' | 'own' = 'shared'): SessionCredential {
    return createSessionCredential({ ...parts, subject, store: sharing === 'shared' ? store : undefined });
  }

  /** Steps that change whose session it is happen one after the other. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(step);
    lastTurn = turn.catch(() => {}); // told to whoever asked for the step
    return turn;
  }

  /** A client for one token and no other: what is done to a session must not hit its successor. */
  function clientOf(session: IssuedSession): QuickBloxClient {
    return createApiClient(options, staticCredential(toHeaders(session)));
  }

  async function upgrade(base: SessionCredential, subject: Subject, call: CallOptions) {
    const session = await base.credential.get(call);
    const body = new URLSearchParams(toLoginBody(await subject.parameters(call)));
    try {
      const answer = clientOf(session).post('login.json', { body, ...toCall(call) });
      const user = await answer.json(UserEnvelope);
      const { headers } = await answer;
      return { user, session: slideSession(session, headers) ?? session };
    } catch (error) {
      if (isGone(error)) await base.credential.discard?.(toHeaders(session));
      throw error;
    }
  }

  return {
    client,
    async token(call = {}) {
      return (await active.credential.get(call)).token;
    },
    async info(call = {}) {
      const answer = client.get('session.json', toCall(call));
      const { token: _, ...known } = await answer.json(SessionEnvelope);
      return { ...known, expiresAtMs: readExpiresAtMs((await answer).headers) };
    },
    async login(login, call = {}) {
      const subject = toSubject(login);
      if (subject.kind === 'application') throw new TypeError('login.kind must be that of a user');
      return inTurn(async () => {
        const inPlace = store === undefined && active.subject.kind === 'application';
        const base = inPlace ? active : credentialOf(applicationSubject, 'own');
        const { user, session } = await upgrade(base, subject, call).catch((error: unknown) => {
          if (!isGone(error)) throw error;
          return upgrade(base, subject, call); // the server found no session and did nothing: once more with a new one
        });
        const next = credentialOf(subject);
        await next.credential.replace(session);
        active = next;
        return user;
      });
    },
    logout: (call = {}) =>
      inTurn(async () => {
        if (active.subject.kind === 'application') return;
        const session = await active.held();
        const next = credentialOf(applicationSubject);
        if (session !== undefined) {
          const path = store === undefined ? 'login.json' : 'session.json';
          const answer = await unlessGone(clientOf(session).delete(path, toCall(call)));
          if (store === undefined && answer !== undefined) {
            await next.credential.replace(slideSession(session, answer.headers) ?? session);
          }
        }
        await active.credential.clear();
        active = next;
      }),
    destroy: (call = {}) =>
      inTurn(async () => {
        const session = await active.held();
        if (session !== undefined) await unlessGone(clientOf(session).delete('session.json', toCall(call)));
        await active.credential.clear();
      }),
  };
}

/** The answer, or undefined when the session was gone already, which is what was wanted. */
async function unlessGone(answer: Promise<Response>): Promise<Response | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return isXError(error) && error.code === ('quickblox.session-gone' satisfies QuickBloxErrorCode);
}
