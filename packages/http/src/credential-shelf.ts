import type { Clock, JsonValue } from '@x/crypto/light';
import type { Store } from './store-contract.ts';
import { asJson, readShelf, type Shelf } from './stored-credential.ts';

/** What {@link createCredentialShelf} is made from. */
export interface CredentialShelfOptions<Value> {
  readonly key: string;
  /** `rotating` keeps a value that has ended, a claim upon it and that it was cleared as long as the store keeps anything. */
  readonly renewal: 'repeatable' | 'rotating';
  /** Milliseconds since 1970; undefined when nobody knows. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  readonly clock: Clock;
}

/** The record of a shared credential: it is read as a whole, and replaced only as it was read. */
export interface CredentialShelf<Value> {
  /** Reads what is there. What nobody of us has written counts as an empty record with the number 0. */
  look(store: Store): Promise<{ readonly raw: JsonValue | undefined; readonly shelf: Shelf<Value> }>;
  /** Puts a record in place of exactly what is expected there. */
  swap(store: Store, expected: JsonValue | undefined, next: Shelf<Value>): Promise<boolean>;
  /** The record that this process last saw or put there. */
  seen(): Shelf<Value> | undefined;
}

/** What a record without a value is good for: its number, for as long as anybody may still be at work under it. */
const emptyLifetimeMs = 86_400_000;

export function createCredentialShelf<Value>({
  key,
  renewal,
  expiresAtMs,
  clock,
}: CredentialShelfOptions<Value>): CredentialShelf<Value> {
  let seen: Shelf<Value> | undefined;

  /** How long a record stays: as long as it holds something of use, and its number long enough for the latest leader. */
  function lifetimeOf({ value, claim, cleared }: Shelf<Value>): { readonly ttlMs?: number } {
    if (renewal === 'rotating' && (value !== undefined || claim !== undefined || cleared === true)) return {};
    if (value === undefined) return { ttlMs: emptyLifetimeMs };
    const untilMs = expiresAtMs(value);
    if (untilMs === undefined) return {};
    return { ttlMs: Math.max(claim === undefined ? 1 : emptyLifetimeMs, untilMs - clock()) };
  }

  return {
    seen: () => seen,
    async look(store) {
      const raw = await store.get(key);
      seen = readShelf<Value>(raw);
      return { raw, shelf: seen ?? { fence: 0 } };
    },
    async swap(store, expected, next) {
      const done = await store.compareAndSet(key, expected, asJson(next), lifetimeOf(next));
      if (done) seen = next;
      return done;
    },
  };
}
