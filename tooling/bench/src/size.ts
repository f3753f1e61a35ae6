import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a bundle that uses some exports of a package, with its dependencies. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** Bundles `export { names } from 'from'` for a browser and weighs it. */
export async function sizeOf(names: readonly string[], from: string): Promise<Size> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names.join(', ')} } from '${from}';`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'js',
    },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array(0);
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
