import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, so that its work is not counted as that of whoever calls it. */
export interface ChildServer {
  readonly url: string;
  readonly stop: () => void;
}

/** Runs a file that prints its server's URL. */
export async function startServer(file: URL, ...options: readonly string[]): Promise<ChildServer> {
  const child = spawn(process.execPath, [fileURLToPath(file), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { url, stop: () => child.kill() };
}
