import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { attempt, run } from './run.ts';

/** The oldest Node that the packages promise, as the registry ships it. */
const floorVersion = '22.23.3';
const floorMajor = 22;

/** A product team's machine: a Node that the packages promise, npm, pnpm, an empty home and the registry. */
export interface Machine {
  readonly nodeVersion: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The environment without anything that this repository, its scripts or a pipeline put there. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:p?npm_|node_|actions_|github_|turbo_|ci$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

/** The registry that this machine installs from. */
export async function uplinkOf(folder: string): Promise<string> {
  return (await run(['npm', 'config', 'get', 'registry'], { cwd: folder, env: cleanEnvironment() })).stdout.trim();
}

/**
 * Sets a machine up, with the system's Node where that is new enough and else with the floor from the registry.
 *
 * @param folder Home of the machine; empty.
 */
export async function setUpMachine(folder: string, userconfig: string): Promise<Machine> {
  const env = cleanEnvironment();
  const commands = join(folder, 'bin');
  mkdirSync(commands, { recursive: true });
  const pnpm = (await run(['which', 'pnpm'], { cwd: folder })).stdout.trim();
  writeFileSync(join(commands, 'pnpm'), `#!/bin/sh\nexec '${pnpm}' "$@"\n`, { mode: 0o755 });

  const ask = ['node', '--print', 'process.versions.node + " " + process.execPath'];
  const system = await attempt(ask, { cwd: folder, env });
  const usable = Number.parseInt(system.stdout, 10) >= floorMajor;
  const found = usable
    ? system
    : await run(['npx', '-y', `node@${floorVersion}`, ...ask.slice(1)], { cwd: folder, env });
  const [nodeVersion = '', node = ''] = found.stdout.trim().split(' ');
  symlinkSync(node, join(commands, 'node'));

  return {
    nodeVersion,
    env: {
      ...env,
      PATH: [commands, env['PATH']].join(delimiter),
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      NPM_CONFIG_USERCONFIG: userconfig,
      NPM_CONFIG_FUND: 'false',
      NPM_CONFIG_AUDIT: 'false',
      NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    },
  };
}
