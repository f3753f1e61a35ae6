import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestReport } from '../src/guard.ts';

const guard = suite('guard · runGuarded');
const cli = fileURLToPath(new URL('../src/x-test.ts', import.meta.url));
const uvu = import.meta.resolve('uvu');
const head = `import { suite } from '${uvu}';\nconst some = suite('some');\n`;
const declared = 'suite'; // apart, so that this file's own check does not take it for one
const healthy = `${head}some('passes', () => {});\nsome.run();\n`;

/** Runs the guard on a package made of the given test files, and returns its exit code and report. */
function run(files: Record<string, string>): { status: number | null; report: TestReport } {
  const directory = mkdtempSync(join(tmpdir(), 'x-test-'));
  try {
    mkdirSync(join(directory, 'test'));
    writeFileSync(join(directory, 'package.json'), '{"name":"sample","type":"module"}');
    for (const [name, source] of Object.entries(files)) writeFileSync(join(directory, 'test', name), source);
    const { status } = spawnSync(process.execPath, [cli], { cwd: directory });
    const reading = spawnSync('cat', [join(directory, '.x-test', 'report.json')], { encoding: 'utf8' });
    return { status, report: JSON.parse(reading.stdout) as TestReport };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

guard('passes a healthy file and counts it', () => {
  const { status, report } = run({ 'a.test.ts': healthy });
  assert.is(status, 0);
  assert.equal({ passed: report.passed, failed: report.failed }, { passed: 1, failed: 0 });
});

const broken: readonly [name: string, files: Record<string, string>][] = [
  ['a failing test', { 'a.test.ts': `${head}some('fails', () => { throw new Error('no'); });\nsome.run();` }],
  [
    'a throwing before',
    { 'a.test.ts': `${head}some.before(() => { throw new Error('no'); });\nsome('passes', () => {});\nsome.run();` },
  ],
  [
    'a throwing after',
    { 'a.test.ts': `${head}some.after(() => { throw new Error('no'); });\nsome('passes', () => {});\nsome.run();` },
  ],
  [
    'a throwing after.each',
    {
      'a.test.ts': `${head}some.after.each(() => { throw new Error('no'); });\nsome('passes', () => {});\nsome.run();`,
    },
  ],
  ['a thrown null', { 'a.test.ts': `${head}some('fails', () => { throw null; });\nsome.run();` }],
  ['a thrown string', { 'a.test.ts': `${head}some('fails', () => { throw 'no'; });\nsome.run();` }],
  ['a promise that never settles', { 'a.test.ts': `${head}some('hangs', () => new Promise(() => {}));\nsome.run();` }],
  ['a test that ends the process', { 'a.test.ts': `${head}some('quits', () => process.exit(0));\nsome.run();` }],
  ['a skipped test', { 'a.test.ts': `${head}some('passes', () => {});\nsome.skip('skips', () => {});\nsome.run();` }],
  ['a test marked only', { 'a.test.ts': `${head}some('left', () => {});\nsome.only('one', () => {});\nsome.run();` }],
  ['a suite without tests', { 'a.test.ts': `${head}some.run();` }],
  ['a file whose suite is never run', { 'a.test.ts': `${head}some('passes', () => {});` }],
  [
    'a suite never run beside a healthy one',
    { 'a.test.ts': `${healthy}const other = ${declared}('other');\nother('passes', () => {});` },
  ],
  ['a file never run beside a healthy one', { 'a.test.ts': healthy, 'b.test.ts': `import '${uvu}';` }],
  ['a file that does not load', { 'a.test.ts': healthy, 'b.test.ts': `import './missing.ts';` }],
  [
    'a rejection nobody handles',
    { 'a.test.ts': `${head}some('passes', () => { Promise.reject(new Error('no')); });\nsome.run();` },
  ],
  ['no test file', {}],
];

for (const [name, files] of broken) {
  guard(`fails for ${name}`, () => {
    const { status, report } = run(files);
    assert.is(status, 1);
    assert.ok(report.problems.length > 0);
    assert.ok(report.failed > 0);
  });
}

guard('keeps what each failing suite printed', () => {
  const { report } = run({
    'a.test.ts': `${head}some('fails', () => { throw new Error('two is no three'); });\nsome.run();`,
  });
  assert.is(report.failures.length, 1);
  assert.match(report.failures[0] ?? '', /fails[\s\S]*two is no three/);
});

guard('says where and why the tests ended early', () => {
  const { report } = run({
    'b.test.ts': healthy,
    'a.test.ts': `${head}some('passes', () => { setTimeout(() => { throw new Error('out of the blue'); }); return new Promise(() => {}); });\nsome.run();`,
  });
  assert.match(
    report.problems.join(),
    /ended before they were counted, in test\/a\.test\.ts: Error: out of the blue\n/,
  );
  const hanging = run({ 'c.test.ts': `${head}some('hangs', () => new Promise(() => {}));\nsome.run();` });
  assert.match(hanging.report.problems.join(), /counted, in test\/c\.test\.ts: nothing was left to wait for/);
});

guard.run();
