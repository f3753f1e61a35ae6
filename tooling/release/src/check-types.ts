import { basename, join } from 'node:path';
import type { PinnedApp } from './check-provider.ts';
import { inLanes } from './lanes.ts';
import { compile, type Setting } from './program.ts';
import type { Stage } from './stage.ts';
import { type Compiler, compilers } from './tools.ts';

/** Type-checks every provider's program with each compiler, in each setting. */
export async function checkTypes({ ledger, folder }: Stage, pinned: readonly PinnedApp[]): Promise<void> {
  const apps = pinned.filter(({ app }) => app.manager === 'npm');
  await inLanes(compilers, async (compiler) => {
    await ledger.row(compiler, async (check, note) => {
      const chosen = settingsOf(compiler);
      for (const setting of chosen) {
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
      note(`${apps.length} providers × ${chosen.join(', ')}, skipLibCheck off`);
    });
  });
}

/** Both ways of resolving by every compiler; a server's types, which come from elsewhere, by one. */
function settingsOf(compiler: Compiler): readonly Setting[] {
  return compiler === 'typescript-6' ? ['nodenext', 'bundler', 'node'] : ['nodenext', 'bundler'];
}
