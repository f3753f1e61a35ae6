import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cli as inProcess } from './cli/harness.ts';

const file = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const command = suite('quickblox · cli');

/** Starts the command line as a process of its own. */
function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { NODE_V8_COVERAGE } = process.env; // so that what runs there is measured
  const measured = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE };
  const child = spawn(process.execPath, [file, ...argv], { env: { ...measured, ...env }, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...output }));
  return { child, output, ended };
}

/** Where an emulator listens, once it says so. */
async function urlOf(server: ReturnType<typeof start>): Promise<string> {
  for (;;) {
    await Promise.race([once(server.child.stdout, 'data'), server.ended]);
    assert.is(server.child.exitCode, null, server.output.stderr);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output.stdout)?.[0];
    if (url !== undefined) return url;
  }
}

command('signs with a secret from the environment or from a pipe', async () => {
  const parameters = ['application_id=716730', 'auth_key=bbfeCwWtz8dqF4F', 'nonce=33432', 'timestamp=1572434294'];
  const piped = start(['sign', ...parameters, '--secret', '-']);
  piped.child.stdin.end('YYXAU8BEYBfv0Fn\n');
  const known = start(['sign', ...parameters], { QUICKBLOX_AUTH_SECRET: 'YYXAU8BEYBfv0Fn' });
  for (const { code, stdout, stderr } of [await piped.ended, await known.ended]) {
    assert.equal([code, stderr], [0, '']);
    assert.match(stdout, /be6e49d06389a59d8846edf04789bcd7ada23eb8/);
  }
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  command(`serves, signs in and ends with ${signal}, each in a process of its own`, async () => {
    const server = start(['emulate']);
    const url = await urlOf(server);
    const env = {
      QUICKBLOX_BASE_URL: url,
      QUICKBLOX_APPLICATION_ID: '76730',
      QUICKBLOX_AUTH_KEY: 'ak_emulated',
      QUICKBLOX_AUTH_SECRET: 'as_emulated',
      QUICKBLOX_PASSWORD: 'example',
    };
    const signedIn = await start(['session', '--login', 'anna'], env).ended;
    assert.is(signedIn.code, 0, signedIn.stderr);
    assert.match(signedIn.stdout, /^session +of user 1, application 76730$/m);
    const refused = await start(['session'], { ...env, QUICKBLOX_AUTH_SECRET: 'other' }).ended;
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /^quickblox\.bad-signature: /m);
    server.child.kill(signal);
    const { code, stdout } = await server.ended;
    assert.is(code, 0);
    assert.match(stdout, /^DELETE \/session\.json 200/m);
  });
}

command('comes to its end without a word when nobody reads on', async () => {
  const server = start(['emulate']);
  const url = await urlOf(server);
  server.child.stdout.destroy();
  await fetch(`${url}/session.json`)
    .then((answer) => answer.text())
    .catch(() => {}); // it is told on standard output, and the end may come before the answer
  const { code, stderr } = await server.ended;
  assert.equal([code, stderr], [0, '']);
});

command('says what there is, whatever it is asked', async () => {
  for (const [argv, code] of [
    [[], 2],
    [['--help'], 0],
    [['-h'], 0],
    [['help'], 0],
  ] as const) {
    const told = await inProcess(argv);
    assert.is(told.code, code);
    for (const name of ['sign', 'session', 'emulate', '--version']) assert.ok(told.stdout.includes(name));
  }
  for (const name of ['sign', 'session', 'emulate']) {
    assert.equal(await inProcess(['help', name]), await inProcess([name, '--help']));
  }
  assert.equal(await inProcess(['help', 'other']), await inProcess(['help']));
  const { code, stdout } = await inProcess(['--version']);
  assert.equal([code, stdout], [0, 'not built\n']);
});

command('answers 2 to a command that there is not', async () => {
  for (const name of ['MARKER', 'constructor', '']) {
    const { code, stdout, stderr } = await inProcess([name]);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, /There is no command of that name: sign, session, emulate\./);
    assert.not.match(stderr, /MARKER/);
  }
});

command.run();
