import { type RenewableCredential, renewableCredential, type ServerTime } from '@x/http';
import { type Store, storeKey } from '@x/http/store';
import type { IssueSession } from './issue-session.ts';
import { type IssuedSession, isIssuedSession, slideSession } from './issued-session.ts';
import type { QuickBloxOptions } from './options.ts';
import type { Subject } from './subject.ts';

/** The session of one subject: created when first needed, slid by every answer, renewed when it is gone. */
export interface SessionCredential {
  readonly subject: Subject;
  readonly credential: RenewableCredential<IssuedSession>;
  /** The session that this process or the store holds, without creating one. */
  held(): Promise<IssuedSession | undefined>;
}

/** What {@link createSessionCredential} is made from. */
export interface SessionCredentialOptions {
  readonly options: QuickBloxOptions;
  readonly subject: Subject;
  readonly issueSession: IssueSession;
  readonly serverTime: ServerTime;
  /** Undefined keeps the session in this object, whatever the options say. */
  readonly store: Store | undefined;
}

/** Keeps a subject's session. @see QuickBlox fact sheet §3.3 and §6.3. */
export function createSessionCredential(parts: SessionCredentialOptions): SessionCredential {
  const { options, subject, issueSession, serverTime } = parts;
  const { applicationId, baseUrl, marginMs, random, platform } = options;
  const key = storeKey('quickblox', applicationId, baseUrl.href, subject.id);
  const credential = renewableCredential<IssuedSession>({
    provider: 'quickblox',
    key,
    issue: ({ signal }) => issueSession(subject, { signal }),
    toHeaders,
    expiresAtMs: (session) => session.expiresAtMs,
    observe: (session, { headers }) => slideSession(session, headers),
    store: parts.store,
    isValue: isIssuedSession,
    clock: () => serverTime.nowMs(), // the end of a session is told in the provider's time
    random,
    marginMs,
    onEvent: platform.onEvent,
  });
  return { subject, credential, held: () => credential.find() };
}

/** The header field that carries a session. */
export function toHeaders({ token }: IssuedSession): { 'QB-Token': string } {
  return { 'QB-Token': token };
}
