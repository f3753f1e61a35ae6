import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import { type Session, SessionEnvelope } from '../schemas/session.ts';

/**
 * Reads the session that a client's requests belong to, its token included, with the names of `session.info()`.
 *
 * @throws {ResponseError} `quickblox.session-gone` and the like.
 * @see QuickBlox fact sheet §5.
 */
export async function getSession(client: QuickBloxClient, call: CallOptions = {}): Promise<Session> {
  return client.get('session.json', toCall(call)).json(SessionEnvelope);
}
