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
    const core = (await import(url)) as typeof import('@x/crypto');
    // each algorithm chooses its implementation when it is first used, and keeps it
    for (const algorithm of [core.md5, core.sha1, core.sha256, core.sha384, core.sha512]) {
      core.digest(algorithm, '');
      core.hmac(algorithm, 'key', '');
    }
    return core;
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
}
