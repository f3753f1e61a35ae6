import type { RandomSource } from '@x/crypto';
import { isXError } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall } from './client.ts';
import type { QuickBloxErrorCode } from './fault.ts';
import { type IssuedSession, toIssuedSession } from './issued-session.ts';
import type { QuickBloxOptions } from './options.ts';
import { flattenParameters, type SessionParameters } from './parameters.ts';
import { SessionEnvelope } from './schemas/session.ts';
import type { ServerTime } from './server-time.ts';
import { signSession } from './signature.ts';
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
  async function attempt(
    login: SessionParameters,
    timestampSeconds: number,
    call: CallOptions,
  ): Promise<IssuedSession> {
    const parameters: SessionParameters = {
      application_id: options.applicationId,
      auth_key: keys.authKey,
      nonce: createNonce(options.random),
      timestamp: timestampSeconds,
      ...login,
    };
    const { signature } = signSession(parameters, { secret: keys.authSecret, hash: options.hash });
    const body = new URLSearchParams([...flattenParameters(parameters), ['signature', signature]]);
    const answer = client.post('session.json', { body, ...toCall(call) });
    const { token } = await answer.json(SessionEnvelope);
    const { headers } = await answer;
    return toIssuedSession(token, headers);
  }

  return async (subject, call) => {
    const login = await subject.parameters(call);
    const nowMs = serverTime.nowMs();
    try {
      return await attempt(login, Math.floor(nowMs / 1000), call);
    } catch (error) {
      if (!isXError(error) || error.code !== ('quickblox.bad-timestamp' satisfies QuickBloxErrorCode)) throw error;
      serverTime.relearn();
      const correctedMs = serverTime.nowMs();
      if (Math.abs(correctedMs - nowMs) < leastCorrectionMs) throw error;
      return attempt(login, Math.floor(correctedMs / 1000), call);
    }
  };
}

/** Below 2^31, which every server and client of QuickBlox has been seen to take. */
export function createNonce(random: RandomSource): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
}
