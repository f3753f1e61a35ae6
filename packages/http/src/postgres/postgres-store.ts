import type { JsonValue } from '@x/crypto/light';
import { canonicalJson } from '../canonical-json.ts';
import { wholeInRange } from '../number-options.ts';
import type { Store } from '../store-contract.ts';
import { parseStored, withStoreError } from '../store-error.ts';
import { readTtl } from '../store-ttl.ts';
import { storedName } from '../stored-name.ts';
import { statementsFor } from './statements.ts';
import { quoteTable } from './table-name.ts';

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /**
   * Sends one statement with its parameters to the primary and gives its rows, as `pg` and PGlite do:
   * `(text, values) => pool.query(text, values)`. Called at isolation READ COMMITTED, the default; in a transaction of
   * yours, what the store does counts when that commits. Let it reject when no connection is to be had
   * (`connectionTimeoutMillis` and `query_timeout` of `pg`).
   */
  readonly query: (text: string, values: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;
  /** `table` or `schema.table`, in lower case; default `x_store`. */
  readonly table?: string | undefined;
}

/** Whether the table can be used, or why not. */
export type PostgresCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /**
       * - `table-missing`: `setUp` has not run here, or made the table in another schema
       * - `table-differs`: a column is missing or of another type, or `key` is not unique
       * - `privilege-missing`: this role may not read, insert, update or delete
       */
      readonly reason: 'table-missing' | 'table-differs' | 'privilege-missing';
    };

/** A store in a table, with what the table needs now and then. */
export interface PostgresStore extends Store {
  /** Makes the table and its index unless they exist; any number of processes may call it at once. */
  setUp(): Promise<void>;
  /** Tells whether the table is as `setUp` makes it and may be used, without writing. */
  check(): Promise<PostgresCheck>;
  /**
   * Deletes rows whose time is up. They count as absent before, so this only frees space: call it every hour or so.
   *
   * @param options `limit`: rows deleted at most, 1 to 1,000,000, the longest expired first; default 10,000.
   * @returns How many there were; call again when it is the limit.
   * @throws {RangeError} When `limit` is out of range.
   */
  deleteExpired(options?: { readonly limit?: number | undefined }): Promise<number>;
}

/**
 * Makes a store in a table of PostgreSQL 12 or later, or of what speaks its language completely, such as PGlite.
 *
 * One row for each value, with its canonical JSON as text; expiry is the database's clock, so machines' own clocks do
 * not matter. Every operation is a single statement. Keys that are long or not printable ASCII are kept under a digest.
 *
 * @returns A store whose rejections are plain errors with the SQLSTATE or the client's code in `code` (`42P01` when the
 *   table is missing, `40001` after a conflict at a stricter isolation, `ECONNREFUSED`), and nothing of what was sent.
 *   After a lost connection, a write that was rejected may have happened.
 * @throws {TypeError} When `query` is no function, or `table` is not a lower-case identifier.
 */
export function postgresStore({ query, table = 'x_store' }: PostgresStoreOptions): PostgresStore {
  if (typeof query !== 'function') throw new TypeError('query must be a function');
  const quoted = quoteTable(table);
  const statements = statementsFor(quoted);

  async function run(operation: string, statement: string, values: unknown[]): Promise<readonly Row[]> {
    const { rows } = await withStoreError({ store: 'postgres', operation }, () => query(statement, values));
    return rows as readonly Row[];
  }

  return {
    async get(key) {
      const [row] = await run('get', statements.get, [storedName(key)]);
      return row === undefined ? undefined : parseStored({ store: 'postgres', operation: 'get' }, row['value']);
    },
    async set(key, value, options) {
      const ttlMs = readTtl(options?.ttlMs) ?? null;
      await run('set', statements.set, [storedName(key), canonicalJson(value), ttlMs]);
    },
    async delete(key) {
      await run('delete', statements.delete, [storedName(key)]);
    },
    async compareAndSet(key, expected, next, options) {
      const ttlMs = readTtl(options?.ttlMs) ?? null;
      const [statement, ...values] = swapFor(expected, next, ttlMs);
      return (await run('compareAndSet', statements[statement], [storedName(key), ...values])).length > 0;
    },
    async setUp() {
      await run('setUp', statements.setUp, []);
    },
    async check() {
      const [row] = await run('check', statements.check, [quoted]);
      if (row?.['found'] !== true) return { ok: false, reason: 'table-missing' };
      if (row['fits'] !== true) return { ok: false, reason: 'table-differs' };
      return row['allowed'] === true ? { ok: true } : { ok: false, reason: 'privilege-missing' };
    },
    async deleteExpired({ limit = 10_000 } = {}) {
      const [row] = await run('deleteExpired', statements.deleteExpired, [wholeInRange('limit', limit, 1, 1_000_000)]);
      return Number(row?.['count']);
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

/** Chooses the statement of a comparison, and its parameters after the key. */
function swapFor(
  expected: JsonValue | undefined,
  next: JsonValue | undefined,
  ttlMs: number | null,
): readonly ['add' | 'swap' | 'remove' | 'confirmAbsent', ...unknown[]] {
  if (expected === undefined) return next === undefined ? ['confirmAbsent'] : ['add', canonicalJson(next), ttlMs];
  const before = canonicalJson(expected);
  return next === undefined ? ['remove', before] : ['swap', before, canonicalJson(next), ttlMs];
}
