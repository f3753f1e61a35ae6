import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingChangesets } from '../src/changesets.ts';
import { bumpBetween } from '../src/releases.ts';
import { readPackages } from '../src/workspace.ts';
import { add, commit, manifest, plant, runGit } from './planted.ts';

const changesets = suite('changesets');

/** A repository with two packages whose last release is in its history, tagged or not. */
function plantReleased(tag: 'tagged' | 'untagged', version = '0.2.0'): string {
  const root = plant({
    'packages/a/package.json': manifest('a'),
    'packages/a/src/index.ts': 'export {};',
    'packages/a/README.md': '# a',
    'packages/b/package.json': manifest('b', { version }),
    'packages/b/src/index.ts': 'export {};',
    '.changeset/config.json': {},
    '.changeset/a-first-release.md': '---\n"@x/a": minor\n---\n\nPublish it.\n',
  });
  runGit(root, 'init', '-q');
  commit(root, 'begin');
  add(root, { 'packages/a/package.json': manifest('a', { version }) });
  runGit(root, 'rm', '-q', '.changeset/a-first-release.md');
  commit(root, 'release');
  if (tag === 'tagged') for (const name of ['a', 'b']) runGit(root, 'tag', `@x/${name}@${version}`);
  return root;
}

function found(root: string): string[] {
  return missingChangesets(root, readPackages(root));
}

for (const tag of ['tagged', 'untagged'] as const) {
  changesets(`are missing when sources changed after the release, ${tag}, and the message says what to type`, () => {
    const root = plantReleased(tag);
    assert.equal(found(root), []);
    add(root, { 'packages/a/src/index.ts': 'export const a = 1;' });
    commit(root, 'change');
    assert.equal(found(root).length, 1);
    assert.match(
      found(root)[0] ?? '',
      /^@x\/a changed since .*\(packages\/a\/src\/index\.ts\).*: type `pnpm changeset`, choose @x\/a/,
    );
  });
}

const changes: readonly [what: string, files: Readonly<Record<string, string | object>>][] = [
  ['a change that is not committed', { 'packages/a/src/index.ts': 'export const a = 1;' }],
  ['a file that git does not know', { 'packages/a/src/new.ts': 'export {};' }],
  ['another README', { 'packages/a/README.md': '# A' }],
  [
    'another dependency',
    { 'packages/a/package.json': manifest('a', { version: '0.2.0', dependencies: { ky: '^2' } }) },
  ],
];

for (const [what, files] of changes) {
  changesets(`are asked of ${what}, and one that names another package does not help`, () => {
    const root = plantReleased('tagged');
    add(root, { ...files, '.changeset/b.md': '---\n"@x/b": patch\n---\n\nOther.\n' });
    assert.match(found(root).join(), /^@x\/a changed/);
    add(root, { '.changeset/a.md': "---\n'@x/a': patch\n---\n\nThis.\n" });
    assert.equal(found(root), []);
  });
}

changesets(
  'are asked of another version of what is built in, and of nothing else that is only needed to develop',
  () => {
    const at = (rou3: string, uvu: string): object =>
      manifest('a', { version: '0.2.0', inlines: ['rou3'], devDependencies: { rou3, uvu } });
    const root = plantReleased('tagged');
    add(root, { 'packages/a/package.json': at('1.0.0', '0.5.0') });
    commit(root, 'build rou3 in');
    runGit(root, 'tag', '-f', '@x/a@0.2.0');
    add(root, { 'packages/a/package.json': at('1.0.0', '0.5.6') });
    assert.equal(found(root), []);
    add(root, { 'packages/a/package.json': at('1.0.1', '0.5.6') });
    assert.equal(found(root).length, 1);
  },
);

changesets('are not asked of what was committed between the version and its tag', () => {
  const root = plantReleased('untagged');
  add(root, { 'packages/a/README.md': '# A' });
  commit(root, 'mend');
  assert.is(found(root).length, 1);
  runGit(root, 'tag', '@x/a@0.2.0');
  assert.equal(found(root), []);
});

changesets('are not asked of tests, scripts and development dependencies', () => {
  const root = plantReleased('tagged');
  add(root, {
    'packages/a/test/a.test.ts': '',
    'packages/a/package.json': manifest('a', {
      version: '0.2.0',
      scripts: { test: 'x' },
      devDependencies: { uvu: '1' },
    }),
  });
  assert.equal(found(root), []);
});

changesets('are used up by the versions that they made', () => {
  const root = plantReleased('tagged');
  add(root, { 'packages/a/src/index.ts': 'export const a = 1;' });
  commit(root, 'change');
  add(root, { 'packages/a/package.json': manifest('a', { version: '0.3.0' }) });
  assert.equal(found(root), [], 'before the commit of the release');
  commit(root, 'release again');
  assert.equal(found(root), [], 'after it, while there is no tag yet');
  add(root, { 'packages/a/src/index.ts': 'export const a = 2;' });
  assert.is(found(root).length, 1, 'of what comes after that, another is asked');
});

