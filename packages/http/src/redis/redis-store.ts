import { decodeUtf8, digest, encodeHex, sha1 } from '@x/crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { Store } from '../store-contract.ts';
import { parseStored, type StoreErrorContext, withStoreError } from '../store-error.ts';
import { readTtl } from '../store-ttl.ts';
import { storedName } from '../stored-name.ts';
import { type RedisClient, redisCommands } from './redis-client.ts';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * A connected client of `redis` (v5 or later: client, cluster, pool or sentinel) or of `ioredis` (client or cluster).
   * Connecting, its `error` events and closing stay yours. Let it reject while the server is out of reach: by
   * themselves both libraries keep calls waiting for it (`disableOfflineQueue: true` of `redis`; `enableOfflineQueue:
   * false` of `ioredis`). And let it send nothing twice (`maxRetriesPerRequest: 0` of `ioredis`; `maxCommandRediscovers: 0`
   * of a sentinel of `redis`): where only an answer was lost, a `set` that is sent again undoes a swap that came in
   * between, and a swap denies what it has done.
   */
  readonly client: RedisClient;
  /** Put before every key; default `x:`. Two stores with one prefix share their values. */
  readonly prefix?: string | undefined;
}

/**
 * Compares text with text and sets, removes or leaves the key, in one step of the server.
 *
 * ARGV: whether something is expected (`1` or `0`), what, whether something comes next, what, and its time to live in
 * milliseconds or an empty text.
 */
const compareAndSetScript = `
local held = redis.call('GET', KEYS[1])
local expected = ARGV[1] == '1' and ARGV[2] or false
if held ~= expected then return 0 end
if ARGV[3] ~= '1' then
  if held then redis.call('DEL', KEYS[1]) end
elseif ARGV[5] ~= '' then
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
else
  redis.call('SET', KEYS[1], ARGV[4])
end
return 1
`.trim();

/**
 * Makes a store in a Redis server, or in one that speaks its language and runs Lua (Valkey, KeyDB, Dragonfly).
 *
 * One key for each value, with the value's canonical JSON as text; expiry is the server's. Keys that are long or not
 * printable ASCII are kept under a digest. A value that the server evicts, or loses in a failover because replication
 * is asynchronous, is gone: keep leases short, and credentials where losing them means issuing anew.
 *
 * @returns A store whose rejections are plain errors with the server's or the client's code in `code` (`WRONGTYPE`,
 *   `NOAUTH`, `ECONNREFUSED`, `ClientOfflineError`), and nothing of what was sent. After a lost connection, a write
 *   that was rejected may have happened; `CONNECTION_LOST` where ioredis sent a swap again that may have come through.
 * @throws {TypeError} When `client` is of neither library or `prefix` is not well-formed text.
 */
export function redisStore({ client, prefix = 'x:' }: RedisStoreOptions): Store {
  const commands = redisCommands(client);
  if (typeof prefix !== 'string' || /\p{Surrogate}/u.test(prefix))
    throw new TypeError('prefix must be well-formed text');
  const nameOf = (key: string): string => `${prefix}${storedName(key)}`;
  const scriptSha1 = encodeHex(digest(sha1, compareAndSetScript));

  function run<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
    return withStoreError(contextOf(operation), work, replyCode);
  }

  async function swap(name: string, parameters: readonly string[]): Promise<unknown> {
    try {
      return await commands.evalSha(scriptSha1, name, parameters);
    } catch (error) {
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return commands.eval(compareAndSetScript, name, parameters); // which also makes the server remember it
    }
  }

  return {
    async get(key) {
      const name = nameOf(key);
      const reply = await run('get', () => commands.get(name));
      return reply === null || reply === undefined ? undefined : parseStored(contextOf('get'), toText(reply));
    },
    async set(key, value, options) {
      const name = nameOf(key);
      const ttlMs = readTtl(options?.ttlMs);
      const text = canonicalJson(value);
      await run('set', () => commands.set(name, text, ttlMs));
    },
    async delete(key) {
      const name = nameOf(key);
      await run('delete', () => commands.del(name));
    },
    async compareAndSet(key, expected, next, options) {
      const name = nameOf(key);
      const ttlMs = readTtl(options?.ttlMs);
      const parameters = [
        ...(expected === undefined ? ['0', ''] : ['1', canonicalJson(expected)]),
        ...(next === undefined ? ['0', ''] : ['1', canonicalJson(next)]),
        ttlMs === undefined ? '' : String(ttlMs),
      ];
      // a number, unless the client is set up to give numbers as text or big integers
      return String(await run('compareAndSet', () => swap(name, parameters))) === '1';
    },
  };
}

function contextOf(operation: string): StoreErrorContext {
  return { store: 'redis', operation };
}

/** The word that a server's error reply begins with, such as `NOSCRIPT`; what follows it may quote a command. */
function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^([A-Z][A-Z0-9]{2,31})(?: |$)/.exec(error.message)?.[1];
}

/** A client may be set up to give texts as bytes. */
function toText(reply: unknown): unknown {
  try {
    return reply instanceof Uint8Array ? decodeUtf8(reply) : reply;
  } catch {
    return undefined; // not UTF-8, so not ours
  }
}
