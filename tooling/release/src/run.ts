import { spawn } from 'node:child_process';

/** What a program left behind. */
export interface Outcome {
  readonly status: number | null;
  /** What it printed to the standard output. */
  readonly stdout: string;
  /** Both outputs, as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** After half an hour a program is ended, and has failed: it hangs, however slow the machine is. */
const longestMs = 1_800_000;

/** Runs a program to its end, whatever that is. */
export function attempt(command: readonly string[], { cwd, env }: RunOptions): Promise<Outcome> {
  const [program = '', ...parameters] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMs,
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, output }));
  });
}

/** Runs a program that must succeed; the error has the end of what it printed. */
export async function run(command: readonly string[], options: RunOptions): Promise<Outcome> {
  const outcome = await attempt(command, options);
  if (outcome.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${outcome.status}:\n${outcome.output.trim().slice(-3000)}`);
  }
  return outcome;
}
