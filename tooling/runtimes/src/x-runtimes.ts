#!/usr/bin/env node
// Runs the signing core's suite, the search for leaks, handlers mounted in every way and the demo of all providers on every runtime
// that the registry ships, or on those that are named: `x-runtimes "Node 22.23.3"`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leakCases } from '../../../packages/http/test/leaks/cases.ts';
import { isolateSteps } from './isolate-steps.ts';
import { questionCount } from './mount-cases.ts';
import { mountWays } from './mount-ways.ts';
import { runDemoOn, runIsolateOn, runLeaksOn, runListenersOn, runMountOn, runOn, runtimes } from './runtimes.ts';
import { checks } from './suite.ts';
import { credentialCourses, runCredentialsOn } from './workerd-credentials.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (unknown.length > 0) throw new Error(`no runtime named ${unknown.join(', ')}`);
const chosen = runtimes.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const folder = mkdtempSync(join(tmpdir(), 'x-runtimes-'));
let passed = 0;
let failed = 0;

function tell(
  what: string,
  result: { readonly passed: number; readonly failures: readonly string[] },
  total: number,
): void {
  const ok = result.failures.length === 0 && result.passed === total;
  if (ok) passed += 1;
  else failed += 1;
  console.log(`  ${what.padEnd(32)} ${String(result.passed).padStart(3)} of ${total} ${ok ? 'passed' : 'FAILED'}`);
  for (const failure of result.failures) console.log(`      ${failure}`);
}

try {
  for (const runtime of chosen) tell(`suite  ${runtime.name}`, await runOn(runtime, folder), checks.length);
  for (const runtime of chosen.filter(({ entry }) => entry === 'workerd')) {
    tell(`isolate ${runtime.name}`, await runIsolateOn(runtime, folder), isolateSteps.length);
  }
  for (const { name, serve } of chosen) {
    if (serve === undefined) continue;
    tell(`credentials ${name}`, await runCredentialsOn(serve, folder), Object.keys(credentialCourses).length);
  }
  // workerd has no console to run a program on
  for (const runtime of chosen.filter(({ entry }) => entry === 'console')) {
    tell(`leaks  ${runtime.name}`, await runLeaksOn(runtime, folder), leakCases.length);
    if (runtime.server !== undefined)
      tell(`mount  ${runtime.server}`, await runMountOn(runtime, folder), questionCount);
    const questions = Object.keys(mountWays).length * questionCount;
    tell(`mounts ${runtime.name}`, await runListenersOn(runtime, folder), questions);
    tell(`demo   ${runtime.name}`, await runDemoOn(runtime, folder), 5);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
