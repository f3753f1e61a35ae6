#!/usr/bin/env node
// Runs the suite on every runtime that the registry ships and prints a table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOn, runtimes } from './runtimes.ts';
import { checks } from './suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'x-runtimes-'));
let failed = 0;
try {
  for (const runtime of runtimes) {
    const { passed, failures } = await runOn(runtime, folder);
    const ok = failures.length === 0 && passed === checks.length;
    if (!ok) failed += 1;
    console.log(
      `  ${runtime.name.padEnd(20)} ${String(passed).padStart(3)} of ${checks.length} ${ok ? 'passed' : 'FAILED'}`,
    );
    for (const failure of failures) console.log(`      ${failure}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`\n${runtimes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
