import { loopback, sendJson } from '../loopback.ts';

/** A provider that counts what it issues. */
export interface Provider {
  readonly url: string;
  readonly issued: () => number;
  /** When it was asked for each token, in milliseconds since 1970. */
  readonly askedAtMs: readonly number[];
  readonly served: () => number;
  /** How many requests came with a token that it does not accept. */
  readonly refused: () => number;
  /** How many tokens were asked for at once, at most. */
  readonly mostAtOnce: () => number;
  /** Whether somebody has sent a refresh token twice. */
  readonly isStolen: () => boolean;
  /** Resolves when a token is asked for that will never come: whoever asks is about to be killed. */
  readonly silent: () => Promise<void>;
  /** Accepts no token any more that was issued so far, at once or after so many more requests. */
  readonly forget: (afterServed?: number) => void;
  readonly close: () => Promise<void>;
}

/** How long tokens live, and by which clock. */
export interface Lifetime {
  /** Milliseconds; default an hour. */
  readonly lifetimeMs?: number;
  /** For how many milliseconds a token is accepted after its end, because requests were under way; default none. */
  readonly graceMs?: number;
  /** Default the platform's. */
  readonly clock?: () => number;
}

/** Opens a provider that replaces the refresh token with each token it issues, and answers slowly enough to collide. */
export async function openProvider({
  lifetimeMs = 3_600_000,
  graceMs = 0,
  clock = Date.now,
}: Lifetime = {}): Promise<Provider> {
  const askedAtMs: number[] = [];
  let served = 0;
  let refused = 0;
  let open = 0;
  let mostAtOnce = 0;
  let acceptedUntil = Number.POSITIVE_INFINITY;
  /** Until when each token is accepted, unless it is forgotten. */
  const live = new Map<string, number>();
  let isStolen = false;
  let refresh = 'first';
  let tell: (() => void) | undefined;
  const server = await loopback((request, response) => {
    if (request.method === 'POST') {
      if ((JSON.parse(request.body) as { refresh: string }).refresh !== refresh) isStolen = true;
      askedAtMs.push(clock());
      refresh = `r${askedAtMs.length}`;
      if (served >= acceptedUntil) {
        live.clear();
        acceptedUntil = Number.POSITIVE_INFINITY;
      }
      const isSilent = tell !== undefined;
      tell?.();
      tell = undefined;
      if (isSilent) return;
      open += 1;
      mostAtOnce = Math.max(mostAtOnce, open);
      setTimeout(() => {
        open -= 1;
        const [token, expiresAtMs] = [`t${askedAtMs.length}`, clock() + lifetimeMs];
        live.set(token, expiresAtMs + graceMs);
        sendJson(response, { token, refresh, expiresAtMs });
      }, 50);
      return;
    }
    const isLive = (live.get(String(request.headers['x-token'])) ?? 0) > clock();
    const accepted = isLive && served < acceptedUntil;
    if (accepted) served += 1;
    else refused += 1;
    sendJson(response, {}, accepted ? 200 : 401);
  });
  return {
    url: server.url,
    issued: () => askedAtMs.length,
    askedAtMs,
    served: () => served,
    refused: () => refused,
    mostAtOnce: () => mostAtOnce,
    isStolen: () => isStolen,
    silent: () =>
      new Promise((resolve) => {
        tell = resolve;
      }),
    forget: (afterServed = 0) => {
      acceptedUntil = served + afterServed;
    },
    close: server.close,
  };
}
