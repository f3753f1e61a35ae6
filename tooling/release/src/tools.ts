import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** A workspace of its own, whose packages are installed when the rehearsal runs and not before. */
export const toolsFolder: string = fileURLToPath(new URL('../tools', import.meta.url));

/** Installs what the lockfile beside the tools says. */
export async function installTools(): Promise<void> {
  await run(['pnpm', 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: toolsFolder });
}

/** The compilers that product teams are on, by the name they are installed under. */
export const compilers = ['typescript-5.9', 'typescript-6', 'typescript-7'] as const;
export type Compiler = (typeof compilers)[number];

/** The script that runs one of the tools. */
export function tool(name: Compiler | 'esbuild' | 'rollup' | 'vite'): string {
  const scripts: Readonly<Record<string, string>> = {
    esbuild: 'esbuild/bin/esbuild',
    rollup: 'rollup/dist/bin/rollup',
    vite: 'vite/bin/vite.js',
  };
  return join(toolsFolder, 'node_modules', scripts[name] ?? `${name}/bin/tsc`);
}
