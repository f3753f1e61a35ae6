import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Secret } from '@x/crypto';
import { usageError } from './usage.ts';

/** Where a command reads from and writes to. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the command to come to an end. */
  readonly signal: AbortSignal;
}

/** A secret that a command needs. */
export interface SecretSource {
  /** The option, without dashes. */
  readonly option: string;
  /** The environment variable. */
  readonly variable: string;
  /** What a person is asked for. */
  readonly label: string;
  /** The option's value. */
  readonly given: string | undefined;
}

/** The secret that signs. */
export const authSecret: Omit<SecretSource, 'given'> = {
  option: 'secret',
  variable: 'QUICKBLOX_AUTH_SECRET',
  label: 'authorization secret',
};

/**
 * Finds a secret: in its option, where it warns, in the environment, or by asking without showing what is typed.
 *
 * @throws When there is nobody to ask.
 */
export async function readSecret(terminal: Terminal, source: SecretSource): Promise<Secret> {
  const { option, variable, label, given } = source;
  if (given === '-') return toSecret((await readInput(terminal, '-')).replace(/\r?\n$/, ''), label);
  if (given !== undefined) {
    warn(terminal, `--${option} shows the ${label} to every user of this machine and to your shell’s history.`);
    warn(terminal, `Put it into ${variable}, or pipe it in with --${option} -`);
    return toSecret(given, label);
  }
  const known = fromEnvironment(terminal, variable);
  if (known !== undefined) return toSecret(known, label);
  if (terminal.stdin.isTTY === true) return toSecret(await ask(terminal, label), label);
  throw usageError(`The ${label} is missing: put it into ${variable}, or pipe it in with --${option} -`);
}

/** Reads a file, or standard input for `-`: UTF-8, or UTF-16 that says so, as PowerShell writes it. */
export async function readInput({ stdin }: Terminal, path: string): Promise<string> {
  try {
    const bytes = await buffer(path === '-' ? stdin : createReadStream(path));
    const mark = bytes.toString('hex', 0, 2);
    const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes);
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    throw usageError(`A file could not be read (${code}).`);
  }
}

/** The value of an environment variable; an empty one is taken for none. */
export function fromEnvironment({ env }: Pick<Terminal, 'env'>, variable: string): string | undefined {
  const value = env[variable];
  return value === '' ? undefined : value;
}

/** Writes a warning, which standard output never carries. */
export function warn({ stderr }: Terminal, sentence: string): void {
  stderr.write(`warning: ${sentence}\n`);
}

async function ask({ stdin, stderr, signal }: Terminal, label: string): Promise<string> {
  stderr.write(`${label}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  const given = await new Promise<string | undefined>((resolve) => {
    lines.once('close', () => resolve(undefined)); // the end of the input, or Ctrl-C
    signal.addEventListener('abort', () => lines.close(), { once: true });
    lines.question('').then(resolve, () => resolve(undefined));
  });
  lines.close();
  stderr.write('\n');
  if (given === undefined) throw usageError(`The ${label} was not given.`);
  return given;
}

function toSecret(value: string, label: string): Secret {
  try {
    return new Secret(value);
  } catch {
    throw usageError(`The ${label} is empty, or is no text.`);
  }
}
