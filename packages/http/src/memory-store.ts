import { type Clock, type JsonValue, systemClock } from '@x/crypto/light';
import { canonicalJson } from './canonical-json.ts';
import { createExpiryQueue } from './expiry-queue.ts';
import { wholeInRange } from './number-options.ts';
import type { Store } from './store-contract.ts';
import { readTtl } from './store-ttl.ts';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /**
   * Entries kept at most, 1 to 10,000,000; default 10,000. What has expired goes first, then the least recently used:
   * also an id that was to count once, or a lease, so give stores of those room for all that live at a time.
   */
  readonly maxEntries?: number | undefined;
}

interface Entry {
  readonly key: string;
  /** JSON text, so that a caller's later change to a value does not reach the store. */
  readonly text: string;
  readonly expiresAtMs: number;
}

/**
 * Makes a store in this process's memory: bounded, expiring, atomic because nothing in it waits.
 *
 * @throws {RangeError} When `maxEntries` is out of range.
 */
export function memoryStore({ clock = systemClock, maxEntries = 10_000 }: MemoryStoreOptions = {}): Store {
  wholeInRange('maxEntries', maxEntries, 1, 10_000_000);
  const entries = new Map<string, Entry>();
  /** Those with an end; among them some that were replaced or deleted since. */
  let ending = createExpiryQueue<Entry>();

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    if (entry.expiresAtMs <= clock()) return undefined;
    entries.set(key, entry); // now the most recently used
    return entry.text;
  }

  function write(key: string, text: string | undefined, ttlMs: number | undefined): void {
    entries.delete(key);
    if (text === undefined) return;
    const entry: Entry = { key, text, expiresAtMs: ttlMs === undefined ? Number.POSITIVE_INFINITY : clock() + ttlMs };
    entries.set(key, entry);
    if (ttlMs !== undefined) remember(entry);
    if (entries.size > maxEntries) makeRoom();
  }

  function remember(entry: Entry): void {
    ending.add(entry);
    if (ending.size <= 2 * entries.size + 16) return;
    ending = createExpiryQueue([...entries.values()].filter(({ expiresAtMs }) => Number.isFinite(expiresAtMs)));
  }

  function makeRoom(): void {
    const nowMs = clock();
    for (let ended = ending.takeEnded(nowMs); ended !== undefined; ended = ending.takeEnded(nowMs)) {
      if (entries.get(ended.key) === ended) entries.delete(ended.key);
    }
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  }

  return {
    async get(key) {
      const text = read(key);
      return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
    },
    async set(key, value, options) {
      const ttlMs = readTtl(options?.ttlMs);
      write(key, canonicalJson(value), ttlMs);
    },
    async delete(key) {
      entries.delete(key);
    },
    async compareAndSet(key, expected, next, options) {
      const ttlMs = readTtl(options?.ttlMs);
      const before = expected === undefined ? undefined : canonicalJson(expected);
      const after = next === undefined ? undefined : canonicalJson(next);
      if (read(key) !== before) return false;
      write(key, after, ttlMs);
      return true;
    },
  };
}
