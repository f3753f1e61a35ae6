#!/usr/bin/env node
// Builds and tests every workspace, then adds up what each one's guarded runner reported.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failureLines, fitLines } from './failure-lines.ts';
import type { TestReport } from './guard.ts';

const root = process.cwd();
const workspaces = ['packages', 'tooling']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .filter((directory) => scriptsOf(directory)['test'] !== undefined);

for (const directory of workspaces) rmSync(join(directory, '.x-test'), { recursive: true, force: true });
const turbo = spawnSync('turbo', ['run', 'test', '--continue', '--output-logs=errors-only', ...process.argv.slice(2)], {
  stdio: 'inherit',
});

let passed = 0;
let failed = 0;
const leftOut: string[] = [];
const wrong: string[] = [];
const lines: string[] = [];
console.log('');
for (const directory of workspaces) {
  const report = readReport(directory);
  if (report === undefined) {
    failed += 1;
    const name = directory.slice(root.length + 1);
    lines.push(`${name} · did not run`);
    console.log(`  ${name.padEnd(24)} did not run`);
    continue;
  }
  passed += report.passed;
  failed += report.failed;
  leftOut.push(...report.leftOut.map((reason) => `${report.name}: ${reason}`));
  lines.push(...failureLines(report));
  wrong.push(...[...report.failures, ...report.problems].map((text) => `  ${report.name}\n${text}`));
  console.log(
    `  ${report.name.padEnd(24)} ${String(report.passed).padStart(6)} passed ${String(report.failed).padStart(4)} failed`,
  );
}
// Once more at the end: what failed stands far above, between the output of other workspaces.
for (const text of wrong) console.error(`\n${text}`);
for (const reason of leftOut) console.log(`\n  LEFT OUT  ${reason}`);

const broken = turbo.status !== 0 && failed === 0;
if (broken) lines.push(`turbo ended with ${turbo.status ?? turbo.signal ?? turbo.error?.message}`);
// And all of it by name: whoever shows a log shows its end, and often no more than two kilobytes of that.
if (lines.length > 0) console.log('');
for (const line of fitLines(lines, 1300)) console.log(`  FAILED  ${line}`);
console.log(`\n${passed} passed, ${failed + (broken ? 1 : 0)} failed`);
process.exitCode = turbo.status === 0 && failed === 0 && passed > 0 ? 0 : 1;

function readReport(directory: string): TestReport | undefined {
  const file = join(directory, '.x-test', 'report.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestReport) : undefined;
}

function scriptsOf(directory: string): Record<string, string | undefined> {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> }).scripts ?? {};
}
