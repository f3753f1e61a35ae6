import { gitLines } from './git.ts';
import { manifestAt, readChangesets, versionOrigin, waitingBump } from './releases.ts';
import { type Manifest, type Package, readManifest } from './workspace.ts';

/** What of a package.json reaches nobody who installs the package. */
const hidden = ['devDependencies', 'scripts', 'version'] as const;

/**
 * Finds packages that changed since their last release and that no waiting changeset names.
 *
 * A change is one of the sources, the README or the manifest without its scripts and those development dependencies that
 * are not built in. A version that differs from the last commit's is a release under way and asks for nothing.
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
  for (const read of packages) {
    const { name, manifest } = read;
    const changed = changedFiles(root, read);
    if (changed.length === 0 || waitingBump(changesets, manifest.name) !== 'none') continue;
    const more = changed.length > 1 ? ` and ${changed.length - 1} more` : '';
    found.push(
      `${manifest.name} changed since its last release (${changed[0]}${more}) and no changeset says so: type \`pnpm changeset\`, ` +
        `choose ${manifest.name}, and tell its users in .changeset/${name}-<what-changed>.md what is different`,
    );
  }
  return found;
}

function changedFiles(root: string, read: Package): string[] {
  const { name, folder, manifest } = read;
  const last = manifest.version === '0.0.0' ? undefined : versionOrigin(root, read);
  // all of a package that was never released is new
  if (last === undefined) return [`packages/${name}`];
  // a version that is not committed yet is a release under way
  if (last.version !== manifest.version) return [];
  const before = manifestAt(root, last.ref, name) ?? {};
  const paths = ['src', 'package.json', 'README.md'].map((path) => `packages/${name}/${path}`);
  const changed = [
    ...gitLines(root, 'diff', '--name-only', last.ref, '--', ...paths),
    ...gitLines(root, 'ls-files', '--others', '--exclude-standard', '--', ...paths),
  ];
  const isSame = JSON.stringify(shown(before)) === JSON.stringify(shown(readManifest(folder)));
  return changed.filter((file) => !(isSame && file.endsWith('/package.json')));
}

function shown(manifest: Partial<Manifest>): object {
  const { devDependencies = {}, inlines = [] } = manifest;
  const visible = Object.entries(manifest).filter(([key]) => !hidden.some((name) => name === key));
  return Object.fromEntries([...visible, ...inlines.map((name) => [`built in: ${name}`, devDependencies[name]])]);
}
