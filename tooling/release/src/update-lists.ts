import { join } from 'node:path';
import { createApp, installedIn } from './app.ts';
import { openExpectations } from './expected.ts';
import { inLanes } from './lanes.ts';
import type { Versions } from './publish.ts';
import type { Stage } from './stage.ts';
import { contentsOf, readTarball } from './tarball.ts';

/** Writes down what the packages that were just released hold, and what arrives with each provider's. */
export async function updateLists(
  { folder, machine, packages, providers, registry }: Stage,
  versions: Versions,
): Promise<void> {
  const expectations = openExpectations('write');
  const versionOf = (name: string): string => versions[`@x/${name}`] ?? '';
  for (const name of packages) {
    const files = readTarball(await registry.tarball(`@x/${name}`, versionOf(name)));
    expectations.compare(name, 'holds', contentsOf(files));
  }
  await inLanes(providers, async (name) => {
    const exact = [`@x/${name}@${versionOf(name)}`];
    const app = await createApp({ folder: join(folder, 'apps', name), manager: 'npm', machine, packages: exact });
    const arrived = installedIn(app).map((installed) => installed.name);
    expectations.compare(name, 'arrives', arrived);
  });
  expectations.save();
}
