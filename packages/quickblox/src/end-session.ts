import { staticCredential } from '@x/http';
import { type CallOptions, createApiClient, type QuickBloxClient, toCall } from './client.ts';
import { isGone } from './failure.ts';
import type { IssuedSession } from './issued-session.ts';
import type { QuickBloxOptions } from './options.ts';
import { toHeaders } from './session-credential.ts';

/** A client for one session and no other: what is done to it must not hit its successor. */
export function clientOf(options: QuickBloxOptions, session: IssuedSession): QuickBloxClient {
  return createApiClient(options, staticCredential(toHeaders(session)));
}

/** Ends a session at QuickBlox; that it was gone already is as well. */
export async function endSession(
  options: QuickBloxOptions,
  session: IssuedSession,
  { signal, ...limits }: CallOptions & { readonly retry?: 0; readonly timeout?: number },
): Promise<void> {
  try {
    await clientOf(options, session).delete('session.json', { ...toCall({ signal }), ...limits });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
