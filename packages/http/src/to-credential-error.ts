import { CredentialError, isXError, type ResponseError } from './errors.ts';
import { redactCause } from './redact.ts';

/**
 * Says why a credential could not be issued.
 *
 * @returns `credential.refused` when the provider answered that it will not, so that asking again with the same is of
 *   no use; `credential.renewal-failed` for everything that may pass. A {@link CredentialError} stays what it is.
 */
export function toCredentialError(error: unknown, provider: string): CredentialError {
  if (isXError(error) && error.name === 'CredentialError') return error as CredentialError;
  const cause = isXError(error) ? error : redactCause(error);
  if (isXError(error) && error.name === 'ResponseError' && isRefusal((error as ResponseError).status)) {
    const message = `expected the credential to be issued, the provider refused with ${error.code}`;
    return new CredentialError({ provider, code: 'credential.refused', message, cause });
  }
  const message = 'expected the credential to be issued, the attempt failed';
  return new CredentialError({ provider, code: 'credential.renewal-failed', message, cause });
}

/** Whether asking again with the same would be answered the same. */
function isRefusal(status: number): boolean {
  return status < 500 && status !== 408 && status !== 429;
}
