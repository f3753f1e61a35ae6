import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../../src/emulator/index.ts';
import { cli, type Outcome } from './harness.ts';

const emulate = suite('quickblox · cli · emulate');
const keys = {
  QUICKBLOX_APPLICATION_ID: '76730',
  QUICKBLOX_AUTH_KEY: 'ak_emulated',
  QUICKBLOX_AUTH_SECRET: 'as_emulated',
  QUICKBLOX_PASSWORD: 'example',
};

/** Runs the emulator until `use` is done with it. */
async function whileServing(argv: readonly string[], use: (url: string) => Promise<unknown>): Promise<Outcome> {
  const stop = new AbortController();
  let found: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    found = resolve;
  });
  const onOutput = (text: string): void => {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (origin !== undefined) found(origin);
  };
  const served = cli(['emulate', ...argv], { signal: stop.signal, onOutput });
  try {
    await use(await Promise.race([url, served.then(({ stderr }) => Promise.reject(new Error(stderr)))]));
  } finally {
    stop.abort();
  }
  return served;
}

emulate('prints where it is and what it accepts, and each exchange with its checks', async () => {
  const { code, stdout } = await whileServing([], async (url) => {
    const signedIn = await cli(['session', '--base-url', url, '--login', 'anna'], { env: keys });
    assert.is(signedIn.code, 0, signedIn.stderr);
    const refused = await cli(['session', '--base-url', url], { env: { ...keys, QUICKBLOX_AUTH_SECRET: 'other' } });
    assert.is(refused.code, 1);
    await fetch(`${url}/session.json?token=x`);
  });
  assert.is(code, 0);
  for (const value of Object.values(keys)) assert.ok(stdout.includes(value), value);
  assert.match(stdout, /^POST \/session\.json 201 {2}body ✓ · parameters ✓ · application ✓ · .* · credentials ✓$/m);
  assert.match(stdout, /^GET \/session\.json 200 {2}token present ✓ · session alive ✓$/m);
  assert.match(
    stdout,
    /^POST \/session\.json 422 .* · signature ✗ \(wrong secret, or other parameters than were sent\)$/m,
  );
  assert.match(stdout, /^ {2}warning: a secret or a token was sent in the URL$/m);
});

emulate('prints each exchange once, also when many overlap', async () => {
  const { stdout } = await whileServing([], async (url) => {
    await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/session.json`)));
  });
  assert.is(stdout.match(/^GET \/session\.json 401/gm)?.length, 40);
});

for (const skew of [['--skew', '-7200'], ['--skew=-7200']]) {
  emulate(`has a clock that is behind with ${skew.join(' ')}`, async () => {
    await whileServing(skew, async (url) => {
      const answer = await fetch(`${url}/session.json`);
      const behindMs = Date.now() - Date.parse(answer.headers.get('date') ?? '');
      assert.ok(behindMs >= 7_200_000 && behindMs < 7_260_000, `${behindMs} ms`);
    });
  });
}

emulate('has the users and settings that it is given, and writes JSON', async () => {
  const argv = ['--json', '--user', 'otto:p:w', '--user', 'ada:q', '--hash', 'sha256', '--lifetime', '3600'];
  const more = ['--slide-every', '1800', '--skew', '7200', '--expiry-format', 'offset', '--token-format', 'jwt'];
  const { stdout } = await whileServing([...argv, ...more], async (url) => {
    const options = ['--base-url', url, '--login', 'ada', '--hash', 'sha256', '--show-token', '--json'];
    const { code, ...told } = await cli(['session', ...options], { env: { ...keys, QUICKBLOX_PASSWORD: 'q' } });
    assert.is(code, 0, told.stderr);
    const { userId, token, expiresAt } = JSON.parse(told.stdout);
    assert.equal([userId, token.split('.').length], [2, 3]);
    const leftMs = Date.parse(expiresAt) - Date.now() - 7_200_000;
    assert.ok(leftMs > 0 && leftMs <= 3_600_000, `${leftMs} ms left`);
  });
  const [first, ...entries] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(first.users, [
    { id: 1, login: 'otto', password: 'p:w' },
    { id: 2, login: 'ada', password: 'q' },
  ]);
  assert.equal(
    entries.map(({ method, status }) => `${method} ${status}`),
    ['POST 422', 'POST 201', 'GET 200'],
    'the clock was corrected once',
  );
});

for (const [what, argv, text] of [
  ['a user without a password', ['--user', 'anna'], /LOGIN:PASSWORD/],
  ['a user without a login', ['--user', ':MARKER'], /LOGIN:PASSWORD/],
  ['a port beyond the last', ['--port', '65536'], /--port must be from 0 to 65535/],
  ['a lifetime below zero', ['--lifetime', '-1'], /--lifetime must be a whole number/],
  ['an option for a value', ['--skew', '--json'], /option lacks its value/],
  ['a number for an option', ['--json', '-1'], /an option that this command does not know/],
  ['a port in words', ['--port', 'MARKER'], /--port must be a whole number/],
  ['an unknown format', ['--token-format', 'MARKER'], /--token-format must be hex or jwt/],
  ['a parameter', ['MARKER'], /options only/],
] as const) {
  emulate(`answers 2 to ${what}`, async () => {
    const { code, stdout, stderr } = await cli(['emulate', ...argv]);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, text);
    assert.not.match(stderr, /MARKER/);
  });
}

emulate('answers 2 when the port is taken', async () => {
  const served = await createEmulator({ applications: [{ id: 1, authKey: 'k', authSecret: 's' }] }).serve();
  try {
    const { code, stderr } = await cli(['emulate', '--port', new URL(served.url).port]);
    assert.is(code, 2);
    assert.match(stderr, /\(EADDRINUSE\)/);
  } finally {
    await served.close();
  }
});

emulate('ends at once when it was told to stop before it began', async () => {
  assert.is((await cli(['emulate'], { signal: AbortSignal.abort() })).code, 0);
});

emulate('explains itself', async () => {
  const { code, stdout } = await cli(['emulate', '--help']);
  assert.is(code, 0);
  for (const option of ['--port', '--user', '--lifetime', '--slide-every', '--skew', '--token-format']) {
    assert.ok(stdout.includes(option), option);
  }
});

emulate.run();
