import { isXError, type ResponseError } from './errors.ts';
import { platformError } from './redact.ts';

/** A gateway's word that it passed the request on and read no answer; 520 and above are those of Cloudflare. */
const inDoubtStatuses: readonly number[] = [502, 504];

/** Codes of Node, Bun and Deno for a request of which not a byte of HTTP was sent. */
const unsent = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'ConnectionRefused', 'FailedToOpenSocket', 'ERR_CONNECT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]);

/**
 * Says whether a failed renewal leaves what was to be spent unspent.
 *
 * Proof is an answer that was read and is an error, or a connection that never came about. A timeout, a reset, an
 * answer that breaks off or is not as documented, and a gateway that lost the answer (502, 504) prove nothing: the
 * provider may have renewed. A `CredentialError` that `issue` throws is its word that it has read an answer.
 */
export function leavesUnspent(failure: unknown): boolean {
  if (isXError(failure)) {
    if (failure.name === 'CredentialError') return true;
    if (failure.name === 'ResponseError') {
      const { status } = failure as ResponseError;
      return status < 520 && !inDoubtStatuses.includes(status);
    }
    return failure.name === 'RequestError' && isUnsent(failure.cause);
  }
  return isUnsent(failure);
}

function isUnsent(cause: unknown): boolean {
  return unsent.has(platformError(cause).code ?? '');
}
