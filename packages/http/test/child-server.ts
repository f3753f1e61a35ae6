import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { holdPort } from '@x/testing';

/**
 * Starts a server that ends with this process, however this process ends, and removes its folder when it has ended.
 *
 * The end of the shell's input is the end of this process.
 */
export function startChild(
  command: readonly string[],
  { folder, uid, gid }: { readonly folder: string; readonly uid?: number; readonly gid?: number },
): { readonly exited: Promise<string> } {
  const script = `
    exec 3<&0
    "$@" >"$FOLDER/log" 2>&1 & server=$!
    (read -r _ <&3; kill $server) & watch=$!
    wait $server; code=$?
    kill $watch 2>/dev/null
    rm -rf "$FOLDER"
    exit $code`;
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

/** Starts a server on a port that nobody else gets meanwhile, however long it takes to listen. */
export async function onFreePort<Server>(start: (port: number) => Promise<Server>): Promise<Server> {
  const { port, release } = await holdPort();
  try {
    return await start(port);
  } finally {
    release();
  }
}

/** Tries until it succeeds, for as long as a server may take to start. */
export async function untilReady<Result>(attempt: () => Promise<Result>, limitMs = 300_000): Promise<Result> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
