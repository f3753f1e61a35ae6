import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, packageIn, readManifest } from './app.ts';
import { attempt, run } from './run.ts';
import { type Compiler, tool, toolsFolder } from './tools.ts';

/** What a product team writes: the quick start of the README they installed, and a file that names every subpath. */
export interface Program {
  readonly app: App;
  /** Every subpath of the package, as it is imported. */
  readonly specifiers: readonly string[];
}

/** Writes the program of a package into the app that has it. */
export async function writeProgram(app: App, name: string): Promise<Program> {
  const { folder } = app;
  const readme = readFileSync(join(packageIn(app, name), 'README.md'), 'utf8');
  writeFileSync(join(folder, 'quick-start.ts'), quickStartOf(readme));
  const subpaths = Object.keys(readManifest(packageIn(app, name)).exports ?? {});
  const specifiers = subpaths.filter((path) => path !== './package.json').map((path) => `${name}${path.slice(1)}`);
  const imports = specifiers.map((specifier, index) => `import * as subpath${index} from '${specifier}';\n`);
  const names = specifiers.map((_, index) => `subpath${index}`).join(', ');
  writeFileSync(join(folder, 'subpaths.ts'), `${imports.join('')}\nconsole.log([${names}].map(Object.keys));\n`);
  await run([tool('esbuild'), 'quick-start.ts', '--outfile=quick-start.js', '--log-level=error'], { cwd: folder });
  return { app, specifiers };
}

/** The packages that a README's Install section says to add. */
export function installedByReadme(readme: string): string[] {
  const line = /^## Install$[\s\S]*?^pnpm add (.+)$/m.exec(readme)?.[1];
  if (line === undefined) throw new Error('the README says nothing of `pnpm add` under Install');
  return line.split(/\s+/).filter((word) => word.startsWith('@x/'));
}

/** The first code of a README's quick start. */
export function quickStartOf(readme: string): string {
  const code = /^## Quick start$[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  if (code === undefined) throw new Error('the README shows no quick start');
  return code;
}

/** Runs the quick start; it must print something. */
export async function runQuickStart({ app }: Program): Promise<string> {
  return printedBy(app, 'quick-start.js', app.folder);
}

/** Requires every subpath from CommonJS; each must give names. */
export async function requireEverything({ app, specifiers }: Program): Promise<void> {
  const code = specifiers.map(
    (specifier) => `if (Object.keys(require('${specifier}')).length === 0) throw '${specifier}';`,
  );
  writeFileSync(join(app.folder, 'subpaths.cjs'), `${code.join('\n')}\nconsole.log('${specifiers.length}');\n`);
  await printedBy(app, 'subpaths.cjs', app.folder);
}

/** How product teams set their compiler. `node` is a server's: Node's types, and no browser's. */
export const settings = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
  bundler: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
  node: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2022'],
    types: ['node'],
    typeRoots: [join(toolsFolder, 'node_modules/@types')],
  },
} as const;

export type Setting = keyof typeof settings;

/**
 * Compiles programs of several apps in one go, declarations of everything they import included. Each is resolved from
 * the folder of its own app.
 *
 * @param folder The folder that the apps' folders are in.
 * @returns The compiler's complaints, in lines that begin with the path of a file from there.
 */
export async function compile(
  folder: string,
  programs: readonly Program[],
  { compiler, setting }: { readonly compiler: Compiler; readonly setting: Setting },
): Promise<string[]> {
  const project = `tsconfig.${compiler}.${setting}.json`;
  const compilerOptions = {
    ...settings[setting],
    ...{ target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ skipLibCheck: false, noEmit: true },
  };
  const files = programs.flatMap(({ app }) => [join(app.folder, 'quick-start.ts'), join(app.folder, 'subpaths.ts')]);
  writeFileSync(join(folder, project), JSON.stringify({ compilerOptions, files }));
  const { status, output } = await attempt([tool(compiler), '--project', project, '--pretty', 'false'], {
    cwd: folder,
  });
  const complaints = output.split('\n').filter((line) => line.trim() !== '');
  if (status !== 0 && complaints.length === 0) throw new Error(`${compiler} ended with ${status} and said nothing`);
  return complaints;
}

/** A bundler, and how it makes files of the quick start that need no `node_modules`. */
export const bundlers = {
  esbuild: (folder: string) => [
    tool('esbuild'),
    'quick-start.js',
    ...['--bundle', '--format=esm', '--platform=node', '--minify', '--log-level=warning', `--outdir=${folder}`],
  ],
  rollup: (folder: string) => [
    tool('rollup'),
    ...['--silent', '--config', join(toolsFolder, 'rollup.config.mjs'), '--input', 'quick-start.js', '--dir', folder],
  ],
  vite: (folder: string) => [
    tool('vite'),
    ...['build', '--config', join(toolsFolder, 'vite.config.mjs'), '--ssr', 'quick-start.js', '--minify'],
    ...['--outDir', folder],
  ],
} as const;

/** Bundles the quick start and runs the bundle in a folder that has nothing else. Returns what was printed, and bytes. */
export async function bundleAndRun(
  { app }: Program,
  bundler: keyof typeof bundlers,
  folder: string,
): Promise<{ readonly printed: string; readonly bytes: number }> {
  await run(bundlers[bundler](folder), { cwd: app.folder });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { printed: await printedBy(app, 'quick-start.js', folder), bytes };
}

async function printedBy({ machine }: App, file: string, folder: string): Promise<string> {
  const { stdout } = await run(['node', file], { cwd: folder, env: machine.env });
  if (stdout.trim() === '') throw new Error(`${file} printed nothing`);
  return stdout;
}

/** What two runs of a quick start have in common: everything but digits, and tokens and dates made of them. */
export function comparable(printed: string): string {
  return printed.replaceAll(/[\w-]*\d[\w-]*/g, '#');
}
