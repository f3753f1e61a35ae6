import {
  type Clock,
  digest,
  encodeHex,
  type JsonObject,
  type RandomSource,
  sha256,
  systemClock,
  systemRandom,
  toSecret,
} from '@x/crypto';
import { checkOptions, isStore } from '@x/http/options';
import { withDeadline } from '@x/http/server';
import { memoryStore, type Store, storeKey } from '@x/http/store';
import * as v from 'valibot';
import { callable, oneOrMoreTexts, secureUrl, text, wholeNumber } from '../option-shapes.ts';
import { checkTimes, claimOf, isOneOf, namesAudience, toResult } from './claims.ts';
import { fetchJson } from './fetch-json.ts';
import { type IntrospectionClient, IntrospectionClientShape, proveClient } from './introspection-client.ts';
import { outage } from './outage.ts';
import type { TokenReason, Verifier } from './verifier.ts';

/** Options of {@link introspectionVerifier}. */
export interface IntrospectionVerifierOptions {
  /** The endpoint, https:; http: on loopback only. */
  readonly endpoint: string | URL;
  /** Who we are to it. */
  readonly client: IntrospectionClient;
  /** `iss` that a token must have; default any. */
  readonly issuer?: string | undefined;
  /** Of which `aud` must name at least one; default any. A dedicated one is recommended. */
  readonly audience?: string | readonly string[] | undefined;
  /** Of which `client_id` must be one; default any. */
  readonly clientIds?: readonly string[] | undefined;
  /** Members that the answer must have besides; default none. */
  readonly requiredClaims?: readonly string[] | undefined;
  /** Member that holds the SDK's user identifier; default `user_identifier`. */
  readonly userIdentifierClaim?: string | undefined;
  /** Milliseconds of clock difference forgiven for `exp`, `nbf` and `iat`, 0 to 300,000; default 30,000. */
  readonly clockToleranceMs?: number | undefined;
  /**
   * Keeps positive answers; default off, because a revoked token then goes on being accepted. `maxAgeMs`: 1 to 60,000,
   * default 60,000, and never beyond `exp`. `store`: default this process's memory; waited for 250 ms at most.
   */
  readonly cache?: { readonly maxAgeMs?: number | undefined; readonly store?: Store | undefined } | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

const longestCacheMs = 60_000;
const texts = v.array(text(), 'must be a list');

const OptionsShape = v.strictObject({
  endpoint: secureUrl(),
  client: IntrospectionClientShape,
  issuer: v.optional(text()),
  audience: v.optional(oneOrMoreTexts()),
  clientIds: v.optional(v.pipe(texts, v.nonEmpty('must not be empty'))),
  requiredClaims: v.optional(texts, []),
  userIdentifierClaim: v.optional(text(), 'user_identifier'),
  clockToleranceMs: v.optional(wholeNumber(0, 300_000), 30_000),
  cache: v.optional(
    v.strictObject(
      {
        maxAgeMs: v.optional(wholeNumber(1, longestCacheMs), longestCacheMs),
        store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
      },
      'must be an object',
    ),
  ),
  fetch: v.optional(callable<typeof globalThis.fetch>(), () => globalThis.fetch),
  clock: v.optional(callable<Clock>(), () => systemClock),
  random: v.optional(callable<RandomSource>(), () => systemRandom),
});

/**
 * Makes a verifier that asks the authorization server's introspection endpoint.
 *
 * Only `active: true` counts, as a boolean. Times, issuer, audience and client are checked when they are there, and must
 * be there when an option names what they should be. A 401 or 403 is not about the device's token but about our own
 * credentials, and therefore an outage like every other answer than 200 with a JSON object.
 *
 * @returns A verifier that throws an error with a code `introspection.…` when there is no usable answer.
 * @throws {TypeError | RangeError} Naming the option.
 * @see HypeLabs fact sheet §6.2; RFC 7662.
 */
export function introspectionVerifier(options: IntrospectionVerifierOptions): Verifier {
  const settings = checkOptions(OptionsShape, options);
  const { endpoint, client, fetch, clock, random } = settings;
  const cache =
    settings.cache === undefined ? undefined : createCache(settings.cache, [endpoint, identityOf(client)], clock);

  async function ask(accessToken: string, signal: AbortSignal): Promise<JsonObject> {
    const { headers, parameters } = await proveClient(client, { endpoint, clock, random });
    const answer = await fetchJson(fetch, endpoint, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ token: accessToken, token_type_hint: 'access_token', ...parameters }).toString(),
      signal,
    });
    if (!answer.ok) {
      throw outage(`introspection.${answer.reason}`, `token introspection failed: ${answer.reason}`, answer.cause);
    }
    if (!isObject(answer.value)) throw outage('introspection.not-object', 'token introspection answered no object');
    return answer.value;
  }

  return async ({ accessToken, tokenType, signal }) => {
    const looked = await cache?.get(accessToken);
    const claims = looked?.found ?? (await ask(accessToken, signal));
    if (claims['active'] !== true) return { active: false, reason: 'token-inactive' };
    const reason = judge(claims, tokenType, settings);
    if (reason !== undefined) return { active: false, reason };
    if (looked !== undefined && looked.found === undefined) await cache?.set(accessToken, claims);
    return toResult(claims, settings);
  };
}

