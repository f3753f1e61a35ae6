import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What one process of a fleet is to do. */
export interface Task {
  readonly store: string;
  readonly storeUrl: string;
  readonly baseUrl: string;
  readonly key: string;
  readonly renewal: 'repeatable' | 'rotating';
  /** How many requests at once. */
  readonly requests: number;
  /** How long each of them is followed by another one, in milliseconds. */
  readonly forMs?: number;
  /** How long a request may take, in milliseconds; default the client's own. */
  readonly timeoutMs?: number;
  readonly marginMs?: number;
  readonly issueTimeoutMs?: number;
  readonly storeTimeoutMs?: number;
}

/** How it went: failures of each kind once. */
export interface Report {
  readonly passed: number;
  /** How often the store did not answer in time. */
  readonly storeFailures: number;
  readonly failures: readonly string[];
}

/** One process of a fleet. */
export interface Worker {
  readonly ready: Promise<void>;
  /** Resolves when it finds that it is another process's turn. */
  readonly waiting: Promise<void>;
  readonly report: Promise<Report>;
  begin(): void;
  kill(): void;
}

const script = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Starts a process, which waits for the word to begin. */
export function startWorker(task: Task): Worker {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let last = '';
  const hears = new Map<string, () => void>();
  const word = (text: string): Promise<void> => new Promise((resolve) => hears.set(text, resolve));
  createInterface(child.stdout).on('line', (line) => {
    last = line;
    hears.get(line)?.();
  });
  return {
    ready: word('ready'),
    waiting: word('waiting'),
    report: new Promise((resolve) => {
      child.on('close', (code) =>
        resolve(
          code === 0
            ? (JSON.parse(last) as Report)
            : { passed: 0, storeFailures: 0, failures: [`it ended with ${code}`] },
        ),
      );
    }),
    begin: () => child.stdin.write('begin\n'),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Lets so many processes do the same, from the same moment on. */
export async function runFleet(size: number, task: Task): Promise<readonly Report[]> {
  const workers = Array.from({ length: size }, () => startWorker(task));
  await Promise.all(workers.map(({ ready }) => ready));
  for (const worker of workers) worker.begin();
  return Promise.all(workers.map(({ report }) => report));
}
