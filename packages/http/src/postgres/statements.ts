/** The statements of one store; each is complete in itself, so that each is atomic. */
export interface Statements {
  /** key → value */
  readonly get: string;
  /** key, value, ttlMs */
  readonly set: string;
  /** key */
  readonly delete: string;
  /** key, value, ttlMs → a row when it did */
  readonly add: string;
  /** key, expected, value, ttlMs → a row when it did */
  readonly swap: string;
  /** key, expected → a row when it did */
  readonly remove: string;
  /** key → a row when absent */
  readonly confirmAbsent: string;
  /** limit → a row with `count` */
  readonly deleteExpired: string;
  readonly setUp: string;
  /** table → a row with `found`, `fits`, `allowed` */
  readonly check: string;
}

// The clock is read when the row is, not when the statement began: it may have waited for another one's lock.
const isAlive = '(held.expires_at IS NULL OR held.expires_at > clock_timestamp())';
const endOf = (parameter: string): string =>
  `clock_timestamp() + ${parameter}::double precision * interval '1 millisecond'`;

/** @param table Quoted by `quoteTable`; the only part that varies. */
export function statementsFor(table: string): Statements {
  const insert = `
    INSERT INTO ${table} AS held (key, value, expires_at) VALUES ($1::text, $2::text, ${endOf('$3')})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`;
  return {
    get: `SELECT held.value FROM ${table} AS held WHERE held.key = $1::text AND ${isAlive}`,
    set: insert,
    delete: `DELETE FROM ${table} WHERE key = $1::text`,
    add: `${insert} WHERE held.expires_at <= clock_timestamp() RETURNING 1 AS done`,
    swap: `
    UPDATE ${table} AS held SET value = $3::text, expires_at = ${endOf('$4')}
    WHERE held.key = $1::text AND held.value = $2::text AND ${isAlive} RETURNING 1 AS done`,
    remove: `
    DELETE FROM ${table} AS held
    WHERE held.key = $1::text AND held.value = $2::text AND ${isAlive} RETURNING 1 AS done`,
    confirmAbsent: `
    SELECT 1 AS done WHERE NOT EXISTS (SELECT 1 FROM ${table} AS held WHERE held.key = $1::text AND ${isAlive})`,
    // rows that someone else is writing are left for the next time; the array is computed once
    deleteExpired: `
    WITH gone AS (
      DELETE FROM ${table} WHERE key = ANY (ARRAY(
        SELECT key FROM ${table} WHERE expires_at <= statement_timestamp()
        ORDER BY expires_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED
      )) RETURNING 1
    )
    SELECT count(*)::int AS count FROM gone`,
    // one statement, hence one transaction: whoever comes second waits for the lock and finds the table, be it only
    // when making it, because the look before may answer from a cache
    setUp: `
    DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('x store ${table}'));
      IF to_regclass('${table}') IS NULL THEN
        CREATE TABLE ${table} (
          key text COLLATE "C" PRIMARY KEY,
          value text COLLATE "C" NOT NULL,
          expires_at timestamptz
        );
        CREATE INDEX ON ${table} (expires_at) WHERE expires_at IS NOT NULL;
      END IF;
    EXCEPTION WHEN duplicate_table THEN
      NULL;
    END $$`,
    check: `
    SELECT
      id IS NOT NULL AS found,
      3 = (
        SELECT count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = id AND NOT a.attisdropped AND (a.attname, a.atttypid) IN (
          ('key', 'text'::regtype), ('value', 'text'::regtype), ('expires_at', 'timestamptz'::regtype)
        )
      ) AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = id AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 1
          AND a.attname = 'key'
      ) AS fits,
      has_table_privilege(id, 'SELECT') AND has_table_privilege(id, 'INSERT')
        AND has_table_privilege(id, 'UPDATE') AND has_table_privilege(id, 'DELETE') AS allowed
    FROM (SELECT to_regclass($1::text)::oid AS id) AS target`,
  };
}