function judge(
  claims: JsonObject,
  tokenType: string,
  settings: v.InferOutput<typeof OptionsShape>,
): TokenReason | undefined {
  const { issuer, audience, clientIds, clock, clockToleranceMs } = settings;
  const type = claimOf(claims, 'token_type');
  if (type !== undefined && !(typeof type === 'string' && type.toLowerCase() === tokenType)) return 'token-untrusted';
  const isOurs =
    (issuer === undefined || claimOf(claims, 'iss') === issuer) &&
    (audience === undefined || namesAudience(claimOf(claims, 'aud'), audience)) &&
    (clientIds === undefined || isOneOf(clientIds, claimOf(claims, 'client_id')));
  return isOurs ? checkTimes(claims, clock(), clockToleranceMs) : 'token-misdirected';
}

interface Cache {
  /** What is there; undefined when the store hangs: it is not waited for a second time, to be told. */
  get(accessToken: string): Promise<{ readonly found: JsonObject | undefined } | undefined>;
  set(accessToken: string, claims: JsonObject): Promise<void>;
}

/** Milliseconds that a cache is waited for, either way. A write is waited for as well: a platform may end it with the request. */
const cacheTimeoutMs = 250;

/** What a store does in time, without a value when it fails; undefined when it hangs. */
async function inTime<Value>(run: () => Promise<Value>): Promise<{ readonly value?: Value } | undefined> {
  try {
    const done = await withDeadline(cacheTimeoutMs, undefined, async () => run());
    return done.ok ? done : undefined;
  } catch {
    return {};
  }
}

/** A store that fails or hangs costs a question to the endpoint and a moment, and nothing else. */
function createCache(
  { maxAgeMs, store }: { readonly maxAgeMs: number; readonly store?: Store | undefined },
  context: readonly string[],
  clock: Clock,
): Cache {
  const kept = store ?? memoryStore({ clock });
  const keyOf = (accessToken: string): string =>
    storeKey('hypelabs', 'introspection', ...context, sha256Of(accessToken));
  return {
    async get(accessToken) {
      const read = await inTime(() => kept.get(keyOf(accessToken)));
      return read && { found: isObject(read.value) ? read.value : undefined };
    },
    async set(accessToken, claims) {
      const expiresAt = claimOf(claims, 'exp');
      const leftMs = typeof expiresAt === 'number' ? Math.floor(expiresAt * 1000 - clock()) : maxAgeMs;
      const ttlMs = Math.min(maxAgeMs, leftMs);
      if (ttlMs > 0) await inTime(() => kept.set(keyOf(accessToken), claims, { ttlMs }));
    },
  };
}

/** RFC 7662 §2.2: an endpoint may answer each of its clients differently, so they do not share answers. */
function identityOf(client: IntrospectionClient): string {
  return client.method === 'bearer' ? sha256Of(toSecret(client.token).reveal()) : client.clientId;
}

function sha256Of(text: string): string {
  return encodeHex(digest(sha256, text));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
