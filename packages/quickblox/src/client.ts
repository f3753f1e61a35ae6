import { type Credential, createClient } from '@x/http';
import { mapFault } from './fault.ts';
import type { QuickBloxOptions } from './options.ts';
import { userAgent } from './user-agent.ts';

/** A ky instance with the application's base URL, credential, safe retries and typed errors on it. */
export type QuickBloxClient = ReturnType<typeof createClient>;

/** What can be said about a single call. */
export interface CallOptions {
  /** Gives the call up; what QuickBlox made of it by then is not undone. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a client of the application; without a credential for what is signed in its body. */
export function createApiClient(options: QuickBloxOptions, credential?: Credential): QuickBloxClient {
  const { baseUrl, platform } = options;
  const client = createClient({ ...platform, provider: 'quickblox', userAgent, baseUrl, mapFault, credential });
  return client.extend({ hooks: { beforeRequest: [({ request }) => refuseOthers(request, baseUrl)] } });
}

/** Which of two credentials counts is not known (QuickBlox fact sheet §2), so nobody else's goes beside the client's. */
function refuseOthers({ headers, url }: Request, baseUrl: URL): void {
  if (new URL(url).origin !== baseUrl.origin) return;
  for (const name of ['QB-Token', 'Authorization', 'On-Behalf-Of']) {
    if (headers.has(name)) throw new TypeError(`header field ${name} is set by the client itself`);
  }
}

/** What a ky call is given: its types do not take an absent signal that is spelt out. */
export function toCall({ signal }: CallOptions = {}): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
