import { digest, encodeHex, type JsonValue, sha256 } from '@x/crypto';
import { createFlights, createLiveness, type WorkOutcome, withDeadline } from '@x/http/server';
import { type Store, storeKey } from '@x/http/store';
import * as v from 'valibot';
import type { QuickBlox } from './quickblox.ts';
import { TokenText } from './schemas/token-text.ts';

/** What {@link createTokenCache} is made from. */
export interface TokenCacheOptions {
  readonly quickblox: Pick<QuickBlox, 'applicationId' | 'baseUrl' | 'nowMs' | 'createUserToken'>;
  readonly store: Store;
  /** A token with less than this left is not handed out again, milliseconds. */
  readonly marginMs: number;
  /** Told that the store failed; tokens are then minted more often than they need be. */
  readonly onStoreFailed: () => void;
  /** Keeps the platform from ending a mint with the request that began it. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** A token as it is handed out. */
export interface HandedToken {
  readonly token: string;
  /** SHA-256 of the token in hex: names it without giving it away. */
  readonly id: string;
  readonly expiresAtMs: number;
  readonly source: 'cached' | 'minted';
}

interface Given extends HandedToken {
  /** It is not replaced for now, whoever says that it has ended. */
  readonly stays: boolean;
}

/** Tokens of users, minted once and handed out until they are about to end. */
export interface TokenCache {
  /**
   * Gives a user's token; who asks for the same user meanwhile gets the same.
   *
   * @param endedId The id of the token that the user's client found to have ended: it is replaced if it is the one that
   *   is kept, and else has been replaced already. Three in a row are replaced however young they are, further ones
   *   when they are ten seconds old.
   * @param signal The end of the request: what it waits for in vain is joined by nobody from then on, unless the platform
   *   keeps it going.
   * @returns The token, or why nobody waits for it any more.
   * @throws {XError} When none could be minted.
   */
  get(userId: number, endedId: string | undefined, signal: AbortSignal): Promise<WorkOutcome<HandedToken>>;
}

/** No date is later. @see ECMA-262, "Time Values and Time Range". */
const Time = v.pipe(v.number(), v.maxValue(8_640_000_000_000_000));
/** `hasty`: how many tokens before it, one after the other, were said to have ended while they were young. */
const Kept = v.object({ token: TokenText, expiresAtMs: Time, mintedAtMs: Time, hasty: v.number() });
type Kept = v.InferOutput<typeof Kept>;

const youngMs = 10_000;
const maxHasty = 3;
/** A store that hangs costs a mint, not the answer. */
const storeTimeoutMs = 2000;

/** Keeps tokens in a store, under keys of application, base URL and user. */
export function createTokenCache(options: TokenCacheOptions): TokenCache {
  const { quickblox, store, marginMs, onStoreFailed, waitUntil } = options;
  const flights = createFlights<number, Given>(createLiveness({ waitUntil }));
  const keyOf = (userId: number): string =>
    storeKey('quickblox', quickblox.applicationId, quickblox.baseUrl, 'user-token', String(userId));

  async function attempt<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const outcome = await withDeadline(storeTimeoutMs, undefined, run);
      if (outcome.ok) return outcome.value;
    } catch {
      // what a store throws may quote the token; that it failed is all there is to say
    }
    onStoreFailed();
    return undefined;
  }

  /** What is kept, with enough time left. */
  async function find(userId: number): Promise<Kept | undefined> {
    const stored = await attempt(() => store.get(keyOf(userId)));
    if (!v.is(Kept, stored)) return undefined; // what another version wrote counts as absent
    return stored.expiresAtMs - quickblox.nowMs() > marginMs ? stored : undefined;
  }

  async function mint(userId: number, hasty: number): Promise<Given> {
    const { token, expiresAtMs } = await quickblox.createUserToken(userId);
    const nowMs = quickblox.nowMs();
    const ttlMs = expiresAtMs - nowMs - marginMs;
    const kept: JsonValue = { token, expiresAtMs, mintedAtMs: nowMs, hasty };
    if (ttlMs > 0) await attempt(() => store.set(keyOf(userId), kept, { ttlMs }));
    return { token, id: idOf(token), expiresAtMs, source: 'minted', stays: false };
  }

  async function give(userId: number, endedId: string | undefined): Promise<Given> {
    const kept = await find(userId);
    if (kept === undefined) return mint(userId, 0);
    const { token, expiresAtMs, mintedAtMs, hasty } = kept;
    const isYoung = quickblox.nowMs() - mintedAtMs < youngMs;
    const id = idOf(token);
    const stays = isYoung && hasty >= maxHasty;
    if (id !== endedId || stays) return { token, id, expiresAtMs, source: 'cached', stays };
    return mint(userId, isYoung ? hasty + 1 : 0);
  }

  return {
    async get(userId, endedId, signal) {
      for (;;) {
        const own: { given?: Given } = {};
        const run = async (): Promise<Given> => {
          own.given = await give(userId, endedId);
          return own.given;
        };
        const outcome = await flights.join(userId, run, { signal });
        if (!outcome.ok) return outcome;
        const { value } = outcome;
        // what others asked for may be what has ended
        if (value === own.given || value.id !== endedId || value.stays) return outcome;
      }
    },
  };
}

function idOf(token: string): string {
  return encodeHex(digest(sha256, token));
}
