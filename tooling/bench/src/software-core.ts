import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Loads a second copy of the signing core as a platform without `node:crypto` would: on its software digests.
 *
 * The copy is one bundled module, so that it shares nothing with the first; the platform's function is back afterwards.
 */
export async function loadSoftwareCore(): Promise<typeof import('@x/crypto')> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '@x/crypto';`, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')}`;
  const { getBuiltinModule } = process;
  Object.assign(process, { getBuiltinModule: undefined });
  try {
    return (await import(url)) as typeof import('@x/crypto');
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
}
