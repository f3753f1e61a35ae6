import {
  type Clock,
  createSealer,
  encodeUtf8,
  hmacHex,
  type JsonValue,
  type RandomSource,
  type Sealer,
  type SealerKey,
  type Secret,
  sha256,
  systemClock,
  systemRandom,
  toSecret,
} from '@x/crypto';
import { canonicalJson } from './canonical-json.ts';
import { type OpenedValue, openValue, sealValue, type UnreadableReason } from './sealed-value.ts';
import type { Store } from './store-contract.ts';
import { storeError } from './store-error.ts';
import { readTtl } from './store-ttl.ts';
import { hashedName, nameText } from './stored-name.ts';

/** Tells of a stored value that does not open. */
export interface UnreadableValue {
  /** The name of the value in the backing store, from which its key cannot be read. */
  readonly storedKey: string;
  readonly reason: UnreadableReason;
}

interface CommonOptions {
  /**
   * Makes the names in the backing store unguessable: HMAC-SHA-256 under this secret of 16 bytes or more. Absent:
   * plain SHA-256, which hides keys but lets whoever reads the backing store confirm a guess. Another one loses sight
   * of every stored value, so it does not rotate.
   */
  readonly nameSecret?: string | Secret | Uint8Array | undefined;
  /**
   * Told of every stored value that does not open, and awaited; what it throws rejects the operation. Without it, or
   * when it returns, such a value counts as absent, but for what {@link sealedStore} says of unknown keys.
   */
  readonly onUnreadable?: ((unreadable: UnreadableValue) => void | Promise<void>) | undefined;
  /** Default: the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Default: the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** Options of {@link sealedStore}: keys, or a sealer that was made from them. */
export type SealedStoreOptions = CommonOptions &
  (
    | {
        /**
         * The first key seals, every key opens. To rotate, add the new one last on every machine, then move it first on
         * every machine, and drop the old one when what it sealed is gone.
         */
        readonly keys: readonly SealerKey[];
        /** What the values are for; values of another context do not open. Default `['@x/http', 'sealed-store']`. */
        readonly context?: readonly string[] | undefined;
        readonly sealer?: undefined;
      }
    | {
        /** Made from the keys elsewhere. */
        readonly sealer: Sealer;
        readonly keys?: undefined;
        readonly context?: undefined;
      }
  );

type Opened = Extract<OpenedValue, { readonly ok: true }>;

/** Each lost attempt is another writer's success; so many in a row mean that the backing store does not swap at all. */
const maxAttempts = 1_000;
const minNameSecretBytes = 16;
const dayMs = 86_400_000;

/**
 * Keeps every value of a store encrypted at rest, and its key unreadable.
 *
 * A value opens under the key it was stored with and no other, so that a row which someone moves to another user is of
 * no use there. One that does not open (moved, altered, of a key that is gone) is never returned: it counts as absent,
 * can be replaced, and `onUnreadable` is told. Drop an old key therefore only when what it sealed is gone or has been
 * read since; reading seals a value again with the first key. One that ends within a day keeps its seal: machines' clocks
 * differ, and a lease is to end when its owner was told.
 *
 * Of one that an unknown key sealed, `compareAndSet` does not take the place: another machine may have that key already
 * and hold a lease with it, or have admitted an id that counts once. It rejects with code `UNKNOWN_KEY` until the value
 * is deleted, overwritten by `set`, or opened by a key that is added.
 *
 * Not hidden: how many values there are, how long, when they are written and when they expire. Not prevented: that
 * someone who may write to the backing store deletes a value, or puts back an older one of the same key.
 *
 * @param store Where the sealed values go. Nothing else may write to the same names.
 * @param sealing A sealer, or options with `keys` or `sealer`.
 * @throws {TypeError} Naming the option: neither or both of `keys` and `sealer`, ill-formed keys, a short `nameSecret`.
 */
export function sealedStore(store: Store, sealing: Sealer | SealedStoreOptions): Store {
  const options: SealedStoreOptions = isSealer(sealing) ? { sealer: sealing } : sealing;
  const { onUnreadable, clock = systemClock, random = systemRandom } = options;
  const sealer = readSealer(options);
  const nameOf = readNaming(options.nameSecret);
  const newestId = findNewestId(sealer);

  function seal(name: string, text: string, ttlMs: number | undefined): JsonValue {
    const expiresAtMs = ttlMs === undefined ? undefined : clock() + ttlMs;
    return sealValue(sealer, { subject: name, random }, { text, expiresAtMs });
  }

  async function open(name: string, stored: JsonValue | undefined): Promise<OpenedValue | undefined> {
    if (stored === undefined) return undefined;
    const opened = openValue(sealer, name, stored);
    if (!opened.ok) await onUnreadable?.({ storedKey: name, reason: opened.reason });
    return opened;
  }

  /** Seals a value again that an older key has sealed, for what is left of its time. */
  async function renewSeal(name: string, stored: JsonValue, opened: Opened): Promise<void> {
    if (opened.keyIds.size === 1 && opened.keyIds.has(newestId)) return;
    const ttlMs = opened.expiresAtMs === undefined ? undefined : opened.expiresAtMs - clock();
    if (ttlMs !== undefined && ttlMs < dayMs) return; // counted by this clock, its end would be off by what the clock is
    try {
      await store.compareAndSet(name, stored, seal(name, opened.text, ttlMs), { ttlMs });
    } catch {
      // it was read, which is what was asked for; the next reader tries again
    }
  }

  return {
    async get(key) {
      const name = nameOf(key);
      const stored = await store.get(name);
      const opened = await open(name, stored);
      if (stored === undefined || opened?.ok !== true) return undefined;
      await renewSeal(name, stored, opened);
      return opened.value;
    },
    async set(key, value, options) {
      const name = nameOf(key);
      const ttlMs = readTtl(options?.ttlMs);
      await store.set(name, seal(name, canonicalJson(value), ttlMs), { ttlMs });
    },
    async delete(key) {
      await store.delete(nameOf(key));
    },
    async compareAndSet(key, expected, next, options) {
      const name = nameOf(key);
      const ttlMs = readTtl(options?.ttlMs);
      const before = expected === undefined ? undefined : canonicalJson(expected);
      const after = next === undefined ? undefined : canonicalJson(next);
      // Two sealings of one value differ, so the exact one that was read is what must still be there.
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        const stored = await store.get(name);
        const opened = await open(name, stored);
        if ((opened?.ok === true ? opened.text : undefined) !== before) return false;
        if (opened?.ok === false && opened.reason === 'unknown-key') {
          throw storeError({ store: 'sealed', operation: 'compareAndSet' }, undefined, 'UNKNOWN_KEY');
        }
        const sealed = after === undefined ? undefined : seal(name, after, ttlMs);
        if (await store.compareAndSet(name, stored, sealed, { ttlMs })) return true;
      }
      throw new Error(`the backing store refused ${maxAttempts} swaps of a value that it had just returned`);
    },
  };
}

