/** What is used of a node-redis client (v5 or later), cluster, pool or sentinel: `createClient()` of `redis`. */
export interface NodeRedisClient {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options?: { readonly PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** What is used of an ioredis client or cluster. */
export interface IoRedisClient {
  get(key: string): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  set(key: string, value: string, unit: 'PX', ttlMs: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  on?(event: string, listener: () => void): unknown;
  off?(event: string, listener: () => void): unknown;
}

/** A connected client of either library. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** The commands of the store, the same for both libraries. */
export interface RedisCommands {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttlMs: number | undefined): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, key: string, parameters: readonly string[]): Promise<unknown>;
  evalSha(sha1: string, key: string, parameters: readonly string[]): Promise<unknown>;
}

/** @throws {TypeError} When the client is of neither library. */
export function redisCommands(client: RedisClient): RedisCommands {
  const isObject = typeof client === 'object' && client !== null;
  if (isObject && 'evalSha' in client) return nodeRedisCommands(client);
  if (isObject && 'evalsha' in client) return ioRedisCommands(client);
  throw new TypeError('client must be a client of redis (v5 or later) or ioredis');
}

function nodeRedisCommands(client: NodeRedisClient): RedisCommands {
  const call = (key: string, parameters: readonly string[]) => ({ keys: [key], arguments: [...parameters] });
  return {
    get: (key) => client.get(key),
    set: (key, value, ttlMs) => (ttlMs === undefined ? client.set(key, value) : client.set(key, value, { PX: ttlMs })),
    del: (key) => client.del(key),
    eval: (script, key, parameters) => client.eval(script, call(key, parameters)),
    evalSha: (sha1, key, parameters) => client.evalSha(sha1, call(key, parameters)),
  };
}

function ioRedisCommands(client: IoRedisClient): RedisCommands {
  const send = withKnownAnswer(client);
  return {
    get: (key) => client.get(key),
    set: (key, value, ttlMs) => (ttlMs === undefined ? client.set(key, value) : client.set(key, value, 'PX', ttlMs)),
    del: (key) => client.del(key),
    eval: (script, key, parameters) => send(() => client.eval(script, 1, key, ...parameters)),
    evalSha: (sha1, key, parameters) => send(() => client.evalsha(sha1, 1, key, ...parameters)),
  };
}

/** What a client, or a cluster of them, emits when a connection ends. */
const losses = ['close', '-node'] as const;

/**
 * Sends a script that answers 1 when it has written, and refuses any other answer if a connection ended meanwhile.
 *
 * ioredis by itself sends again what was under way then. If only the answer was lost, the second run finds what the first
 * has written, takes it for another's, and its answer denies what was done.
 */
function withKnownAnswer(client: IoRedisClient): (send: () => Promise<unknown>) => Promise<unknown> {
  let underWay = 0;
  let lost = 0;
  const note = (): void => {
    lost += 1;
  };
  return async (send) => {
    const before = lost;
    // listened to only meanwhile, and once: a client outlives stores, and warns of many listeners
    if (underWay === 0) for (const event of losses) client.on?.(event, note);
    underWay += 1;
    try {
      const reply = await send();
      if (lost === before || String(reply) === '1') return reply;
    } finally {
      underWay -= 1;
      if (underWay === 0) for (const event of losses) client.off?.(event, note);
    }
    throw Object.assign(new Error('the connection ended before the answer came'), { code: 'CONNECTION_LOST' });
  };
}
