import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Outcome, providers } from '../src/step.ts';

const cli = fileURLToPath(new URL('../src/x-demo.ts', import.meta.url));
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'FORCE_COLOR' && name !== 'NO_COLOR'),
);

function run(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...parameters], { encoding: 'utf8', env: environment });
}

const demo = suite('x-demo');

demo('passes all five, plain when it is piped', () => {
  const { status, stdout } = run();
  assert.is(status, 0, stdout);
  for (const provider of providers) assert.match(stdout, new RegExp(`^  ${provider}\\s+passed`, 'm'));
  assert.not.match(stdout, '\u001b');
});

demo('colours when told to, and not when NO_COLOR says so', () => {
  const colours = (env: Record<string, string>): boolean =>
    spawnSync(process.execPath, [cli, '--only', 'hypelabs'], {
      encoding: 'utf8',
      env: { ...environment, ...env },
    }).stdout.includes('\u001b');
  assert.ok(colours({ FORCE_COLOR: '1' }));
  assert.not(colours({ FORCE_COLOR: '1', NO_COLOR: '1' }));
});

demo('tells machines the same in JSON', () => {
  const { status, stdout } = run('--json');
  assert.is(status, 0);
  const { ok, outcomes } = JSON.parse(stdout) as { ok: boolean; outcomes: Outcome[] };
  assert.ok(ok);
  assert.equal(
    outcomes.map(({ provider }) => provider),
    [...providers],
  );
  for (const { steps, proved } of outcomes) {
    assert.ok(steps.length >= 5 && proved.length >= 3);
    assert.equal(
      steps.map(({ number }) => number),
      steps.map((_, index) => index + 1),
    );
  }
});

demo('plays one alone', () => {
  const { status, stdout } = run('--only', 'nexudus', '--json');
  assert.is(status, 0);
  const { outcomes } = JSON.parse(stdout) as { outcomes: Outcome[] };
  assert.equal(
    outcomes.map(({ provider }) => provider),
    ['nexudus'],
  );
});

demo('shows no secret of its own', () => {
  const { stdout } = run('--json');
  for (const secret of [
    'as_demo_secret',
    'demo-api-key',
    'p&ss=w',
    'test_client_secret',
    'a demo secret',
    'v4.local.',
  ]) {
    assert.not.ok(stdout.includes(secret), secret);
  }
});

const catches: Readonly<Record<(typeof providers)[number], { check: string; caught: RegExp }>> = {
  quickblox: { check: 'signature', caught: /quickblox\.bad-signature/ },
  hubrise: { check: 'callback', caught: /state-malformed/ },
  nexudus: { check: 'callback', caught: /hash-mismatch/ },
  hypelabs: { check: 'caller', caught: /caller-unknown/ },
  hub: { check: 'sealed token', caught: /sealed token/ },
};

for (const provider of providers) {
  demo(`catches the byte that --break ${provider} changes`, () => {
    const { status, stdout } = run('--break', provider, '--json');
    assert.is(status, 1);
    const { outcomes } = JSON.parse(stdout) as { outcomes: Outcome[] };
    for (const outcome of outcomes) assert.is(outcome.ok, outcome.provider !== provider, outcome.provider);
    const broken = outcomes.find((outcome) => outcome.provider === provider);
    assert.match(broken?.caught ?? '', catches[provider].caught);
    const tampered = broken?.steps.filter((step) => step.tampered) ?? [];
    assert.is(tampered.length, 1);
    assert.equal(
      tampered[0]?.checks.filter(({ ok }) => !ok).map(({ name }) => name),
      [catches[provider].check],
    );
  });
}

for (const [parameters, expected] of [
  [['--only', 'nobody'], /--only must be one of quickblox, hubrise, nexudus, hypelabs, hub, got nobody/],
  [['--break', ''], /--break must be one of/],
  [['--only', 'hub', '--break', 'nexudus'], /leaves out/],
  [['--port', '99999', '--serve'], /--port must be 0 to 65535/],
  [['--what'], /--what/],
] as const) {
  demo(`explains what is wrong with ${parameters.join(' ')}`, () => {
    const { status, stderr } = run(...parameters);
    assert.is(status, 2);
    assert.match(stderr, expected);
    assert.match(stderr, /Usage:/);
  });
}

demo('serves a page that plays each on a button', async () => {
  const child = spawn(process.execPath, [cli, '--serve'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
        if (found !== null) resolve(found[0]);
      });
      child.on('exit', () => reject(new Error(`the demo ended: ${output}`)));
    });
    const page = await (await fetch(url)).text();
    for (const provider of providers) assert.match(page, `data-provider="${provider}"`);
    const played = await (await fetch(`${url}play/hypelabs`, { method: 'POST' })).text();
    assert.match(played, /certificate for a valid token/);
    const broken = await (await fetch(`${url}play/hypelabs?break=1`, { method: 'POST' })).text();
    assert.match(broken, /caught: .*caller-unknown/);
    assert.is((await fetch(`${url}play/hypelabs`)).status, 405);
    assert.is((await fetch(`${url}play/nobody`, { method: 'POST' })).status, 404);
    const foreign = await fetch(`${url}play/hypelabs`, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
    assert.is(foreign.status, 403);
    child.kill('SIGTERM');
    assert.is(await new Promise((resolve) => child.on('exit', resolve)), 0);
  } finally {
    child.kill('SIGKILL');
  }
});

demo.run();
