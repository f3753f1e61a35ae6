// How a changeset becomes a line of CHANGELOG.md: `changelog` in .changeset/config.json names this file.

/** What is read of a changeset. */
export interface ChangesetText {
  readonly summary: string;
}

/** What is read of a dependency that is released together with the package. */
export interface ReleasedDependency {
  readonly name: string;
  readonly newVersion: string;
}

/**
 * Writes a changeset as its author did. Neither commit nor author: the reader has the package, not the repository.
 *
 * Versions carry no date here; the registry and the tag do, and release tools look for a heading that is the version.
 */
export function getReleaseLine({ summary }: ChangesetText): string {
  const [first = '', ...rest] = summary.trim().split('\n');
  return [`- ${first}`, ...rest.map((line) => (line.trim() === '' ? '' : `  ${line.trimEnd()}`))].join('\n');
}

/** Says in one line which versions of our own packages the package needs from now on. */
export function getDependencyReleaseLine(_: readonly ChangesetText[], updated: readonly ReleasedDependency[]): string {
  if (updated.length === 0) return '';
  const needs = updated.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`).sort();
  const last = needs.pop();
  return `- Needs ${needs.length === 0 ? last : `${needs.join(', ')} and ${last}`} or later.`;
}
