import type { JsonValue } from '@x/crypto/light';
import { canonicalJson } from '../canonical-json.ts';
import { inRange } from '../number-options.ts';
import { withDeadline } from '../server/deadline.ts';
import type { Store } from '../store-contract.ts';
import { parseStored, storeError, withStoreError } from '../store-error.ts';
import { readTtl } from '../store-ttl.ts';
import { hashedName } from '../stored-name.ts';

/** What is used of a Keyv instance. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  on?(event: 'error', listener: (error: unknown) => void): unknown;
}

/** Options of {@link keyvStore}. */
export interface KeyvStoreOptions {
  /**
   * Milliseconds that the instance has to answer one call, 1 to 600,000; default 5,000. Calls for the same key that
   * wait for it go on then; if it writes later all the same, it may undo what they wrote.
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes a store of a Keyv instance, and so of every database that has an adapter for Keyv.
 *
 * Its `compareAndSet` is **not atomic**: Keyv has no such operation, so the store reads, compares and writes. Calls for
 * one key through one store take turns, which makes it safe within a process that makes one store for the instance.
 * Between processes, two may both win. Use it for caches and credentials of a single process; leases of a fleet and
 * ids that count once belong into `@x/http/redis` or `@x/http/postgres`.
 *
 * A Keyv instance answers "absent" when its database fails, and tells of the failure in an `error` event. Taking the
 * one for the other would hand out what is taken, so the store listens, and rejects every call during which an error
 * was told, even another call's. It keeps values as JSON text, keys as SHA-256, which even a case-blind or narrow
 * column keeps apart, and ignores the instance's default `ttl`.
 *
 * @param keyv The instance; its namespace, adapter and closing stay yours.
 * @returns A store whose rejections are plain errors with the adapter's code in `code`, `REFUSED` where Keyv only says
 *   that it did not write, or `TIMEOUT` where it did not answer, and nothing of what was sent.
 * @throws {TypeError} When `keyv` lacks `get`, `set` or `delete`.
 * @throws {RangeError} When `timeoutMs` is out of range.
 */
export function keyvStore(keyv: KeyvLike, { timeoutMs = 5_000 }: KeyvStoreOptions = {}): Store {
  const isKeyv = typeof keyv?.get === 'function' && typeof keyv.set === 'function' && typeof keyv.delete === 'function';
  if (!isKeyv) throw new TypeError('keyv must be a Keyv instance, with get, set and delete');
  inRange('timeoutMs', timeoutMs, 1, 600_000);
  let failureCount = 0;
  let lastFailure: unknown;
  keyv.on?.('error', (failure) => {
    failureCount += 1;
    lastFailure = failure;
  });
  const takeTurn = createTurns();

  async function run(operation: string, work: () => Promise<unknown>): Promise<unknown> {
    const before = failureCount;
    const outcome = await withStoreError({ store: 'keyv', operation }, () => withDeadline(timeoutMs, undefined, work));
    if (failureCount !== before) throw storeError({ store: 'keyv', operation }, lastFailure);
    if (!outcome.ok) throw storeError({ store: 'keyv', operation }, undefined, 'TIMEOUT');
    return outcome.value;
  }

  async function read(operation: string, name: string): Promise<JsonValue | undefined> {
    const text = await run(operation, () => keyv.get(name));
    return text === undefined || text === null ? undefined : parseStored({ store: 'keyv', operation }, text);
  }

  async function write(operation: string, name: string, text: string, ttlMs: number | undefined): Promise<void> {
    // zero stands for no end; without it the instance's default would apply
    const written = await run(operation, () => keyv.set(name, text, ttlMs ?? 0));
    if (written === false) throw storeError({ store: 'keyv', operation }, undefined, 'REFUSED');
  }

  return {
    async get(key) {
      return read('get', hashedName(key));
    },
    async set(key, value, options) {
      const name = hashedName(key);
      const ttlMs = readTtl(options?.ttlMs);
      const text = canonicalJson(value);
      await takeTurn(name, () => write('set', name, text, ttlMs));
    },
    async delete(key) {
      const name = hashedName(key);
      await takeTurn(name, () => run('delete', () => keyv.delete(name)));
    },
    async compareAndSet(key, expected, next, options) {
      const name = hashedName(key);
      const ttlMs = readTtl(options?.ttlMs);
      const before = expected === undefined ? undefined : canonicalJson(expected);
      const after = next === undefined ? undefined : canonicalJson(next);
      return takeTurn(name, async () => {
        const held = await read('compareAndSet', name);
        if ((held === undefined ? undefined : canonicalJson(held)) !== before) return false;
        if (after !== undefined) await write('compareAndSet', name, after, ttlMs);
        else if (before !== undefined) await run('compareAndSet', () => keyv.delete(name));
        return true;
      });
    },
  };
}

/** Makes a queue for each name: work on one name begins when the work before it has ended, however it ended. */
function createTurns(): <Result>(name: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    const ended = turn.then(
      () => {},
      () => {}, // told to whoever asked for the work
    );
    last.set(name, ended);
    ended.then(() => {
      if (last.get(name) === ended) last.delete(name);
    });
    return turn;
  };
}
