import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles an entry with the built package into one module that imports nothing but the runtime's own; returns its path. */
export async function bundle(
  entry: 'console' | 'workerd' | 'workerd-credentials' | 'isolate' | 'leaks' | 'mount',
  folder: string,
): Promise<string> {
  const outfile = join(folder, `${entry}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(`./entries/${entry}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'error',
  });
  return outfile;
}
