import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis server for one test. */
export interface RedisServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The server of `REDIS_URL`, or else one on loopback that is started here; undefined where there is neither. */
export async function redisServer(): Promise<RedisServer | undefined> {
  const { REDIS_URL } = process.env;
  if (REDIS_URL !== undefined && REDIS_URL !== '') return { url: REDIS_URL, close: async () => {} };
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'x-redis-'));
  const options = { bind: '127.0.0.1', port: String(port), dir: directory, save: '', appendonly: 'no' };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = (): void => void child.kill();
  process.once('exit', kill); // however the test ends
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    child.kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const isReady = await new Promise<boolean>((resolve) => {
    let said = '';
    child.once('error', () => resolve(false)); // it is not installed
    child.once('exit', () => resolve(false));
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      if (/ready to accept connections/i.test(said)) resolve(true);
    });
  });
  if (isReady) return { url: `redis://127.0.0.1:${port}`, close };
  await close();
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
