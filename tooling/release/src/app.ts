import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { assertSame } from './expected.ts';
import type { Machine } from './machine.ts';
import { run } from './run.ts';

/** A package manager that product teams use. */
export type Manager = 'npm' | 'pnpm';

/** A product team's folder with packages installed into it. */
export interface App {
  readonly folder: string;
  readonly manager: Manager;
  readonly machine: Machine;
}

/** One package as it stands in `node_modules`. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  /** Scripts that an installer would run, and native builds. */
  readonly installScripts: readonly string[];
}

/** Makes an empty folder and installs packages at exact versions, as the registry has them. */
export async function createApp(options: App & { readonly packages: readonly string[] }): Promise<App> {
  const { folder, manager, machine, packages } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'app', private: true, type: 'module' })}\n`);
  // What a minute ago was published is what is to be tried; a team that waits a day does so by this setting.
  if (manager === 'pnpm') writeFileSync(join(folder, 'pnpm-workspace.yaml'), 'minimumReleaseAge: 0\n');
  const command = manager === 'npm' ? ['npm', 'install', '--save-exact'] : ['pnpm', 'add', '--save-exact'];
  await run([...command, ...packages], { cwd: folder, env: machine.env });
  return { folder, manager, machine };
}

/** Installs again from nothing but the manifest and the lockfile. */
export async function reinstall({ folder, manager, machine }: App): Promise<void> {
  rmSync(join(folder, 'node_modules'), { recursive: true });
  const command = manager === 'npm' ? ['npm', 'install'] : ['pnpm', 'install'];
  await run(command, { cwd: folder, env: machine.env });
}

/** Takes up whatever the ranges allow. */
export async function update({ folder, manager, machine }: App): Promise<void> {
  await run([manager, 'update'], { cwd: folder, env: machine.env });
}

/** Every package that arrived, wherever the package manager put it, in order. */
export function installedIn({ folder }: Pick<App, 'folder'>): InstalledPackage[] {
  return packageFoldersIn(join(folder, 'node_modules'))
    .map((directory) => {
      const manifest = readManifest(directory);
      const scripts = ['preinstall', 'install', 'postinstall'].filter((name) => manifest.scripts?.[name] !== undefined);
      const native = existsSync(join(directory, 'binding.gyp')) ? ['binding.gyp'] : [];
      return {
        name: manifest.name,
        version: manifest.version,
        bytes: filesIn(directory).reduce((bytes, file) => bytes + statSync(file).size, 0),
        installScripts: [...scripts, ...native],
      };
    })
    .sort((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1));
}

/** What an app asked for: none of them is an installer's to change. */
const pins = ['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

/**
 * Lists all by which two installations are the same or not: manifest and lockfile, and every installed file with its
 * mode and digest, every link with its target. Not when it was written, nor what an installer notes down for itself.
 */
export function inventoryOf({ folder }: Pick<App, 'folder'>): string[] {
  const pinned = pins.filter((name) => existsSync(join(folder, name))).map((name) => lineOf(folder, name));
  return [...pinned, ...linesOf(folder, 'node_modules')].sort();
}

/** @throws {Error} For an app that is no longer as it was listed; the message names what differs. */
export function assertUntouched(app: Pick<App, 'folder'>, before: readonly string[]): void {
  assertSame('What is installed', inventoryOf(app), before);
}

function linesOf(folder: string, path: string): string[] {
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) return linesOf(folder, inner);
    const isNote = path === 'node_modules' && entry.name.startsWith('.');
    return isNote ? [] : [lineOf(folder, inner)];
  });
}

function lineOf(folder: string, path: string): string {
  const file = join(folder, path);
  const entry = lstatSync(file);
  if (entry.isSymbolicLink()) return `${path} → ${readlinkSync(file)}`;
  const digest = createHash('sha256').update(readFileSync(file)).digest('base64url');
  return `${path} ${(entry.mode & 0o777).toString(8)} ${digest}`;
}

/** The folder of a package that the app names in its manifest. */
export function packageIn({ folder }: App, name: string): string {
  return join(folder, 'node_modules', name);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The manifest of an installed package. */
export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** Real folders only: pnpm shows a package in several places by links to one of them. */
function packageFoldersIn(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const path = join(modules, name);
      if (name === '.pnpm')
        return readdirSync(path).flatMap((inner) => packageFoldersIn(join(path, inner, 'node_modules')));
      if (name.startsWith('.')) return [];
      if (name.startsWith('@')) return packageFoldersIn(path);
      return [path, ...packageFoldersIn(join(path, 'node_modules'))];
    });
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
