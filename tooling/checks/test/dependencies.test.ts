import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dependencyViolations } from '../src/dependencies.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const dependencies = suite('dependencies');

/** A package with one dependency, which has one of its own, beside which `files` lie. */
function found(inner: object, files: Readonly<Record<string, string>> = {}): string[] {
  const root = plant({
    'packages/a/package.json': manifest('a', { dependencies: { outer: '^1' }, peerDependencies: { absent: '^1' } }),
    'packages/a/node_modules/outer/package.json': { name: 'outer', license: 'ISC', dependencies: { inner: '^1' } },
    'packages/a/node_modules/inner/package.json': { name: 'inner', license: 'MIT', ...inner },
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`packages/a/node_modules/inner/${name}`, text])),
  });
  return dependencyViolations(readPackages(root));
}

for (const license of ['MIT', 'Apache-2.0', '(GPL-3.0 OR BSD-3-Clause)', 'MIT AND ISC']) {
  dependencies(`may be under ${license}`, () => assert.equal(found({ license }), []));
}

for (const license of [
  'GPL-3.0',
  'MIT AND GPL-3.0',
  'SEE LICENSE IN LICENSE.txt',
  'UNLICENSED',
  { type: 'MIT' },
  undefined,
]) {
  dependencies(`may not be under ${JSON.stringify(license)}`, () => {
    assert.match(found({ license }).join(), /^@x\/a > outer > inner is under .*, not one of MIT/);
  });
}

for (const script of ['preinstall', 'install', 'postinstall']) {
  dependencies(`may not run a ${script} script`, () => {
    const expected = `@x/a > outer > inner runs a ${script} script where it is installed`;
    assert.equal(found({ scripts: { [script]: 'node x.js', test: 'x' } }), [expected]);
  });
}

dependencies('may not be compiled by npm', () => {
  assert.match(found({}, { 'binding.gyp': '{}' }).join(), /inner has a binding\.gyp/);
});

dependencies('that are not installed are told of', () => {
  assert.match(found({ dependencies: { gone: '^1' } }).join(), /inner > gone is not installed: type `pnpm install`/);
});

dependencies('that are built in are looked at like those that are installed', () => {
  const root = plant({
    'packages/a/package.json': manifest('a', { inlines: ['inner', 'gone'], devDependencies: { inner: '1.0.0' } }),
    'packages/a/node_modules/inner/package.json': { name: 'inner', license: 'GPL-3.0' },
  });
  const [licence = '', absent = '', ...rest] = dependencyViolations(readPackages(root));
  assert.match(licence, /^@x\/a > inner is under "GPL-3\.0"/);
  assert.match(absent, /^@x\/a > gone is not installed/);
  assert.equal(rest, []);
});

dependencies.run();
