import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledPackage, installedIn } from '@x/release/src/app.ts';

/** What npm put into a folder of its own. */
export interface Installed {
  readonly folder: string;
  readonly packages: readonly InstalledPackage[];
  /** Of all their files. */
  readonly bytes: number;
}

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));

/** Packs packages of this repository as they would be published; gives their files by name. */
export function pack(names: readonly string[], into: string): Record<string, string> {
  mkdirSync(into, { recursive: true });
  return Object.fromEntries(
    names.map((name) => {
      const [program, ...first] = pnpmProgram();
      const printed = run(program, [...first, 'pack', '--json', '--pack-destination', into], join(packages, name));
      const { filename } = JSON.parse(printed.slice(printed.indexOf('{'))) as { readonly filename: string };
      return [`@x/${name}`, `file:${join(into, filename.slice(filename.lastIndexOf('/') + 1))}`];
    }),
  );
}

/** Installs with npm as a user would, install scripts apart, and counts what is there afterwards. */
export function install(
  folder: string,
  manifest: { readonly dependencies: Record<string, string>; readonly overrides?: Record<string, string> },
): Installed {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }));
  run(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--omit=dev',
      '--loglevel=error',
    ],
    folder,
  );
  const installed = installedIn({ folder });
  return { folder, packages: installed, bytes: installed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A folder for the time of one function. */
export async function withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'x-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The pnpm that runs this script, else the one on the path. */
function pnpmProgram(): [string, ...string[]] {
  const path = process.env['npm_execpath'];
  if (path === undefined || !path.includes('pnpm')) return ['pnpm'];
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path];
}

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
