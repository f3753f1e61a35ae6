import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cloneRepository } from './copy.ts';
import type { Ledger } from './ledger.ts';
import { cleanEnvironment, type Machine, setUpMachine, uplinkOf } from './machine.ts';
import { type Registry, startRegistry } from './registry.ts';
import { run } from './run.ts';
import { installTools } from './tools.ts';

/** Everything that a rehearsal happens on. */
export interface Stage {
  /** Where everything is; gone when the stage is struck. */
  readonly folder: string;
  /** The clone whose versions are published. */
  readonly copy: string;
  readonly registry: Registry;
  readonly machine: Machine;
  readonly ledger: Ledger;
  /** The names of all published packages, without their scope. */
  readonly packages: readonly string[];
  /** Those that stand for a provider. */
  readonly providers: readonly string[];
  /** What a release is run with: the registry on loopback, and no identity of a pipeline. */
  readonly releaseEnv: NodeJS.ProcessEnv;
  strike(): Promise<void>;
}

/** Starts a registry, clones the repository's last commit, and sets a product team's machine up. */
export async function setStage(root: string, ledger: Ledger): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'x-rehearsal-'));
  const copy = join(folder, 'copy');
  await installTools();
  const registry = await startRegistry(join(folder, 'registry'), await uplinkOf(root));
  const strike = async (): Promise<void> => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const machine = await setUpMachine(join(folder, 'machine'), registry.userconfig);
    await cloneRepository(root, copy);
    await installWorkspace(copy);
    const packages = readdirSync(join(copy, 'packages')).sort();
    const clean = cleanEnvironment();
    return {
      folder,
      copy,
      registry,
      machine,
      ledger,
      packages,
      providers: packages.filter((name) => name !== 'crypto' && name !== 'http'),
      releaseEnv: {
        ...clean,
        // The workspace brings its own Node; of the machine's commands it is pnpm that is needed.
        PATH: [join(copy, 'node_modules/.bin'), join(folder, 'machine/bin'), clean['PATH']].join(delimiter),
        NPM_CONFIG_USERCONFIG: registry.userconfig,
        NPM_CONFIG_PROVENANCE: 'false',
      },
      strike,
    };
  } catch (error) {
    await strike();
    throw error;
  }
}

/** Installs a clone, from what the machine has downloaded before wherever it can. */
export async function installWorkspace(folder: string): Promise<void> {
  await run(['pnpm', 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: folder });
}
