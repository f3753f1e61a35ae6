import type { Credential } from '@x/http';
import { isSessionGone } from './fault.ts';
import { type SessionCredential, superseded, toHeaders } from './session-credential.ts';

/**
 * Authenticates the calls of an object whose user changes: each is bound to the credential that is active when it
 * begins, for all its attempts, and ends when another one has taken over. It never goes out as somebody else.
 */
export function createCallCredential(active: () => SessionCredential): Credential {
  function begin(): Credential {
    const own = active();
    const assertActive = (): void => {
      if (active() !== own) throw superseded();
    };
    return {
      async headers(context) {
        assertActive();
        const fields = toHeaders(await own.get(context));
        assertActive(); // it may have waited for a session while the user changed
        return fields;
      },
      observe: (answer, sent) => own.credential.observe?.(answer, sent),
      isRejected: isSessionGone,
      // false leaves the call its own answer: that its session is gone
      discard: async (sent) => active() === own && (await own.discard(sent)),
    };
  }
  return { begin, headers: (context) => begin().headers(context) };
}
