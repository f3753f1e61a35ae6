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
  /** How long a request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly issueTimeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly marginMs?: number;
  /**
   * The time that credentials end by, in milliseconds since 1970: it stands still until another one is told, and each
   * request is followed by the next one until the end is told. Default the platform's time, and one round of requests.
   */
  readonly atMs?: number;
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
  /** Tells it the time, and resolves when all requests have ended that it began before. */
  setTime(atMs: number): Promise<void>;
  /** Lets no request be followed by another one. */
  end(): void;
  kill(): void;
}

const script = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Starts a process, which waits for the word to begin. */
export function startWorker(task: Task): Worker {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // it has ended, which its report tells
  let last = '';
  const hears = new Map<string, () => void>();
  createInterface(child.stdout).on('line', (line) => {
    last = line;
    hears.get(line)?.();
  });
  const report = new Promise<Report>((resolve) => {
    child.on('close', (code) =>
      resolve(
        code === 0
          ? (JSON.parse(last) as Report)
          : { passed: 0, storeFailures: 0, failures: [`it ended with ${code}`] },
      ),
    );
  });
  /** Resolves when it says so; rejects when it never will. */
  const word = (text: string): Promise<void> => {
    const said = new Promise<void>((resolve, reject) => {
      hears.set(text, resolve);
      report.then(({ failures }) => reject(new Error(`a process never said ${text}: ${failures.join(', ')}`)));
    });
    said.catch(() => {}); // told to whoever waits for it
    return said;
  };
  return {
    ready: word('ready'),
    waiting: word('waiting'),
    report,
    begin: () => child.stdin.write('begin\n'),
    setTime(atMs) {
      child.stdin.write(`time ${atMs}\n`);
      return word(`time ${atMs}`);
    },
    end: () => child.stdin.write('end\n'),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Lets so many processes do the same, from the same moment on. */
export async function startFleet(size: number, task: Task): Promise<readonly Worker[]> {
  const workers = Array.from({ length: size }, () => startWorker(task));
  await Promise.all(workers.map(({ ready }) => ready));
  for (const worker of workers) worker.begin();
  return workers;
}

/** What became of a fleet. */
export const reportsOf = (workers: readonly Worker[]): Promise<readonly Report[]> =>
  Promise.all(workers.map(({ report }) => report));
