import { isXError, type ResponseError, staticCredential } from '@x/http';
import { type CallOptions, createApiClient, type QuickBloxClient, toCall } from './client.ts';
import type { QuickBloxErrorCode } from './fault.ts';
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
  call: CallOptions & { readonly retry?: 0 },
): Promise<void> {
  const { retry } = call;
  try {
    await clientOf(options, session).delete('session.json', {
      ...toCall(call),
      ...(retry === undefined ? {} : { retry }),
    });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether the server has found no session, and so did nothing. */
export function isGone(error: unknown): boolean {
  return isXError(error) && error.code === ('quickblox.session-gone' satisfies QuickBloxErrorCode);
}

/** Whether an answer was read that says no. Whatever else failed may have been done. */
export function isRefusal(error: unknown): boolean {
  return isXError(error) && error.name === 'ResponseError' && (error as ResponseError).status < 500;
}
