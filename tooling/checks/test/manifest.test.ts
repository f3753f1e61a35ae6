import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly sideEffects: boolean;
  readonly engines: { readonly node: string };
  readonly repository: { readonly directory: string };
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly inlines?: readonly string[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const packages = readdirSync(join(root, 'packages'));
const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;

const manifest = suite('manifest');

manifest('there are seven packages', () => {
  assert.equal(packages.sort(), ['crypto', 'http', 'hub', 'hubrise', 'hypelabs', 'nexudus', 'quickblox']);
});

manifest('the top level holds what it should and nothing else', () => {
  const allowed = new Set([
    ...['packages', 'tooling', '.changeset', '.ci', '.github', '.git', 'node_modules', '.turbo'],
    ...['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'turbo.json', '.gitignore'],
    ...['README.md', 'LICENSE', 'SECURITY.md', 'CONTRIBUTING.md'],
  ]);
  assert.equal(
    readdirSync(root).filter((name) => !allowed.has(name)),
    [],
  );
});

for (const name of packages) {
  manifest(`of ${name} is what every published package's is`, () => {
    const read = manifestOf(name);
    assert.is(read.name, `@x/${name}`);
    assert.match(read.version, /^0\./);
    assert.is(read.license, 'MIT');
    assert.is(read.type, 'module');
    assert.is(read.sideEffects, false);
    assert.is(read.engines.node, '>=22');
    assert.is(read.repository.directory, `packages/${name}`);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.is(read.scripts[script], undefined);
  });

  manifest(`of ${name} maps every subpath to types first, then one build`, () => {
    for (const [subpath, target] of Object.entries(manifestOf(name).exports)) {
      if (subpath === './package.json') continue;
      const file = subpath === '.' ? 'index' : subpath.slice(2);
      assert.equal(Object.entries(target), [
        ['types', `./dist/${file}.d.ts`],
        ['default', `./dist/${file}.js`],
      ]);
    }
  });

  manifest(`of ${name} depends on its neighbours by range of the workspace`, () => {
    for (const [dependency, range] of Object.entries(manifestOf(name).dependencies ?? {})) {
      assert.match(range, dependency.startsWith('@x/') ? /^workspace:\^$/ : /^\^\d/, dependency);
    }
  });

  manifest(`of ${name} pins what is built in, for nobody else can`, () => {
    const { inlines = [], devDependencies = {} } = manifestOf(name);
    for (const inlined of inlines) assert.match(devDependencies[inlined] ?? '', /^\d+\.\d+\.\d+$/, inlined);
  });

  manifest(`every subpath of ${name} loads from its build`, async () => {
    for (const subpath of Object.keys(manifestOf(name).exports)) {
      if (subpath === './package.json') continue;
      const loaded = (await import(`@x/${name}${subpath.slice(1)}`)) as object;
      assert.ok(Object.keys(loaded).length > 0, `@x/${name}${subpath.slice(1)} exports nothing`);
      assert.not('default' in loaded, `@x/${name}${subpath.slice(1)} has a default export`);
    }
  });
}

manifest('no package has files of its own kind in its root', () => {
  for (const name of packages) {
    assert.ok(existsSync(join(root, 'packages', name, 'src', 'index.ts')), name);
  }
});

manifest.run();
