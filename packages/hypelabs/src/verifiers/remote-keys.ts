import type { Clock } from '@x/crypto';
import { createFlights, createLiveness, withDeadline } from '@x/http/server';
import type { JWTVerifyGetKey, LocalJWKSet } from 'jose';
import { fetchJson } from './fetch-json.ts';
import { loadJose } from './load-jose.ts';
import { outage } from './outage.ts';

/** Where keys come from and how often. */
export interface RemoteKeysOptions {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Milliseconds for one fetch. */
  readonly timeoutMs: number;
  /** Milliseconds between two fetches that unknown keys ask for. */
  readonly cooldownMs: number;
  /** Milliseconds after which the set is fetched anew. */
  readonly maxAgeMs: number;
}

/** Gives the keys to one verification, which ends with its signal. */
export type KeySource = (signal: AbortSignal) => JWTVerifyGetKey;

/**
 * Makes a source of keys that fetches a JSON Web Key Set and keeps it.
 *
 * An unknown key asks for a new set, because the issuer may have changed its keys, but not more often than the cooldown
 * allows, whatever came of the last attempt: devices choose what key a token names. Within it tokens are judged by the
 * keys at hand. One fetch is under way at a time, and whoever waits for it may leave without ending it for the others.
 * Nobody joins one that somebody has waited for in vain or that is out of time: on platforms that end a request's work
 * with the request nothing may come of it. Keys are chosen and imported by `jose`; its own remote set has no limit of
 * size and takes its time from the platform.
 *
 * @returns A function that throws an outage with a code `jwks.…`, or `jose`'s error when no key fits.
 * @see HypeLabs fact sheet §6.3.
 */
export function remoteKeys(options: RemoteKeysOptions): KeySource {
  const { clock, timeoutMs, cooldownMs, maxAgeMs } = options;
  let kept: { readonly keys: LocalJWKSet; readonly fetchedAtMs: number } | undefined;
  const flights = createFlights<'keys', LocalJWKSet>(createLiveness());
  let attemptedAtMs = Number.NEGATIVE_INFINITY;

  async function fetchKeys(): Promise<LocalJWKSet> {
    attemptedAtMs = clock();
    const keys = await fetchKeySet(options);
    kept = { keys, fetchedAtMs: clock() };
    return keys;
  }

  async function refresh(signal: AbortSignal): Promise<LocalJWKSet> {
    if (!isWithin(timeoutMs, attemptedAtMs, clock)) flights.leave('keys');
    const outcome = await flights.join('keys', fetchKeys, { signal });
    if (outcome.ok) return outcome.value;
    throw outage('jwks.unreachable', `the key set is not waited for any more: ${outcome.reason}`, outcome.error);
  }

  return (signal) => async (header, token) => {
    const { errors } = await loadJose();
    const keys = kept !== undefined && isWithin(maxAgeMs, kept.fetchedAtMs, clock) ? kept.keys : await refresh(signal);
    try {
      return await keys(header, token);
    } catch (error) {
      const isCoolingDown = flights.underWay('keys') === undefined && isWithin(cooldownMs, attemptedAtMs, clock);
      if (!(error instanceof errors.JWKSNoMatchingKey) || isCoolingDown) throw error;
      return (await refresh(signal))(header, token);
    }
  };
}

/** A time that lies in the future is not trusted: the clock was set back. */
function isWithin(ms: number, sinceMs: number, clock: Clock): boolean {
  const agoMs = clock() - sinceMs;
  return agoMs >= 0 && agoMs < ms;
}

async function fetchKeySet({ url, fetch, timeoutMs }: RemoteKeysOptions): Promise<LocalJWKSet> {
  const done = await withDeadline(timeoutMs, undefined, (signal) =>
    fetchJson(fetch, url, { method: 'GET', headers: { accept: 'application/jwk-set+json, application/json' }, signal }),
  );
  const answer = done.ok ? done.value : ({ ok: false, reason: 'unreachable' } as const);
  if (!answer.ok) {
    const cause = 'cause' in answer ? answer.cause : undefined;
    throw outage(`jwks.${answer.reason}`, `the key set could not be fetched: ${answer.reason}`, cause);
  }
  const { createLocalJWKSet } = await loadJose();
  try {
    return createLocalJWKSet(answer.value as Parameters<typeof createLocalJWKSet>[0]);
  } catch (cause) {
    throw outage('jwks.malformed', 'the key set is malformed', cause);
  }
}
