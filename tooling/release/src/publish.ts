import { commitAll } from './copy.ts';
import { assertSame } from './expected.ts';
import { hasChangesets, type PlannedRelease, planRelease } from './release-plan.ts';
import { run } from './run.ts';
import type { Stage } from './stage.ts';

/** The version that every package has after a round, by its name. */
export type Versions = Readonly<Record<string, string>>;

/** Versions and publishes whatever the copy's changesets ask for, by the commands that a release uses. */
export async function publishRound({ copy, ledger, packages, registry, releaseEnv }: Stage): Promise<PlannedRelease[]> {
  let planned: PlannedRelease[] = [];
  await ledger.row('release', async (check, note) => {
    const before = await publishedVersions(packages, registry);
    await check('`pnpm release:dry` knows what will be published', async () => {
      planned = await planRelease(copy);
      if (planned.length === 0) throw new Error('nothing');
    });
    if (hasChangesets(copy)) await run(['pnpm', 'run', 'version'], { cwd: copy, env: releaseEnv });
    await commitAll(copy, 'build: version packages');
    await run(['pnpm', 'run', 'release'], { cwd: copy, env: releaseEnv });
    const after = await publishedVersions(packages, registry);
    const seen = after.filter((version) => !before.includes(version));
    note(seen.map((version) => version.replace('@x/', '')).join(' '));
    await check('exactly what was planned is in the registry', () =>
      assertSame(
        'The published versions',
        seen,
        planned.map(({ gitTag }) => gitTag),
      ),
    );
    await check('each has its tag in the repository', async () => {
      const { stdout } = await run(['git', 'tag', '--list'], { cwd: copy });
      assertSame('The tags', stdout.trim().split('\n').sort(), after);
    });
    await check('each is what installers get who name no version', async () => {
      for (const { name, version, distTag } of planned) {
        const { 'dist-tags': tags } = await registry.packument(name);
        if (tags[distTag] !== version) throw new Error(`${name} has ${distTag} at ${tags[distTag]}, not ${version}`);
      }
    });
    await check('each needs the ranges that were planned, and nothing of the workspace', async () => {
      for (const { name, version, needs } of planned) {
        const { dependencies = {} } = (await registry.packument(name)).versions[version] ?? {};
        const own = Object.entries(dependencies).filter(([dependency]) => dependency.startsWith('@x/'));
        const list = (ranges: [string, string][]): string[] => ranges.map((range) => range.join(' '));
        assertSame(`The ranges of ${name}`, list(own), list(Object.entries(needs)));
      }
    });
  });
  return planned;
}

async function publishedVersions(packages: Stage['packages'], registry: Stage['registry']): Promise<string[]> {
  const found = packages.map(async (name) => {
    const packument = await registry.packument(`@x/${name}`).catch(() => undefined);
    return Object.keys(packument?.versions ?? {}).map((version) => `@x/${name}@${version}`);
  });
  return (await Promise.all(found)).flat().sort();
}
