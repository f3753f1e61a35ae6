import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unused } from '../src/knip.ts';
import { manifest, plant } from './planted.ts';

const gates = suite('gates');

const settings = { workspaces: { 'packages/*': { entry: ['src/index.ts'] } } };
const clean: Readonly<Record<string, string | object>> = {
  'package.json': { name: 'root', private: true },
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'knip.json': settings,
  'packages/a/package.json': { name: '@x/a', dependencies: { ky: '^2' } },
  'packages/a/src/index.ts': "import ky from 'ky';\nimport { one } from './one.ts';\nexport const a = ky(one);\n",
  'packages/a/src/one.ts': "export const one = '1';\n",
};

function knip(files: Readonly<Record<string, string | object>>): string {
  const root = plant({ ...clean, ...files });
  return unused(root, `${root}/knip.json`).join('\n');
}

gates('find nothing unused where all is used', () => assert.is(knip({}), ''));

const planted: readonly [what: string, files: Readonly<Record<string, string | object>>, expected: RegExp][] = [
  ['file', { 'packages/a/src/two.ts': 'export {};' }, /Unused files[\s\S]*two\.ts/],
  [
    'export',
    { 'packages/a/src/one.ts': "export const one = '1';\nexport const two = '2';\n" },
    /Unused exports[\s\S]*two/,
  ],
  [
    'dependency',
    { 'packages/a/package.json': { name: '@x/a', dependencies: { ky: '^2', got: '^1' } } },
    /Unused dep[\s\S]*got/,
  ],
  ['setting', { 'knip.json': { ...settings, ignoreDependencies: ['got'] } }, /Configuration hints[\s\S]*got/],
];

for (const [what, files, expected] of planted) {
  gates(`catch a ${what} that nobody uses`, () => assert.match(knip(files), expected));
}

/** What `pnpm run package` runs in every package. */
const script = (
  JSON.parse(readFileSync(new URL('../../../packages/http/package.json', import.meta.url), 'utf8')) as {
    readonly scripts: { readonly package: string };
  }
).scripts.package;
const bins = fileURLToPath(new URL('../../../packages/http/node_modules/.bin', import.meta.url));

function lintPackage(files: Readonly<Record<string, string>>): {
  readonly status: number | null;
  readonly said: string;
} {
  const root = plant({
    'package.json': manifest('a', { version: '1.0.0', files: ['dist'], sideEffects: false, engines: { node: '>=22' } }),
    'README.md': '# a',
    ...files,
  });
  const { status, stdout, stderr } = spawnSync(script, {
    cwd: root,
    shell: true,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bins}:${process.env['PATH'] ?? ''}` },
  });
  return { status, said: stdout + stderr };
}

gates('let a package pass whose files are what its exports say', () => {
  const { status, said } = lintPackage({
    'dist/index.js': 'export const a = 1;\n',
    'dist/index.d.ts': 'export declare const a: 1;\n',
  });
  assert.is(status, 0, said);
});

gates('catch a file of the exports that is not packed', () => {
  const { status, said } = lintPackage({ 'dist/index.d.ts': 'export declare const a: 1;\n' });
  assert.is(status, 1, said);
  assert.match(said, /dist\/index\.js/);
});

gates('catch types that tell of another module format', () => {
  const { status, said } = lintPackage({
    'dist/index.js': 'export const a = 1;\n',
    'dist/index.d.ts': "import { b } from './gone';\nexport declare const a: typeof b;\n",
  });
  assert.is(status, 1, said);
  assert.match(said, /Internal resolution error/i);
});

gates.run();
