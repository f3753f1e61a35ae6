import { type CreateClientOptions, type Credential, createClient } from '@x/http';
import { mapFault } from './fault.ts';
import type { QuickBloxOptions } from './options.ts';
import { userAgent } from './user-agent.ts';

/** A ky instance with the application's base URL, credential, safe retries and typed errors on it. */
export interface QuickBloxClient extends Client {
  /** Makes one with other defaults, or hooks beside those that it has. */
  extend(...options: Parameters<Client['extend']>): QuickBloxClient;
}

type Client = ReturnType<typeof createClient>;

/** What can be said about a single call. */
export interface CallOptions {
  /** Gives the call up; what QuickBlox made of it by then is not undone. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a client of the application; without a credential for what is signed in its body. */
export function createApiClient(options: QuickBloxOptions, credential?: Credential): QuickBloxClient {
  const { baseUrl, platform } = options;
  const make = (limits: Pick<CreateClientOptions, 'maxResponseBytes'>): QuickBloxClient =>
    createClient({ ...platform, ...limits, provider: 'quickblox', userAgent, baseUrl, mapFault, credential }).extend({
      // not as a hook on the request: those of the caller's come later, and may add fields
      hooks: { init: [(call) => Object.assign(call, { fetch: refusingOthers(call.fetch, baseUrl) })] },
    });
  return withTransfer(make({}), {
    fetch: platform.fetch,
    download: () => make({ maxResponseBytes: Number.POSITIVE_INFINITY }),
  });
}

/** What files need that are larger than other answers, and whose storage is no server of QuickBlox's. */
interface Transfer {
  /** What the client itself goes by. */
  readonly fetch: CreateClientOptions['fetch'];
  /** The same client without a limit on what is read. */
  readonly download: () => QuickBloxClient;
}

const transferKey: unique symbol = Symbol('transfer');

/** Puts it on a client, and on those that are made from it by `extend`. */
function withTransfer(client: QuickBloxClient, { fetch, download }: Transfer): QuickBloxClient {
  const { extend } = client;
  let made: QuickBloxClient | undefined;
  const once = (): QuickBloxClient => {
    made ??= download();
    return made;
  };
  client.extend = (given) => withTransfer(extend(given), { fetch, download: () => once().extend(given) });
  return Object.defineProperty(client, transferKey, { value: { fetch, download: once } satisfies Transfer });
}

/** How a client's files go; a client that is not ours brings its own limits. */
export function transferOf(client: QuickBloxClient): Transfer {
  const { [transferKey]: transfer } = client as { readonly [transferKey]?: Transfer };
  return transfer ?? { fetch: undefined, download: () => client };
}

type Fetch = typeof globalThis.fetch;

/** Which of two credentials counts is not known (QuickBlox fact sheet §2), so nobody else's goes beside the client's. */
function refusingOthers(send: Fetch | undefined, baseUrl: URL): Fetch {
  return async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    if (new URL(request.url).origin === baseUrl.origin) {
      for (const name of ['QB-Token', 'Authorization', 'On-Behalf-Of']) {
        if (request.headers.has(name)) throw new TypeError(`header field ${name} is set by the client itself`);
      }
    }
    return (send ?? globalThis.fetch)(request, init);
  };
}

/** What a ky call is given: its types do not take an absent signal that is spelt out. */
export function toCall({ signal }: CallOptions = {}): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
