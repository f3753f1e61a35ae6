import { isXError } from '@x/http/errors';
import { userAgent } from '../user-agent.ts';
import { emulate } from './emulate.ts';
import { session } from './session.ts';
import { sign } from './sign.ts';
import type { Terminal } from './terminal.ts';
import { isUsageError, usageError } from './usage.ts';

/** A command; it gives the exit code. */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { sign, session, emulate };

const help = `Signs in to QuickBlox, looks into signatures, and plays QuickBlox on your own machine.

Usage: npx @x/quickblox <command> [options]

  sign      show what text is signed, and how; say why a signature was refused
  session   create a session and show when it ends
  emulate   serve QuickBlox's side of the protocol on this machine, to test against

  --help      this page; after a command, that command's
  --version   the version of this package

Secrets are best put into the environment: QUICKBLOX_AUTH_SECRET, QUICKBLOX_PASSWORD. A command that
lacks one asks for it without showing what you type.

Exit codes: 0 done · 1 refused or failed · 2 the command line is wrong
`;

/**
 * Carries out a command line.
 *
 * @returns The exit code: 0 done, 1 refused or failed, 2 a command line that is wrong.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '--help', ...rest] = argv;
  const [topic = ''] = rest;
  if (name === 'help' && Object.hasOwn(commands, topic)) return run([topic, '--help'], terminal);
  if (['--help', '-h', 'help'].includes(name)) {
    terminal.stdout.write(help);
    return argv.length === 0 ? 2 : 0;
  }
  if (name === '--version') {
    terminal.stdout.write(`${userAgent.split('/').at(2) ?? 'not built'}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command === undefined)
      throw usageError(`There is no command of that name: ${Object.keys(commands).join(', ')}.`);
    return await command(rest, terminal);
  } catch (error) {
    return tell(error, terminal, command === undefined ? '' : ` ${name}`);
  }
}

/** Tells what went wrong, without anything that was given: it may be a secret in the wrong place. */
function tell(error: unknown, { stderr }: Terminal, command: string): number {
  if (isXError(error)) {
    const { cause } = error;
    const told = isXError(cause) ? cause : error;
    stderr.write(`${told.code}: ${told.message}\n`);
    return 1;
  }
  if (!isUsageError(error)) throw error;
  stderr.write(`${error.message}\nSee npx @x/quickblox${command} --help\n`);
  return 2;
}
