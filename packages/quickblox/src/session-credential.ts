import {
  CredentialError,
  type HeaderFields,
  type RenewableCredential,
  renewableCredential,
  type ServerTime,
} from '@x/http';
import { type Store, storeKey } from '@x/http/store';
import type { CallOptions } from './client.ts';
import { isFinal } from './failure.ts';
import type { IssueSession } from './issue-session.ts';
import { type IssuedSession, isIssuedSession, slideSession } from './issued-session.ts';
import type { QuickBloxOptions } from './options.ts';
import type { SessionParameters } from './parameters.ts';
import { createRefusedLogin } from './refused-login.ts';
import type { Subject } from './subject.ts';
import { assertNotAborted, untilAborted } from './until-aborted.ts';

/** The session of one subject: created when first needed, slid by every answer, renewed when it is gone. */
export interface SessionCredential {
  readonly subject: Subject;
  readonly credential: RenewableCredential<IssuedSession>;
  /** The session, created if there is none. From the first one on, no other user's is held. */
  get(call: CallOptions): Promise<IssuedSession>;
  /**
   * Holds a session that was got elsewhere, unless the store has one that is as good, and from now on no other user's.
   *
   * @param isAsGood Says so of one that the store has; what it throws passes through, and the store stays as it was.
   * @returns The one that is held.
   */
  share(session: IssuedSession, isAsGood: (stored: IssuedSession) => Promise<boolean>): Promise<IssuedSession>;
  /** The sessions that this process and the store hold, after one that is being created; none is created for it. */
  held(call: CallOptions): Promise<readonly IssuedSession[]>;
  /** The session that this process holds, if the store has it as well. */
  stored(): IssuedSession | undefined;
  /** Gives up the session of a request that was answered that it is gone. True when another may be got. */
  discard(sent: HeaderFields): Promise<boolean>;
  /** Forgets a session that was ended, here and in the store, unless another has taken its place. */
  forget(session: IssuedSession): Promise<void>;
  /**
   * Creates no session from now on.
   *
   * @param receive Is handed one that is being created, which is given to nobody else.
   * @returns What this process holds, or has just created and not held yet.
   */
  retire(receive: (session: IssuedSession) => void): readonly IssuedSession[];
}

/** What {@link createSessionCredential} is made from. */
export interface SessionCredentialOptions {
  readonly options: QuickBloxOptions;
  readonly subject: Subject;
  readonly issueSession: IssueSession;
  readonly serverTime: ServerTime;
  /** Undefined keeps the session in this object, whatever the options say. */
  readonly store: Store | undefined;
  /** Handed a session that was created while another one took its place: nobody is given it. */
  readonly onOvertaken: (session: IssuedSession) => void;
}

/** Keeps a subject's session. @see QuickBlox fact sheet §3.3 and §6.3. */
export function createSessionCredential(parts: SessionCredentialOptions): SessionCredential {
  const { options, subject, issueSession, serverTime } = parts;
  const { applicationId, baseUrl, marginMs, random, platform } = options;
  const key = storeKey('quickblox', applicationId, baseUrl.href, subject.id);
  /** Who is handed what is created from now on. */
  const receivers: ((session: IssuedSession) => void)[] = [];
  /** Held from a moment after its creation on, unless another one has taken its place. */
  let created: IssuedSession | undefined;
  /** Whose session it is to be. */
  let { userId } = subject;

  const refused = createRefusedLogin(serverTime.nowMs);
  const isFixed = subject.proof === 'fixed';

  /** A source is read anew each time, and may give something else than what was refused. */
  async function create(call: CallOptions): Promise<IssuedSession> {
    if (isFixed) return issueSession({ ...subject, userId }, call);
    const read: { parameters?: SessionParameters } = {};
    const untried: Subject = {
      ...subject,
      userId,
      async parameters(context) {
        const parameters = await subject.parameters(context);
        refused.assertUntried(parameters);
        read.parameters = parameters; // from here on a refusal is QuickBlox's, and a new one
        return parameters;
      },
    };
    try {
      const session = await issueSession(untried, call);
      refused.end();
      return session;
    } catch (error) {
      if (read.parameters !== undefined && isFinal(error)) refused.note(read.parameters, error);
      throw error;
    }
  }

  async function issue(call: CallOptions): Promise<IssuedSession> {
    if (receivers.length > 0) throw superseded();
    const session = await create(call);
    if (receivers.length > 0) {
      for (const receive of receivers) receive(session);
      throw superseded();
    }
    created = session;
    userId ??= session.userId;
    credential.settled().then(() => {
      if (created !== session || credential.peek()?.token === session.token) return;
      created = undefined;
      parts.onOvertaken(session);
    });
    return session;
  }

  const credential = renewableCredential<IssuedSession>({
    provider: 'quickblox',
    key,
    issue,
    toHeaders,
    expiresAtMs: (session) => session.expiresAtMs,
    observe: (session, { headers }) => slideSession(session, headers, serverTime.nowMs()),
    store: parts.store,
    waitUntil: options.waitUntil,
    isValue: (stored) => isIssuedSession(stored) && (userId ?? stored.userId) === stored.userId,
    clock: () => serverTime.nowMs(), // the end of a session is told in the provider's time
    random,
    marginMs,
    whenRefused: isFixed ? 'wait' : 'ask', // a source is to be read again
    onEvent: platform.onEvent,
  });
  return {
    subject,
    credential,
    async get(call) {
      const session = await credential.get(call);
      userId ??= session.userId;
      return session;
    },
    async share(session, isAsGood) {
      let there = await credential.offer(session);
      while (there.token !== session.token && !(await isAsGood(there))) {
        await credential.forget(there);
        there = await credential.offer(session);
      }
      userId = session.userId;
      return there;
    },
    async held({ signal }) {
      await untilAborted(credential.settled(), signal);
      assertNotAborted(signal);
      const stored = await credential.find();
      return distinct([created, credential.peek(), stored]);
    },
    stored: () => (credential.isStored() ? credential.peek() : undefined),
    discard: async (sent) => (await credential.discard?.(sent)) === true,
    async forget(session) {
      if (created?.token === session.token) created = undefined;
      await credential.forget(session);
    },
    retire(receive) {
      receivers.push(receive);
      return distinct([created, credential.peek()]);
    },
  };
}

/** The header field that carries a session. */
export function toHeaders({ token }: IssuedSession): { 'QB-Token': string } {
  return { 'QB-Token': token };
}

function distinct(sessions: readonly (IssuedSession | undefined)[]): readonly IssuedSession[] {
  return [...new Map(sessions.filter((one) => one !== undefined).map((one) => [one.token, one])).values()];
}

/** What a call is told whose user has gone: it never goes out as somebody else. */
export function superseded(): CredentialError {
  const message = 'expected the user of the session to be the one that the call began with, another has taken over';
  return new CredentialError({ provider: 'quickblox', code: 'credential.superseded', message });
}
