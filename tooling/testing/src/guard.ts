import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTestFiles } from './test-files.ts';
import { unfinishedSuites } from './unfinished-suites.ts';

/** What one package's tests came to, written to `.x-test/report.json`. */
export interface TestReport {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests that did not run because a server or a browser is missing, each with its reason. */
  readonly leftOut: readonly string[];
  /** What uvu printed of each suite that has failures, so that it can be repeated where a log is cut short. */
  readonly failures: readonly string[];
  /** Why the run is not a success; empty when it is one. */
  readonly problems: readonly string[];
}

/** What a child process says of a run of uvu over some files. */
export interface Tally {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
  /** Files that queued no suite at all. */
  readonly silentFiles: readonly string[];
  readonly leftOut: readonly string[];
  readonly failures: readonly string[];
}

/** Runs a package's tests in a child process and trusts nothing but the tally that the child wrote. */
export async function runGuarded(options: {
  readonly directory: string;
  readonly patterns?: readonly string[];
}): Promise<TestReport> {
  const { directory, patterns = [] } = options;
  const output = join(directory, '.x-test');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });

  const name = packageName(directory);
  const files = findTestFiles(directory, patterns);
  const problems = files.flatMap((file) =>
    unfinishedSuites(readFileSync(file, 'utf8')).map((suite) => `${file}: suite ${suite} is never run`),
  );
  if (files.length === 0) problems.push(`no test file in ${directory}`);

  const tallyFile = join(output, 'tally.json');
  const endFile = join(output, 'early-end.txt');
  const exitCode = files.length === 0 ? 1 : await runChild(directory, [tallyFile, endFile, ...files]);
  const tally = readTally(tallyFile);
  if (exitCode !== 0) problems.push(`the tests ended with ${exitCode}`);
  if (tally === undefined) problems.push(`the tests ended before they were counted${earlyEnd(endFile)}`);
  else problems.push(...judge(tally));

  const report: TestReport = {
    name,
    passed: tally?.passed ?? 0,
    failed: tally === undefined ? 1 : Math.max(tally.total - tally.passed, problems.length > 0 ? 1 : 0),
    leftOut: tally?.leftOut ?? [],
    failures: tally?.failures ?? [],
    problems,
  };
  writeFileSync(join(output, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function judge({ total, passed, skipped, silentFiles }: Tally): string[] {
  const problems: string[] = [];
  if (total === 0) problems.push('no test ran');
  if (passed !== total) problems.push(`${total - passed} of ${total} tests did not pass`);
  if (skipped > 0) problems.push(`${skipped} tests were skipped or shut out by .only`);
  for (const file of silentFiles) problems.push(`${file} queued no suite: is its run() missing?`);
  return problems;
}

function runChild(directory: string, parameters: readonly string[]): Promise<number | string> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL('./run-files.ts', import.meta.url)), ...parameters],
    { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'an unknown signal'));
  });
}

function readTally(file: string): Tally | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    return undefined; // the child wrote none, which the caller reports
  }
}

/** Where and why they ended, if the child could still say so. */
function earlyEnd(file: string): string {
  return existsSync(file) ? `, ${readFileSync(file, 'utf8')}` : '';
}

function packageName(directory: string): string {
  return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name: string }).name;
}
