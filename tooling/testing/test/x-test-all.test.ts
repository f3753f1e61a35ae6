import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const all = suite('x-test-all');
const cli = fileURLToPath(new URL('../src/x-test-all.ts', import.meta.url));

/**
 * Runs the command in a workspace of two packages whose task runner is a shell script.
 *
 * @param turbo What the script does; it stands in the workspace's root.
 */
function run(turbo: string): { status: number | null; last: string; output: string; stdout: string } {
  const root = mkdtempSync(join(tmpdir(), 'x-test-all-'));
  try {
    for (const name of ['packages/one', 'tooling/two']) {
      mkdirSync(join(root, name), { recursive: true });
      writeFileSync(join(root, name, 'package.json'), `{"name":"${name}","scripts":{"test":"x-test"}}`);
    }
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', 'turbo'), `#!/bin/sh\n${turbo}\n`);
    chmodSync(join(root, 'bin', 'turbo'), 0o755);
    const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli], { cwd: root, env, encoding: 'utf8' });
    return { status, last: stdout.trim().split('\n').at(-1) ?? '', output: stdout + stderr, stdout };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const report = (
  folder: string,
  passed: number,
  failed: number,
  { leftOut = [], failures = [] }: { leftOut?: string[]; failures?: string[] } = {},
): string =>
  `mkdir -p ${folder}/.x-test && printf %s '${JSON.stringify({ name: folder, passed, failed, leftOut, failures, problems: [] })}' > ${folder}/.x-test/report.json`;

all('adds up what every workspace reported', () => {
  const { status, last } = run(`${report('packages/one', 3, 0)}\n${report('tooling/two', 4, 0)}`);
  assert.is(status, 0);
  assert.is(last, '7 passed, 0 failed');
});

all('fails when a workspace reports failures', () => {
  const { status, last } = run(`${report('packages/one', 3, 2)}\n${report('tooling/two', 4, 0)}\nexit 1`);
  assert.is(status, 1);
  assert.is(last, '7 passed, 2 failed');
});

all('fails when a workspace did not report, even if the task runner is content', () => {
  const { status, last, output } = run(report('packages/one', 3, 0));
  assert.is(status, 1);
  assert.is(last, '3 passed, 1 failed');
  assert.match(output, /tooling\/two\s+did not run/);
});

all('fails when the task runner fails though every report is good', () => {
  const { status, last } = run(`${report('packages/one', 3, 0)}\n${report('tooling/two', 4, 0)}\nexit 3`);
  assert.is(status, 1);
  assert.is(last, '7 passed, 1 failed');
});

all('repeats at the end what failed', () => {
  const { status, output } = run(
    `${report('packages/one', 3, 1, { failures: ['FAIL one is two'] })}\n${report('tooling/two', 4, 0)}\nexit 1`,
  );
  assert.is(status, 1);
  assert.match(output, / {2}packages\/one\nFAIL one is two\n/);
});

all('names every failure in the last two thousand characters, however much each said', () => {
  const failing = (name: string, count: number): string =>
    report(name, 3, 1, {
      failures: [`   FAIL  sum  "adds ${count}"\n    two is no three\n\n        ${'~'.repeat(3000)}\n`],
    });
  const { stdout } = run(`${failing('packages/one', 1)}\n${failing('tooling/two', 2)}\nexit 1`);
  assert.match(
    stdout.slice(-2000),
    [
      '\n  FAILED  packages/one · sum · "adds 1" · two is no three',
      '\n  FAILED  tooling/two · sum · "adds 2" · two is no three\n',
      '\n6 passed, 2 failed\n',
    ].join(''),
  );
});

all('says what was left out', () => {
  const { output } = run(
    `${report('packages/one', 3, 0, { leftOut: ['redis: none'] })}\n${report('tooling/two', 4, 0)}`,
  );
  assert.match(output, /LEFT OUT {2}packages\/one: redis: none/);
});

all.run();
