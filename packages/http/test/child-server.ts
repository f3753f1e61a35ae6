import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/**
 * Starts a server that ends with this process, however this process ends, and then removes its folder.
 *
 * The shell waits for the end of its input, which is the end of this process.
 */
export function startChild(
  command: readonly string[],
  { folder, uid, gid }: { readonly folder: string; readonly uid?: number; readonly gid?: number },
): { readonly exited: Promise<string> } {
  const script = '"$@" >"$FOLDER/log" 2>&1 & read -r _; kill $!; wait; rm -rf "$FOLDER"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, FOLDER: folder },
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  child.unref();
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => resolve(`ended with ${code}`));
  });
  return { exited };
}

/** The first of these folders, or of PATH, that holds a program. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  return [...folders, ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Tries until it succeeds, for as long as a server may take to start. */
export async function untilReady<Result>(attempt: () => Promise<Result>, limitMs = 60_000): Promise<Result> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
