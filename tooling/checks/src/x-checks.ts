#!/usr/bin/env node
// Runs the house's checks on what was built: `x-checks [name…]`. `x-checks accept surface|sizes` writes the committed reports.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingChangesets } from './changesets.ts';
import { loadDeclarations } from './declarations.ts';
import { dependencyViolations } from './dependencies.ts';
import { missingDocs } from './docs.ts';
import { nearDuplicates } from './duplicates.ts';
import { readSources } from './imports.ts';
import { unused } from './knip.ts';
import { readmeViolations } from './readme-tables.ts';
import { readExceptions, roomViolations } from './rooms.ts';
import { acceptSizes, measureSizes, overweight, readBudgets } from './sizes.ts';
import { acceptSurfaces, changedSurfaces, unannouncedBreaks } from './surface/check.ts';
import { readPackages } from './workspace.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const own = fileURLToPath(new URL('..', import.meta.url));
const budgets = join(own, 'sizes.md');
const packages = readPackages(root);
const declarations = loadDeclarations(packages);

const checks: Readonly<Record<string, () => readonly string[] | Promise<readonly string[]>>> = {
  rooms: () => roomViolations(packages, readExceptions(join(own, 'rooms.md'))),
  duplicates: () => nearDuplicates(readSources(root)),
  docs: () => missingDocs(packages, declarations),
  readme: () => readmeViolations(packages, declarations),
  surface: () => changedSurfaces(packages, declarations),
  breaking: () => unannouncedBreaks(root, packages),
  changesets: () => missingChangesets(root, packages),
  dependencies: () => dependencyViolations(packages),
  sizes: async () => overweight(await measureSizes(packages), readBudgets(budgets)),
  unused: () => unused(root, join(own, 'knip.config.ts')),
};

const accepts: Readonly<Record<string, () => void | Promise<void>>> = {
  surface: () => acceptSurfaces(packages, declarations),
  sizes: async () => acceptSizes(budgets, await measureSizes(packages)),
};

const [first, ...rest] = process.argv.slice(2);
if (first === 'accept') await accept(rest);
else await check(first === undefined ? Object.keys(checks) : [first, ...rest]);

async function accept(names: readonly string[]): Promise<void> {
  for (const name of names.length === 0 ? Object.keys(accepts) : names) {
    const write = accepts[name];
    if (write === undefined) throw new Error(`nothing is accepted as ${name}: ${Object.keys(accepts).join(', ')}`);
    await write();
    console.log(`${name} is accepted: look at the difference with git before you commit it`);
  }
}

async function check(names: readonly string[]): Promise<void> {
  let failed = 0;
  for (const name of names) {
    const run = checks[name];
    if (run === undefined) throw new Error(`there is no check ${name}: ${Object.keys(checks).join(', ')}`);
    const startMs = performance.now();
    const violations = await run();
    if (violations.length > 0) failed += 1;
    const verdict = violations.length === 0 ? 'ok' : `${violations.length} to correct`;
    console.log(
      `  ${name.padEnd(14)} ${verdict.padEnd(16)} ${(performance.now() - startMs).toFixed(0).padStart(6)} ms`,
    );
    for (const violation of violations) console.log(`      ${violation}`);
  }
  console.log(`\n${names.length - failed} checks passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
