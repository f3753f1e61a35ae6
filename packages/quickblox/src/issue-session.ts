import { CredentialError, contractError, emit, isXError, type ServerTime } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall } from './client.ts';
import { endSession } from './end-session.ts';
import type { QuickBloxErrorCode } from './fault.ts';
import { CreatedSession, type IssuedSession, toIssuedSession } from './issued-session.ts';
import { createNonce } from './nonce.ts';
import type { QuickBloxOptions } from './options.ts';
import type { SessionParameters } from './parameters.ts';
import { readLogin } from './read-login.ts';
import { formatSessionBody } from './signature/body.ts';
import type { Subject } from './subject.ts';

/** Creates a session for a subject by a signed request. */
export type IssueSession = (subject: Subject, options: CallOptions) => Promise<IssuedSession>;

/** What {@link createSessionIssuer} needs of the options, once they are known to hold keys. */
export interface SessionIssuerOptions {
  readonly options: QuickBloxOptions;
  readonly keys: NonNullable<QuickBloxOptions['keys']>;
  /** Without a credential: the request proves itself by its signature. */
  readonly client: QuickBloxClient;
  readonly serverTime: ServerTime;
}

/** A correction below this would not turn a refused timestamp into a good one. */
const leastCorrectionMs = 60_000;

/**
 * Makes the function that creates sessions.
 *
 * Every attempt has a nonce, a timestamp and a signature of its own. The only second attempt follows a refused
 * timestamp, once the provider's time is known from that refusal; everything else is reported as it is.
 *
 * @see QuickBlox fact sheet §4, and edge cases 17 and 18.
 */
export function createSessionIssuer({ options, keys, client, serverTime }: SessionIssuerOptions): IssueSession {
  async function attempt(login: Proof, timestampSeconds: number, call: CallOptions): Promise<IssuedSession> {
    const parameters: SessionParameters = {
      application_id: options.applicationId,
      auth_key: keys.authKey,
      nonce: createNonce(options.random),
      timestamp: timestampSeconds,
      ...login.parameters,
    };
    const { hash, bodyEncoding: encoding } = options;
    const { body, contentType } = formatSessionBody(parameters, { secret: keys.authSecret, hash, encoding });
    const headers = { 'content-type': contentType };
    const answer = client.post('session.json', { body, headers, ...toCall(call) });
    const wire = (await answer.json(CreatedSession)).session;
    const session = toIssuedSession(wire, (await answer).headers, serverTime.nowMs());
    const { kind, userId = session.userId } = login;
    if (session.userId === userId && (kind === 'application' || userId !== 0)) return session;
    await endSession(options, session, { ...call, retry: 0 }).catch(() => {}); // nobody is given it
    throw session.userId === 0 ? withoutUser() : ofAnotherUser();
  }

  return async (subject, call) => {
    const login = { ...subject, parameters: await readLogin(subject, options, call) };
    const nowMs = serverTime.nowMs();
    try {
      return await attempt(login, Math.floor(nowMs / 1000), call);
    } catch (error) {
      if (!isXError(error) || error.code !== ('quickblox.bad-timestamp' satisfies QuickBloxErrorCode)) throw error;
      serverTime.relearn(nowMs);
      const correctedMs = serverTime.nowMs();
      if (Math.abs(correctedMs - nowMs) < leastCorrectionMs) throw error;
      const offsetMs = Math.round(correctedMs - options.clock());
      emit(options.onEvent, { type: 'clock-corrected', provider: 'quickblox', offsetMs });
      return attempt(login, Math.floor(correctedMs / 1000), call);
    }
  };
}

/** Who a session is asked for, and what proves it. */
interface Proof extends Pick<Subject, 'kind' | 'userId'> {
  readonly parameters: SessionParameters;
}

/** A session of the application has other rights than the user's: using it in the user's place would hide that. */
function withoutUser(): CredentialError {
  const issue = { message: 'no user', path: ['session', 'user_id'], expected: 'the id of a user' };
  return new CredentialError({
    provider: 'quickblox',
    code: 'credential.refused',
    message: 'expected a session of a user, the provider created one of the application',
    cause: contractError([issue], { provider: 'quickblox', what: 'the session' }),
  });
}

/** Requests go on as nobody else than they began. */
function ofAnotherUser(): CredentialError {
  return new CredentialError({
    provider: 'quickblox',
    code: 'credential.refused',
    message: 'expected a session of the same user as before, the login is now that of another: log in anew',
  });
}