changesets('are asked of a package that was never released', () => {
  const root = plant({ 'packages/a/package.json': manifest('a'), 'packages/a/src/index.ts': 'export {};' });
  runGit(root, 'init', '-q');
  commit(root, 'begin');
  assert.match(found(root).join(), /^@x\/a changed since its last release \(packages\/a\)/);
  add(root, { '.changeset/a-first-release.md': '---\n"@x/a": minor\n---\n\nPublish it.\n' });
  assert.equal(found(root), []);
});

changesets('that name no package, or no bump, are told of', () => {
  const root = plantReleased('tagged');
  add(root, { '.changeset/c.md': '---\n"@x/c": patch\n"@x/a": small\n---\n\nThis.\n' });
  assert.match(found(root).join('\n'), /names @x\/c, which is no published package\n.*asks @x\/a for “small”/);
});

/** The origin's main branch is where the last commit is. */
function push(root: string): void {
  runGit(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
}

/** A released package that changed, with the changeset that tells of it, on the main branch. */
function plantWaiting(): string {
  const root = plantReleased('tagged');
  add(root, {
    'packages/a/src/index.ts': 'export const a = 1;',
    '.changeset/a-one.md': '---\n"@x/a": minor\n---\n\nOne.\n',
  });
  commit(root, 'change, told');
  push(root);
  return root;
}

const next = { 'packages/a/src/index.ts': 'export const a = 2;', 'packages/a/README.md': '# A' };

for (const state of ['committed', 'not committed'] as const) {
  changesets(`on the main branch say nothing of what comes, ${state}`, () => {
    const root = plantWaiting();
    assert.equal(found(root), []);
    add(root, next);
    if (state === 'committed') commit(root, 'change, untold');
    assert.is(found(root).length, 1);
    assert.match(
      found(root)[0] ?? '',
      /^@x\/a changes \(packages\/a\/README\.md and 1 more\) .* origin\/main .*`pnpm changeset`, .*`pnpm changeset --empty`/,
    );
  });
}

const told: readonly [by: string, files: Readonly<Record<string, string>>][] = [
  ['a new one that names its package', { '.changeset/a-two.md': '---\n"@x/a": patch\n---\n\nTwo.\n' }],
  ['an edit of the one that waits', { '.changeset/a-one.md': '---\n"@x/a": minor\n---\n\nOne and two.\n' }],
  ['a new one that names nobody', { '.changeset/two.md': '---\n---\n' }],
];

for (const [by, files] of told) {
  changesets(`tell of what comes by ${by}, until that is on the main branch too`, () => {
    const root = plantWaiting();
    add(root, { ...next, ...files });
    assert.equal(found(root), []);
    commit(root, 'change, told');
    assert.equal(found(root), []);
    push(root);
    assert.equal(found(root), []);
    add(root, { 'packages/a/src/new.ts': 'export {};' });
    assert.match(found(root).join(), /^@x\/a changes \(packages\/a\/src\/new\.ts\)/);
  });
}

changesets('that name another package, or are taken away, say nothing of what comes', () => {
  const root = plantWaiting();
  add(root, { '.changeset/a-two.md': '---\n"@x/a": patch\n---\n\nTwo.\n' });
  commit(root, 'tell more');
  push(root);
  runGit(root, 'rm', '-q', '.changeset/a-two.md');
  add(root, { ...next, '.changeset/b.md': '---\n"@x/b": patch\n---\n\nOther.\n' });
  assert.match(found(root).join(), /^@x\/a changes/);
});

changesets('need say nothing of tests, of scripts, and of what becomes again as it was released', () => {
  const root = plantWaiting();
  add(root, {
    'packages/a/test/a.test.ts': '',
    'packages/a/package.json': manifest('a', { version: '0.2.0', scripts: { test: 'x' } }),
    'packages/a/src/index.ts': 'export {};',
  });
  assert.equal(found(root), []);
});

changesets('need say nothing of the release that uses them up', () => {
  const root = plantWaiting();
  add(root, { 'packages/a/package.json': manifest('a', { version: '0.3.0' }) });
  runGit(root, 'rm', '-q', '.changeset/a-one.md');
  assert.equal(found(root), []);
  commit(root, 'release again');
  assert.equal(found(root), []);
});

changesets('of a first release tell of all that comes before it', () => {
  const root = plant({
    'packages/a/package.json': manifest('a'),
    'packages/a/src/index.ts': 'export {};',
    '.changeset/a-first-release.md': '---\n"@x/a": minor\n---\n\nPublish it.\n',
  });
  runGit(root, 'init', '-q');
  commit(root, 'begin');
  push(root);
  add(root, next);
  assert.equal(found(root), []);
});

changesets('versions are as far apart as their first different number', () => {
  const pairs = [
    ['1.2.3', '1.2.3'],
    ['1.2.3', '1.2.4'],
    ['1.2.3', '1.3.0'],
    ['1.2.3', '2.0.0'],
  ] as const;
  assert.equal(
    pairs.map(([from, to]) => bumpBetween(from, to)),
    ['none', 'patch', 'minor', 'major'],
  );
});

changesets.run();
