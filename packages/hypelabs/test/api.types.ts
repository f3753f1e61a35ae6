// Compiled, not run: what the types promise to those who use them.

import type { StartResult } from '../src/emulator/index.ts';
import {
  createAuthorizationHandler,
  type Decision,
  type RefusalReason,
  type Verifier,
  type VerifierResult,
} from '../src/index.ts';
import type { AuthorizationRequest, AuthorizationRequestWire } from '../src/schema.ts';

export const handler: (request: Request) => Promise<Response> = createAuthorizationHandler({ apps: [] });

export function reasonOf(decision: Decision): RefusalReason | 'allowed' {
  if (decision.allowed) return decision.reason satisfies 'allowed';
  return decision.reason satisfies RefusalReason;
}

export const synchronous: Verifier = () => ({ active: false, reason: 'token-revoked' });
export const asynchronous: Verifier = async ({ accessToken }) => ({ active: true, subject: accessToken });

// @ts-expect-error a reason is one of a closed list
export const unknownReason: VerifierResult = { active: false, reason: 'because' };
// @ts-expect-error a user identifier is a number
export const textIdentifier: VerifierResult = { active: true, userIdentifier: '7' };
// @ts-expect-error DPoP aside, statuses of a denial are 401 and 403
createAuthorizationHandler({ apps: [], deniedStatus: 404 });

export function codeOf(result: StartResult): number | string {
  // @ts-expect-error a device that runs has no code
  if (result.outcome === 'running') return result.code;
  return result.code;
}

export const wire: AuthorizationRequestWire = {
  api_user: 'u',
  api_password: 'p',
  access_token: 't',
  token_type: 'Bearer',
};
export const parsed: Pick<AuthorizationRequest, 'userIdentifier'> = { userIdentifier: undefined };
