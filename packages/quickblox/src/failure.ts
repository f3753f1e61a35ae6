import { isRetryable, isXError, type ResponseError } from '@x/http';
import type { QuickBloxErrorCode } from './fault.ts';

/** Whether the server has found no session, and so did nothing. */
export function isGone(error: unknown): boolean {
  return isXError(error) && error.code === ('quickblox.session-gone' satisfies QuickBloxErrorCode);
}

/** Whether an answer was read that says no. Whatever else failed may have been done. */
export function isRefusal(error: unknown): boolean {
  return isXError(error) && error.name === 'ResponseError' && (error as ResponseError).status < 500;
}

/** Whether asking again with the same would be answered the same. */
export function isFinal(error: unknown): boolean {
  if (!isXError(error) || error.name !== 'CredentialError') return isRefusal(error) && !isRetryable(error);
  return error.code !== 'credential.renewal-failed';
}
