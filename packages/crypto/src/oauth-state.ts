import { sha256 } from './algorithms.ts';
import { encodeBase64Url } from './base64.ts';
import type { Clock } from './clock.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import { assertContext } from './context.ts';
import { digest } from './digest.ts';
import type { JsonObject } from './json.ts';
import type { SealerKey } from './key-ring.ts';
import { type RandomSource, randomToken } from './random.ts';
import { createSealer } from './sealer.ts';

/** Options of {@link createOAuthState}. */
export interface CreateOAuthStateOptions {
  /** As for `createSealer`; the same ring may serve both, their tokens do not mix. */
  readonly keys: readonly SealerKey[];
  /** What the flow is for, such as `['shop', 'hubrise']`. */
  readonly context: readonly string[];
  /** How long a person may take, in whole milliseconds, 1 to 86,400,000 (a day); default 600,000, ten minutes. */
  readonly ttlMs?: number | undefined;
  /** Default: the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Default: the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** A flow that has begun. */
export interface OAuthStart {
  /** For the provider's `state` parameter; at most 4,096 characters. */
  readonly state: string;
  /** For a `__Host-` cookie of the browser that begins the flow, and nowhere else. */
  readonly binding: string;
}

/** Why a callback does not belong to a flow that this browser began. */
export type OAuthStateReason =
  | 'state-missing'
  | 'binding-missing'
  | 'state-malformed'
  | 'state-expired'
  | 'state-mismatch';

/** What the flow was begun with, or why the callback was refused. */
export type OAuthFinish =
  | { readonly ok: true; readonly claims: JsonObject; readonly id: string }
  | { readonly ok: false; readonly reason: OAuthStateReason };

/** Begins and finishes OAuth flows without storing anything. */
export interface OAuthState {
  /**
   * Begins a flow.
   *
   * @param claims What the callback needs to go on, such as where to return to. Sealed: nobody else reads it.
   * @throws {TypeError} When a claim is not JSON.
   * @throws {RangeError} When the state would be longer than 4,096 characters, or the claims too deep.
   */
  begin(claims: JsonObject): OAuthStart;

  /**
   * Checks that a callback belongs to a flow that this browser began.
   *
   * @param callback `state` from the query, `binding` from the cookie; `undefined` for what is absent.
   * @returns The claims, or the first reason that applies. Never throws for any text. A state stays valid until it
   *   expires: remember `id` to admit it once.
   */
  finish(callback: { readonly state: string | undefined; readonly binding: string | undefined }): OAuthFinish;
}

const defaultTtlMs = 600_000;
const maxTtlMs = 86_400_000;
const maxStateLength = 4096;
const bindingPattern = /^[\w-]{43}$/;

/**
 * Protects the callback of an OAuth flow against forgery: `state` is a sealed token that carries the hash of a random
 * value, the value itself stays in a cookie, and only the browser that has both can finish.
 *
 * @throws {TypeError} Naming the option, as `createSealer` does.
 * @throws {RangeError} When `ttlMs` is out of range.
 * @see RFC 6749 §10.12 and RFC 9700 §4.7
 */
export function createOAuthState(options: CreateOAuthStateOptions): OAuthState {
  const { keys, context, ttlMs = defaultTtlMs, clock, random } = options;
  if (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > maxTtlMs) {
    throw new RangeError(`ttlMs must be a whole number of milliseconds from 1 to ${maxTtlMs}`);
  }
  assertContext(context);
  // The first part keeps these tokens apart from those of a sealer with the same keys and context.
  const sealer = createSealer({ keys, context: ['@x/crypto oauth-state', ...context], clock, random });

  return Object.freeze({
    begin(claims: JsonObject): OAuthStart {
      const binding = randomToken(32, random);
      const state = sealer.seal(hashBinding(binding), claims, { expiresInMs: ttlMs });
      if (state.length > maxStateLength) {
        throw new RangeError(`claims make a state of ${state.length} characters, over ${maxStateLength}`);
      }
      return { state, binding };
    },

    finish({ state, binding }: Parameters<OAuthState['finish']>[0]): OAuthFinish {
      if (state === undefined || state === '') return refuse('state-missing');
      if (binding === undefined || binding === '') return refuse('binding-missing');
      const opened = sealer.open(state);
      if (!opened.ok) return refuse(opened.reason === 'expired' ? 'state-expired' : 'state-malformed');
      if (typeof binding !== 'string' || !bindingPattern.test(binding)) return refuse('state-mismatch');
      if (!constantTimeEqual(opened.subject, hashBinding(binding))) return refuse('state-mismatch');
      return { ok: true, claims: opened.claims, id: opened.id };
    },
  });
}

function hashBinding(binding: string): string {
  return encodeBase64Url(digest(sha256, binding));
}

function refuse(reason: OAuthStateReason): OAuthFinish {
  return { ok: false, reason };
}
