import { type FaultAnswer, type HttpErrorCode, isXError, type MappedFault, type ResponseError } from '@x/http';
import { type HubRiseFault, readFault } from './read-fault.ts';

/** Codes that errors of this package carry besides those of every client. */
export type HubRiseErrorCode =
  | HttpErrorCode
  | 'hubrise.invalid-code'
  | 'hubrise.invalid-client'
  | 'hubrise.connection-revoked'
  | 'hubrise.connection-blocked'
  | 'hubrise.connection-suspended'
  | 'hubrise.validation-failed';

/** Tells whether an error is an answer of HubRise that explains itself, and gives its `fault` a type. */
export function isHubRiseFault(
  error: unknown,
): error is ResponseError<HubRiseFault> & { readonly fault: HubRiseFault } {
  return isXError(error) && error.provider === 'hubrise' && (error as Partial<ResponseError>).fault !== undefined;
}

/**
 * Reads a failure of the token endpoint.
 *
 * @see HubRise fact sheet §6.3: 400 for a code that is expired or used, which older servers answered with 404; 401
 *   for client credentials that do not match.
 */
export function mapTokenFault({ status, body }: FaultAnswer): MappedFault {
  const fault = readFault(body);
  if (status === 401 || (status === 400 && fault.type === 'invalid_client')) return invalidClient(fault);
  if (status !== 400 && status !== 404) return { fault };
  const message = 'expected a code that is fresh, got one that is expired, already used or unknown';
  return { code: 'hubrise.invalid-code', fault, message };
}

/** Reads a failure of the revocation endpoint. @see HubRise fact sheet §9. */
export function mapRevokeFault({ status, body }: FaultAnswer): MappedFault {
  const fault = readFault(body);
  return status === 401 ? invalidClient(fault) : { fault };
}

function invalidClient(fault: HubRiseFault): MappedFault {
  const message = 'expected the credentials of a client, HubRise does not know these';
  return { code: 'hubrise.invalid-client', fault, message };
}

/** Texts that tell a dead connection from any other 401. @see HubRise fact sheet §9, "Match on a substring". */
const deaths: readonly (readonly [text: string, code: HubRiseErrorCode, message: string])[] = [
  ['suspended for non payment', 'hubrise.connection-suspended', 'the account or location is suspended for non-payment'],
  ['connection has been revoked', 'hubrise.connection-revoked', 'the connection was revoked'],
  ['access token is invalid', 'hubrise.connection-revoked', 'the connection was revoked'],
  ['connection has been blocked', 'hubrise.connection-blocked', 'the connection is blocked for now'],
];

/**
 * Reads a failure of the API.
 *
 * Only a 401 with one of HubRise's three texts means that the connection is dead. Another 401 may mean that the
 * token's level is too low, and keeps the code `http.unauthorized`; a 429 is throttling and nothing more.
 *
 * @see HubRise fact sheet §9, §11.2, §18 items 5 and 6.
 */
export function mapApiFault({ status, body }: FaultAnswer): MappedFault {
  const fault = readFault(body);
  if (status === 401) {
    const text = fault.message?.toLowerCase() ?? '';
    const [, code, message] = deaths.find(([part]) => text.includes(part)) ?? [];
    return { code, fault, message };
  }
  // the same validation body has been seen with 400 and 422, so the type decides
  if (fault.type !== 'unprocessable_entity' && status !== 422) return { fault };
  const fields = fault.errors.length === 0 ? '' : ` (fields at fault: ${fault.errors.length})`;
  return { code: 'hubrise.validation-failed', fault, message: `HubRise did not accept what was sent${fields}` };
}