function isSealer(sealing: Sealer | SealedStoreOptions): sealing is Sealer {
  return 'seal' in sealing && typeof sealing.seal === 'function';
}

function readSealer({
  sealer,
  keys,
  context = ['@x/http', 'sealed-store'],
  clock,
  random,
}: SealedStoreOptions): Sealer {
  if ((sealer === undefined) === (keys === undefined)) throw new TypeError('either keys or sealer must be given');
  return sealer ?? createSealer({ keys: keys ?? [], context, clock, random });
}

function readNaming(nameSecret: string | Secret | Uint8Array | undefined): (key: string) => string {
  if (nameSecret === undefined) return (key) => `sealed/${hashedName(key)}`;
  const secret = nameSecret instanceof Uint8Array ? new Uint8Array(nameSecret) : toSecret(nameSecret).reveal();
  const byteLength = typeof secret === 'string' ? encodeUtf8(secret).length : secret.length;
  if (byteLength < minNameSecretBytes) throw new TypeError(`nameSecret must have ${minNameSecretBytes} bytes or more`);
  return (key) => `sealed/${hmacHex(sha256, secret, nameText(key))}`;
}

/** A sealer does not tell which of its keys comes first, but what it seals does. */
function findNewestId(sealer: Sealer): string {
  const opened = sealer.open(sealer.seal('first-key', {}), { clockToleranceMs: Number.POSITIVE_INFINITY });
  if (!opened.ok) throw new TypeError('sealer must open what it seals');
  return opened.keyId;
}
