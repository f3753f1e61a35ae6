import { letGo } from './let-go.ts';

/** The last answer, and whether the request that it answers carried the credential. */
export interface Followed {
  readonly response: Response;
  readonly carried: boolean;
}

const statuses: readonly number[] = [301, 302, 303, 307, 308];
const maxRedirects = 5;

/**
 * Follows the redirects of safe methods; what a request carries stays on the origin that it was meant for.
 *
 * Done here and not by the platform, because a platform carries header fields that it does not know, such as
 * `QB-Token`, to whatever origin it is sent to.
 *
 * @param headers All that the first request carries.
 * @param send Sends one request without following where its answer leads.
 * @throws What `refuse` makes of a redirect whose request says `redirect: 'error'`.
 */
export async function followRedirects(
  request: Request,
  headers: Headers,
  {
    send,
    refuse,
  }: {
    readonly send: (request: Request, headers: Headers) => Promise<Response>;
    readonly refuse: (response: Response) => Error;
  },
): Promise<Followed> {
  const { method, signal, redirect } = request;
  const safe = method === 'GET' || method === 'HEAD';
  let current = request;
  let fields = headers;
  let carried = true;
  for (let hop = 0; ; hop += 1) {
    const response = await send(current, fields);
    const location = response.headers.get('location');
    if (location === null || !statuses.includes(response.status) || redirect === 'manual') return { response, carried };
    if (redirect === 'error') {
      letGo(response.body);
      throw refuse(response);
    }
    const next = redirectTarget(location, current.url);
    if (!safe || next === undefined || hop === maxRedirects) return { response, carried };
    letGo(response.body);
    if (next.origin !== new URL(current.url).origin) {
      carried = false;
      fields = onlyAccept(fields);
    }
    current = new Request(next, { method, signal });
  }
}

/** Where a redirect may lead. A URL with user info is refused by every platform, in words that quote it. */
function redirectTarget(location: string, base: string): URL | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const target = new URL(location, base);
  return /^https?:\/\/[^@/]*\//.test(target.href) ? target : undefined;
}

function onlyAccept(headers: Headers): Headers {
  const accept = headers.get('accept');
  return new Headers(accept === null ? {} : { accept });
}
