import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findProgram, onFreePort, startChild, untilReady } from './child-server.ts';

/** Where a PostgreSQL server listens, for a superuser without a password. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const packaged = '/usr/lib/postgresql';

/** A server of its own that keeps nothing, or what is missing for one. */
export async function openPostgres(): Promise<PostgresServer | string> {
  const folders = existsSync(packaged) ? readdirSync(packaged).map((version) => join(packaged, version, 'bin')) : [];
  const initdb = findProgram('initdb', folders);
  const postgres = findProgram('postgres', folders);
  if (initdb === undefined || postgres === undefined)
    return 'no initdb and postgres on PATH or below /usr/lib/postgresql';
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? findAccount() : undefined; // PostgreSQL refuses to run as root
  if (isRoot && account === undefined) return 'this is root, and there is no account postgres or nobody to run it';

  const user = 'tester';
  return onFreePort(async (port) => {
    const folder = mkdtempSync(join(tmpdir(), 'x-postgres-'));
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    const data = join(folder, 'data');
    const setup = ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'];
    await promisify(execFile)(initdb, setup, { ...account, cwd: folder });

    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=off',
      'shared_buffers=8MB',
    ];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const { exited } = startChild([postgres, '-D', data, '-p', String(port), ...flags], { folder, ...account });
    const early = exited.then((how) => Promise.reject(new Error(`postgres ${how}`)));
    await Promise.race([untilReady(() => answers({ port, user }, data)), early]);
    return { port, user };
  });
}

/** Whether the server on that port is the one that keeps its data there: somebody else's may have been quicker. */
async function answers({ port, user }: PostgresServer, data: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user, database: 'postgres' });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    if (rows[0].data_directory !== data) throw new Error(`it keeps its data in ${rows[0].data_directory}`);
  } finally {
    await client.end();
  }
}

function findAccount(): Account | undefined {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
