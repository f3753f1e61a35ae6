import {
  type Clock,
  createSealer,
  type JsonObject,
  type OpenReason,
  type RandomSource,
  type SealerKey,
  systemClock,
} from '@x/crypto';
import { isSegment } from './segment.ts';

/** Options of {@link createHubTokens}. */
export interface CreateHubTokensOptions {
  /** The registered app name; tokens of another app do not open. */
  readonly app: string;
  /** The first key seals, every key opens. */
  readonly keys: readonly SealerKey[];
  /** Tells deployments with the same keys apart, such as `sandbox`. Prefer separate keys. Default none. */
  readonly environment?: string | undefined;
  /** Milliseconds after which a token is refused, 1 to 315,360,000,000. Default never: Hub asks for no new one. */
  readonly tokenTtlMs?: number | undefined;
  /**
   * Maps spellings of one user's name to one text before names are compared. A name for which it throws or gives
   * no text is nobody's. Default none.
   */
  readonly usernameCanonical?: ((username: string) => string) | undefined;
  /** Tells whether a token that opened has been taken back. What it throws is passed on. */
  readonly isRevoked?: ((grant: HubGrant) => boolean | Promise<boolean>) | undefined;
  /** Tells the time. Default the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Gives random bytes. Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** Who a token speaks for. */
export interface HubGrant {
  /** The name under which the user was linked. */
  readonly username: string;
  /** What the app sealed into the token when the user was linked. */
  readonly claims: JsonObject;
  /** Milliseconds since 1970. */
  readonly issuedAtMs: number;
  /** Unique for each token. */
  readonly tokenId: string;
}

/** What a request presented. */
export interface PresentedToken {
  /** The member `auth`, whatever it is. */
  readonly auth: unknown;
  /** Every username that the request carries: in its path, body and query. Each must be the token's. */
  readonly usernames?: readonly unknown[] | undefined;
}

/**
 * Why a presented token was refused.
 *
 * - `token-missing`, `token-not-text`, `token-too-long`: there is nothing to open
 * - `malformed` … `too-old`: as `createSealer` of `@x/crypto` tells
 * - `user-mismatch`: the request names another user
 * - `revoked`: taken back
 */
export type HubTokenReason =
  | 'token-missing'
  | 'token-not-text'
  | 'token-too-long'
  | OpenReason
  | 'user-mismatch'
  | 'revoked';

/** Who a presented token speaks for, or why it was refused. */
export type HubTokenResult =
  | { readonly ok: true; readonly grant: HubGrant }
  | { readonly ok: false; readonly reason: HubTokenReason };

/** Options of {@link HubTokens.seal}. */
export interface SealTokenOptions {
  /** Issues the token a millisecond after this moment, where the clock is not past it. Default the clock alone. */
  readonly issuedAfterMs?: number | undefined;
}

/** Makes and checks the `auth` values of one app. */
export interface HubTokens {
  /**
   * Seals a token for a user.
   *
   * @param claims Plain JSON; default none.
   * @throws {TypeError} When a claim is not JSON.
   * @throws {RangeError} When the username cannot stand in a path, or the token would be over 2,048 characters.
   */
  seal(username: string, claims?: JsonObject, options?: SealTokenOptions): string;
  /**
   * Checks what a request presented.
   *
   * @returns Never rejects for anything that a stranger can send.
   */
  verify(presented: PresentedToken): Promise<HubTokenResult>;
}

/** Ten years of 365 days; an end that lies beyond all dates could not be sealed. */
const maxTokenTtlMs = 315_360_000_000;

const maxTokenLength = 2048;
const formatVersion = 1;

/**
 * Makes the tokens that an app hands to Hub: PASETO v4.local, sealed for one user of one app.
 *
 * @throws {TypeError} Naming the option that is missing, unknown or wrong. @throws {RangeError} For `tokenTtlMs`.
 * @see Hub fact sheet §9.3
 */
export function createHubTokens(options: CreateHubTokensOptions): HubTokens {
  checkNames(options);
  const { app, keys, environment, tokenTtlMs, usernameCanonical = (username) => username, isRevoked } = options;
  if (!isSegment(app)) throw new TypeError('app must be the registered name, 1 to 256 characters');
  if (environment !== undefined && !isSegment(environment)) {
    throw new TypeError('environment must be 1 to 256 characters');
  }
  if (tokenTtlMs !== undefined && !(Number.isInteger(tokenTtlMs) && tokenTtlMs >= 1 && tokenTtlMs <= maxTokenTtlMs)) {
    throw new RangeError(`tokenTtlMs must be a whole number of milliseconds from 1 to ${maxTokenTtlMs}`);
  }
  if (typeof usernameCanonical !== 'function') throw new TypeError('usernameCanonical must be a function');
  if (isRevoked !== undefined && typeof isRevoked !== 'function') throw new TypeError('isRevoked must be a function');
  const { clock = systemClock, random } = options;
  const context = ['@x/hub', app, ...(environment === undefined ? [] : [environment])];
  const sealer = createSealer({ keys, context, clock, random });

  /** What a name is compared by. Nothing is not the same as nothing: users would be taken for each other. */
  function canonicalOf(username: string): string | undefined {
    try {
      const name: unknown = usernameCanonical(username);
      return typeof name === 'string' && name !== '' ? name : undefined;
    } catch {
      return undefined;
    }
  }

  return Object.freeze({
    seal(username: string, claims: JsonObject = {}, { issuedAfterMs }: SealTokenOptions = {}): string {
      if (!isSegment(username)) throw new RangeError('username must be 1 to 256 characters, not a dot segment');
      if (!isObject(claims)) throw new TypeError('claims must be a plain object');
      const issuer =
        issuedAfterMs === undefined || Math.floor(clock()) > issuedAfterMs
          ? sealer
          : createSealer({ keys, context, clock: () => issuedAfterMs + 1, random });
      const token = issuer.seal(username, { v: formatVersion, claims }, { expiresInMs: tokenTtlMs });
      if (token.length > maxTokenLength) {
        throw new RangeError(`claims make a token of ${token.length} characters, over ${maxTokenLength}`);
      }
      return token;
    },

    async verify({ auth, usernames = [] }: PresentedToken): Promise<HubTokenResult> {
      if (auth === undefined) return { ok: false, reason: 'token-missing' };
      if (typeof auth !== 'string' || auth === '') return { ok: false, reason: 'token-not-text' };
      if (auth.length > maxTokenLength) return { ok: false, reason: 'token-too-long' };
      const opened = sealer.open(auth, { maxAgeMs: tokenTtlMs });
      if (!opened.ok) return { ok: false, reason: opened.reason };
      const { v, claims } = opened.claims;
      if (v !== formatVersion || !isObject(claims)) return { ok: false, reason: 'malformed' };
      const { subject: username, issuedAtMs, id: tokenId } = opened;
      const isSame = (other: unknown): boolean => {
        const name = canonicalOf(username);
        return name !== undefined && isSegment(other) && canonicalOf(other) === name;
      };
      if (!usernames.every(isSame)) return { ok: false, reason: 'user-mismatch' };
      const grant: HubGrant = { username, claims, issuedAtMs, tokenId };
      // anything but a plain no takes the token back
      if (isRevoked !== undefined && (await isRevoked(grant)) !== false) return { ok: false, reason: 'revoked' };
      return { ok: true, grant };
    },
  });
}

/**
 * Checks one presented token; for many, keep what {@link createHubTokens} makes.
 *
 * @returns Who it speaks for, or why it was refused. Never rejects for anything that a stranger can send.
 * @throws {TypeError} As {@link createHubTokens} does.
 */
export async function verifyHubToken(
  presented: PresentedToken,
  options: CreateHubTokensOptions,
): Promise<HubTokenResult> {
  return createHubTokens(options).verify(presented);
}

const optionNames: Readonly<Record<keyof CreateHubTokensOptions, true>> = {
  app: true,
  keys: true,
  environment: true,
  tokenTtlMs: true,
  usernameCanonical: true,
  isRevoked: true,
  clock: true,
  random: true,
};

/** A misspelt `isRevoked` would never take a token back. */
function checkNames(options: CreateHubTokensOptions): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(optionNames, name)) throw new TypeError(`${name} is no option`);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
