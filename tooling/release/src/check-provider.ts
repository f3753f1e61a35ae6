import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, createApp, installedIn, inventoryOf, type Manager, packageIn } from './app.ts';
import type { Expectations } from './expected.ts';
import { kilo } from './ledger.ts';
import {
  bundleAndRun,
  bundlers,
  comparable,
  installedByReadme,
  type Program,
  requireEverything,
  runQuickStart,
  writeProgram,
} from './program.ts';
import type { Versions } from './publish.ts';
import type { Stage } from './stage.ts';

/** What the first round leaves for the second: apps pinned to the first versions. */
export interface PinnedApp {
  readonly provider: string;
  readonly app: App;
  readonly program: Program;
  /** What was installed. */
  readonly inventory: readonly string[];
}

/** Installs a provider's package as a product team would, and uses it in every way that is promised. */
export async function checkProvider(
  stage: Stage,
  provider: string,
  versions: Versions,
  expectations: Expectations,
): Promise<PinnedApp[]> {
  const { ledger, folder, machine } = stage;
  const name = `@x/${provider}`;
  const pinned: PinnedApp[] = [];
  const exact = (names: readonly string[]): string[] => names.map((own) => `${own}@${versions[own]}`);
  const install = (manager: Manager, names: readonly string[]): Promise<App> =>
    createApp({ folder: join(folder, 'apps', `${provider}-${manager}`), manager, machine, packages: exact(names) });
  let program: Program | undefined;
  let printed = '';

  for (const manager of ['npm', 'pnpm'] as const) {
    await ledger.row(`${provider} ${manager}`, async (check, note) => {
      // npm brings what the package depends on within reach; under pnpm the README's Install must name what it uses.
      const readme = program === undefined ? '' : readFileSync(join(packageIn(program.app, name), 'README.md'), 'utf8');
      const app = await install(manager, manager === 'npm' ? [name] : installedByReadme(readme));
      const installed = installedIn(app);
      const bytes = installed.reduce((sum, { bytes }) => sum + bytes, 0);
      note(`${installed.length} packages, ${kilo(bytes)}`);
      const inventory = inventoryOf(app);
      const names = installed.map((arrived) => arrived.name);
      await check('exactly what is expected arrives', () => expectations.compare(provider, 'arrives', names));
      await check('each of them once', () => {
        if (new Set(names).size !== names.length) throw new Error('a package came twice');
      });
      await check('none runs a script on installation', () => {
        const scripted = installed.filter(({ installScripts }) => installScripts.length > 0);
        if (scripted.length > 0) throw new Error(scripted.map(({ name }) => name).join(', '));
      });
      const own = await writeProgram(app, name);
      program ??= own;
      pinned.push({ provider, app, program: own, inventory });
      await check('the quick start of its README runs', async () => {
        printed = await runQuickStart(own);
      });
      await check('CommonJS requires every subpath', () => requireEverything(own));
      note(`quick start, ${own.specifiers.length} subpaths required`);
    });
  }

  await ledger.row(`${provider} bundles`, async (check, note) => {
    if (program === undefined) throw new Error('nothing was installed');
    const { app, specifiers } = program;
    for (const bundler of Object.keys(bundlers) as (keyof typeof bundlers)[]) {
      await check(`${bundler}'s bundle runs alone and prints the same`, async () => {
        const made = await bundleAndRun(
          { app, specifiers },
          bundler,
          join(folder, 'bundles', `${provider}-${bundler}`),
        );
        note(`${bundler} ${kilo(made.bytes)}`);
        if (comparable(made.printed) !== comparable(printed))
          throw new Error(`${made.printed}\ninstead of\n${printed}`);
      });
    }
  });
  return pinned;
}
