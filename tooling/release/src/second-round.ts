import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertUntouched, createApp, installedIn, reinstall, update } from './app.ts';
import { changelogFaults } from './changelog-form.ts';
import type { PinnedApp } from './check-provider.ts';
import { commitAll } from './copy.ts';
import { assertSame } from './expected.ts';
import { publishRound, type Versions } from './publish.ts';
import { planRelease } from './release-plan.ts';
import type { Stage } from './stage.ts';
import { readTarball } from './tarball.ts';

const cryptoChangeset = `---
"@x/crypto": patch
---

Accept a key ring that is frozen. Freezing the options made \`createSealer\` fail at the first token; it now keeps a copy.
`;

const hubriseChangeset = `---
"@x/hubrise": patch
---

Add \`rehearsedFeature\`, which says that a feature came.

Nothing changes for those who do not call it.
`;

const breakingChangeset = (bump: string): string => `---
"@x/crypto": ${bump}
---

Drop \`rehearsedName\`. Use its successor.
`;

/**
 * Releases a patch of the signing core and a feature of one provider, and checks who gets what: the promise of the
 * version policy in the root README.
 */
export async function checkSecondRound(stage: Stage, first: Versions, pinned: readonly PinnedApp[]): Promise<void> {
  const { copy, ledger, folder, machine, registry, packages } = stage;
  writeChangeset(copy, 'crypto-accept-frozen-keys', cryptoChangeset);
  appendFileSync(join(copy, 'packages/crypto/README.md'), '\nA sentence more.\n');
  writeChangeset(copy, 'hubrise-add-rehearsed-feature', hubriseChangeset);
  writeFileSync(
    join(copy, 'packages/hubrise/src/rehearsed.ts'),
    "/** Says that a feature came. */\nexport function rehearsedFeature(): string {\n  return 'a feature';\n}\n",
  );
  appendFileSync(join(copy, 'packages/hubrise/src/index.ts'), "export { rehearsedFeature } from './rehearsed.ts';\n");
  await commitAll(copy, 'feat(hubrise): add a rehearsed feature');

  const released = await publishRound(stage);
  const second = Object.fromEntries(released.map(({ name, version }) => [name, version]));

  await ledger.row('who is released', async (check, note) => {
    note(released.map(({ name, from, version }) => `${name} ${from} → ${version}`).join(', '));
    await check('those that have a changeset, and nobody else', () => {
      assertSame('The released packages', Object.keys(second).sort(), ['@x/crypto', '@x/hubrise']);
    });
    await check('each as a patch', () => {
      for (const { name, version } of released) {
        if (version !== afterPatch(first[name] ?? '')) throw new Error(`${name} is ${version} after ${first[name]}`);
      }
    });
    await check('a package that is released anew needs the newest of ours', () => {
      const needs = released.find(({ name }) => name === '@x/hubrise')?.needs ?? {};
      assertSame('The ranges of hubrise', Object.values(needs), [`^${second['@x/crypto']}`, `^${first['@x/http']}`]);
    });
    await check('the first versions are as they were', async () => {
      for (const name of packages) {
        const own = `@x/${name}`;
        const { versions } = await registry.packument(own);
        if (versions[first[own] ?? ''] === undefined) throw new Error(`${own}@${first[own]} is gone`);
      }
    });
  });

  const apps = pinned.filter(({ provider }) => provider === 'hubrise');
  await ledger.row('an app that is pinned', async (check, note) => {
    note('manifest and lockfile of the first release, installed again');
    for (const { app, inventory } of apps) {
      await check(`is the same after a reinstall by ${app.manager}`, async () => {
        await reinstall(app);
        assertUntouched(app, inventory);
      });
    }
  });

  await ledger.row('an app that updates', async (check, note) => {
    for (const { app } of apps) {
      await update(app);
      const has = versionsIn(app);
      note(`${app.manager}: ${has.join(' ').replaceAll('@x/', '')}`);
      await check(`by ${app.manager} keeps the provider's package that it pinned`, () => {
        const hubrise = has.filter((version) => version.startsWith('@x/hubrise@'));
        assertSame('The versions of hubrise', hubrise, [`@x/hubrise@${first['@x/hubrise']}`]);
      });
      // the app of pnpm pinned crypto as well, as its README says
      if (app.manager === 'pnpm') continue;
      await check('and gets the patch of the core below it', () => {
        const core = has.filter((version) => version.startsWith('@x/crypto@'));
        assertSame('The versions of crypto', core, [`@x/crypto@${second['@x/crypto']}`]);
      });
    }
  });

  await ledger.row('a new app', async (check, note) => {
    const packages = [`@x/hub@${first['@x/hub']}`];
    const app = await createApp({ folder: join(folder, 'apps', 'late'), manager: 'npm', machine, packages });
    note(`hub pinned to its first version: ${versionsIn(app).join(' ').replaceAll('@x/', '')}`);
    await check('of the unreleased provider gets the patched core without a release of the provider', () => {
      const wanted = [`@x/crypto@${second['@x/crypto']}`, `@x/http@${first['@x/http']}`, `@x/hub@${first['@x/hub']}`];
      assertSame('Our packages in it', versionsIn(app), wanted);
    });
  });

  await ledger.row('changelogs', async (check, note) => {
    note('as a reader finds them in the tarballs');
    for (const { name, version } of released) {
      const changelog = readTarball(await registry.tarball(name, version)).get('CHANGELOG.md') ?? '';
      await check(`of ${name} reads well`, () => {
        const faults = changelogFaults(changelog, [version, first[name] ?? '']);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      console.log(`\n${changelog.trim().replaceAll(/^/gm, '    | ')}\n`);
    }
  });

  await ledger.row('a breaking core', async (check, note) => {
    const bump = first['@x/crypto']?.startsWith('0.') === true ? 'minor' : 'major';
    writeChangeset(copy, 'crypto-drop-rehearsed-name', breakingChangeset(bump));
    const planned = await planRelease(copy);
    note(planned.map(({ name, version }) => `${name.replace('@x/', '')} ${version}`).join(', '));
    await check('takes everybody who depends on it along, to the new range', () => {
      assertSame(
        'The planned releases',
        planned.map(({ name }) => name).sort(),
        packages.map((name) => `@x/${name}`),
      );
      const core = planned.find(({ name }) => name === '@x/crypto')?.version;
      for (const { name, needs } of planned) {
        if (name !== '@x/crypto' && needs['@x/crypto'] !== `^${core}`)
          throw new Error(`${name} needs ${needs['@x/crypto']}`);
      }
    });
  });
}

function writeChangeset(copy: string, name: string, text: string): void {
  writeFileSync(join(copy, '.changeset', `${name}.md`), text);
}

function versionsIn(app: PinnedApp['app']): string[] {
  const ours = installedIn(app).filter(({ name }) => name.startsWith('@x/'));
  return ours.map(({ name, version }) => `${name}@${version}`).sort();
}

function afterPatch(version: string): string {
  const [major, minor, patch] = version.split('.');
  return `${major}.${minor}.${Number(patch) + 1}`;
}
