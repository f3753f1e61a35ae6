import { encodeBase64Url } from './base64.ts';
import { type Clock, latestMs, readClock, systemClock } from './clock.ts';
import { assertContext, encodeContext } from './context.ts';
import { isPlainObject, type JsonObject } from './json.ts';
import { readKeyRing, type SealerKey } from './key-ring.ts';
import { type RandomSource, systemRandom, takeRandom } from './random.ts';
import { decodePayload, encodePayload } from './sealed-payload.ts';
import { isText } from './text.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { lockV4Local, nonceBytes, splitV4Local, unlockV4Local } from './v4-local.ts';

/** Options of {@link createSealer}. */
export interface CreateSealerOptions {
  /**
   * The first key seals, every key opens. To rotate, add the new key last on every machine, then move it first on every
   * machine, and drop the old one when its tokens are gone.
   */
  readonly keys: readonly SealerKey[];
  /** What the tokens are for, such as `['shop', 'user-token']`: one sealer's tokens do not open in another's context. */
  readonly context: readonly string[];
  /** Default: the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Default: the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** Options of {@link Sealer.seal}. */
export interface SealOptions {
  /** Life of the token in whole milliseconds, at least 1. Absent: the token does not expire by itself. */
  readonly expiresInMs?: number | undefined;
}

/** Options of {@link Sealer.open}. */
export interface OpenOptions {
  /** Refuses a token issued longer ago, in milliseconds, whatever expiry it carries. Absent: no limit. */
  readonly maxAgeMs?: number | undefined;
  /** How far ahead of ours the issuer's clock may be, in milliseconds; default 60,000. It does not prolong an expiry. */
  readonly clockToleranceMs?: number | undefined;
}

/**
 * Why a token was refused.
 *
 * - `malformed`: not a text that this sealer writes, or longer than 16,384 characters
 * - `unknown-key`: made with a key that is not in the ring
 * - `forged`: altered, or made with another key of that id or for another context
 * - `not-yet-valid`: issued in the future, beyond the tolerance
 * - `expired`: past the expiry that it was given
 * - `too-old`: older than `maxAgeMs`
 */
export type OpenReason = 'malformed' | 'unknown-key' | 'forged' | 'expired' | 'not-yet-valid' | 'too-old';

/** What a token says, or why it was refused. */
export type OpenResult =
  | {
      readonly ok: true;
      readonly subject: string;
      readonly claims: JsonObject;
      /** Id of the key that sealed it. */
      readonly keyId: string;
      readonly issuedAtMs: number;
      readonly expiresAtMs: number | undefined;
      /** Unique for each token, 128 bits: what a store remembers to admit a token once. */
      readonly id: string;
    }
  | { readonly ok: false; readonly reason: OpenReason };

/** Makes and opens sealed tokens. */
export interface Sealer {
  /**
   * Encrypts claims about a subject.
   *
   * @param subject Whom or what the token is about; not empty.
   * @param claims Plain JSON, at most 32 levels deep.
   * @returns A PASETO `v4.local` token, safe in URLs and headers, at most 16,384 characters.
   * @throws {TypeError} When the subject is empty or not well-formed, or a claim is not JSON.
   * @throws {RangeError} When the token would be too long, the claims too deep, or `expiresInMs` is out of range.
   */
  seal(subject: string, claims: JsonObject, options?: SealOptions): string;

