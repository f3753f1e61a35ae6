import { mkdtempSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, onFreePort, startChild, untilReady } from './child-server.ts';

/** Where a Redis server listens. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** The server of `REDIS_URL`, else one started here that keeps nothing; undefined when there is neither. */
export async function openRedis(): Promise<RedisServer | undefined> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined) {
    const { hostname, port } = new URL(given);
    return { host: hostname, port: Number(port || 6379), url: given };
  }
  const program = findProgram('redis-server');
  if (program === undefined) return undefined;
  return onFreePort(async (port) => {
    const folder = mkdtempSync(join(tmpdir(), 'x-redis-'));
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const { exited } = startChild([program, ...options], { folder });
    const early = exited.then((how) => Promise.reject(new Error(`redis-server ${how}`)));
    await Promise.race([untilReady(() => answers(port, folder)), early]);
    return { host: '127.0.0.1', port, url: `redis://127.0.0.1:${port}` };
  });
}

/** Whether the server on that port is the one that keeps its files there: somebody else's may have been quicker. */
function answers(port: number, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('CONFIG GET dir\r\n'));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('it has closed the connection')));
    let reply = '';
    socket.on('data', (part) => {
      reply += String(part);
      if (reply.includes(folder)) resolve();
      else if (reply.startsWith('*2') && reply.split('\r\n').length < 6) return;
      else reject(new Error(reply));
      socket.destroy();
    });
  });
}
