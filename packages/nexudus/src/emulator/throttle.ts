/** One limit: so many requests in a sliding window. */
export interface Limit {
  readonly windowMs: number;
  readonly requests: number;
  /** Counts only POST, PUT and DELETE. */
  readonly writesOnly?: boolean | undefined;
}

/** The limits of the newer documentation. @see Nexudus fact sheet §9. */
export const documentedLimits: readonly Limit[] = [
  { windowMs: 100, requests: 1 },
  { windowMs: 60_000, requests: 120 },
  { windowMs: 3_600_000, requests: 5_000 },
  { windowMs: 86_400_000, requests: 200_000 },
  { windowMs: 60_000, requests: 60, writesOnly: true },
  { windowMs: 86_400_000, requests: 5_000, writesOnly: true },
];

/** What a request met. */
export interface Admission {
  /** Seconds that a refused client is told to wait; undefined when it is let in. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether it came before the wait that it was told had passed. */
  readonly isEarly: boolean;
}

/** Counts requests by client. */
export interface Throttle {
  admit(client: string, isWrite: boolean, nowMs: number): Admission;
  /** Refuses the next requests, whatever the limits say. @throws {RangeError} Naming what is no whole number from 0. */
  refuseNext(times: number, retryAfterSeconds: number): void;
}

export function createThrottle(limits: readonly Limit[]): Throttle {
  const longestMs = Math.max(0, ...limits.map(({ windowMs }) => windowMs));
  const logs = new Map<string, { readonly atMs: number; readonly isWrite: boolean }[]>();
  const waits = new Map<string, number>();
  let forced: { left: number; readonly retryAfterSeconds: number } = { left: 0, retryAfterSeconds: 0 };

  function overrunMs(client: string, isWrite: boolean, nowMs: number): number {
    const log = (logs.get(client) ?? []).filter(({ atMs }) => nowMs - atMs < longestMs);
    logs.set(client, log);
    const waitsMs = limits.map(({ windowMs, requests, writesOnly = false }) => {
      if (writesOnly && !isWrite) return 0;
      const counted = log.filter((entry) => nowMs - entry.atMs < windowMs && (!writesOnly || entry.isWrite));
      const blocking = counted[counted.length - requests];
      return blocking === undefined ? 0 : blocking.atMs + windowMs - nowMs;
    });
    return Math.max(0, ...waitsMs);
  }

  return {
    admit(client, isWrite, nowMs) {
      const isEarly = nowMs < (waits.get(client) ?? 0);
      const isForced = forced.left > 0;
      const overMs = overrunMs(client, isWrite, nowMs);
      if (!isForced && overMs === 0) {
        logs.get(client)?.push({ atMs: nowMs, isWrite });
        return { retryAfterSeconds: undefined, isEarly };
      }
      if (isForced) forced.left -= 1;
      const retryAfterSeconds = isForced ? forced.retryAfterSeconds : Math.max(1, Math.ceil(overMs / 1000));
      waits.set(client, nowMs + retryAfterSeconds * 1000);
      return { retryAfterSeconds, isEarly };
    },
    refuseNext(times, retryAfterSeconds) {
      for (const [name, value] of Object.entries({ times, retryAfterSeconds })) {
        if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number from 0`);
      }
      forced = { left: times, retryAfterSeconds };
    },
  };
}
