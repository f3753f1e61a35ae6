#!/usr/bin/env node
// Runs the tests of the package in the current folder. Arguments narrow them by file name.
import { runGuarded } from './guard.ts';

const report = await runGuarded({ directory: process.cwd(), patterns: process.argv.slice(2) });
for (const problem of report.problems) console.error(`x-test: ${problem}`);
process.exitCode = report.problems.length === 0 ? 0 : 1;
