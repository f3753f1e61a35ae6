import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';
import { chunkJoiner } from './chunk-joiner.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  /** Packages whose code goes into the build. Every other one is imported, as the dependency that it must be. */
  readonly inlines?: readonly string[];
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { inlines = [] } = manifest;
const joiner = chunkJoiner('dist');

/** The tsup configuration of every published package: `export { default } from '@x/tsup'`. */
export default defineConfig({
  entry: { ...entriesOf(manifest), ...commandsOf(manifest) },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  clean: true,
  dts: { entry: entriesOf(manifest) },
  // a command line alone may import Node's modules; the neutral platform does not know them
  external: [/^node:/],
  removeNodeProtocol: false,
  skipNodeModulesBundle: true,
  esbuildPlugins: [joiner.plugin],
  noExternal: inlines.map((name) => new RegExp(`^${name}(?:/|$)`)),
  esbuildOptions: (options) => {
    // the licences stand in a file of their own; in a chunk the comment would go along with code that is not its library's
    options.legalComments = 'none';
  },
  onSuccess: async () => {
    await joiner.join();
    if (inlines.length > 0) writeFileSync('dist/third-party-licenses.txt', inlines.map(noticeOf).join('\n'));
  },
  define: {
    PACKAGE_NAME: JSON.stringify(manifest.name),
    PACKAGE_VERSION: JSON.stringify(manifest.version),
  },
});

/** One entry per subpath: `./emulator` is built from `src/emulator.ts` or `src/emulator/index.ts`. */
function entriesOf({ exports }: Manifest): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const name = target.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '');
    const source = [`src/${name}.ts`, `src/${name}/index.ts`].find((file) => existsSync(join(process.cwd(), file)));
    if (source === undefined) throw new Error(`${subpath} of ${process.cwd()} has no source: expected src/${name}.ts`);
    entries[name] = source;
  }
  return entries;
}

/** One entry per command: `./dist/cli.js` is built from `src/cli.ts`, without declarations. */
function commandsOf({ bin = {} }: Manifest): Record<string, string> {
  return Object.fromEntries(
    Object.values(bin).map((target) => {
      const name = target.replace(/^\.\/dist\//, '').replace(/\.js$/, '');
      return [name, `src/${name}.ts`];
    }),
  );
}

/** What the licences of inlined packages ask for: their text goes along with the code. */
function noticeOf(name: string): string {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`;
}
