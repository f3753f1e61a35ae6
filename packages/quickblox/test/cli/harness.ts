import { PassThrough, Readable } from 'node:stream';
import { run } from '../../src/cli/run.ts';

/** What a command line came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command line is run with. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in. */
  readonly input?: string;
  /** What a person types, line by line; the input is then a terminal. */
  readonly typed?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told what has been written so far. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a command line in this process. */
export async function cli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, input = '', typed, signal = new AbortController().signal, onOutput } = surroundings;
  let stdout = '';
  let stderr = '';
  const lines = [...(typed ?? [])];
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  const code = await run(argv, {
    env,
    signal,
    stdin: typed === undefined ? Readable.from([input]) : terminal,
    stdout: {
      write(text) {
        stdout += text;
        onOutput?.(stdout);
      },
    },
    stderr: {
      write(text) {
        stderr += text;
        // a person answers a question, and nothing else
        if (typed !== undefined && /: $/.test(text)) setImmediate(() => terminal.write(lines.shift() ?? '\u0004'));
      },
    },
  });
  return { code, stdout, stderr };
}
