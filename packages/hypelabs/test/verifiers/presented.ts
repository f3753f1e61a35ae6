import type { PresentedToken } from '../../src/index.ts';

/** What the handler would ask a verifier. */
export function presented(accessToken: string, parts: Partial<PresentedToken> = {}): PresentedToken {
  const { signal } = new AbortController();
  return { accessToken, tokenType: 'bearer', userIdentifier: 7, app: 'mesh-chat', signal, ...parts };
}
