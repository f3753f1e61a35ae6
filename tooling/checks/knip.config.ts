import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KnipConfig } from 'knip';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where each published package and each tool begins. Tests and examples are read by a runner or by people. */
const workspaces: NonNullable<KnipConfig['workspaces']> = { '.': { entry: [] } };
for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join('packages', name);
  workspaces[folder] = { entry: [...subpathsOf(folder), ...existing(folder, ['test', 'examples'])] };
}
for (const name of readdirSync(join(root, 'tooling'))) {
  const folder = join('tooling', name);
  // commands are entries because a script or a bin names them
  workspaces[folder] = { entry: existing(folder, ['test', 'src/entries']) };
}

const release = join('tooling', 'release');
// what the rehearsal installs has a manifest and a lockfile of its own
workspaces[release] = { ...workspaces[release], project: ['src/**/*.ts', 'test/**/*.ts'] };

const checks = join('tooling', 'checks');
// the builds are imported by name there
workspaces[checks] = { ...workspaces[checks], ignoreDependencies: ['@x/hypelabs'] };

export default {
  // a type that a signature mentions is exported with it
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces,
} satisfies KnipConfig;

/** The sources of a published package's subpaths: what is exported there is for others. */
function subpathsOf(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { exports: object };
  return Object.keys(exports).flatMap((subpath) => {
    const name = subpath === '.' ? 'index' : subpath.slice(2);
    return [`src/${name}.ts`, `src/${name}/index.ts`].filter((file) => existsSync(join(root, folder, file)));
  });
}

function existing(folder: string, names: readonly string[]): string[] {
  return names.filter((name) => existsSync(join(root, folder, name))).map((name) => `${name}/**/*.{js,ts}`);
}
