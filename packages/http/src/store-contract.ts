import type { JsonValue } from '@x/crypto/light';

/** Options of a write. */
export interface StoreWriteOptions {
  /** Milliseconds until the value is gone, above 0; absent: it stays. */
  readonly ttlMs?: number | undefined;
}

/**
 * Where credentials, leases and used-up ids live.
 *
 * `undefined` means absent. Values are JSON and come back as copies. `compareAndSet` is the one atomic primitive;
 * adding if absent is `compareAndSet(key, undefined, value)`, an owner-checked release is
 * `compareAndSet(key, mine, undefined)`.
 */
export interface Store {
  get(key: string): Promise<JsonValue | undefined>;
  set(key: string, value: JsonValue, options?: StoreWriteOptions): Promise<void>;
  delete(key: string): Promise<void>;
  /** Writes `next` (or removes, when undefined) only if the value equals `expected`; tells whether it did. */
  compareAndSet(
    key: string,
    expected: JsonValue | undefined,
    next: JsonValue | undefined,
    options?: StoreWriteOptions,
  ): Promise<boolean>;
}
