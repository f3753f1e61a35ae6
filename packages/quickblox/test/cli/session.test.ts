import { holdPort } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateEmulatorOptions, createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { application } from '../harness.ts';
import { cli, type Outcome, type Surroundings } from './harness.ts';

const session = suite('quickblox · cli · session');
const env = { QUICKBLOX_APPLICATION_ID: '76730', QUICKBLOX_AUTH_KEY: 'ak_test', QUICKBLOX_AUTH_SECRET: 'as_test' };
const password = application.users?.[0]?.password ?? '';

/** Runs the command against an emulator on loopback. */
async function against(
  argv: readonly string[],
  surroundings: Surroundings = {},
  settings: Partial<CreateEmulatorOptions> = {},
): Promise<Outcome & { readonly emulator: Emulator; readonly calls: readonly string[] }> {
  const emulator = createEmulator({ applications: [application], ...settings });
  const served = await emulator.serve();
  try {
    const outcome = await cli(['session', '--base-url', served.url, ...argv], { env, ...surroundings });
    const calls = emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`);
    return { ...outcome, emulator, calls };
  } finally {
    await served.close();
  }
}

const created = ['POST /session.json 201', 'GET /session.json 200', 'DELETE /session.json 200'];

session('creates one of the application, tells when it ends, and ends it', async () => {
  const { code, stdout, stderr, emulator, calls } = await against([]);
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^session +of the application, application 76730$/m);
  assert.match(stdout, /^ends +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z, later with every use$/m);
  assert.match(stdout, /^token +\[redacted\]/m);
  assert.equal(calls, created);
  assert.equal(emulator.sessions(), []);
});

session('takes an empty variable for none', async () => {
  const signal = AbortSignal.abort(); // so that it asks nobody
  const { code, stderr } = await cli(['session'], { env: { ...env, QUICKBLOX_BASE_URL: '' }, signal });
  assert.is(code, 1, stderr);
  assert.match(stderr, /^http\.aborted: /);
});

session('says that a password in the environment is of no use without a user', async () => {
  const { code, stdout, stderr } = await against([], { env: { ...env, QUICKBLOX_PASSWORD: password } });
  assert.equal(
    [code, stderr],
    [0, "warning: QUICKBLOX_PASSWORD is set, but no user is named: the session is the application's\n"],
  );
  assert.match(stdout, /^session +of the application/m);
  assert.is((await against([], { env: { ...env, QUICKBLOX_PASSWORD: '' } })).stderr, '');
});

for (const [name, value] of [
  ['login', 'anna'],
  ['email', 'anna+qa@example.com'],
] as const) {
  session(
    `creates one of a user by ${name}, with the password from the environment, a terminal or a pipe`,
    async () => {
      for (const given of [
        { env: { ...env, QUICKBLOX_PASSWORD: password } },
        { typed: [`${password}\r`] },
        { input: `${password}\n`, argv: ['--password', '-'] },
      ]) {
        const { code, stdout, stderr } = await against(
          [`--${name}`, value, ...('argv' in given ? given.argv : [])],
          given,
        );
        assert.is(code, 0, stderr);
        assert.match(stdout, /^session +of user 7, application 76730$/m);
        assert.not.ok((stdout + stderr).includes(password));
      }
    },
  );
}

session('asks for the secret and then for the password', async () => {
  const { QUICKBLOX_AUTH_SECRET: secret, ...rest } = env;
  const { code, stderr } = await against(['--login', 'anna'], { env: rest, typed: [`${secret}\r`, `${password}\r`] });
  assert.is(code, 0, stderr);
  assert.match(stderr, /^authorization secret: \npassword: \n$/);
});

session('writes the token and keeps the session when it is asked to', async () => {
  const { stdout, emulator, calls } = await against(['--show-token', '--json']);
  const { token, userId, applicationId, expiresAt } = JSON.parse(stdout);
  assert.equal([token.length, userId, applicationId], [40, 0, 76730]);
  assert.ok(Date.parse(expiresAt) > Date.now());
  assert.equal(calls, created.slice(0, 2));
  assert.is(emulator.sessions().length, 1);
});

session('says so when QuickBlox does not say when it ends', async () => {
  const { stdout } = await against([], {}, { expiryFormat: 'absent' });
  assert.match(stdout, /^ends +QuickBlox does not say when/m);
});

session('signs with SHA-256 where the application does', async () => {
  const applications = [{ ...application, hash: 'sha256' as const }];
  assert.is((await against(['--hash', 'sha256'], {}, { applications })).code, 0);
});

for (const [what, argv, given, text] of [
  ['a wrong secret', [], { ...env, QUICKBLOX_AUTH_SECRET: 'as_MARKER' }, /^quickblox\.bad-signature: /],
  ['a wrong key', ['--auth-key', 'ak_MARKER'], env, /^quickblox\.unknown-application: /],
  ['a wrong password', ['--login', 'anna'], { ...env, QUICKBLOX_PASSWORD: 'MARKER' }, /^quickblox\.bad-credentials: /],
] as const) {
  session(`answers 1 to ${what} with the code`, async () => {
    const { code, stdout, stderr } = await against(argv, { env: given });
    assert.equal([code, stdout], [1, '']);
    assert.match(stderr, text);
    assert.not.match(stderr, /MARKER/);
  });
}

session('answers 1 when nobody is there', async () => {
  const { port, release } = await holdPort();
  const { code, stderr } = await cli(['session', '--base-url', `http://127.0.0.1:${port}`], { env });
  release();
  assert.is(code, 1);
  assert.match(stderr, /^http\.network: /);
});

session('gives up when it is told to stop', async () => {
  const { code, stderr } = await against([], { signal: AbortSignal.abort() });
  assert.is(code, 1);
  assert.match(stderr, /^http\.aborted: /);
});

for (const [what, argv, given, text] of [
  ['no application', [], { QUICKBLOX_AUTH_KEY: 'k' }, /--application-id is missing/],
  ['no key', ['--application-id', '1'], {}, /--auth-key is missing/],
  ['an application that is no number', ['--application-id', 'x'], env, /^applicationId must be/],
  ['two names', ['--login', 'a', '--email', 'b'], env, /not by both/],
  ['a password of nobody', ['--password', 'MARKER'], env, /belongs to --login or --email/],
  ['a login without a password', ['--login', 'a'], env, /put it into QUICKBLOX_PASSWORD/],
  ['a parameter', ['MARKER'], env, /options only/],
  ['one pipe for two', ['--secret', '-', '--password', '-', '--login', 'a'], env, /one thing only/],
  ['http: on the network', ['--base-url', 'http://api.quickblox.com'], env, /^baseUrl must be an https: URL/],
] as const) {
  session(`answers 2 to ${what}`, async () => {
    const { code, stdout, stderr } = await cli(['session', ...argv], { env: given });
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, text);
    assert.match(stderr, /See npx @x\/quickblox session --help/);
    assert.not.match(stderr, /MARKER/);
  });
}

session('explains itself', async () => {
  const { code, stdout } = await cli(['session', '--help']);
  assert.is(code, 0);
  for (const option of ['--application-id', '--base-url', '--login', '--email', '--password', '--show-token']) {
    assert.ok(stdout.includes(option), option);
  }
});

session.run();
