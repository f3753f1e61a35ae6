import type { Login, QuickBloxSession } from '../index.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { authSecret, fromEnvironment, readSecret, type Terminal, warn } from './terminal.ts';
import { usageError } from './usage.ts';

const help = `Creates a session at QuickBlox, shows whose it is and when it ends, and ends it again.

Usage: npx @x/quickblox session [options]

  --application-id ID   or QUICKBLOX_APPLICATION_ID
  --auth-key KEY        or QUICKBLOX_AUTH_KEY
  --secret SECRET       the authorization secret; better QUICKBLOX_AUTH_SECRET, or - to pipe it in
  --hash HASH           sha1 (default) or sha256: a setting of your application
  --base-url URL        or QUICKBLOX_BASE_URL; default https://api.quickblox.com
  --login LOGIN         a user's session, by login …
  --email EMAIL         … or by e-mail; without either the session is the application's
  --password PASSWORD   the user's; better QUICKBLOX_PASSWORD, or - to pipe it in
  --show-token          write the token, and leave the session open
  --json                write JSON
  --help                this page

Exit codes: 0 created · 1 refused or failed · 2 the command line is wrong
`;

/** `session`: creates one and tells when it ends. */
export async function session(argv: readonly string[], terminal: Terminal): Promise<number> {
  const names = ['application-id', 'auth-key', 'secret', 'hash', 'base-url', 'login', 'email', 'password'];
  const given = readArguments(argv, names, ['show-token']);
  if (given.has('help')) {
    terminal.stdout.write(help);
    return 0;
  }
  if (given.positionals.length > 0) throw usageError('This command takes options only.');
  if (given.text('secret') === '-' && given.text('password') === '-') {
    throw usageError('Standard input can be read for one thing only.');
  }
  const applicationId = demand(given, terminal, 'application-id', 'QUICKBLOX_APPLICATION_ID');
  const authKey = demand(given, terminal, 'auth-key', 'QUICKBLOX_AUTH_KEY');
  const keys = {
    applicationId,
    authKey,
    authSecret: await readSecret(terminal, { ...authSecret, given: given.text('secret') }),
  };
  const hash = given.choice('hash', ['sha1', 'sha256']);
  const baseUrl = given.text('base-url') ?? fromEnvironment(terminal, 'QUICKBLOX_BASE_URL');
  const login = await readLogin(given, terminal);

  const { createQuickBlox } = await import('../index.ts'); // the client costs time to load, which help should not
  const created = createQuickBlox({ ...keys, hash, baseUrl }).session(login);
  const isKept = given.has('show-token');
  try {
    const told = await describe(created, isKept, terminal.signal);
    terminal.stdout.write(given.has('json') ? `${JSON.stringify(told)}\n` : write(told));
  } finally {
    if (!isKept) await created.destroy(); // nobody could use it
  }
  return 0;
}

function demand(given: Arguments, terminal: Terminal, option: string, variable: string): string {
  const value = given.text(option) ?? fromEnvironment(terminal, variable);
  if (value === undefined || value === '')
    throw usageError(`--${option} is missing; it can also stand in ${variable}.`);
  return value;
}

async function readLogin(given: Arguments, terminal: Terminal): Promise<Login> {
  const [login, email] = [given.text('login'), given.text('email')];
  if (login !== undefined && email !== undefined)
    throw usageError('A user is named by --login or by --email, not by both.');
  if (login === undefined && email === undefined) {
    if (given.text('password') !== undefined) throw usageError('--password belongs to --login or --email.');
    if (fromEnvironment(terminal, 'QUICKBLOX_PASSWORD') !== undefined) {
      warn(terminal, "QUICKBLOX_PASSWORD is set, but no user is named: the session is the application's");
    }
    return { kind: 'application' };
  }
  const source = { option: 'password', variable: 'QUICKBLOX_PASSWORD', label: 'password' };
  const password = await readSecret(terminal, { ...source, given: given.text('password') });
  return login === undefined ? { kind: 'email', email: email ?? '', password } : { kind: 'login', login, password };
}

interface Told {
  readonly applicationId: number;
  /** 0 for the application's own. */
  readonly userId: number;
  readonly expiresAt: string | null;
  readonly token: string;
}

async function describe(created: QuickBloxSession, isKept: boolean, signal: AbortSignal): Promise<Told> {
  const token = await created.token({ signal });
  const { applicationId, userId, expiresAtMs } = await created.info({ signal });
  const expiresAt = expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString();
  return { applicationId, userId, expiresAt, token: isKept ? token : '[redacted]' };
}

function write({ applicationId, userId, expiresAt, token }: Told): string {
  return [
    `session    of ${userId === 0 ? 'the application' : `user ${userId}`}, application ${applicationId}`,
    `ends       ${expiresAt ?? 'QuickBlox does not say when'}, later with every use`,
    `token      ${token === '[redacted]' ? '[redacted]; the session was ended again, --show-token keeps it' : token}`,
    '',
  ].join('\n');
}
