import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a bundle that uses some exports of a package, with its dependencies. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** Bundles `export { names } from 'from'` for a browser and weighs it. */
export function sizeOf(names: readonly string[], from: string): Promise<Size> {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  return sizeOfBuild({ contents: `export { ${names.join(', ')} } from '${from}';`, folder, platform: 'neutral' });
}

/** Bundles a script with all that it imports, as seen from a folder, and weighs it. */
export async function sizeOfBuild(script: {
  readonly contents: string;
  readonly folder: string;
  readonly platform: 'neutral' | 'node';
  /** Modules that are left out. */
  readonly external?: string[];
  /** Whether other packages are weighed along; default `'bundled'`. */
  readonly dependencies?: 'bundled' | 'left-out';
}): Promise<Size> {
  const { contents, folder, platform, external = [], dependencies = 'bundled' } = script;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'js' },
    bundle: true,
    write: false,
    minify: true,
    format: platform === 'node' ? 'cjs' : 'esm',
    target: 'es2022',
    platform,
    external,
    packages: dependencies === 'bundled' ? 'bundle' : 'external',
    mainFields: platform === 'node' ? ['main'] : ['module', 'main'],
    logLevel: 'silent', // what went wrong is in the error
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array(0);
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