  /**
   * Opens a token.
   *
   * @returns Its contents, or the reason for which it was refused. Never throws for any token.
   * @throws {RangeError} When an option is not a number of milliseconds from 0 upwards.
   */
  open(token: string, options?: OpenOptions): OpenResult;
}

const maxTokenLength = 16_384;
const idBytes = 16;
const defaultToleranceMs = 60_000;
// Exactly what encodeFooter writes, so that nothing is parsed as JSON before it is authenticated.
const footerPattern = /^\{"kid":"([\w.-]{1,64})"\}$/;

/**
 * Makes tokens that only holders of the keys can read or write: encrypted, authenticated, bound to a purpose.
 *
 * The format is PASETO `v4.local`: the key's id in the footer, the context as the implicit assertion. Any machine
 * with the keys can open a token; nothing is stored. For the same reason a token can be presented twice and cannot be
 * taken back: remember its `id` where that matters.
 *
 * @throws {TypeError} Naming the option: no keys, a repeated or ill-formed id, a key that is not 32 bytes or all
 *   zero, an empty context.
 * @see PASETO specification, Version 4, and "Payload Processing"
 */
export function createSealer(options: CreateSealerOptions): Sealer {
  const { clock = systemClock, random = systemRandom } = options;
  const keys = readKeyRing(options.keys);
  assertContext(options.context);
  const assertion = encodeContext(options.context);
  assertFunction(clock, 'clock');
  assertFunction(random, 'random');
  const [sealing] = keys;
  const footer = encodeFooter(sealing.id);

  return Object.freeze({
    seal(subject: string, claims: JsonObject, { expiresInMs }: SealOptions = {}): string {
      if (!isText(subject)) throw new TypeError('subject must be well-formed text that is not empty');
      if (!isPlainObject(claims)) throw new TypeError('claims must be a plain object');
      const issuedAtMs = readClock(clock);
      const expiresAtMs = expiresInMs === undefined ? undefined : issuedAtMs + readLife(expiresInMs, issuedAtMs);
      const id = encodeBase64Url(takeRandom(random, idBytes));
      const payload = encodePayload({ subject, claims, issuedAtMs, expiresAtMs, id });
      const nonce = takeRandom(random, nonceBytes);
      const token = lockV4Local(sealing.bytes, payload, { nonce, footer, assertion });
      if (token.length > maxTokenLength) {
        throw new RangeError(`claims make a token of ${token.length} characters, over ${maxTokenLength}`);
      }
      return token;
    },

    open(token: string, { maxAgeMs, clockToleranceMs = defaultToleranceMs }: OpenOptions = {}): OpenResult {
      if (maxAgeMs !== undefined) assertDuration(maxAgeMs, 'maxAgeMs');
      assertDuration(clockToleranceMs, 'clockToleranceMs');
      const nowMs = readClock(clock);
      const parts = typeof token === 'string' && token.length <= maxTokenLength ? splitV4Local(token) : undefined;
      const keyId = parts && decodeFooter(parts.footer);
      if (parts === undefined || keyId === undefined) return { ok: false, reason: 'malformed' };
      const key = keys.find(({ id }) => id === keyId);
      if (key === undefined) return { ok: false, reason: 'unknown-key' };
      const message = unlockV4Local(key.bytes, parts, assertion);
      if (message === undefined) return { ok: false, reason: 'forged' };
      const payload = decodePayload(message);
      if (payload === undefined) return { ok: false, reason: 'malformed' };
      const { issuedAtMs, expiresAtMs } = payload;
      if (issuedAtMs > nowMs + clockToleranceMs) return { ok: false, reason: 'not-yet-valid' };
      if (expiresAtMs !== undefined && nowMs >= expiresAtMs) return { ok: false, reason: 'expired' };
      if (maxAgeMs !== undefined && nowMs - issuedAtMs > maxAgeMs) return { ok: false, reason: 'too-old' };
      return { ok: true, ...payload, keyId };
    },
  });
}

function encodeFooter(keyId: string): Uint8Array {
  return encodeUtf8(JSON.stringify({ kid: keyId }));
}

function decodeFooter(footer: Uint8Array): string | undefined {
  try {
    return footerPattern.exec(decodeUtf8(footer))?.[1];
  } catch {
    return undefined;
  }
}

function readLife(expiresInMs: number, issuedAtMs: number): number {
  if (!Number.isInteger(expiresInMs) || expiresInMs < 1 || expiresInMs > latestMs - issuedAtMs) {
    throw new RangeError(
      'expiresInMs must be a whole number of milliseconds, at least 1, ending before the year 10000',
    );
  }
  return expiresInMs;
}

function assertDuration(ms: number, name: string): void {
  if (typeof ms !== 'number' || !(ms >= 0)) throw new RangeError(`${name} must be milliseconds, 0 or more`);
}

function assertFunction(value: unknown, name: string): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function`);
}
