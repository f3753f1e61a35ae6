import { type CreateClientOptions, createClient, emit } from '@x/http';
import { keepGoing } from '@x/http/server';
import { getAccountSettings, toEndpoint } from './account-settings.ts';
import { mapFault } from './fault.ts';
import type { QuickBloxOptions } from './options.ts';
import { untilAborted } from './until-aborted.ts';
import { userAgent } from './user-agent.ts';

type Fetch = NonNullable<CreateClientOptions['fetch']>;

/** The provider's advice: "about once an hour". */
const refreshAfterMs = 3_600_000;
const retryAfterMs = 60_000;
const maxTimeoutMs = 5_000;
/** What a request may take unless it is said. */
const requestTimeoutMs = 10_000;

/**
 * Makes a fetch that sends what is meant for the shared host to the host of the account, once that is known.
 *
 * The first request waits until the account's host is known or the question has failed; after an hour of use the next
 * one has it asked again and waits no more. A failure, and an endpoint that is refused, leave the host that was known
 * last, at first the shared one; a minute later it is asked again. Only the shared host is replaced: a request for any
 * other goes where it is meant to.
 *
 * @see QuickBlox fact sheet §1, "Discovery".
 */
export function createDiscovery(
  options: Pick<QuickBloxOptions, 'baseUrl' | 'clock' | 'platform' | 'waitUntil' | 'onEvent'>,
  accountKey: NonNullable<QuickBloxOptions['accountKey']>,
): Fetch {
  const { baseUrl, clock, platform, waitUntil, onEvent } = options;
  const send: Fetch = platform.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const client = createClient({
    ...platform,
    provider: 'quickblox',
    userAgent,
    baseUrl,
    mapFault,
    // a request that waits for the first answer keeps half of its own time, which began before
    timeoutMs: Math.max(1, Math.min(maxTimeoutMs, (platform.timeoutMs ?? requestTimeoutMs) / 2)),
    retry: { limit: 0 },
  });
  let endpoint = baseUrl;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let keepsMs = 0;
  let first: Promise<void> | undefined;

  /** Never rejects: a request goes on without the answer. */
  async function discover(): Promise<void> {
    checkedAtMs = clock(); // others who come while this is under way go on with what is known
    keepsMs = retryAfterMs;
    try {
      const found = toEndpoint(await getAccountSettings(client, accountKey));
      if (found === undefined) emit(onEvent, { type: 'endpoint-refused', provider: 'quickblox' });
      else {
        keepsMs = refreshAfterMs;
        if (found.origin !== endpoint.origin) {
          emit(onEvent, { type: 'endpoint-discovered', provider: 'quickblox', url: found.origin });
        }
        endpoint = found;
      }
    } catch {
      // told as any other request is; the host that was known last stays
    }
  }

  return async (input, init) => {
    if (new URL(input instanceof Request ? input.url : String(input)).origin !== baseUrl.origin) {
      return send(input, init);
    }
    const ageMs = clock() - checkedAtMs;
    const isDue = !(ageMs >= 0 && ageMs < keepsMs); // a clock that was set back makes it due
    if (first === undefined || isDue) {
      const asking = discover();
      first ??= asking;
      keepGoing(asking, waitUntil);
    }
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    await untilAborted(first, signal);
    signal?.throwIfAborted(); // as a fetch would end it
    return endpoint.origin === baseUrl.origin
      ? send(input, init)
      : tellAs(baseUrl, endpoint, await send(await moveTo(endpoint, new Request(input, init))));
  };
}

/** The same request to another host. The body is read first, so that its length stays known to the platform. */
async function moveTo(endpoint: URL, request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.protocol = endpoint.protocol;
  url.host = endpoint.host;
  const { method, headers, signal, redirect } = request;
  const body = await request.arrayBuffer();
  return new Request(url, { method, headers, signal, redirect, ...(body.byteLength > 0 && { body }) });
}

/** A redirect within the account's host, as one within the host that the client knows: it may carry the credential. */
function tellAs(known: URL, endpoint: URL, response: Response): Response {
  const { status, statusText } = response;
  const location = response.headers.get('location') ?? '';
  if (status < 300 || status > 399 || !URL.canParse(location)) return response;
  const target = new URL(location);
  if (target.origin !== endpoint.origin) return response;
  target.protocol = known.protocol;
  target.hostname = known.hostname;
  target.port = known.port;
  const headers = new Headers(response.headers);
  headers.set('location', target.href);
  return new Response(response.body, { status, statusText, headers });
}
