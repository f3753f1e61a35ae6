import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entryOf, planRelease } from '../src/release-plan.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const dry = fileURLToPath(new URL('../src/x-release-dry.ts', import.meta.url));
const plan = suite('release plan');

/** A repository with two packages, of which the second needs the first. */
function createRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'x-release-plan-'));
  const write = (path: string, text: string | object): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), typeof text === 'string' ? text : JSON.stringify(text, null, 2));
  };
  write('package.json', { name: 'root', private: true });
  write('pnpm-workspace.yaml', 'packages: [packages/*]\n');
  write('pnpm-lock.yaml', '');
  write('.gitignore', 'node_modules\n');
  write('.changeset/config.json', { changelog: '../changelog.ts', access: 'public', baseBranch: 'main' });
  copyFileSync(fileURLToPath(new URL('../src/changelog.ts', import.meta.url)), join(folder, 'changelog.ts'));
  write('packages/core/package.json', { name: '@x/core', version: '0.1.0' });
  write('packages/user/package.json', {
    name: '@x/user',
    version: '0.3.0',
    dependencies: { '@x/core': 'workspace:^', valibot: '^1.5.0' },
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.invalid', 'commit', '--quiet', '--message=first');
  git(folder, 'tag', '@x/core@0.1.0');
  git(folder, 'tag', '@x/user@0.3.0');
  return folder;
}

function git(cwd: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', parameters, { cwd, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return stdout;
}

function withRepository(use: (folder: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = createRepository();
    try {
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const changeset = (bump: string): string => `---\n"@x/core": ${bump}\n---\n\nAccept both.\n`;

plan(
  'has nothing where every version has its tag',
  withRepository(async (folder) => {
    assert.equal(await planRelease(folder), []);
    const { stdout } = spawnSync('node', [dry], { cwd: folder, encoding: 'utf8' });
    assert.match(stdout, /^Nothing would be published/);
  }),
);

plan(
  'has a version that waits for its tag, as after the release pull request',
  withRepository(async (folder) => {
    git(folder, 'tag', '--delete', '@x/user@0.3.0');
    const [planned, ...others] = await planRelease(folder);
    assert.equal(others, []);
    assert.is(planned?.gitTag, '@x/user@0.3.0');
    assert.equal(planned?.needs, { '@x/core': '^0.1.0' });
  }),
);

plan(
  'releases the package with the changeset alone while the ranges of others allow it',
  withRepository(async (folder) => {
    writeFileSync(join(folder, '.changeset/accept-both.md'), changeset('patch'));
    assert.equal(await planRelease(folder), [
      {
        name: '@x/core',
        version: '0.1.1',
        from: '0.1.0',
        distTag: 'latest',
        gitTag: '@x/core@0.1.1',
        needs: {},
        entry: '### Patch Changes\n\n- Accept both.',
      },
    ]);
  }),
);

plan(
  'takes along whom the new version would leave behind',
  withRepository(async (folder) => {
    writeFileSync(join(folder, '.changeset/accept-both.md'), changeset('minor'));
    const planned = await planRelease(folder);
    assert.equal(
      planned.map(({ gitTag }) => gitTag),
      ['@x/core@0.2.0', '@x/user@0.3.1'],
    );
    assert.equal(planned[1]?.needs, { '@x/core': '^0.2.0' });
    assert.is(planned[1]?.entry, '### Patch Changes\n\n- Needs `@x/core` 0.2.0 or later.');
  }),
);

plan(
  'prints versions, tags, ranges and entries, and touches nothing',
  withRepository((folder) => {
    writeFileSync(join(folder, '.changeset/accept-both.md'), changeset('minor'));
    const state = (): string => git(folder, 'status', '--porcelain', '--ignored') + git(folder, 'rev-parse', 'HEAD');
    const before = state();
    const { status, stdout, stderr } = spawnSync('node', [dry], { cwd: folder, encoding: 'utf8' });
    assert.is(status, 0, stderr);
    assert.match(stdout, '@x/core 0.1.0 → 0.2.0   published as latest, tagged @x/core@0.2.0');
    assert.match(stdout, '@x/user 0.3.0 → 0.3.1   published as latest, tagged @x/user@0.3.1\n  with @x/core ^0.2.0');
    assert.match(stdout, '  - Accept both.');
    assert.match(stdout, '2 of our packages would be published.');
    assert.is(state(), before);
    assert.is(git(folder, 'tag', '--list'), '@x/core@0.1.0\n@x/user@0.3.0\n');
  }),
);

plan(
  'says what is wrong with a changeset',
  withRepository(async (folder) => {
    writeFileSync(join(folder, '.changeset/accept-both.md'), '---\n"@x/nobody": patch\n---\n\nAccept.\n');
    let message = '';
    await planRelease(folder).catch((error: Error) => {
      message = error.message;
    });
    assert.match(message, /@x\/nobody/);
  }),
);

plan('an entry ends where the next version begins', () => {
  assert.is(entryOf('# a\n\n## 0.1.1\n\n- b\n\n## 0.1.0\n\n- c\n', '0.1.1'), '- b');
  assert.is(entryOf('# a\n\n## 0.1.0\n\n- c\n', '0.1.0'), '- c');
  assert.is(entryOf('# a\n\n## 0.1.0\n\n- c\n', '0.2.0'), '');
});

plan.run();
