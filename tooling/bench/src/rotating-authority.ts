import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomToken } from '@x/crypto';

/** What a client was granted. */
export interface Granted {
  readonly access: string;
  readonly refresh: string;
}

/** An OAuth server on loopback that rotates refresh tokens, and takes the second use of one for theft. */
export interface RotatingAuthority {
  readonly url: string;
  /** Begins anew: a grant of its own, no renewals so far. */
  grant(): Granted;
  /** Requests for a renewal since the last grant. */
  renewals(): number;
  accepts(access: string | undefined): boolean;
  close(): Promise<void>;
}

const answerMs = 50;

/** How long an access token lives. */
export const lifetimeSeconds = 1;

/** Starts one that answers after a while, so that those who ask at the same time meet. @see RFC 9700 §4.14.2. */
export async function openRotatingAuthority(): Promise<RotatingAuthority> {
  let renewals = 0;
  let refresh = '';
  const accepted = new Set<string>();

  function issue(): Granted {
    const access = randomToken();
    refresh = randomToken();
    accepted.add(access);
    return { access, refresh };
  }

  function renew(sent: string | null): Granted | undefined {
    renewals += 1;
    if (sent === refresh) return issue();
    accepted.clear(); // stolen: nothing of this grant is good any more
    refresh = '';
    return undefined;
  }

  // idle connections are the client's to close: a busy process would end one that was just sent a request over
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const granted = renew(new URLSearchParams(await textOf(request)).get('refresh_token'));
    const isSlack = request.url?.includes('oauth.v2.access') === true;
    const body =
      granted === undefined
        ? { ok: false, error: 'invalid_grant' }
        : {
            ok: true,
            access_token: granted.access,
            refresh_token: granted.refresh,
            token_type: isSlack ? 'bot' : 'bearer',
            expires_in: lifetimeSeconds,
          };
    setTimeout(() => {
      response.writeHead(granted === undefined && !isSlack ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }, answerMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grant() {
      renewals = 0;
      accepted.clear();
      return issue();
    },
    renewals: () => renewals,
    accepts: (access) => access !== undefined && accepted.has(access),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
