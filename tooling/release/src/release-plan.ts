import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneRepository, copyUncommitted } from './copy.ts';
import { attempt, run } from './run.ts';

/** One package that would be published. */
export interface PlannedRelease {
  readonly name: string;
  readonly version: string;
  /** The version in the working tree. */
  readonly from: string;
  /** What installers that name no version get it by. */
  readonly distTag: string;
  readonly gitTag: string;
  /** The ranges of our own packages, as they will be published. */
  readonly needs: Readonly<Record<string, string>>;
  /** What its changelog will say of the version, without the heading. */
  readonly entry: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Works out what a release would publish: turns the changesets into versions in a copy, and lists every package whose
 * version has no tag yet. Asks no registry and leaves the repository as it is.
 *
 * @param root The repository; what is not committed counts as well.
 */
export async function planRelease(root: string): Promise<PlannedRelease[]> {
  const folder = mkdtempSync(join(tmpdir(), 'x-release-dry-'));
  try {
    const copy = join(folder, 'copy');
    await cloneRepository(root, copy);
    await copyUncommitted(root, copy);
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    if (hasChangesets(copy)) {
      const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
      const { status, output } = await attempt(['node', changeset, 'version'], { cwd: copy });
      if (status !== 0) throw new Error(`changeset version failed:\n${output.trim()}`);
    }
    const { stdout: tags } = await run(['git', 'tag', '--list'], { cwd: root });
    return plannedIn(root, copy, new Set(tags.split('\n')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether something waits for a version. Without that there is no version step: it would fail. */
export function hasChangesets(root: string): boolean {
  return readdirSync(join(root, '.changeset')).some((name) => name.endsWith('.md') && name !== 'README.md');
}

function plannedIn(root: string, copy: string, tags: ReadonlySet<string>): PlannedRelease[] {
  const manifests = manifestsIn(copy);
  const versions = new Map([...manifests.values()].map(({ name, version }) => [name, version]));
  const planned: PlannedRelease[] = [];
  for (const [directory, { name, version, dependencies = {} }] of manifests) {
    const gitTag = `${name}@${version}`;
    if (tags.has(gitTag)) continue;
    const needs = Object.entries(dependencies).flatMap(([dependency, range]) => {
      const own = versions.get(dependency);
      return own === undefined ? [] : [[dependency, range.replace(/^workspace:/, '').replace(/^[\^~]$/, `$&${own}`)]];
    });
    const changelog = join(copy, 'packages', directory, 'CHANGELOG.md');
    planned.push({
      name,
      version,
      from: manifestsIn(root).get(directory)?.version ?? 'new',
      distTag: version.includes('-') ? (version.split('-')[1]?.split('.')[0] ?? 'latest') : 'latest',
      gitTag,
      needs: Object.fromEntries(needs) as Record<string, string>,
      entry: existsSync(changelog) ? entryOf(readFileSync(changelog, 'utf8'), version) : '',
    });
  }
  return planned;
}

function manifestsIn(root: string): Map<string, Manifest> {
  const packages = join(root, 'packages');
  return new Map(
    readdirSync(packages)
      .sort()
      .map((name) => [name, JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as Manifest]),
  );
}

/** What a changelog says of one version, without its heading. */
export function entryOf(changelog: string, version: string): string {
  const [, below = ''] = changelog.split(`\n## ${version}\n`);
  return (below.split(/^## /m)[0] ?? '').trim();
}
