import type { Credential, RenewableCredentialOptions } from '../../src/index.ts';
import { type Kit, secrets } from './kit.ts';

export interface Issued {
  readonly token: string;
}

/** A credential whose value is a secret, and whose events the kit keeps. */
export function renewable(kit: Kit, overrides: Partial<RenewableCredentialOptions<Issued>> = {}): Credential {
  return kit.api.http.renewableCredential<Issued>({
    provider: 'sample',
    key: 'sample/shop-1',
    issue: async () => ({ token: secrets.issued }),
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
    isRejected: ({ status }) => status === 401,
    onEvent: (event) => void kit.texts.push(JSON.stringify(event)),
    ...overrides,
  });
}
