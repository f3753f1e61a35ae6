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

/** A release in the history. */
export interface Release {
  /** A tag or a commit. */
  readonly ref: string;
  readonly version: string;
}

/**
 * Where a package got the version that it has: its tag or, in a clone without tags and before the tag is set, the last
 * commit that set a version. Undefined in a folder that is not under version control.
 */
export function versionOrigin(root: string, { name, manifest }: Package): Release | undefined {
  const tag = `${manifest.name}@${manifest.version}`;
  if (gitLines(root, 'tag', '--list', tag, '--merged', 'HEAD').length > 0)
    return { ref: tag, version: manifest.version };
  const [commit] = gitLines(root, 'log', '-1', '--format=%H', '-G"version":', '--', `packages/${name}/package.json`);
  const version = commit === undefined ? undefined : manifestAt(root, commit, name)?.version;
  return commit === undefined || version === undefined ? undefined : { ref: commit, version };
}

/** The last release of a package: its newest tag or, in a clone without tags, where its version is from. */
export function lastRelease(root: string, read: Package): Release | undefined {
  const { name } = read.manifest;
  const [tag] = gitLines(root, 'tag', '--list', `${name}@*`, '--merged', 'HEAD', '--sort=-version:refname');
  if (tag !== undefined) return { ref: tag, version: tag.slice(name.length + 1) };
  const origin = versionOrigin(root, read);
  return origin?.version === '0.0.0' ? undefined : origin;
}

/** A package.json as it was; undefined where it was not. */
export function manifestAt(root: string, commit: string, name: string): Manifest | undefined {
  const text = git(root, 'show', `${commit}:packages/${name}/package.json`);
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}
