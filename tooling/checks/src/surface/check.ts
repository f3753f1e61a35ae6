import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declarations } from '../declarations.ts';
import { git, gitLines } from '../git.ts';
import { type Bump, bumpBetween, covers, largest, lastRelease, readChangesets, waitingBump } from '../releases.ts';
import type { Package } from '../workspace.ts';
import { breakingChanges } from './compare.ts';
import { surfaceReport } from './report.ts';

const accept = 'look at the difference, then type `pnpm build && pnpm --filter @x/checks accept surface`';

/** Finds surfaces that differ from their committed report in `packages/<name>/api`, and reports without an entry. */
export function changedSurfaces(packages: readonly Package[], declarations: Declarations): string[] {
  const found: string[] = [];
  for (const { name, folder, entries } of packages) {
    for (const entry of entries) {
      const file = join(folder, 'api', `${entry.name}.api.md`);
      const committed = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      const actual = surfaceReport(entry, declarations);
      if (committed === undefined) found.push(`${entry.specifier} has no surface report: ${accept}`);
      else if (committed !== actual) {
        found.push(
          `${entry.specifier} exports something else than its report: ${accept}\n${difference(committed, actual)}`,
        );
      }
    }
    for (const file of reportsOf(folder)) {
      if (!entries.some((entry) => `${entry.name}.api.md` === file)) {
        found.push(`packages/${name}/api/${file} is of no entry: delete it`);
      }
    }
  }
  return found;
}

/** Writes the reports as the built declarations are. */
export function acceptSurfaces(packages: readonly Package[], declarations: Declarations): void {
  for (const { folder, entries } of packages) {
    const reports = join(folder, 'api');
    rmSync(reports, { recursive: true, force: true });
    for (const entry of entries) {
      const file = join(reports, `${entry.name}.api.md`);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, surfaceReport(entry, declarations));
    }
  }
}

/**
 * Finds packages whose committed reports break those of the last release and that announce too small a version.
 *
 * What counts is the larger of the waiting changesets and the version that is already in the manifest. Before 1.0 a
 * breaking change needs a minor, from then on a major. Before the first release there is nothing to break.
 */
export function unannouncedBreaks(root: string, packages: readonly Package[]): string[] {
  const changesets = readChangesets(root);
  return packages.flatMap((read) => {
    const { name, folder, manifest } = read;
    const last = lastRelease(root, read);
    if (last === undefined) return [];
    const path = `packages/${name}/api`;
    const breaks = gitLines(root, 'ls-tree', '-r', '--name-only', last.ref, '--', path).flatMap((file) => {
      const entry = file.slice(path.length + 1, -'.api.md'.length);
      const current = join(folder, 'api', `${entry}.api.md`);
      if (!existsSync(current)) return `${entry}: the subpath is gone`;
      const before = git(root, 'show', `${last.ref}:${file}`) ?? '';
      return breakingChanges(before, readFileSync(current, 'utf8')).map((change) => `${entry}: ${change}`);
    });
    const needed: Bump = last.version.startsWith('0.') ? 'minor' : 'major';
    const announced = largest([waitingBump(changesets, manifest.name), bumpBetween(last.version, manifest.version)]);
    if (breaks.length === 0 || covers(announced, needed)) return [];
    return (
      `${manifest.name} breaks what ${last.version} promised, which asks for a ${needed} and not for ${announced}: ` +
      `type \`pnpm changeset\` and choose ${needed}, or take the change back\n${breaks.map((line) => `    ${line}`).join('\n')}`
    );
  });
}

function reportsOf(folder: string): string[] {
  const reports = join(folder, 'api');
  return existsSync(reports)
    ? readdirSync(reports, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.api.md'))
    : [];
}

/** The lines that only one of two texts has, at most twenty. */
function difference(before: string, after: string): string {
  const [old, next] = [before.split('\n'), after.split('\n')];
  const lines = [
    ...old.filter((line) => !next.includes(line)).map((line) => `    - ${line}`),
    ...next.filter((line) => !old.includes(line)).map((line) => `    + ${line}`),
  ];
  return lines.slice(0, 20).join('\n');
}
