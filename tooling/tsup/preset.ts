import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** The tsup configuration of every published package: `export { default } from '@x/tsup'`. */
export default defineConfig({
  entry: entriesOf(manifest),
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  sourcemap: true,
  clean: true,
  dts: true,
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
