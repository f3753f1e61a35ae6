import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type App, createApp, fingerprintOf, installedIn, type Manager, packageIn } from './app.ts';
import { cloneRepository } from './copy.ts';
import type { Expectations } from './expected.ts';
import { inLanes } from './lanes.ts';
import {
  bundleAndRun,
  bundlers,
  comparable,
  compile,
  installedByReadme,
  type Program,
  requireEverything,
  runQuickStart,
  settings,
  writeProgram,
} from './program.ts';
import { run } from './run.ts';
import { installWorkspace, type Stage } from './stage.ts';
import { contentsOf, readTarball } from './tarball.ts';
import { faultsOf } from './tarball-faults.ts';
import { compilers } from './tools.ts';

/** The version that every package has after the first round. */
export type Versions = Readonly<Record<string, string>>;

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
  for (const name of packages) {
    await ledger.row(`${name} tarball`, async (check, note) => {
      const version = versions[`@x/${name}`] ?? '';
      const bytes = await registry.tarball(`@x/${name}`, version);
      const files = readTarball(bytes);
      const maps = [...files].filter(([path]) => path.endsWith('.map')).reduce((sum, [, text]) => sum + text.length, 0);
      const total = [...files.values()].reduce((sum, text) => sum + text.length, 0);
      note(`${kilo(bytes.length)} packed, ${kilo(total)} unpacked, ${Math.round((100 * maps) / total)} % source maps`);
      await check('it may be published', () => {
        const faults = faultsOf(files);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      await check('it holds what it should', () => expectations.compare(name, 'holds', contentsOf(files)));
      await check('a second build from a clean clone gives the same bytes', async () => {
        await built;
        const second = readFileSync(join(packed, `x-${name}-${version}.tgz`));
        if (!second.equals(bytes)) throw new Error(differenceOf(files, readTarball(second)));
      });
    });
  }
}

function differenceOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string {
  const paths = [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));
  return paths.length === 0 ? 'the files are the same, their packing is not' : `these differ: ${paths.join(', ')}`;
}

/** What the first round leaves for the second: apps pinned to the first versions. */
export interface PinnedApp {
  readonly provider: string;
  readonly app: App;
  readonly program: Program;
  readonly fingerprint: string;
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
      const fingerprint = fingerprintOf(app);
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
      pinned.push({ provider, app, program: own, fingerprint });
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

/** Type-checks every provider's program with each compiler, in each setting. */
export async function checkTypes({ ledger, folder }: Stage, pinned: readonly PinnedApp[]): Promise<void> {
  const apps = pinned.filter(({ app }) => app.manager === 'npm');
  await inLanes(compilers, async (compiler) => {
    await ledger.row(compiler, async (check, note) => {
      for (const setting of Object.keys(settings) as (keyof typeof settings)[]) {
        const programs = apps.map(({ program }) => program);
        const complaints = await compile(join(folder, 'apps'), programs, { compiler, setting });
        const unclaimed = complaints.filter(
          (line) => !apps.some(({ app }) => line.includes(`${basename(app.folder)}/`)),
        );
        await check(`${setting}: nothing beside the apps`, () => {
          if (unclaimed.length > 0) throw new Error(unclaimed.join('\n'));
        });
        for (const { provider, app } of apps) {
          await check(`${provider}, ${setting}`, () => {
            const own = complaints.filter((line) => line.includes(`${basename(app.folder)}/`));
            if (own.length > 0) throw new Error(own.slice(0, 10).join('\n'));
          });
        }
      }
      note(`${apps.length} providers × ${Object.keys(settings).join(', ')}, skipLibCheck off`);
    });
  });
}

function kilo(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
