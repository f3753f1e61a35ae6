import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitLines } from './git.ts';
import type { Manifest, Package } from './workspace.ts';

/** How a version moves. */
export type Bump = 'none' | 'patch' | 'minor' | 'major';

const sizes: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

/** A changeset that waits for its release. */
export interface Changeset {
  /** The file's name, without folder. */
  readonly file: string;
  /** What it asks for, by package name as it is written; `bump` may be no bump at all. */
  readonly asks: readonly { readonly name: string; readonly bump: string }[];
}

/** Reads `.changeset`. */
export function readChangesets(root: string): Changeset[] {
  const folder = join(root, '.changeset');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) => {
      const head = /^---\n([\s\S]*?)^---$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? '';
      const lines = [...head.matchAll(/^\s*['"]?([^'":\s]+)['"]?\s*:\s*['"]?(\w+)['"]?\s*$/gm)];
      return { file, asks: lines.map(([, name = '', bump = '']) => ({ name, bump })) };
    });
}

/** What the waiting changesets ask for a package: the largest wins. */
export function waitingBump(changesets: readonly Changeset[], name: string): Bump {
  const asked = changesets.flatMap(({ asks }) => asks).filter((ask) => ask.name === name);
  return largest(asked.map(({ bump }) => sizes.find((size) => size === bump) ?? 'none'));
}

/** How far one version is from another. */
export function bumpBetween(before: string, after: string): Bump {
  const [old, next] = [before, after].map((version) => version.split(/[.-]/).map(Number));
  const place = [0, 1, 2].find((index) => old?.[index] !== next?.[index]);
  return place === undefined ? 'none' : ((['major', 'minor', 'patch'] as const)[place] ?? 'none');
}

/** The larger of several. */
export function largest(bumps: readonly Bump[]): Bump {
  return sizes[Math.max(0, ...bumps.map((bump) => sizes.indexOf(bump)))] ?? 'none';
}

/** Whether one bump is at least as large as another. */
export function covers(bump: Bump, needed: Bump): boolean {
  return sizes.indexOf(bump) >= sizes.indexOf(needed);
}

/** The newest tag `name@version` that the checkout contains; undefined before the first release. */
export function lastTag(root: string, name: string): { readonly tag: string; readonly version: string } | undefined {
  const [tag] = gitLines(root, 'tag', '--list', `${name}@*`, '--merged', 'HEAD', '--sort=-version:refname');
  return tag === undefined ? undefined : { tag, version: tag.slice(name.length + 1) };
}

/**
 * The commit that a package's waiting changes begin after: its last tag or, in a clone without tags, the last commit
 * that set its version. Undefined where git knows neither, as in a folder that is not under version control.
 */
export function lastRelease(root: string, { name, manifest }: Package): string | undefined {
  const tag = git(root, 'rev-parse', '--verify', '--quiet', `refs/tags/${manifest.name}@${manifest.version}^{commit}`);
  const file = `packages/${name}/package.json`;
  return tag ?? gitLines(root, 'log', '-1', '--format=%H', '-G"version":', '--', file)[0];
}

/** A package.json as it was; undefined where it was not. */
export function manifestAt(root: string, commit: string, name: string): Manifest | undefined {
  const text = git(root, 'show', `${commit}:packages/${name}/package.json`);
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}
