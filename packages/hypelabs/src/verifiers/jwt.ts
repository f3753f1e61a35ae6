import { type Clock, decodeBase64Url, type JsonObject, systemClock } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import type { JSONWebKeySet, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import * as v from 'valibot';
import { callable, oneOrMoreTexts, secureUrl, text, wholeNumber } from '../option-shapes.ts';
import { checkTimes, claimOf, isOneOf, namesAudience, toResult } from './claims.ts';
import { jwtFailure } from './jwt-failure.ts';
import { loadJose } from './load-jose.ts';
import { type KeySource, remoteKeys } from './remote-keys.ts';
import type { Verifier, VerifierResult } from './verifier.ts';

/** Options of {@link jwtVerifier}. */
export interface JwtVerifierOptions {
  /** `iss` that a token must have. */
  readonly issuer: string;
  /** Of which `aud` must name at least one. Make it one that only this handler accepts: HypeLabs sees the tokens. */
  readonly audience: string | readonly string[];
  /** URL of the issuer's key set, https:; http: on loopback only. Either this or `keys`. */
  readonly jwksUrl?: string | URL | undefined;
  /** The issuer's public keys. */
  readonly keys?: JSONWebKeySet | undefined;
  /** Default `RS256`, `PS256`, `ES256` and `EdDSA`; asymmetric ones only. */
  readonly algorithms?: readonly string[] | undefined;
  /**
   * `at+jwt` (default) is what RFC 9068 asks for. `JWT` is for servers that do not follow it; ID tokens, which then look
   * alike, are refused by what they carry: `nonce`, `at_hash`, or an `aud` that is the client. That of a plain code flow
   * need not carry any of these, so `audience` must then not be the id of a client.
   */
  readonly typ?: 'at+jwt' | 'JWT' | undefined;
  /**
   * Claims that must be there besides `iss`, `aud` and `exp`. Default, for `at+jwt`, the rest that RFC 9068 requires:
   * `sub`, `client_id`, `iat`, `jti`; for `JWT`, `sub`.
   */
  readonly requiredClaims?: readonly string[] | undefined;
  /** Of which `client_id` must be one; default any. */
  readonly clientIds?: readonly string[] | undefined;
  /** Claim that holds the SDK's user identifier; default `user_identifier`. */
  readonly userIdentifierClaim?: string | undefined;
  /** Milliseconds of clock difference forgiven for `exp`, `nbf` and `iat`, 0 to 300,000; default 30,000. */
  readonly clockToleranceMs?: number | undefined;
  /** Milliseconds for fetching the key set, 1 to 60,000; default 5,000. */
  readonly jwksTimeoutMs?: number | undefined;
  /** Milliseconds between two fetches that unknown keys ask for, 0 to 3,600,000; default 30,000. */
  readonly jwksCooldownMs?: number | undefined;
  /** Milliseconds after which the key set is fetched anew, 1 to 86,400,000; default 600,000. */
  readonly jwksMaxAgeMs?: number | undefined;
  /** Fetches the key set; default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
}

const asymmetric = /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519|ML-DSA-(?:44|65|87))$/;
const texts = v.array(text(), 'must be a list');
const someTexts = v.pipe(texts, v.nonEmpty('must not be empty'));

const OptionsShape = v.strictObject({
  issuer: text(),
  audience: oneOrMoreTexts(),
  jwksUrl: v.optional(secureUrl()),
  keys: v.optional(
    v.custom<JSONWebKeySet>(isPublicKeySet, 'must be a JSON Web Key Set of public keys, and not be empty'),
  ),
  algorithms: v.optional(
    v.pipe(
      v.array(
        v.pipe(v.string('must be text'), v.regex(asymmetric, 'must be an asymmetric algorithm')),
        'must be a list',
      ),
      v.nonEmpty('must not be empty'),
    ),
    ['RS256', 'PS256', 'ES256', 'EdDSA'],
  ),
  typ: v.optional(v.picklist(['at+jwt', 'JWT'], "must be 'at+jwt' or 'JWT'"), 'at+jwt'),
  requiredClaims: v.optional(texts),
  clientIds: v.optional(someTexts),
  userIdentifierClaim: v.optional(text(), 'user_identifier'),
  clockToleranceMs: v.optional(wholeNumber(0, 300_000), 30_000),
  jwksTimeoutMs: v.optional(wholeNumber(1, 60_000), 5000),
  jwksCooldownMs: v.optional(wholeNumber(0, 3_600_000), 30_000),
  jwksMaxAgeMs: v.optional(wholeNumber(1, 86_400_000), 600_000),
  fetch: v.optional(callable<typeof globalThis.fetch>(), () => globalThis.fetch),
  clock: v.optional(callable<Clock>(), () => systemClock),
});

/** A private or symmetric key has no business here, and would fail only when the first token comes. */
function isPublicKeySet(value: unknown): boolean {
  const { keys } = Object(value) as { keys?: unknown };
  const isPublic = (key: unknown): boolean => {
    return typeof key === 'object' && key !== null && !Object.hasOwn(key, 'd') && !Object.hasOwn(key, 'k');
  };
  return Array.isArray(keys) && keys.length > 0 && keys.every(isPublic);
}

const defaultRequiredClaims = { 'at+jwt': ['sub', 'client_id', 'iat', 'jti'], JWT: ['sub'] } as const;

/**
 * Makes a verifier of signed access tokens by RFC 9068.
 *
 * Keys come from configuration alone: `jku`, `x5u`, `jwk` and `x5c` in a token are ignored. All cryptography is `jose`'s,
 * which is loaded when the first token comes.
 *
 * @returns A verifier that throws an error with a code `jwks.…` when the issuer's keys cannot be had.
 * @throws {TypeError | RangeError} Naming the option.
 * @see HypeLabs fact sheet §6.3; RFC 9068 §2, §4; RFC 8725 §3.
 */
export function jwtVerifier(options: JwtVerifierOptions): Verifier {
  const settings = checkOptions(OptionsShape, options);
  const { issuer, audience, typ, algorithms, clock, clockToleranceMs } = settings;
  const { requiredClaims = defaultRequiredClaims[typ] } = settings;
  const keys = keySource(settings);
  const rules = { requiredClaims, userIdentifierClaim: settings.userIdentifierClaim };

  return async ({ accessToken, signal }) => {
    const verifyOptions: JWTVerifyOptions = {
      typ,
      issuer,
      audience: [...audience],
      algorithms: [...algorithms],
      requiredClaims: ['exp', ...requiredClaims],
      clockTolerance: clockToleranceMs / 1000,
      currentDate: new Date(clock()),
    };
    if (!isCanonical(accessToken)) return { active: false, reason: 'token-malformed' };
    try {
      const claims = await readClaims(accessToken, keys(signal), verifyOptions);
      return judge(claims, settings) ?? toResult(claims, rules);
    } catch (error) {
      return { active: false, reason: jwtFailure(error) };
    }
  };
}

/** One spelling for one token: platforms' decoders overlook stray bits at the end of a part (RFC 4648 §3.5). */
function isCanonical(token: string): boolean {
  try {
    for (const part of token.split('.')) decodeBase64Url(part);
    return true;
  } catch {
    return false;
  }
}

type Settings = v.InferOutput<typeof OptionsShape>;

function keySource(settings: Settings): KeySource {
  const { jwksUrl, keys, fetch, clock } = settings;
  if ((jwksUrl === undefined) === (keys === undefined)) throw new TypeError('either jwksUrl or keys must be given');
  if (jwksUrl !== undefined) {
    const { jwksTimeoutMs: timeoutMs, jwksCooldownMs: cooldownMs, jwksMaxAgeMs: maxAgeMs } = settings;
    return remoteKeys({ url: jwksUrl, fetch, clock, timeoutMs, cooldownMs, maxAgeMs });
  }
  let local: JWTVerifyGetKey | undefined;
  return () => async (header, token) => {
    const { createLocalJWKSet } = await loadJose();
    local ??= createLocalJWKSet(keys ?? { keys: [] });
    return local(header, token);
  };
}

/** Without a key id several keys may fit, as in the days of a rotation: one of them must have signed. */
async function readClaims(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JsonObject> {
  const { jwtVerify, errors } = await loadJose();
  try {
    return (await jwtVerify(token, keys, options)).payload as JsonObject;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload as JsonObject;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** What `jose` does not look at. */
function judge(claims: JsonObject, settings: Settings): VerifierResult | undefined {
  const { typ, clientIds, clock, clockToleranceMs } = settings;
  const client = claimOf(claims, 'client_id') ?? claimOf(claims, 'azp');
  if (typ === 'JWT' && looksLikeIdToken(claims)) return { active: false, reason: 'token-untrusted' };
  if (clientIds !== undefined && !isOneOf(clientIds, client)) return { active: false, reason: 'token-misdirected' };
  const reason = checkTimes(claims, clock(), clockToleranceMs); // `iat` in the future, above all
  return reason === undefined ? undefined : { active: false, reason };
}

/** OpenID Connect Core 1.0 §2: an ID token is made for its client. */
function looksLikeIdToken(claims: JsonObject): boolean {
  const clients = [claimOf(claims, 'client_id'), claimOf(claims, 'azp')].filter((name) => typeof name === 'string');
  return (
    Object.hasOwn(claims, 'nonce') ||
    Object.hasOwn(claims, 'at_hash') ||
    namesAudience(claimOf(claims, 'aud'), clients as string[])
  );
}
