import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneRepository } from './copy.ts';
import type { Expectations } from './expected.ts';
import { kilo } from './ledger.ts';
import type { Versions } from './publish.ts';
import { run } from './run.ts';
import { installWorkspace, type Stage } from './stage.ts';
import { assertSameTarball, contentsOf, readTarball } from './tarball.ts';
import { faultsOf } from './tarball-faults.ts';

/** Looks at every tarball that was published, and builds all of it a second time from a clean clone. */
export async function checkTarballs(stage: Stage, versions: Versions, expectations: Expectations): Promise<void> {
  const { ledger, packages, registry, folder, copy } = stage;
  const again = join(folder, 'again');
  const packed = join(folder, 'packed');
  const built = (async (): Promise<void> => {
    await cloneRepository(copy, again);
    await installWorkspace(again);
    await run(['pnpm', 'exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--concurrency=1'], {
      cwd: again,
      env: stage.releaseEnv,
    });
    for (const name of packages) {
      await run(['pnpm', 'pack', '--pack-destination', packed], { cwd: join(again, 'packages', name) });
    }
  })();
  built.catch(() => {}); // each package's row tells of it
  for (const name of packages) {
    await ledger.row(`${name} tarball`, async (check, note) => {
      const version = versions[`@x/${name}`] ?? '';
      const bytes = await registry.tarball(`@x/${name}`, version);
      const files = readTarball(bytes);
      const total = [...files.values()].reduce((sum, text) => sum + text.length, 0);
      note(`${kilo(bytes.length)} packed, ${kilo(total)} unpacked`);
      await check('it may be published', () => {
        const faults = faultsOf(files);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      await check('it holds what it should', () => expectations.compare(name, 'holds', contentsOf(files)));
      await check('a second build from a clean clone gives the same bytes', async () => {
        await built;
        assertSameTarball(readFileSync(join(packed, `x-${name}-${version}.tgz`)), bytes);
      });
    });
  }
}
