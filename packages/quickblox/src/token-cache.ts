import type { JsonValue } from '@x/crypto';
import { withDeadline } from '@x/http/server';
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
}

/** A token as it is handed out. */
export interface HandedToken {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly source: 'cached' | 'minted';
}

/** Tokens of users, minted once and handed out until they are about to end. */
export interface TokenCache {
  /**
   * Gives a user's token; who asks for the same user meanwhile gets the same.
   *
   * @param use `fresh` when the user's client found that its token has ended; one that was minted within the last ten
   *   seconds counts as fresh, so that a page with many windows does not mint one for each.
   * @throws {XError} When none could be minted.
   */
  get(userId: number, use: 'any' | 'fresh'): Promise<HandedToken>;
}

/** No date is later. @see ECMA-262, "Time Values and Time Range". */
const Time = v.pipe(v.number(), v.maxValue(8_640_000_000_000_000));
const Kept = v.object({ token: TokenText, expiresAtMs: Time, mintedAtMs: Time });

const freshMs = 10_000;
/** A store that hangs costs a mint, not the answer. */
const storeTimeoutMs = 2000;

/** Keeps tokens in a store, under keys of application, base URL and user. */
export function createTokenCache({ quickblox, store, marginMs, onStoreFailed }: TokenCacheOptions): TokenCache {
  const underway = new Map<string, Promise<HandedToken>>();
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

  async function find(userId: number, use: 'any' | 'fresh'): Promise<HandedToken | undefined> {
    const stored = await attempt(() => store.get(keyOf(userId)));
    if (!v.is(Kept, stored)) return undefined; // what another version wrote counts as absent
    const nowMs = quickblox.nowMs();
    if (stored.expiresAtMs - nowMs <= marginMs) return undefined;
    if (use === 'fresh' && nowMs - stored.mintedAtMs >= freshMs) return undefined;
    return { token: stored.token, expiresAtMs: stored.expiresAtMs, source: 'cached' };
  }

  async function mint(userId: number): Promise<HandedToken> {
    const { token, expiresAtMs } = await quickblox.createUserToken(userId);
    const nowMs = quickblox.nowMs();
    const ttlMs = expiresAtMs - nowMs - marginMs;
    const kept: JsonValue = { token, expiresAtMs, mintedAtMs: nowMs };
    if (ttlMs > 0) await attempt(() => store.set(keyOf(userId), kept, { ttlMs }));
    return { token, expiresAtMs, source: 'minted' };
  }

  return {
    async get(userId, use) {
      const name = `${use}/${userId}`;
      const joined = underway.get(name);
      if (joined !== undefined) return joined;
      const own = (async () => (await find(userId, use)) ?? mint(userId))();
      underway.set(name, own);
      try {
        return await own;
      } finally {
        underway.delete(name);
      }
    },
  };
}
