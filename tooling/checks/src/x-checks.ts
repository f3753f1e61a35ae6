#!/usr/bin/env node
// Runs the house's checks on what was built: `x-checks [name…]`. `x-checks accept surface|sizes` writes the committed reports.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundaryViolations, undecidedEntries } from './boundaries.ts';
import { missingChangesets } from './changesets.ts';
import { type Declarations, loadDeclarations } from './declarations.ts';
import { dependencyViolations } from './dependencies.ts';
import { missingDocs } from './docs.ts';
import { nearDuplicates } from './duplicates.ts';
import { readSources } from './imports.ts';
import { unused } from './knip.ts';
import { readmeViolations } from './readme-tables.ts';
import { readExceptions, roomViolations } from './rooms.ts';
import { type Check, runChecks } from './run-checks.ts';
import { serverTypeViolations } from './server-types.ts';
import { acceptSizes, measureSizes, overweight, readBudgets } from './sizes.ts';
import { acceptSurfaces, changedSurfaces, unannouncedBreaks } from './surface/check.ts';
import { readPackages } from './workspace.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const own = fileURLToPath(new URL('..', import.meta.url));
const budgets = join(own, 'sizes.md');
const packages = readPackages(root);

let loaded: Declarations | undefined;
const declarations = (): Declarations => {
  loaded ??= loadDeclarations(packages);
  return loaded;
};

const checks: Readonly<Record<string, Check>> = {
  rooms: () => roomViolations(packages, readExceptions(join(own, 'rooms.md'))),
  boundaries: () => [...boundaryViolations(readSources(root)), ...undecidedEntries(packages)],
  duplicates: () => nearDuplicates(readSources(root)),
  docs: () => missingDocs(packages, declarations()),
  readme: () => readmeViolations(packages, declarations()),
  surface: () => changedSurfaces(packages, declarations()),
  'server-types': () => serverTypeViolations(packages),
  breaking: () => unannouncedBreaks(root, packages),
  changesets: () => missingChangesets(root, packages),
  dependencies: () => dependencyViolations(packages),
  sizes: async () => overweight(await measureSizes(packages), readBudgets(budgets)),
  unused: () => unused(root, join(own, 'knip.config.ts')),
};

/** What `accept` writes. */
const accepts: Readonly<Record<string, Check>> = {
  surface: () => {
    acceptSurfaces(packages, declarations());
    return [];
  },
  sizes: async () => {
    acceptSizes(budgets, await measureSizes(packages));
    return [];
  },
};

const [first, ...rest] = process.argv.slice(2);
const known = first === 'accept' ? accepts : checks;
const asked = first === 'accept' ? rest : process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(known) : asked;
process.exitCode = (await runChecks(known, names, console.log)) === 0 ? 0 : 1;
