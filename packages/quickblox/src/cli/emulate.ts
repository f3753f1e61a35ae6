import type { EmulatedUser, Emulator } from '../emulator/index.ts';
import { type Arguments, readArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { usageError } from './usage.ts';

const help = `Serves QuickBlox's side of the protocol on this machine, for tests and for trying things out.

Usage: npx @x/quickblox emulate [options]

  --port PORT               default any free one
  --user LOGIN:PASSWORD     a user, as often as you like; ids count from 1. Default anna:example
  --hash HASH               sha1 (default) or sha256
  --lifetime SECONDS        from the last use of a session to its end; default 7200
  --slide-every SECONDS     a session's end moves at most this often; default with every use
  --skew SECONDS            how far the server's clock is ahead, or behind with a minus sign; default 0
  --expiry-format FORMAT    utc (default), offset or absent
  --token-format FORMAT     hex (default) or jwt
  --json                    write a line of JSON for each exchange
  --help                    this page

The keys that it accepts are printed at the start, and each exchange when it is over: what was checked, and
what was odd. It keeps everything in memory and listens on 127.0.0.1 alone. Ctrl-C ends it.
`;

const application = { id: 76730, authKey: 'ak_emulated', authSecret: 'as_emulated', apiKeys: ['emulated-api-key'] };

/** `emulate`: serves the emulator until it is told to stop. */
export async function emulate(argv: readonly string[], terminal: Terminal): Promise<number> {
  const names = ['port', 'user', 'hash', 'lifetime', 'slide-every', 'skew', 'expiry-format', 'token-format'];
  const given = readArguments(argv, names);
  const { stdout, signal } = terminal;
  if (given.has('help')) {
    stdout.write(help);
    return 0;
  }
  if (given.positionals.length > 0) throw usageError('This command takes options only.');
  const users = readUsers(given);
  const settings = readSettings(given);
  const port = given.integer('port') ?? 0;
  if (port > 65_535) throw usageError('--port must be from 0 to 65535.');

  const { createEmulator } = await import('../emulator/index.ts');
  const { serve } = await import('@x/http/emulator');
  const emulator = createEmulator({
    applications: [{ ...application, hash: settings.hash, users }],
    ...settings.server,
  });
  const write = writer(emulator, given.has('json'), stdout);
  const listen = serve(
    async (request) => {
      try {
        return await emulator.fetch(request);
      } finally {
        write();
      }
    },
    { port },
  );
  const { url, close } = await listen.catch(({ code = 'unknown' }: { readonly code?: string }) => {
    throw usageError(`The port cannot be listened on (${code}).`);
  });
  stdout.write(given.has('json') ? `${JSON.stringify({ url, ...application, users })}\n` : banner(url, users));
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await close();
  return 0;
}

function readUsers(given: Arguments): EmulatedUser[] {
  const texts = given.texts('user');
  return (texts.length === 0 ? ['anna:example'] : texts).map((text, index) => {
    const at = text.indexOf(':');
    if (at < 1 || at === text.length - 1) throw usageError('--user must be written LOGIN:PASSWORD.');
    return { id: index + 1, login: text.slice(0, at), password: text.slice(at + 1) };
  });
}

function readSettings(given: Arguments) {
  const lifetimeSeconds = given.integer('lifetime');
  const slideEverySeconds = given.integer('slide-every');
  const skew = given.integer('skew', 'signed');
  const expiryFormat = given.choice('expiry-format', ['utc', 'offset', 'absent']);
  const tokenFormat = given.choice('token-format', ['hex', 'jwt']);
  return {
    hash: given.choice('hash', ['sha1', 'sha256']),
    server: {
      ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
      ...(slideEverySeconds === undefined ? {} : { slideEverySeconds }),
      ...(skew === undefined ? {} : { skewMs: skew * 1000 }),
      ...(expiryFormat === undefined ? {} : { expiryFormat }),
      ...(tokenFormat === undefined ? {} : { tokenFormat }),
    },
  };
}

function banner(url: string, users: readonly EmulatedUser[]): string {
  return [
    `QuickBlox, emulated, on ${url}`,
    '',
    `  application id        ${application.id}`,
    `  authorization key     ${application.authKey}`,
    `  authorization secret  ${application.authSecret}`,
    `  API key               ${application.apiKeys[0]}`,
    ...users.map(({ id, login, password }) => `  user ${id}                ${login}, password ${password}`),
    '',
    'Try it in another terminal:',
    `  QUICKBLOX_AUTH_SECRET=${application.authSecret} npx @x/quickblox session --base-url ${url} \\`,
    `    --application-id ${application.id} --auth-key ${application.authKey}`,
    '',
    '',
  ].join('\n');
}

/** Writes each exchange that is over and was not written yet. */
function writer({ journal }: Emulator, isJson: boolean, stdout: Terminal['stdout']): () => void {
  const written = new Set<number>();
  let from = 0; // everything before it is written
  return () => {
    for (const entry of journal.entries.slice(from)) {
      if (written.has(entry.number) || entry.status === undefined) continue;
      written.add(entry.number);
      while (written.delete(journal.entries[from]?.number ?? 0)) from += 1;
      if (isJson) {
        stdout.write(`${JSON.stringify(entry)}\n`);
        continue;
      }
      const { method, path, status, checks, warnings } = entry;
      const marks = checks.map(({ name, ok, detail }) =>
        ok ? `${name} ✓` : `${name} ✗${detail ? ` (${detail})` : ''}`,
      );
      stdout.write(`${method} ${path} ${status}  ${marks.join(' · ')}\n`);
      for (const warning of warnings) stdout.write(`  warning: ${warning}\n`);
    }
  };
}
