import { git, gitLines } from './git.ts';
import { type Changeset, manifestAt, readChangesets, versionOrigin, waitingBump } from './releases.ts';
import { type Manifest, type Package, readManifest } from './workspace.ts';

/** What of a package.json reaches nobody who installs the package. */
const hidden = ['devDependencies', 'scripts', 'version'] as const;

/** Where a change goes. */
const mainBranch = 'origin/main';

/**
 * Finds packages that changed since their last release and that no waiting changeset names, and released packages that
 * change again while all that names them is already on the main branch: it tells of what is there, not of what comes.
 *
 * A change is one of the sources, the README or the manifest without its scripts and those development dependencies that
 * are not built in. A version that differs from the last commit's is a release under way and asks for nothing.
 * What comes is whatever the origin's main branch does not have; without one, as in an export, it is not looked for. A
 * new changeset that names no package tells that nobody can notice what comes.
 */
export function missingChangesets(root: string, packages: readonly Package[]): string[] {
  const changesets = readChangesets(root);
  const known = new Set(packages.map(({ manifest }) => manifest.name));
  const found: string[] = [];
  for (const { file, asks } of changesets) {
    for (const { name, bump } of asks) {
      if (!known.has(name)) found.push(`.changeset/${file} names ${name}, which is no published package`);
      if (!/^(?:patch|minor|major)$/.test(bump)) found.push(`.changeset/${file} asks ${name} for “${bump}”`);
    }
  }
  const base = git(root, 'merge-base', mainBranch, 'HEAD');
  for (const read of packages) {
    const { name, manifest } = read;
    const unreleased = changedSinceRelease(root, read);
    const toDo =
      `type \`pnpm changeset\`, choose ${manifest.name}, and tell its users in .changeset/${name}-<what-changed>.md ` +
      'what is different';
    if (waitingBump(changesets, manifest.name) === 'none') {
      if (unreleased.length === 0) continue;
      found.push(
        `${manifest.name} changed since its last release (${some(unreleased)}) and no changeset says so: ${toDo}`,
      );
    } else if (base !== undefined) {
      const coming = changedSince(root, read, base).filter((file) => unreleased.includes(file));
      if (coming.length === 0 || isTold(manifest.name, changesetsSince(root, base, changesets))) continue;
      found.push(
        `${manifest.name} changes (${some(coming)}) and the changesets that are on ${mainBranch} say nothing of it: ${toDo}, ` +
          'or `pnpm changeset --empty` if nobody can notice',
      );
    }
  }
  return found;
}

function some([first, ...rest]: readonly string[]): string {
  return rest.length > 0 ? `${first} and ${rest.length} more` : `${first}`;
}

function isTold(name: string, changesets: readonly Changeset[]): boolean {
  return changesets.some(({ asks }) => asks.length === 0) || waitingBump(changesets, name) !== 'none';
}

/** Those that were added or edited since a commit. */
function changesetsSince(root: string, ref: string, changesets: readonly Changeset[]): Changeset[] {
  const changed = filesSince(root, ref, ['.changeset']);
  return changesets.filter(({ file }) => changed.includes(`.changeset/${file}`));
}

function changedSinceRelease(root: string, read: Package): string[] {
  const { name, manifest } = read;
  const last = manifest.version === '0.0.0' ? undefined : versionOrigin(root, read);
  // all of a package that was never released is new, and stays so whatever comes
  if (last === undefined) return [`packages/${name}`];
  // a version that is not committed yet is a release under way
  if (last.version !== manifest.version) return [];
  return changedSince(root, read, last.ref);
}

/** The files of a package that reach its users and are not as they were. */
function changedSince(root: string, { name, folder }: Package, ref: string): string[] {
  const before = manifestAt(root, ref, name) ?? {};
  const isSame = JSON.stringify(shown(before)) === JSON.stringify(shown(readManifest(folder)));
  const paths = ['src', 'package.json', 'README.md'].map((path) => `packages/${name}/${path}`);
  return filesSince(root, ref, paths).filter((file) => !(isSame && file.endsWith('/package.json')));
}

/** What is not as it was, committed or not. */
function filesSince(root: string, ref: string, paths: readonly string[]): string[] {
  return [
    ...gitLines(root, 'diff', '--name-only', '--no-renames', ref, '--', ...paths),
    ...gitLines(root, 'ls-files', '--others', '--exclude-standard', '--', ...paths),
  ];
}

function shown(manifest: Partial<Manifest>): object {
  const { devDependencies = {}, inlines = [] } = manifest;
  const visible = Object.entries(manifest).filter(([key]) => !hidden.some((name) => name === key));
  return Object.fromEntries([...visible, ...inlines.map((name) => [`built in: ${name}`, devDependencies[name]])]);
}
